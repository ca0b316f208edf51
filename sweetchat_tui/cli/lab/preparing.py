"""What `lab prepare` tells a person, on stderr."""

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sweetchat_tui.lab.corpus import LeftOut
from sweetchat_tui.lab.prepare_report import BIN, Lengths, Report, Tokens
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean

_BAR = 30
_ABREAST = 3
_ROWS = 16


def show(told: Report) -> None:
    """Print all of a report."""
    console = Console(stderr=True, highlight=False, color_system=None, soft_wrap=True)
    for piece in _pieces(told):
        console.print(Text(clean(piece)) if isinstance(piece, str) else piece)


def _pieces(told: Report) -> Iterator[str | Table]:
    yield from _read(told)
    yield "\n" + say("감정마다 문장 수", "Sentences of each emotion")
    yield _emotions(told)
    yield "\n" + say("문장의 글자 수", "Characters of a sentence") + _middle(told.characters)
    yield _histogram(told.characters)
    if told.tokens:
        yield from _tokens(told.tokens)
    yield from _divided(told)
    yield _leak(told)


def _read(told: Report) -> Iterator[str]:
    for name, count in told.files.items():
        yield say(f"읽음  {name}: 대화 {count:,}개", f"read     {name}: {count:,} dialogues")
    for name, why in told.skipped.items():
        yield say(f"넘김  {name}: {why}", f"skipped  {name}: {why}")
    for one in told.left_out:
        yield say("뺌    ", "left out ") + f"{_what(one)} {one.count:,} ({_where(one)})"


def _where(one: LeftOut) -> str:
    """The places, each file named once: `a.xlsx:12, 15, b.json:3 …`."""
    placed = groupby((place.rsplit(":", 1) for place in one.places), key=lambda place: place[0])
    listed = ", ".join(f"{file}:{', '.join(row for _, row in rows)}" for file, rows in placed)
    return listed + (" …" if one.count > len(one.places) else "")


def _what(one: LeftOut) -> str:
    match one.reason:
        case "no_emotion":
            return say("감정이 없는 대화", "dialogues without an emotion:")
        case "unknown_emotion":
            names = ", ".join(one.names)
            return say(f"모르는 감정의 대화({names})", f"dialogues of unknown emotions ({names}):")
        case "no_sentence":
            return say("사람의 말이 없는 대화", "dialogues in which the person says nothing:")
        case "duplicate_dialogue":
            return say("앞에 나온 대화", "dialogues that came before:")
        case "missing_sentence":
            return say("사람문장이 빈 칸", "cells without a sentence:")
        case "unasked_answer":
            return say("사람의 말 없는 대답", "answers to nothing:")
        case "duplicate_sentence":
            return say("앞에 나온 문장", "sentences that came before:")


def _emotions(told: Report) -> Table:
    counted = [(name, sum(parts.values())) for name, parts in told.emotions.items()]
    height = -(-len(counted) // _ABREAST)
    grid = Table.grid(padding=(0, 2))
    for _ in range(_ABREAST):
        grid.add_column()
        grid.add_column(justify="right")
    for at in range(height):
        row = [Text(cell) for name, count in counted[at::height] for cell in (name, f"{count:,}")]
        grid.add_row(*row)
    return grid


def _histogram(lengths: Lengths) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right")
    grid.add_column(justify="right")
    rows = [(f"{at * BIN}–{(at + 1) * BIN - 1}", count) for at, count in enumerate(lengths.bins[:_ROWS])]
    if longer := sum(lengths.bins[_ROWS:]):
        rows.append((f"{_ROWS * BIN}–", longer))
    most = max(lengths.bins)
    for range_, count in rows:
        bar = "█" * round(_BAR * count / most) or ("▏" if count else "")
        grid.add_row(Text(range_), Text(f"{count:,}"), Text(bar))
    return grid


def _middle(lengths: Lengths) -> str:
    return say(
        f" (가운데 {lengths.median:.0f}, 가장 긴 것 {lengths.longest})",
        f" (median {lengths.median:.0f}, longest {lengths.longest})",
    )


def _tokens(tokens: Tokens) -> Iterator[str | Table]:
    yield "\n" + say(f"{tokens.tokenizer}의 토큰 수", f"Tokens of {tokens.tokenizer}") + _middle(tokens.alone)
    yield _histogram(tokens.alone)
    yield say(
        f"{tokens.limit}개를 넘어 잘리는 문장 {tokens.alone_cut:,}개, "
        f"앞말까지 이으면 {tokens.with_context_cut:,}개",
        f"Over {tokens.limit}, so cut: {tokens.alone_cut:,} sentences, "
        f"{tokens.with_context_cut:,} with the earlier ones before them",
    )


def _divided(told: Report) -> Iterator[str]:
    if told.split["kind"] == "original":
        rows, theirs = told.split["rows"], told.split["rows_of_the_original"]
        yield "\n" + say("원래 시스템처럼 문장으로 6:2:2", "By sentence, 6:2:2, as the original system did")
        if rows != theirs:
            yield say(
                f"  원래는 {theirs:,}문장인데 여기는 {rows:,}문장이라 나뉜 자리가 달라요.",
                f"  the original had {theirs:,} sentences, these are {rows:,}: its parts were others.",
            )
    else:
        shares = ":".join(f"{share:g}" for share in told.split["shares"])
        seed = told.split["seed"]
        yield "\n" + say(f"대화째로 {shares} (씨앗 {seed})", f"By dialogue, {shares} (seed {seed})")
    for part, count in told.parts.items():
        yield say(
            f"  {part:10} 대화 {count.dialogues:,} · 문장 {count.sentences:,} · 대답 {count.answers:,}",
            f"  {part:10} {count.dialogues:,} dialogues · {count.sentences:,} sentences · "
            f"{count.answers:,} answers",
        )
    if told.single:
        names = " · ".join(told.single)
        yield say(f"대화가 하나뿐인 감정: {names}", f"Emotions of a single dialogue: {names}")
        if told.split["kind"] == "dialogue":
            yield say("  그 대화는 train에 넣었어요.", "  it was put into train.")


def _leak(told: Report) -> str:
    leak = told.leak

    def share(count: int) -> str:
        return say(f"{count:,}개({count / leak.of:.1%})", f"{count:,} ({count / leak.of:.1%})")

    return say(
        f"test 문장 {leak.of:,}개 가운데 {share(leak.dialogue)}는 같은 대화의 다른 문장이, "
        f"{share(leak.word_for_word)}는 똑같은 문장이 train에 있어요.",
        f"Of {leak.of:,} test sentences, {share(leak.dialogue)} have another of their dialogue in train, "
        f"{share(leak.word_for_word)} the very same sentence.",
    )
