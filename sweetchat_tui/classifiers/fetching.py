"""A classifier brought to this machine for good: fetched, prepared and checked; and taken off it again.

What a person asks for with one word, by the command line or in the app. Knows no screen.
"""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

from sweetchat_tui.classifiers import agreement, checkpoint, hub, hub_cache, prepared, shape, verifying
from sweetchat_tui.classifiers.hub import Progress
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say


def fetch(
    model_id: str,
    progress: Callable[[Progress], None] = lambda _: None,
    notify: Callable[[str], None] = lambda _: None,
    stop: Event | None = None,
) -> Path:
    """Fetch a model, make its graph, and measure whether int8 may stand for fp32.

    Args:
        model_id, progress, stop: as `hub.pull`.
        notify: is told in one sentence what comes next, and what was found.

    Returns:
        The folder with its files.

    Raises:
        Unreadable: it came whole, and is no classifier that can be read; its files stay.
        SweetchatError: whatever `hub.pull` and `prepared.prepare` raise.
    """
    folder = hub.pull(model_id, progress, stop)
    found = checkpoint.find(folder)
    try:
        sizes = shape.bert_shape(found)
    except shape.NeedsTorch as read_otherwise:
        notify(read_otherwise.hint)
        return folder
    notify(say("읽을 준비를 하고 있어요…", "Preparing it…"))
    prepared.prepare(found, sizes, "fp32")
    same = agreement.kept(found, "int8") or next(verifying.verify(folder, verifying.sentences())).found
    share = same.equal_first_share
    if share >= agreement.ENOUGH:
        notify(
            say(
                f"준비됐어요. 빠른 int8로 읽어요(확인한 문장의 {share:.0%}에서 fp32와 같았어요).",
                f"Ready. It is read in int8, which said the same as fp32 for {share:.0%} of what was tried.",
            )
        )
    else:
        notify(
            say(
                f"준비됐어요. fp32로 읽어요(int8은 확인한 문장의 {share:.0%}에서만 같았어요).",
                f"Ready. It is read in fp32; int8 said the same for only {share:.0%} of what was tried.",
            )
        )
    return folder


def remove(model_id: str) -> int:
    """Take a model off this machine, with all that was derived from it.

    Args:
        model_id: as `hub.remove`.

    Returns:
        Bytes that are free again.

    Raises:
        SweetchatError: whatever `hub.remove` raises.
    """
    wanted = hub_cache.wanted_by(model_id)
    derived = []
    for model in hub.installed():
        if model.id == wanted.id and (not wanted.pinned or model.revision == wanted.commit):
            with suppress(SweetchatError):
                found = checkpoint.find(hub.local(f"{model.id}@{model.revision}") or Path())
                derived.append(prepared.folder(found, shape.bert_shape(found)))
    freed = hub.remove(model_id)
    for folder in derived:
        freed += sum(file.stat().st_size for file in folder.glob("*"))
        shutil.rmtree(folder, ignore_errors=True)
    return freed
