"""Turns, replies and feelings as columns of the journal, and back again, without loss.

An emotion is `[index, label]`, and `[index, label, gloss]` when it is none of the 58, so that
labels of other label sets survive. Texts must be clean (`text.clean`): a lone surrogate cannot be
stored. Knows nothing of tables or files.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sweetchat_tui.conversation import Danger, Reply, Turn, Usage
from sweetchat_tui.emotions import EMOTIONS, Emotion, Feeling, Score

TURN = ("id", "at", "danger", "shown", "emotion", "picked", "feeling", "text")
"""Columns of a turn, in the order of `turn_row`."""

REPLY = (
    "position",
    "id",
    "emotion",
    "provider",
    "model",
    "host",
    "persona",
    "finish",
    "input_tokens",
    "output_tokens",
    "text",
)
"""Columns of a reply, in the order of `reply_row`."""

Column = str | int | None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parts(emotion: Emotion) -> list[int | str]:
    if _emotion(emotion.index, emotion.label) == emotion:
        return [emotion.index, emotion.label]
    return [emotion.index, emotion.label, emotion.gloss]


@lru_cache(maxsize=1024)
def _emotion(index: int, label: str, gloss: str = "") -> Emotion:
    """The one of the 58 with this index and label, else an emotion of another label set."""
    if 0 <= index < len(EMOTIONS) and EMOTIONS[index].label == label:
        return EMOTIONS[index]
    return Emotion(index, label, gloss, None, None)


def emotion_column(emotion: Emotion | None) -> str | None:
    """An emotion as one column; equal emotions give equal text."""
    return None if emotion is None else _json(_parts(emotion))


@lru_cache(maxsize=1024)
def emotion_from(column: str | None) -> Emotion | None:
    """The emotion that `emotion_column` stored."""
    return None if column is None else _emotion(*json.loads(column))


def _feeling_column(feeling: Feeling | None) -> str | None:
    if feeling is None:
        return None
    top = [[score.confidence, *_parts(score.emotion)] for score in feeling.top]
    return _json({"classifier": feeling.classifier, "uncertain": feeling.uncertain, "top": top})


def feeling_from(column: str | None) -> Feeling | None:
    """The feeling that `turn_row` stored."""
    if column is None:
        return None
    stored = json.loads(column)
    top = tuple(Score(_emotion(*parts), confidence) for confidence, *parts in stored["top"])
    return Feeling(top, stored["classifier"], stored["uncertain"])


def time_column(at: datetime) -> str:
    """A moment as text that sorts by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def turn_row(turn: Turn) -> tuple[Column, ...]:
    """A turn without its replies, in the order of TURN."""
    return (
        turn.id,
        time_column(turn.at),
        turn.danger.value,
        turn.shown,
        emotion_column(turn.emotion),
        emotion_column(turn.picked),
        _feeling_column(turn.feeling),
        turn.text,
    )


def turn_from(row: Sequence[Any], replies: Sequence[Reply]) -> Turn:
    """The turn of a row of TURN, with its replies."""
    id_, at, danger, shown, _, picked, feeling, text = row
    return Turn(
        text=text,
        feeling=feeling_from(feeling),
        picked=emotion_from(picked),
        danger=Danger(danger),
        replies=tuple(replies),
        shown=shown,
        at=datetime.fromisoformat(at),
        id=id_,
    )


def reply_row(position: int, reply: Reply) -> tuple[Column, ...]:
    """A reply at its place among the variants, in the order of REPLY."""
    return (
        position,
        reply.id,
        emotion_column(reply.emotion),
        reply.provider,
        reply.model,
        reply.host,
        reply.persona,
        reply.finish,
        reply.usage.input_tokens if reply.usage else None,
        reply.usage.output_tokens if reply.usage else None,
        reply.text,
    )


def reply_from(row: Sequence[Any]) -> Reply:
    """The reply of a row of REPLY.

    One that never came to its end is read back as cut: whoever reads it is not the one who grew
    it, so the program that did has died or is another one.
    """
    _, id_, emotion, provider, model, host, persona, finish, input_tokens, output_tokens, text = row
    return Reply(
        text=text,
        emotion=emotion_from(emotion),
        provider=provider,
        model=model,
        host=host,
        persona=persona,
        finish=finish or "cut",
        usage=None if input_tokens is None else Usage(input_tokens, output_tokens),
        id=id_,
    )
