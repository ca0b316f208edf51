"""Runs commands that fail, in one process and one language, and prints what each said, as JSON.

A program of its own: the help's words are said in the language in use when the commands are first imported.
"""

import io
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from sweetchat_tui import lang, paths
from sweetchat_tui.cli import main

OUT = Path(sys.argv[2])
os.environ["SWEETCHAT_LANG"] = sys.argv[1]
lang.use(sys.argv[1])  # type: ignore[arg-type]

from sweetchat_tui.cli.root import app  # noqa: E402

HERE = OUT.parent / "files"

CONFIGS = (
    "persnoa = 3",
    "persona = 'enemy'",
    "budget = 'x'",
    "model = 3",
    "ascii = 3",
    "keys = 3",
    "lang = ko",
    "lang = 'ko",
    "a = {",
    "x = 1\nx = 2",
    "provider = 3",
    "provider = 'none'",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'",
    "[provider.offline]\nmodel = 'x'",
    "[provider]\nm = 3",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'\nbase_url = 'ftp://x'",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'\nbase_url = 'http://example.org/v1'",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'\nbase_url = 'http://127.0.0.1:9/v1'\ntimeout_s = 1",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'\nbase_url = 'https://127.0.0.1/v1'\napi_key_env = 'N'",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'\nbase_url = 'https://127.0.0.1:9/v1'\n"
    "api_key_command = 'false'",
    "[provider]\nuse = 'm'\n[provider.m]\nmodel = 'x'\nbase_url = 'https://127.0.0.1:9/v1'\n"
    "parameters = { n = 3 }",
    "[keys]\nserch = 'f9'",
    "[keys]\nsearch = 'ctrl+m'",
    "[keys]\nsearch = 'f1'",
)

COMMANDS = """
nothing|clasify|classify --none|classify --file|classify -k 0 x|classify -k x x|emotions x
--lang fr emotions|--config none.toml emotions
classify -f none.txt|classify -f .|classify -f cp949.txt|classify x -f words.txt|classify|classify --raw x
classify --dialogue --context x -f words.txt
classify -c lite --device cuda x|classify -c lite --precision fp32 x|classify -c nobody/nothing x
classify -c a//b x|classify -c empty x|classify -c broken x|classify -c bert x|classify --device moon x
classify --input none.csv --output o.csv|classify --input words.txt --output o.csv --column a
classify --input t.csv --output o.csv|classify --input t.csv --column none --output o.csv
classify --input t.csv --column a --output t.csv|classify --input twice.csv --column a --output o.csv
classify --input uneven.csv --column a --output o.csv|classify --input bad.jsonl --column a --output o.csv
classify --input other.jsonl --column a --output o.csv|classify --input t.csv --column a
classify --input cp949.csv --column a --output o.csv|classify --input bad.parquet --column a --output o.csv
classify --input t.csv --column a --output none/o.csv|classify --output o.csv x|classify --resume x
classify --input t.csv --column a --output o.xlsx|classify --input t.csv --column a --output old.csv
ask|ask -e nothing x|ask --provider none x|ask --provider openai x|ask --persona x y|ask --manner x y
ask --length x y|ask --conversation none x|ask -C x|ask --dry-run x|ask --classifier nobody/nothing x
ask --device cuda -c lite x
chat|chat --plain --conversation none|chat --provider openai --plain
history|history none|history show|history show none|history search|history search -e nothing
history search zzz|history list|history export none|history export|history rename none x
history export --format x none|history export --all --format x|history export --corrections --format x
history delete none --yes|history delete none|history forget|history forget none --all
history forget none --yes|history forget --all|history forget --older-than 0
history restore none --yes|history restore words.txt --yes
history restore words.txt|history backup words.txt|history backup none/x|history check
mood --days 0|mood --days x|mood|mood --png none/x.png|mood --png .
models list x|models pull a//b|models pull nobody/nothing|models remove lite|models remove nobody/nothing
models remove a//b|models convert nobody/nothing|models convert empty|models convert broken
models verify nobody/nothing|models verify empty|models verify lite
config|config show x|config edit|config init|config init
auth set none|auth remove none|auth remove|auth status
doctor|doctor --none
serve --host 0.0.0.0|serve --host 192.0.2.1|serve --port x|serve --persona x
lab|lab none|lab prepare|lab prepare none.zip -o made|lab prepare words.txt -o made|lab prepare empty -o made
lab train-lite --data none -o made|lab gpt-data --data none -o made|lab evaluate empty --data none -o made
lab publish empty --to x/y --dry-run|lab gpt-tune --data none
"""


def prepare() -> None:
    """The files that the commands name."""
    (HERE / "empty").mkdir(parents=True)
    (HERE / "broken").mkdir()
    (HERE / "broken" / "config.json").write_text("{")
    (HERE / "broken" / "model.safetensors").write_bytes(b"\0" * 99)
    for name, text in {
        "words.txt": "one\n",
        "t.csv": "a\none\n",
        "old.csv": "a\none\n",
        "twice.csv": "a,a\none,two\n",
        "uneven.csv": "a,b\none\n",
        "bad.jsonl": "{\n",
        "other.jsonl": '{"b": 1}\n',
        "bad.parquet": "PAR1",
    }.items():
        (HERE / name).write_text(text)
    for name in ("cp949.txt", "cp949.csv"):
        (HERE / name).write_bytes("a\n마음\n".encode("cp949"))
    os.chdir(HERE)


def said(words: list[str], stdin: str = "") -> str:
    """What a command says, on both streams, with its exit code."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    app.registered_commands.clear()  # or each would be built again for every command
    app.registered_groups.clear()
    kept = sys.stdin, sys.stdout, sys.stderr
    Path("stdin").write_text(stdin, encoding="utf-8")
    sys.stdin = open("stdin", encoding="utf-8")  # noqa: SIM115, PTH123 - what reads by its number needs one
    sys.stdout, sys.stderr = out, err
    code: object = None
    try:
        main(words)
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdin.close()
        sys.stdin, sys.stdout, sys.stderr = kept
    told = []
    for stream in (out, err):
        stream.flush()
        told.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return f"{code}\n{told[0]}\n{told[1]}"


def walk() -> Iterator[tuple[str, str]]:
    for line in COMMANDS.split("\n"):
        for command in filter(None, line.split("|")):
            yield command, said(command.split())
    yield "a key", said(["auth", "set"], "한글\n")
    yield "no key", said(["auth", "set"], "\n")
    yield "too long", said(["ask"], "x" * 200_000)
    yield (
        "plain",
        said(["chat", "--plain", "--provider", "offline"], "/help\n/nothing\n/again\n/emotion x\n/new\n"),
    )
    file = paths.config_file()
    for text in CONFIGS:
        file.write_text(text)
        yield f"{text} | doctor", said(["doctor"])
        if "127.0.0.1" in text:
            yield f"{text} | ask", said(["ask", "x"])
    file.write_bytes("lang = '마음'".encode("cp949"))
    yield "cp949", said(["emotions"])
    file.unlink()
    file.mkdir()
    yield "a folder", said(["emotions"])
    file.rmdir()
    journal = paths.journal_file()
    journal.parent.mkdir(parents=True, exist_ok=True)
    for left in journal.parent.glob("journal.db*"):
        left.unlink()
    journal.write_bytes(b"no journal at all" * 999)
    for command in ("history list", "doctor", "history check", "mood"):
        yield f"damaged | {command}", said(command.split())
    for left in journal.parent.glob("journal.db*"):
        left.unlink()
    with sqlite3.connect(journal) as db:
        db.execute("PRAGMA user_version = 999")
    for command in ("history list", "doctor"):
        yield f"too new | {command}", said(command.split())
    credentials = paths.credentials_file()
    credentials.write_text("{}")
    credentials.chmod(0o644)
    yield "open key file", said(["auth", "status"])
    credentials.chmod(0o600)
    credentials.write_text("[")
    yield "broken key file", said(["auth", "status"])


prepare()
OUT.write_text(json.dumps(dict(walk()), ensure_ascii=False), encoding="utf-8")
