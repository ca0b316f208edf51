"""`sweetchat config edit`: the settings in the person's own editor, put in force only when they are right."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from sweetchat_tui import config
from sweetchat_tui.cli import asking, showing
from sweetchat_tui.config import Config
from sweetchat_tui.errors import Misconfigured, Misused, NotThere
from sweetchat_tui.files import private, read_bounded, why, write_private
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle

_USUAL = ("editor", "nano", "vim", "vi", "notepad.exe")
_AT_ONCE_S = 1.0
"""An editor that ends sooner has most likely left a window of it open."""


def edit(ctx: typer.Context) -> None:
    file = ctx.obj.file
    if not (os.isatty(0) and os.isatty(1)):
        raise Misused(
            say("편집기는 터미널에서만 열 수 있어요.", "An editor needs a terminal."),
            say(f"이 파일을 직접 고쳐 주세요: {file}", f"Change this file yourself: {file}"),
        )
    editor = _editor()
    before = _content(file)
    with tempfile.TemporaryDirectory(prefix="sweetchat-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "config.toml"
        with open(copy, "xb", opener=private) as stream:
            stream.write(config.example().encode() if before is None else before)
        changed = _edited(editor, copy, file)
    if changed is None:
        ctx.obj.tell(say(f"설정은 그대로예요: {file}", f"The settings are as they were: {file}"))
        raise typer.Exit(130)
    if changed == (config.example().encode() if before is None else before):
        ctx.obj.tell(say("바뀐 것이 없어요.", "Nothing has changed."))
        return
    if _content(file) != before:
        question = say(
            "고치는 동안 설정 파일이 바뀌었어요. 그래도 지금 고친 것으로 바꿀까요?",
            "The file was changed meanwhile. Put yours in its place?",
        )
        asking.require(question)
    _put(file, changed)
    ctx.obj.tell(say(f"바꿨어요: {file}", f"Changed: {file}"))


def _edited(editor: list[str], copy: Path, file: Path) -> bytes | None:
    """What the person made of the copy, which is right; None when they want none of it."""
    while _ran(editor, copy):
        changed = _content(copy)
        if changed is None:  # it was deleted
            return None
        try:
            config.check(changed, file, keys_work)
        except Misconfigured as fault:
            showing.failure(fault, as_json=False)
            again = say(
                "다시 고칠까요? (아니면 고친 것을 버려요)", "Edit it again? (Otherwise it is dropped)"
            )
            if not asking.agreed(again, default=True):
                return None
        else:
            return changed
    return None


def keys_work(settings: Config, where: str) -> None:
    """Refuse keys that cannot work; arguments as `config.check` gives them.

    Raises:
        Misconfigured: there are such.
    """
    if settings.keys:
        # 300 ms: textual and the app, whose keys they are.
        from sweetchat_tui.tui.app import TOGETHER
        from sweetchat_tui.tui.keymap import keymap

        keymap(settings.keys, where, TOGETHER)


def _editor() -> list[str]:
    """The editor that the person wants, with its arguments, or one that is there.

    Raises:
        NotThere: there is none.
    """
    wanted = next((os.environ[name] for name in ("VISUAL", "EDITOR") if os.environ.get(name, "").strip()), "")
    try:
        words = (
            shlex.split(wanted, posix=os.name == "posix")
            if wanted
            else list(filter(shutil.which, _USUAL))[:1]
        )
    except ValueError:  # a quotation that does not end
        words = [wanted]
    if words and shutil.which(words[0]):
        return words
    raise _no_editor(wanted)


def _no_editor(wanted: str) -> NotThere:
    return NotThere(
        say(f"편집기가 없어요: {wanted}", f"There is no editor {wanted}.")
        if wanted
        else say("쓸 수 있는 편집기가 없어요.", "There is no editor."),
        say("예를 들면 이렇게 해 주세요: ", "For example: ") + "EDITOR=nano sweetchat config edit",
    )


def _ran(editor: list[str], copy: Path) -> bool:
    """Run the editor to its end; whether it says that all is well."""
    started = time.monotonic()
    before = copy.read_bytes()
    with _interrupts_are_the_editors():
        try:
            code = subprocess.run([*editor, str(copy)], check=False).returncode  # noqa: S603 - the person's own
        except OSError:  # a file that says it can be run, and cannot
            raise _no_editor(editor[0]) from None
    if code:
        typer.echo(
            say(
                f"{with_particle(editor[0], '이/가')} 그만두었다고 해요({code}).",
                f"{editor[0]} ended with {code}.",
            ),
            err=True,
        )
    elif time.monotonic() - started < _AT_ONCE_S and _content(copy) == before:
        typer.echo(
            say(
                "편집기가 곧바로 끝났어요. 창을 따로 여는 편집기라면 기다리게 해 주세요"
                "(예: EDITOR='code -w').",
                "The editor ended at once. One with a window of its own must wait (e.g. EDITOR='code -w').",
            ),
            err=True,
        )
    return code == 0


@contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Ctrl+C in an editor is for the editor alone; a handler of ours, unlike SIG_IGN, is not inherited."""
    ours = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, ours)


def _content(file: Path) -> bytes | None:
    """What is in a file; None when there is none."""
    try:
        return read_bounded(file, config.MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as e:
        raise config.unopenable(file, e) from None


def _put(file: Path, content: bytes) -> None:
    try:
        # A link stays one: what it leads to is replaced.
        write_private(file.resolve(), content.decode())
    except OSError as e:
        raise Misconfigured(
            say(f"설정 파일을 고치지 못했어요: {file}", f"The configuration could not be changed: {file}"),
            why(e),
        ) from None
