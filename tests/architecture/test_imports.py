"""What a command really loads. The drawn graph is import-linter's; this is the other half."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "torch",
    "transformers",
    "openai",
    "onnxruntime",
    "h5py",
    "textual",
    "scipy",
    "sklearn",
    "python_calamine",
}


def loaded_by(*words: str, stdin: str = "") -> set[str]:
    """The top-level modules that a command has loaded when it ends."""
    program = (
        "import sys\n"
        "from sweetchat_tui.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as e: assert not e.code, e.code\n"
        "print('LOADED', *{m.split('.')[0] for m in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stderr.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    ("words", "never"),
    [
        (["--help"], HEAVY | {"numpy", "asyncio", "sqlite3", "rich"}),
        (["--version"], HEAVY | {"numpy", "asyncio", "sqlite3", "rich"}),
        (["emotions"], HEAVY | {"numpy", "asyncio", "sqlite3"}),
        (["classify", "-c", "lite", "면접에서 떨어졌어"], HEAVY | {"asyncio", "sqlite3"}),
        (["history", "list"], HEAVY | {"numpy", "asyncio"}),
        (["mood"], HEAVY | {"numpy", "asyncio", "PIL"}),
        (["doctor"], HEAVY),
        (["doctor", "--help"], HEAVY | {"numpy", "asyncio", "sqlite3"}),
        (["serve", "--help"], HEAVY | {"aiohttp", "jinja2", "numpy", "asyncio", "sqlite3"}),
        (["config", "edit", "--help"], HEAVY | {"numpy", "asyncio", "sqlite3"}),
        (["config", "show"], HEAVY | {"numpy", "asyncio", "sqlite3"}),
        (["ask", "--provider", "offline", "오늘 너무 지쳤어"], HEAVY),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_loads_no_more_than_it_needs(words: list[str], never: set[str]) -> None:
    assert not loaded_by(*words) & never


def test_the_app_paints_before_models_and_clients_are_loaded() -> None:
    program = "import sys, sweetchat_tui.tui.app; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert not set(done.stdout.split()) & {
        "numpy",
        "openai",
        "torch",
        "transformers",
        "onnxruntime",
        "python_calamine",
    }


def test_the_package_itself_imports_nothing() -> None:
    program = "import sys; before = set(sys.modules); import sweetchat_tui; print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["sweetchat_tui"]


def test_the_kitty_protocol_is_off_before_textual_is_loaded() -> None:
    program = (
        "import sys, sweetchat_tui.tui, os; assert 'textual' not in sys.modules;"
        "from textual import constants; print(constants.DISABLE_KITTY_KEY)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "True"


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    package = Path(__file__).parents[2] / "sweetchat_tui"
    long = {p.name: n for p in package.rglob("*.py") if (n := len(p.read_text("utf-8").splitlines())) > 340}
    assert long == {}
