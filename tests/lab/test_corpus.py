"""What must hold of reading dialogues, whatever form of the corpus they come in."""

import json
from pathlib import Path
from typing import Any

import corpus_stage
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.emotions import EMOTIONS, GROUPS, find
from sweetchat_tui.errors import NotThere, Unreadable
from sweetchat_tui.lab import corpus, corpus_json
from sweetchat_tui.lab.corpus import Exchange, LeftOut

HEADER = ["연령", "감정_대분류", "감정_소분류", "사람문장1", "시스템문장1", "사람문장2", "시스템문장2"]


def book(path: Path, **sheets: list[list[object]]) -> Path:
    written = openpyxl.Workbook()
    written.remove(written.active)
    for name, rows in sheets.items():
        sheet = written.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written.save(path)
    return path


def sheet(path: Path, *rows: list[object], header: list[object] = HEADER) -> Path:
    return book(path, Sheet1=[header, *rows])


def entry(code: str | None, *said: str, **emotion: str) -> dict[str, Any]:
    content = {f"{kind}0{n // 2 + 1}": text for n, text in enumerate(said) for kind in [("HS", "SS")[n % 2]]}
    felt = {"type": code, "emotion-id": f"S06_D02_{code}"} if code else {}
    return {"profile": {"emotion": felt | emotion}, "talk": {"content": content}}


def as_json(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def index(label: str) -> int:
    emotion = find(label)
    assert emotion
    return emotion.index


def test_a_row_is_a_dialogue_of_pairs(tmp_path: Path):
    path = sheet(tmp_path / "a.xlsx", ["청년", "분노", "분노", "하나", "답", " 둘  셋 ", None])
    (found,) = corpus.read(path)
    assert found.exchanges == (Exchange(1, "하나", "하나", "답"), Exchange(2, " 둘  셋 ", "둘 셋", ""))
    assert (found.file, found.row, found.emotion) == ("a.xlsx", 2, index("분노"))
    assert GROUPS[found.group] == "분노"
    assert (found.sentences, found.answers) == (("하나", "둘 셋"), ("답",))


def test_a_leading_number_answers_by_another_name_a_fourth_pair_and_stray_spaces(tmp_path: Path):
    header = [
        None,
        " 연령",
        "감정_대분류 ",
        "감정_소분류 ",
        "사람문장1",
        "시스템응답1",
        "사람문장4",
        "시스템응답4",
    ]
    row = [1, "노년", " 불안", " 스트레스  받는", "하나", " ", "넷 ", "답"]
    (found,) = corpus.read(sheet(tmp_path / "b.xlsx", row, header=header))
    assert found.exchanges == (Exchange(1, "하나", "하나", ""), Exchange(4, "넷 ", "넷", "답"))
    assert (found.emotion, GROUPS[found.group]) == (index("스트레스 받는"), "불안")


def test_an_answer_stays_with_the_sentence_that_it_answers(tmp_path: Path):
    path = sheet(tmp_path / "a.xlsx", ["", "", "분노", "", "아무에게도", "둘", "둘의 답"])
    found = corpus.gather([path])
    assert found.dialogues[0].exchanges == (Exchange(2, "둘", "둘", "둘의 답"),)
    assert found.left_out == (LeftOut("unasked_answer", 1, ("a.xlsx:2",), ()),)


def test_all_codes_are_labels_and_groups_in_both_forms(tmp_path: Path):
    made = corpus_stage.dialogues(60)
    coded = [["", "", one.code, one.sentences[0]] for one in made]
    forms = [
        sheet(tmp_path / "codes.xlsx", *coded),
        corpus_stage.as_xlsx(tmp_path / "names.xlsx", made),
        corpus_stage.as_json(tmp_path / "made.json", made),
    ]
    for path in forms:
        found = corpus.read(path)
        assert [one.emotion for one in found] == [one.label for one in made]
        assert [GROUPS[one.group] for one in found] == [one.group for one in made]
    assert {one.label for one in made} == set(range(len(EMOTIONS)))


def test_the_group_is_the_columns_then_the_names_then_the_labels_own(tmp_path: Path):
    path = sheet(
        tmp_path / "a.xlsx",
        ["", "당황", "고립된", "하나"],
        ["", "", "고립된(당황한)", "둘"],
        ["", "뭘까", "혼란스러운 (당황한)", "셋"],
        ["", "", "고립된", "넷"],
    )
    assert [GROUPS[one.group] for one in corpus.read(path)] == ["당황", "당황", "당황", "상처"]


def test_spreadsheet_and_json_say_the_same(tmp_path: Path):
    made = corpus_stage.dialogues(200, seed=3)
    sheets = corpus.read(corpus_stage.as_xlsx(tmp_path / "made.xlsx", made))
    listed = corpus.read(corpus_stage.as_json(tmp_path / "made.json", made))
    assert [one.exchanges for one in sheets] == [one.exchanges for one in listed]
    assert [one.sentences for one in sheets] == [one.sentences for one in made]
    assert [one.row for one in sheets] == [one.row + 1 for one in listed]


def test_json_needs_only_one_of_its_keys_for_the_emotion_and_may_begin_with_a_mark(tmp_path: Path):
    entries = [entry(None, "하나", "답", **{"emotion-id": "S06_D02_E69"}), entry("E10", "둘", "", "셋")]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8-sig")
    found = corpus.read(path)
    assert [one.emotion for one in found] == [index("자신하는"), index("분노")]
    assert found[1].exchanges == (Exchange(1, "둘", "둘", ""), Exchange(2, "셋", "셋", ""))


def test_what_is_left_out_is_counted_by_reason_with_its_first_rows(tmp_path: Path):
    path = sheet(
        tmp_path / "a.xlsx",
        ["", "분노", "분노", "하나", "답"],
        ["", "분노", " ", "둘", "답"],
        ["", "분노", "졸린", "셋", "답"],
        ["", "분노", "분노", None, None],
        [None],
        *(["", "분노", "분노", " 하나", "다른 답"] for _ in range(7)),
    )
    found = corpus.gather([path])
    assert [one.sentences for one in found.dialogues] == [("하나",)]
    assert {one.reason: (one.count, one.places, one.names) for one in found.left_out} == {
        "no_emotion": (1, ("a.xlsx:3",), ()),
        "unknown_emotion": (1, ("a.xlsx:4",), ("졸린",)),
        "no_sentence": (1, ("a.xlsx:5",), ()),
        "duplicate_dialogue": (7, tuple(f"a.xlsx:{row}" for row in range(7, 12)), ()),
        "missing_sentence": (12, ("a.xlsx:2", "a.xlsx:3", "a.xlsx:4", "a.xlsx:5", "a.xlsx:7"), ()),
    }
    assert found.read == {"a.xlsx": 11}


def test_the_same_dialogue_in_two_forms_is_taken_once(tmp_path: Path):
    made = corpus_stage.dialogues(70)
    both = [
        corpus_stage.as_xlsx(tmp_path / "made.xlsx", made),
        corpus_stage.as_json(tmp_path / "made.json", made),
    ]
    found = corpus.gather(both)
    assert found.dialogues == corpus.gather(both[:1]).dialogues
    assert found.read == {"made.xlsx": 70, "made.json": 70}


def test_the_sheets_that_have_the_columns_are_read_below_whatever_heads_them(tmp_path: Path):
    path = book(
        tmp_path / "a.xlsx",
        설명=[["감성 대화"], ["NIA"]],
        Training=[["감성 대화 말뭉치"], [], HEADER, ["", "분노", "분노", "하나"]],
        Validation=[HEADER, ["", "기쁨", "기쁨", "둘"]],
    )
    assert [(one.file, one.row) for one in corpus.read(path)] == [
        ("a.xlsx[Training]", 4),
        ("a.xlsx[Validation]", 2),
    ]


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ({"하나": [["연령", "사람문장1"], ["청년", "말"]]}, "감정_소분류"),
        ({"하나": [["감정_소분류"], ["분노"]]}, "사람문장1"),
        ({"하나": [["뭐"]], "둘": [[]]}, "하나, 둘"),
        ({"하나": [HEADER, ["", "", "졸린", "말"], ["", "", "3.5", "말"]]}, "졸린, 3.5"),
        ({"하나": [HEADER]}, "쓸 대화가 없어요"),
        ({"하나": [HEADER, ["", "", "분노", " "]]}, "쓸 대화가 없어요"),
    ],
    ids=["no emotion", "no sentence", "no column", "unknown", "empty", "blank"],
)
def test_a_spreadsheet_that_is_not_the_corpus_is_refused_by_what_it_lacks(
    tmp_path: Path, sheets: dict[str, list[list[object]]], told: str
):
    with pytest.raises(Unreadable) as caught:
        corpus.read(book(tmp_path / "a.xlsx", **sheets))
    assert told in caught.value.message
    assert "a.xlsx" in caught.value.message


def test_a_cell_far_out_is_refused_before_it_takes_all_memory(tmp_path: Path):
    written = openpyxl.Workbook()
    written.active.append(HEADER)
    written.active["XFD1048576"] = "멀리"
    written.save(tmp_path / "far.xlsx")
    with pytest.raises(Unreadable, match="너무 큰"):
        corpus.read(tmp_path / "far.xlsx")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"profile": 1}', b"[]", b"[1, null]", b'[{"talk": []}]', b"\xff\xfe\x00", b"[" * 100_000],
    ids=str,
)
def test_json_that_is_not_the_corpus_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(Unreadable, match=r"a\.json"):
        corpus.read(tmp_path / "a.json")


def test_a_broken_file_and_one_of_another_kind_are_told_apart(tmp_path: Path):
    for name, content, told in (("a.json", "[{", "망가진"), ("a.csv", "연령,사람문장1\n", "xlsx도")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(Unreadable, match=told):
            corpus.read(tmp_path / name)


def test_nothing_is_not_there(tmp_path: Path):
    with pytest.raises(NotThere, match=r"none\.xlsx"):
        corpus.read(tmp_path / "none.xlsx")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["profile", "talk", "content", "emotion", "type", "HS01", "SS1", "HS²"]), inner
        )
    ),
    max_leaves=20,
)


@given(st.lists(_json, max_size=4))
def test_any_json_is_read_or_refused(content: list[object]):
    try:
        entries = list(corpus_json.entries(json.dumps(content).encode(), "any"))
    except Unreadable:
        return
    assert len(entries) == len(content)
