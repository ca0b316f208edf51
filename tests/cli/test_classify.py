import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from sweetchat_tui.emotions import EMOTIONS, GROUPS

pytestmark = pytest.mark.usefixtures("own_home")


def test_json_is_to_the_letter_of_the_contract(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", "--json", "면접에서 떨어졌어")
    assert done.code == 0
    (row,) = done.rows
    assert list(row) == [
        "schema",
        "text",
        "emotion",
        "index",
        "group",
        "confidence",
        "uncertain",
        "top",
        "classifier",
        "crisis",
    ]
    assert (row["schema"], row["text"], row["crisis"]) == (1, "면접에서 떨어졌어", "none")
    assert len(row["top"]) == 3
    assert row["top"][0] == {key: row[key] for key in ("emotion", "index", "group", "confidence")}
    for score in row["top"]:
        assert EMOTIONS[score["index"]].label == score["emotion"]
        assert score["group"] in GROUPS
        assert 0 <= score["confidence"] <= 1
    confidences = [score["confidence"] for score in row["top"]]
    assert confidences == sorted(confidences, reverse=True)


def test_a_line_out_for_each_line_in_in_order(sweetchat) -> None:  # type: ignore[no-untyped-def]
    lines = ["면접에서 떨어졌어", "", "안녕", "오늘 너무 행복해"]
    done = sweetchat("classify", "--json", stdin="\n".join(lines) + "\n")
    assert [row["text"] for row in done.rows] == lines
    assert [row["uncertain"] for row in done.rows] == [False, True, True, False]
    assert "\n".join(sweetchat("classify", stdin="\n".join(lines)).out.splitlines()).count("\t") == 8


def test_texts_a_file_and_standard_input_say_the_same(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    lines = ["외로워", "친구가 고마워"]
    file = tmp_path / "한글 이름.txt"
    file.write_text("\r\n".join(lines), encoding="utf-8-sig")
    by_words = sweetchat("classify", "--json", *lines)
    assert by_words.out == sweetchat("classify", "--json", "-f", str(file)).out
    assert by_words.out == sweetchat("classify", "--json", "-f", "-", stdin="\n".join(lines)).out


def test_the_conversation_is_read_and_not_only_the_sentence(sweetchat) -> None:  # type: ignore[no-untyped-def]
    earlier = "남자친구가 나 몰래 다른 사람을 만났대"
    alone = sweetchat("classify", "--json", "-k", "58", "이제 어떡하지").rows[0]
    told = sweetchat("classify", "--json", "-k", "58", "--context", earlier, "이제 어떡하지").rows[0]
    dialogue = sweetchat(
        "classify", "--json", "-k", "58", "--dialogue", stdin=f"{earlier}\n이제 어떡하지\n\n이제 어떡하지\n"
    )
    assert told["top"] != alone["top"]
    assert [row["text"] for row in dialogue.rows] == [earlier, "이제 어떡하지", "이제 어떡하지"]
    assert dialogue.rows[1]["top"] == told["top"]
    assert dialogue.rows[2]["top"] == alone["top"]


def test_danger_is_in_the_json_and_help_on_stderr(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", "--json", "죽고 싶어", "배고파 죽겠다")
    assert [row["crisis"] for row in done.rows] == ["crisis", "none"]
    assert "109" in done.err and "109" not in done.out


@pytest.mark.parametrize(
    "variables", [{"LANG": "C", "LC_ALL": "C"}, {"LC_ALL": "ko_KR.EUC-KR"}, {"PYTHONIOENCODING": "cp949"}]
)
def test_hangul_passes_whatever_the_locale(sweetchat, variables: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    assert sweetchat("classify", "--json", "행복해", **variables).rows[0]["text"] == "행복해"
    assert sweetchat("classify", "--json", stdin="행복해", **variables).rows[0]["text"] == "행복해"


ODD_TEXTS = {
    "empty": "",
    "spaces": "   ",
    "escape": "\x1b[31m빨강\x1b[0m",
    "replacement": "\ufffd",
    "joined emoji": "👨\u200d👩\u200d👧",
    "right to left": "مرحبا",
    "decomposed": unicodedata.normalize("NFD", "행복해"),
    "a megabyte": "가" * 350_000,
}


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_any_text_gets_its_line(sweetchat, text: str) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", "--json", stdin=text + "\n")
    assert done.code == 0
    (row,) = done.rows
    assert "\x1b" not in done.out
    assert unicodedata.is_normalized("NFC", row["text"])


def test_nul_and_separators_keep_lines_in_step(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", "--json", stdin="가\x00나\n다\u2028라\n마\r바\r\n\x1b]0;열림\n끝\n")
    assert [row["text"] for row in done.rows] == ["가나", "다 라", "마 바", "0;열림", "끝"]


def test_a_line_that_is_not_utf8_is_named_after_the_lines_before_it(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "cp949.txt"
    file.write_bytes("첫째\n둘째\n".encode() + "셋째\n".encode("cp949") + "넷째\n".encode())
    done = sweetchat("classify", "--json", "-f", str(file))
    assert done.code == 65
    assert "3번째 줄" in done.err and "cp949" in done.err
    assert [row.get("text") for row in done.rows[:2]] == ["첫째", "둘째"]
    assert done.rows[2]["error"]["code"] == "unreadable"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-f", "없는파일.txt"], 66, "없는파일.txt"),
        (["-f", "."], 65, "열 수 없어요"),
        (["-k", "0", "글"], 2, "--top-k"),
        (["-c", "없는모델", "글"], 66, "없는모델"),
        (["--device", "cuda", "-c", "lite", "글"], 2, "cuda"),
        (["--device", "toaster", "글"], 78, "auto | cpu | cuda | mps"),
        (["--nope"], 2, "--nope"),
        (["글", "-f", "x"], 2, "--file"),
        (["--dialogue", "--context", "가"], 2, "--dialogue"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_code(
    sweetchat, words: list[str], code: int, said: str
) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", *words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_failure_with_json_is_json_too(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("classify", "--json", "-f", "없는파일.txt")
    assert done.code == 66
    assert done.rows[0]["schema"] == 1
    assert set(done.rows[0]["error"]) == {"code", "message", "hint"}


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    file = tmp_path / "many"
    file.write_text("행복해\n" * 200_000, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "sweetchat_tui", "classify", "-f", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0
    process.stderr.close()


def test_lines_are_answered_as_they_come() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sweetchat_tui", "classify", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdin is not None and process.stdout is not None
    with process, process.stdin, process.stdout:
        for text in ("하나", "둘"):
            process.stdin.write(f"{text}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
