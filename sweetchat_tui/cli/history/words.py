"""The arguments that several commands of `sweetchat history` share, and the question that some ask."""

from typing import Annotated

import typer

from sweetchat_tui.cli import asking, emotions, reading
from sweetchat_tui.emotions import EMOTIONS, GROUP_GLOSSES, GROUPS, Emotion
from sweetchat_tui.errors import Misused
from sweetchat_tui.lang import say

Id = Annotated[
    str, typer.Argument(metavar="ID", help=say("대화의 ID(앞부분만도 돼요).", "Id, or its beginning."))
]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help=say("많아야 이만큼.", "At most this many."))]
Emotions = Annotated[
    list[str] | None,
    typer.Option(
        "-e",
        "--emotion",
        metavar="LABEL",
        help=say("이 감정이던 것만. 여러 번 써도 돼요.", "Only of this emotion; may be repeated."),
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--group",
        metavar="GROUP",
        help=say("이 무리의 감정이던 것만(기쁨 당황 …).", "Only emotions of this group (joy, anger, …)."),
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help=say("묻지 않아요.", "Do not ask."))]


def felt(labels: list[str] | None, groups: list[str] | None) -> tuple[Emotion, ...]:
    """The emotions that the options name; empty when they name none.

    Raises:
        Misused: there is none of such a name.
    """
    wanted = [emotions.named(label) for label in labels or ()]
    for name in groups or ():
        group = next((g for g in GROUPS if name.casefold() in (g, GROUP_GLOSSES[g])), None)
        if group is None:
            raise Misused(
                say(f"그런 무리가 없어요: {name}", f"There is no group {name}."),
                " ".join(say(g, GROUP_GLOSSES[g]) for g in GROUPS),
            )
        wanted += [emotion for emotion in EMOTIONS if emotion.group == group]
    return tuple(dict.fromkeys(wanted))


def confirm(question: str, *, yes: bool) -> None:
    """Go on when the person says yes.

    Raises:
        Misused: nobody can be asked.
        typer.Abort: they say no.
    """
    if yes:
        return
    if reading.piped():
        raise Misused(
            say("확인이 필요해요.", "This asks to be confirmed."), say("--yes를 붙여 주세요.", "Add --yes.")
        )
    asking.require(question)
