import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as every
from hypothesis import strategies as st

from sweetchat_tui import lang
from sweetchat_tui.classifiers.lite import LiteClassifier
from sweetchat_tui.cli import bulk, tables
from sweetchat_tui.errors import Misused, SweetchatError

pytestmark = pytest.mark.usefixtures("own_home")

ROWS = [
    {"id": "1", "말": "면접에서 떨어졌어"},
    {"id": "2", "말": '그가 "안녕"이라고,\n했어\t응'},
    {"id": "3", "말": ""},
    {"id": "4", "말": "죽고 싶어"},
]
ADDED = ["emotion", "index", "group", "confidence", "uncertain", "top", "classifier", "crisis"]
ENDINGS = ["csv", "tsv", "jsonl", "parquet"]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    """The rows as a table of the kind that the name says, made without the program."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0], delimiter="\t" if path.suffix == ".tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    """What a table holds, read without the program."""
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(text.splitlines(True), delimiter="\t" if path.suffix == ".tsv" else ","))


def words(source: Path, output: Path) -> list[str]:
    return [
        "-m",
        "sweetchat_tui",
        "classify",
        "-c",
        "lite",
        "--input",
        str(source),
        "--column",
        "말",
        "--output",
        str(output),
    ]


def many(count: int) -> list[dict[str, Any]]:
    return [{"id": str(n), "말": f"{n}번째 날이라 외로워"} for n in range(count)]


@pytest.fixture
def classify(tmp_path: Path) -> Callable[..., Path]:
    """Run over a table in this process; the path of the output."""

    def run(
        source: Path, output: str, *, resume: bool = False, column: str = "말", top: int = 3, name: str = ""
    ) -> Path:
        path, read_by = tmp_path / output, LiteClassifier.load()
        read_by.name = name or read_by.name
        bulk.run(read_by, (source, column, path), top=top, earlier=(), resume=resume, quiet=True)
        return path

    return run


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("out", ENDINGS)
def test_rows_come_out_in_order_with_all_that_they_held(classify, tmp_path, ending: str, out: str) -> None:  # type: ignore[no-untyped-def]
    output = rows_of(classify(written(tmp_path / f"in.{ending}", ROWS), f"out.{out}"))
    assert [{key: row[key] for key in ROWS[0]} for row in output] == ROWS
    assert list(output[0]) == [*ROWS[0], *ADDED]
    assert [row["crisis"] for row in output] == ["none", "none", "none", "crisis"]
    top = output[0]["top"] if out == "jsonl" else json.loads(output[0]["top"])
    assert top[0] == {
        "emotion": output[0]["emotion"],
        "index": int(output[0]["index"]),
        "group": output[0]["group"],
        "confidence": float(output[0]["confidence"]),
    }


def test_tables_and_lines_are_read_alike(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.jsonl", many(5))
    output = tmp_path / "out.jsonl"
    done = sweetchat("classify", "--input", str(source), "--column", "말", "--output", str(output))
    assert (done.code, done.out, done.err) == (0, "", "")
    lines = sweetchat("classify", "--json", stdin="\n".join(row["말"] for row in many(5)))
    assert [{key: row[key] for key in ADDED} for row in rows_of(output)] == [
        {key: row[key] for key in ADDED} for row in lines.rows
    ]


def test_a_column_that_has_the_name_of_a_result_is_kept(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.csv", [{"emotion": "그대로", "말": "외로워"}])
    once = classify(source, "once.csv")
    twice = rows_of(classify(once, "twice.csv"))[0]
    assert twice["emotion"] == "그대로"
    assert twice["sweetchat_emotion"] == twice["sweetchat_sweetchat_emotion"] != ""


def test_parquet_columns_keep_their_types(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = pa.table(
        {
            "when": pa.array([1_700_000_000_123_456_789], pa.timestamp("ns", "Asia/Seoul")),
            "말": pa.array(["외로워"]).dictionary_encode(),
            "many": pa.array([[1, 2]], pa.list_(pa.int8())),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    output = pq.read_table(classify(tmp_path / "in.parquet", "out.parquet"))
    assert output.select(["when", "말", "many"]).equals(table)
    assert output.schema.field("uncertain").type == pa.bool_()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_without_rows_stays_one(classify, tmp_path: Path, ending: str) -> None:  # type: ignore[no-untyped-def]
    source = tmp_path / f"in.{ending}"
    if ending == "parquet":
        pq.write_table(pa.table({"말": pa.array([], pa.string())}), source)
    else:
        source.write_text("" if ending == "jsonl" else "말\n", "utf-8")
    assert rows_of(classify(source, f"out.{ending}")) == []


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("rest", [0, 1, 3000])
def test_what_is_there_is_not_read_again(classify, tmp_path: Path, ending: str, rest: int) -> None:  # type: ignore[no-untyped-def]
    rows = [ROWS[1], *many(2000 + rest)]
    whole = classify(written(tmp_path / f"all.{ending}", rows), f"whole.{ending}")
    part = classify(written(tmp_path / f"some.{ending}", rows[:2000]), f"part.{ending}")
    there = rows_of(part)
    assert rows_of(classify(tmp_path / f"all.{ending}", part.name, resume=True)) == rows_of(whole)
    assert rows_of(part)[:2000] == there


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("other", [{"name": "bert@0123456"}, {"top": 2}])
def test_one_table_is_read_in_one_way(classify, tmp_path: Path, ending: str, other: dict[str, Any]) -> None:  # type: ignore[no-untyped-def]
    part = classify(written(tmp_path / f"some.{ending}", ROWS[:2]), f"part.{ending}", **other)
    before = rows_of(part)
    source = written(tmp_path / f"all.{ending}", ROWS)
    with pytest.raises(Misused, match=f"{other.get('name', 'lite-1')}.* {other.get('top', 3)}개"):
        classify(source, part.name, resume=True)
    assert rows_of(part) == before
    assert len(rows_of(classify(source, part.name, resume=True, **other))) == len(ROWS)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@every(st.data())
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_a_torn_output_goes_on_wherever_it_was_torn(classify, tmp_path, ending: str, data: Any) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / f"in.{ending}", ROWS)
    (tmp_path / f"out.{ending}").unlink(missing_ok=True)
    output = classify(source, f"out.{ending}")
    whole = output.read_bytes()
    first = whole.index(b"\n") + 1
    output.write_bytes(whole[: data.draw(st.integers(first, len(whole)))])
    classify(source, output.name, resume=True)
    assert output.read_bytes() == whole


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@every(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4))
@pytest.mark.parametrize("ending", ENDINGS)
def test_any_text_passes_unchanged(classify, tmp_path, ending: str, texts: list[str]) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.parquet", [{"n": 1, "말": text} for text in texts])
    (tmp_path / f"out.{ending}").unlink(missing_ok=True)
    output = classify(source, f"out.{ending}")
    if ending in ("csv", "tsv"):
        with output.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t" if ending == "tsv" else ","))[1:]
        assert [row[1] for row in rows] == texts
    else:
        assert (
            [json.loads(line)["말"] for line in output.read_bytes().splitlines()] == texts
            if (ending == "jsonl")
            else [row["말"] for row in rows_of(output)] == texts
        )


def test_a_lone_surrogate_of_json_passes(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = tmp_path / "in.jsonl"
    source.write_text('{"말": "\\ud83d 외로워", "x": "\\udc00"}\n', "utf-8")
    assert rows_of(classify(source, "out.jsonl"))[0]["x"] == "\udc00"


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("없음.csv", None, 66, "없음.csv"),
        ("a.xlsx", "말\n", 2, ".parquet"),
        ("a.csv", "", 65, "말"),
        ("a.csv", "글\n외로워\n", 65, "글"),
        ("a.csv", "말,말\n1,2\n", 65, "열이 둘"),
        ("a.csv", "말,b\n외로워\n", 65, "2번째 줄"),
        ("a.csv", '말\n"외로워\n', 65, "읽을 수 없어요"),
        ("a.tsv", "말\n외로워\n".encode("cp949"), 65, "UTF-8"),
        ("a.jsonl", '{"말": "외로워"}\n{"말": "외', 65, "2번째 줄"),
        ("a.jsonl", '{"글": "외로워"}\n', 65, "글"),
        ("a.jsonl", '{"말": "외로워"}\n\n{"글": "외로워"}\n', 65, "3번째 줄"),
        ("a.jsonl", '{"말": 3}\n', 65, "글이 아니에요"),
        ("a.jsonl", "[1]\n", 65, "객체"),
        ("a.jsonl", "[" * 100_000 + "\n", 65, "JSON이 아니에요"),
        ("a.parquet", "말\n외로워\n", 65, "Parquet"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_sentence_and_a_code(  # type: ignore[no-untyped-def]
    classify, tmp_path: Path, name: str, content: str | bytes | None, code: int, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SweetchatError) as caught:
        classify(tmp_path / name, "out.csv")
    assert caught.value.exit_code == code
    assert said in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("name", "content", "english"),
    [
        ("a.csv", '말\n"외로워\n', "unexpected end"),
        ("a.csv", '말\n"외"로워\n', "expected after"),
        ("a.csv", '말\n"' + "외" * (1 << 24) + "\n", "field limit"),
        ("a.csv", "말\n외로워\r외로워\n", "unquoted field"),
        ("a.jsonl", '{"말": "", "n": 1}\n{"말": "", "n": "x"}\n', "'x'"),
        ("a.jsonl", '{"말": "", "n": 1}\n' * 300 + '{"말": "", "n": "x"}\n', "'x'"),
    ],
    ids=["open quote", "torn quote", "long cell", "lone return", "two kinds", "another kind later"],
)
def test_why_a_row_is_refused_is_told_in_one_language(  # type: ignore[no-untyped-def]
    classify, tmp_path: Path, name: str, content: str, english: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    said = {}
    for language in lang.LANGUAGES:
        lang.use(language)
        with pytest.raises(SweetchatError) as caught:
            classify(tmp_path / name, f"{language}.parquet")
        said[language] = f"{caught.value.message} {caught.value.hint}"
    assert english in said["en"] and not re.search("[가-힣]", said["en"].replace("말", ""))
    assert not re.search("[A-Za-z]", re.sub(r"\S*\.(csv|jsonl|parquet)", "", said["ko"]))


def test_a_parquet_column_of_numbers_and_a_cut_parquet_are_refused(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.parquet", [{"말": 3}])
    with pytest.raises(SweetchatError, match="int64"):
        classify(source, "out.csv")
    source.write_bytes(source.read_bytes()[:-9])
    with pytest.raises(SweetchatError, match="잘렸어요"):
        classify(source, "out.csv")


def test_rows_before_a_broken_one_are_there(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.jsonl", many(1000))
    with source.open("a", encoding="utf-8") as file:
        file.write("{")
    for ending in ENDINGS:
        with pytest.raises(SweetchatError, match="1,001번째 줄"):
            classify(source, f"out.{ending}")
        assert len(rows_of(tmp_path / f"out.{ending}")) >= 256


def test_an_output_that_is_there_is_never_lost(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.csv", ROWS)
    for name, resume, code in [("out.csv", False, 2), ("out.csv", True, 65), ("out.jsonl", True, 65)]:
        (tmp_path / name).write_text("내 일기\n둘째 줄", "utf-8")
        with pytest.raises(SweetchatError) as caught:
            classify(source, name, resume=resume)
        assert caught.value.exit_code == code
        assert (tmp_path / name).read_text("utf-8") == "내 일기\n둘째 줄"
    with pytest.raises(SweetchatError, match="같은 파일"):
        classify(source, "in.csv", resume=True)
    done = classify(written(tmp_path / "other.csv", many(3)), "done.csv")
    with pytest.raises(SweetchatError, match="이어서 쓸 수 있는"):
        classify(source, done.name, resume=True)


def test_columns_that_come_late_go_to_json_lines_only(classify, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    source = written(tmp_path / "in.jsonl", [*many(300), {"id": "x", "말": "외로워", "새": 1}])
    assert rows_of(classify(source, "out.jsonl"))[-1]["새"] == 1
    with pytest.raises(SweetchatError, match="새"):
        classify(source, "out.csv")


def test_a_full_disk_leaves_whole_rows(tmp_path: Path) -> None:
    source = written(tmp_path / "in.csv", many(20_000))
    output = tmp_path / "out.csv"
    program = (
        "import resource, signal, sys; from sweetchat_tui.cli import main;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)); main(sys.argv[3:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words(source, output)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 74, done.stderr
    assert output.read_bytes().endswith(b"\n")
    assert [row["id"] for row in rows_of(output)] == [str(n) for n in range(len(rows_of(output)))]


@pytest.mark.parametrize(
    ("ending", "signals"),
    [
        *((ending, ["SIGINT"]) for ending in ENDINGS),
        ("parquet", ["SIGTERM", "SIGHUP"]),  # when the first was heard, the others are not
    ],
)
def test_an_end_leaves_whole_rows_to_go_on_with(tmp_path: Path, ending: str, signals: list[str]) -> None:
    source = written(tmp_path / "in.jsonl", many(150_000))
    output = tmp_path / f"out.{ending}"
    process = subprocess.Popen(
        [sys.executable, *words(source, output)],
        env=os.environ,
        stderr=subprocess.PIPE,
    )
    growing = output if ending != "parquet" else tmp_path / f".{output.name}.part"
    # Parquet is written in groups; the others by chunks, of which this is more than one.
    enough = 200_000 if ending != "parquet" else 1
    while process.poll() is None and not (growing.exists() and growing.stat().st_size > enough):
        time.sleep(0.01)
    for name in signals:
        process.send_signal(getattr(signal, name))
    told = process.communicate(timeout=100)[1].decode()
    assert process.returncode == 130 and "--resume" in told
    ids = [row["id"] for row in rows_of(output)]
    assert 0 < len(ids) < 150_000 and ids == [str(n) for n in range(len(ids))]


@pytest.mark.parametrize("ignoring", [True, False])
def test_a_terminal_that_closes_leaves_whole_rows_unless_it_is_ignored(
    tmp_path: Path, ignoring: bool
) -> None:
    source = written(tmp_path / "in.jsonl", many(80_000))
    output, growing = tmp_path / "out.parquet", tmp_path / ".out.parquet.part"
    terminal = pexpect.spawn(
        "nohup" if ignoring else "env", [sys.executable, *words(source, output), "-q"], cwd=str(tmp_path)
    )
    while terminal.isalive() and not (growing.exists() and growing.stat().st_size):
        time.sleep(0.01)
    terminal.ptyproc.fileobj.close()
    while terminal.isalive():
        time.sleep(0.01)
    ids = [row["id"] for row in rows_of(output)]
    assert ids == [str(n) for n in range(len(ids))]
    assert (len(ids) == 80_000) == ignoring and ids


def test_progress_is_for_terminals(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", many(20_000))
    terminal = pexpect.spawn(sys.executable, words(source, tmp_path / "out.csv"), encoding="utf-8")
    shown = terminal.read()
    assert re.search(r"줄 · \d+% · 초당 [\d,]+줄", shown)
    terminal.close()
    quiet = pexpect.spawn(
        sys.executable,
        [*words(source, tmp_path / "quiet.csv"), "-q"],
        encoding="utf-8",
    )
    assert quiet.read() == ""
    quiet.close()


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path) -> None:
    source = written(tmp_path / "in.parquet", ROWS)
    program = (
        "import sys; sys.modules['pyarrow'] = None; from sweetchat_tui.cli import main; main(sys.argv[3:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words(source, tmp_path / "out.csv")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert "sweetchat-tui[parquet]" in done.stderr.decode()


@pytest.mark.parametrize(
    "given",
    [
        ["--input", "a.csv"],
        ["--resume", "글"],
        ["--input", "a.csv", "--column", "말", "--output", "b.csv", "글"],
        ["--input", "a.csv", "--column", "말", "--output", "b.csv", "--dialogue"],
    ],
)
def test_half_a_table_is_a_misuse(sweetchat, given: list[str]) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", *given)
    assert (done.code, "--column" in done.err) == (2, True)


def test_names_that_are_taken_are_never_given_twice() -> None:
    assert tables.added(["a", "b"], ["a", "sweetchat_a"]) == ["sweetchat_sweetchat_a", "b"]
