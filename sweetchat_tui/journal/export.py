"""A conversation as a document to keep or to read elsewhere: Markdown, JSON, JSON Lines, plain text.

Pure. What people and models wrote stays plain text in Markdown too: nothing of it becomes a
heading, a link or a picture. Knows nothing of how conversations are stored.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from sweetchat_tui.conversation import Conversation, Recap, Reply, Turn
from sweetchat_tui.emotions import Emotion, Feeling
from sweetchat_tui.journal.titles import title_from
from sweetchat_tui.lang import say, spoken
from sweetchat_tui.text import one_line

Kind = Literal["md", "json", "jsonl", "txt"]

_SCHEMA = 1
_SHOWN = 3
"""Emotions that are told to a reader; `json` has all that are kept."""

# What means something in Markdown anywhere, and what does so at the start of a line.
_SIGNS = re.compile(r"[\\`*_\[\]<>&~|$@]|:(?=//)|(?<=www)\.")
_OPENINGS = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))", re.MULTILINE)


def export(conversation: Conversation, kind: Kind, recap: Recap | None = None) -> str:
    """The whole conversation as one document.

    Args:
        conversation: what to export.
        kind: `md` and `txt` to be read, with times of this machine's zone; `json` (one object) and
            `jsonl` (one turn a line) to be processed, with times in UTC.
        recap: what is told of its beginning; stands in `json` alone.
    """
    match kind:
        case "md":
            return _markdown(conversation)
        case "json":
            whole = {
                "schema": _SCHEMA,
                "conversation": conversation.id,
                "recap": recap and {"text": recap.text, "until": recap.until, "edited": recap.edited},
                "turns": [_turn(turn) for turn in conversation.turns],
            }
            return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        case "jsonl":
            return "".join(
                json.dumps(
                    {"schema": _SCHEMA, "conversation": conversation.id} | _turn(turn), ensure_ascii=False
                )
                + "\n"
                for turn in conversation.turns
            )
        case "txt":
            return _plain(conversation)


def export_all(conversations: Iterable[tuple[Conversation, Recap | None]], kind: Kind) -> Iterator[str]:
    """Whole conversations as one document, piece by piece.

    Args:
        conversations: with their recaps; each is asked for when the ones before it have been given out.
        kind: as `export`; `json` is one object with a list.
    """
    start, between, end = "", "", ""
    if kind == "json":
        start, between, end = f'{{"schema": {_SCHEMA}, "conversations": [\n', ",\n", "\n]}\n"
    elif kind != "jsonl":
        between = "\n"
    yield start
    for number, (conversation, recap) in enumerate(conversations):
        document = export(conversation, kind, recap)
        yield (between if number else "") + (document.rstrip("\n") if kind == "json" else document)
    yield end


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "turn": turn.id,
        "at": turn.at.isoformat(),
        "text": turn.text,
        "feeling": _feeling(turn.feeling) if turn.feeling else None,
        "picked": _emotion(turn.picked),
        "crisis": turn.danger.value,
        "replies": [_reply(reply) for reply in turn.replies],
        "shown": turn.shown % len(turn.replies) if turn.replies else None,
    }


def _feeling(feeling: Feeling) -> dict[str, Any]:
    first = feeling.top[0]
    return {
        **_scored(first.emotion, first.confidence),
        "uncertain": feeling.uncertain,
        "top": [_scored(score.emotion, score.confidence) for score in feeling.top],
        "classifier": feeling.classifier,
    }


def _scored(emotion: Emotion, confidence: float) -> dict[str, Any]:
    return {
        "emotion": emotion.label,
        "index": emotion.index,
        "group": emotion.group,
        "confidence": confidence,
    }


def _emotion(emotion: Emotion | None) -> dict[str, Any] | None:
    if emotion is None:
        return None
    return {"emotion": emotion.label, "index": emotion.index, "group": emotion.group}


def _reply(reply: Reply) -> dict[str, Any]:
    usage = reply.usage
    return {
        "reply": reply.id,
        "text": reply.text,
        "emotion": _emotion(reply.emotion),
        "provider": reply.provider,
        "model": reply.model,
        "host": reply.host,
        "persona": reply.persona,
        "finish": reply.finish,
        "usage": {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        if usage
        else None,
    }


def _markdown(conversation: Conversation) -> str:
    first = conversation.turns[0].text if conversation.turns else conversation.id
    parts = [f"# {_escaped(title_from(first))}"]
    for turn in conversation.turns:
        parts += [
            f"## {_moment(turn)}",
            f"**{say('나', 'Me')}**",
            _quoted(turn.text),
            f"*{say('당신의 감정', 'Your emotion')}: {_escaped(_read(turn))}*",
        ]
        for number, reply in enumerate(turn.replies, start=1):
            variant = f" {number}/{len(turn.replies)}" if len(turn.replies) > 1 else ""
            parts += [
                f"**{say('친구', 'Friend')}{variant}** · {_escaped(_about(reply))}",
                _quoted(reply.text),
            ]
    return "\n\n".join(parts) + "\n"


def _plain(conversation: Conversation) -> str:
    parts: list[str] = []
    for turn in conversation.turns:
        parts.append(f"[{_moment(turn)}] {say('나', 'Me')} ({_read(turn)}):\n{_indented(turn.text)}")
        if turn.reply:
            parts.append(f"{say('친구', 'Friend')} ({_about(turn.reply)}):\n{_indented(turn.reply.text)}")
    return "\n\n".join(parts) + ("\n" if parts else "")


def _moment(turn: Turn) -> str:
    return turn.at.astimezone().strftime("%Y-%m-%d %H:%M")


def _read(turn: Turn) -> str:
    """How the message was read: the likeliest emotions with their confidence, and what was picked."""
    if turn.feeling is None:
        read = say("읽지 않음", "not read")
    else:
        shown = turn.feeling.top[:_SHOWN]
        read = ", ".join(f"{_named(score.emotion)} {score.confidence:.0%}" for score in shown)
        if turn.feeling.uncertain:
            read = say("뚜렷하지 않음", "none clear") + f" ({read})"
    if turn.picked is not None:
        read += say(" → 고른 감정: ", " → picked: ") + _named(turn.picked)
    return read


def _about(reply: Reply) -> str:
    finish = {
        "stop": "",
        "length": say("길이 제한에서 끝남", "ended at the length limit"),
        "cut": say("끊김", "cut off"),
        "cancelled": say("멈춤", "stopped"),
        "filtered": say("걸러짐", "filtered"),
        None: say("쓰는 중", "still growing"),
    }[reply.finish]
    asked = _named(reply.emotion) if reply.emotion else say("감정 없이", "no emotion")
    return one_line(", ".join(part for part in (asked, f"{reply.provider} {reply.model}", finish) if part))


def _named(emotion: Emotion) -> str:
    return one_line(emotion.gloss if spoken() == "en" and emotion.gloss else emotion.label)


def _escaped(text: str) -> str:
    return _OPENINGS.sub(_opening_escaped, _SIGNS.sub(r"\\\g<0>", text))


def _opening_escaped(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def _quoted(text: str) -> str:
    """A block quote in which every line of the text stays a line, and plain."""
    return "\n".join(f"> {line}  " for line in _escaped(text).split("\n"))


def _indented(text: str) -> str:
    # Indented, so that no line of a message can pass for the start of the next.
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
