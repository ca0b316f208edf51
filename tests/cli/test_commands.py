"""The commands around: emotions, config, auth, history, help, languages."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

pytestmark = pytest.mark.usefixtures("own_home")


def test_emotions_lists_all_58(sweetchat) -> None:  # type: ignore[no-untyped-def]
    rows = sweetchat("emotions", "--json").rows
    assert sorted(row["index"] for row in rows) == list(range(58))
    plain = sweetchat("emotions").out
    assert all(row["emotion"] in plain for row in rows)


def test_config_is_written_shown_and_found(sweetchat) -> None:  # type: ignore[no-untyped-def]
    path = Path(sweetchat("config", "path").out.strip())
    assert not path.exists()
    assert sweetchat("config", "init").code == 0
    assert path.read_text(encoding="utf-8").startswith("# SweetChat")
    again = sweetchat("config", "init")
    assert (again.code, "이미 있어요" in again.err) == (78, True)
    shown = sweetchat("config", "show", "--persona", "x")
    assert shown.code == 2
    document = json.loads(sweetchat("config", "show", "--json", SWEETCHAT_PERSONA="classic").out)
    assert document["settings"]["persona"] == "classic"
    assert document["origins"]["persona"] == "SWEETCHAT_PERSONA"


def test_common_options_stand_anywhere(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "c.toml"
    file.write_text('persona = "classic"')
    for words in (["--config", str(file), "config", "show"], ["config", "show", f"--config={file}"]):
        assert 'persona = "classic"' in sweetchat(*words).out
    assert sweetchat("emotions", "--config", str(tmp_path / "none")).code == 66


def test_a_wrong_config_names_the_key_and_the_file(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "c.toml"
    file.write_text("clasifier = 'lite'")
    done = sweetchat("--config", str(file), "classify", "글")
    assert done.code == 78
    assert "clasifier" in done.err and str(file) in done.err and "classifier?" in done.err


def test_english_is_spoken_when_asked(sweetchat) -> None:  # type: ignore[no-untyped-def]
    assert "Read the emotion of texts" in sweetchat("--lang", "en", "--help").out
    assert "Read the emotion of texts" in sweetchat("--help", SWEETCHAT_LANG="en").out
    assert "글의 감정" in sweetchat("--help").out
    assert "There is no file" in sweetchat("classify", "-f", "none", "--lang", "en").err
    assert sweetchat("--lang", "fr", "emotions").code == 2
    Path(sweetchat("config", "path").out.strip()).parent.mkdir(parents=True)
    Path(sweetchat("config", "path").out.strip()).write_text('lang = "en"')
    assert "Read the emotion of texts" in sweetchat("--help").out
    assert "글의 감정" in sweetchat("--help", "--lang", "ko").out


def test_a_mistake_gets_a_suggestion(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("clasify")
    assert (done.code, "classify" in done.err, "없는 명령" in done.err) == (2, True, True)


def test_a_group_without_a_command_shows_its_help(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("history")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("쓰는 법: sweetchat history [옵션] 명령 [인자]...\n")
    assert sweetchat("history", "--help").out.strip() == done.err.strip()
    assert sweetchat("help", "history").out == sweetchat("history", "--help").out
    assert sweetchat("help").out == sweetchat("--help").out


def test_words_in_the_place_of_a_command_are_shown_the_way(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("오늘", "슬퍼")
    assert (done.code, "sweetchat ask" in done.err) == (2, True)


def test_nothing_found_is_said_beside_the_data(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("history", "search", "면접")
    assert (done.code, done.out, done.err.strip()) == (0, "", "찾지 못했어요.")
    assert sweetchat("history", "search", "면접", "--json").err == ""


def test_debug_alone_shows_where_it_happened(sweetchat) -> None:  # type: ignore[no-untyped-def]
    assert "Traceback" not in sweetchat("classify", "-f", "none").err
    assert "Traceback" in sweetchat("classify", "-f", "none", "--debug").err


def test_a_key_is_stored_shown_masked_and_removed(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("auth", "set", stdin="sk-very-secret\n").code == 0
    (file,) = own_home.rglob("credentials.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    status = sweetchat("auth", "status")
    assert "api.openai.com" in status.out and str(file) in status.out
    assert "sk-very-secret" not in status.out + status.err
    assert "sk-very-secret" not in sweetchat("config", "show", "--json").out
    assert sweetchat("auth", "remove").code == 0
    assert sweetchat("auth", "remove").code == 2
    assert sweetchat("auth", "set", stdin="한글키\n").code == 77
    assert "비어 있어요" in sweetchat("auth", "set", stdin="\n").err


def test_history_is_listed_shown_found_exported_and_deleted(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    id_ = json.loads(sweetchat("ask", "--json", "면접에서 떨어졌어").out)["conversation"]
    assert id_ in sweetchat("history", "list").out
    assert "면접에서 떨어졌어" in sweetchat("history", "show", id_[:5]).out
    assert sweetchat("history", "search", "면접", "--json").rows[0]["conversation"] == id_
    for kind in ("md", "json", "jsonl", "txt"):
        assert "면접에서 떨어졌어" in sweetchat("history", "export", id_, "--format", kind).out
    out = tmp_path / "out.md"
    assert sweetchat("history", "export", id_, "-o", str(out)).code == 0
    assert sweetchat("history", "export", id_, "-o", str(out)).code == 74
    assert sweetchat("history", "delete", id_).code == 2
    assert sweetchat("history", "delete", id_, "--yes").code == 0
    assert sweetchat("history", "show", id_).code == 66


def test_a_journal_that_cannot_be_written_is_told(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    (own_home / "data").write_text("a file where a folder should be")
    done = sweetchat("ask", "말")
    assert (done.code, done.out) == (74, "")
    assert sweetchat("ask", "--private", "말").code == 0


def test_the_app_needs_a_terminal(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("--new")
    assert (done.code, "sweetchat ask" in done.err) == (2, True)


@pytest.mark.parametrize("command", ["classify", "ask"])
def test_without_words_at_a_keyboard_help_is_shown_and_nothing_hangs(command: str) -> None:
    app = pexpect.spawn(
        sys.executable, ["-m", "sweetchat_tui", command], env=os.environ, encoding="utf-8", timeout=100
    )  # type: ignore[arg-type]
    app.expect("--classifier")
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 2


def test_interrupting_ends_with_130(own_home: Path) -> None:
    app = pexpect.spawn(
        sys.executable,
        ["-m", "sweetchat_tui", "classify", "-f", "-", "--json"],
        env=os.environ,
        encoding="utf-8",
        timeout=100,
    )  # type: ignore[arg-type]
    app.sendline("행복해")
    app.expect('"schema":1')
    app.sendintr()
    app.expect(pexpect.EOF)
    app.close()
    assert app.exitstatus == 130


def test_an_interrupt_that_python_swallows_comes_again() -> None:
    program = """if True:
    import sys, time
    from sweetchat_tui import cli

    class Cleaned:
        def __del__(self):
            raise KeyboardInterrupt

    try:
        cli.main(["--version"])
    except SystemExit:
        pass
    Cleaned()
    try:
        time.sleep(1_000_000)
    except KeyboardInterrupt:
        sys.exit(42)
    """
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 42, done.stderr


def test_an_interrupt_between_two_waits_ends_the_second() -> None:
    """In one step of Python, which looks for signals only after it: raise one, and wait."""
    program = """if True:
    import ctypes, operator, os, signal, sys
    from functools import partial
    from sweetchat_tui import cli

    try:
        cli.main(["--version"])
    except SystemExit:
        pass
    raised = partial(getattr(ctypes.CDLL(None), "raise"), int(signal.SIGINT))
    try:
        list(map(operator.call, [raised, partial(os.read, os.pipe()[0], 1)]))
    except KeyboardInterrupt:
        sys.exit(42)
    """
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 42, done.stderr


def test_a_process_that_outlives_its_loop_is_not_told_of() -> None:
    program = """if True:
    import sys
    from sweetchat_tui import cli

    class Left:
        def __init__(self, said):
            self.said = said

        def __del__(self):
            raise RuntimeError(self.said)

    try:
        cli.main(["--version"])
    except SystemExit:
        pass
    Left("Event loop is closed")
    Left("a fault of ours")
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "a fault of ours" in done.stderr and "loop is closed" not in done.stderr


def test_the_module_runs_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sweetchat_tui", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("sweetchat ")
