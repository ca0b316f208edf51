"""`sweetchat config edit`, with an editor that does what a test tells it, in a real pseudo-terminal."""

import shlex
import stat
import sys
from pathlib import Path

import pytest
from terminal import Terminal

RIGHT = 'persona = "classic"\n'
WRONG = 'lang = "ko"\npersnoa = "classic"\n'


@pytest.fixture
def file(own_home: Path) -> Path:
    folder = own_home / "config" / "sweetchat"
    folder.mkdir(parents=True, mode=0o700)
    return folder / "config.toml"


def editor(tmp_path: Path, *texts: str | bytes, code: int = 0) -> str:
    """A command that writes the next of these texts into the file that it is given, each time it is run.

    It takes an argument of its own first, and leaves a backup beside the file, as editors do.
    """
    for n, text in enumerate(texts):
        (tmp_path / f"text{n}").write_bytes(text.encode() if isinstance(text, str) else text)
    program = tmp_path / "an editor.py"
    program.write_text(
        "import pathlib, sys\n"
        "assert sys.argv[1] == '-w' and sys.argv[2].endswith('config.toml'), sys.argv\n"
        "copy, own = pathlib.Path(sys.argv[2]), pathlib.Path(__file__).parent\n"
        "(own / 'seen').write_text(f'{copy}\\n{copy.stat().st_mode:o} {copy.parent.stat().st_mode:o}')\n"
        "copy.with_name('config.toml~').write_bytes(copy.read_bytes())\n"
        "texts = sorted(own.glob('text*'))\n"
        "if texts: copy.write_bytes(texts[0].read_bytes()); texts[0].unlink()\n"
        f"sys.exit({code})\n",
        encoding="utf-8",
    )
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(program))} -w"


def seen(tmp_path: Path) -> tuple[Path, str]:
    path, modes = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    return Path(path), modes


def test_what_is_right_takes_the_place_of_the_old_file(file: Path, tmp_path: Path) -> None:
    file.write_text("# old\n")
    file.chmod(0o644)
    with Terminal("config", "edit", VISUAL=editor(tmp_path, RIGHT), EDITOR="false") as terminal:
        terminal.shows("바꿨어요")
        assert terminal.ended() == 0
    assert file.read_text() == RIGHT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in file.parent.iterdir()] == ["config.toml"]
    copy, modes = seen(tmp_path)
    assert modes == "100600 40700" and not copy.parent.exists()


def test_without_a_file_the_defaults_are_offered_and_made_a_file_when_changed(
    file: Path, tmp_path: Path
) -> None:
    with Terminal("config", "edit", EDITOR=editor(tmp_path)) as terminal:
        terminal.shows("바뀐 것이 없어요")
        assert terminal.ended() == 0
    assert not file.exists()
    with Terminal("config", "edit", EDITOR=editor(tmp_path, RIGHT)) as terminal:
        assert terminal.ended() == 0
    assert file.read_text() == RIGHT


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (WRONG, "config.toml:2"),
        ('lang = "ko"\n\npersona = classic', "3번째 줄"),
        ('[keys]\nhelp = "f1"\nsearch = "f1"', "config.toml:3"),
        ("persona = '친구'".encode("cp949"), "UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_can_be_edited_again(
    file: Path, tmp_path: Path, wrong: str | bytes, said: str
) -> None:
    file.write_text("# old\n")
    with Terminal("config", "edit", columns=200, EDITOR=editor(tmp_path, wrong, RIGHT)) as terminal:
        terminal.shows("다시 고칠까요?", said)
        assert file.read_text() == "# old\n"
        terminal.type("ㅛ\n")
        terminal.shows("바꿨어요")
        assert terminal.ended() == 0
    assert file.read_text() == RIGHT


def test_what_is_wrong_can_be_dropped(file: Path, tmp_path: Path) -> None:
    file.write_text("# old\n")
    with Terminal("config", "edit", EDITOR=editor(tmp_path, WRONG)) as terminal:
        terminal.shows("다시 고칠까요?")
        terminal.type("아마\n")
        terminal.shows("y(네)나 n(아니요)")
        terminal.type("n\n")
        terminal.shows("설정은 그대로예요")
        assert terminal.ended() == 130
    assert file.read_text() == "# old\n"
    assert not seen(tmp_path)[0].parent.exists()


def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    (kept := tmp_path / "dotfiles").mkdir()
    (kept / "sweetchat.toml").write_text("# old\n")
    file.symlink_to(kept / "sweetchat.toml")
    with Terminal("config", "edit", EDITOR=editor(tmp_path, RIGHT)) as terminal:
        assert terminal.ended() == 0
    assert file.is_symlink() and (kept / "sweetchat.toml").read_text() == RIGHT


def test_an_editor_that_fails_changes_nothing(file: Path, tmp_path: Path) -> None:
    file.write_text("# old\n")
    with Terminal("config", "edit", EDITOR=editor(tmp_path, RIGHT, code=1)) as terminal:
        terminal.shows("설정은 그대로예요")
        assert terminal.ended() == 130
    assert file.read_text() == "# old\n"


def test_what_another_program_wrote_meanwhile_is_not_lost_unasked(file: Path, tmp_path: Path) -> None:
    file.write_text("# old\n")
    both = f"echo > {file}; {editor(tmp_path, RIGHT)} " + '"$1"'
    other = f"sh -c {shlex.quote(both)} sh"
    with Terminal("config", "edit", EDITOR=other) as terminal:
        terminal.shows("고치는 동안")
        terminal.type("\n")
        assert terminal.ended() == 130
    assert file.read_text() == "\n"


def test_interrupts_while_editing_are_the_editors(file: Path, tmp_path: Path) -> None:
    program = tmp_path / "slow.py"
    program.write_text(
        "import pathlib, signal, sys\n"
        "def quit(*_): pathlib.Path(sys.argv[1]).write_text('persona = \"classic\"\\n'); sys.exit()\n"
        "signal.signal(signal.SIGINT, quit)\n"
        "print('편집 중', flush=True)\n"
        "signal.pause()\n",
        encoding="utf-8",
    )
    with Terminal("config", "edit", EDITOR=f"{sys.executable} {program}") as terminal:
        terminal.shows("편집 중")
        terminal.child.sendintr()
        terminal.shows("바꿨어요")
        assert terminal.ended() == 0
    assert file.read_text() == RIGHT


@pytest.mark.parametrize("missing", ["no-such-editor -w", "'unfinished"])
def test_an_editor_that_is_not_there_is_named(file: Path, missing: str) -> None:
    with Terminal("config", "edit", VISUAL=missing) as terminal:
        terminal.shows("편집기가 없어요", missing, "EDITOR=nano")
        assert terminal.ended() == 66


def test_one_that_is_there_is_taken_when_none_is_named(file: Path, tmp_path: Path) -> None:
    nano = tmp_path / "bin" / "nano"
    nano.parent.mkdir()
    nano.write_text('#!/bin/sh\necho \'persona = "classic"\' > "$1"\n')
    nano.chmod(0o755)
    with Terminal("config", "edit", EDITOR="", VISUAL="", PATH=str(nano.parent)) as terminal:
        assert terminal.ended() == 0
    assert file.read_text() == RIGHT


def test_without_a_terminal_it_says_which_file_to_change(sweetchat, file: Path) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("config", "edit", EDITOR="true")
    assert (done.code, str(file) in done.err) == (2, True)
    assert list(file.parent.iterdir()) == []
