"""`ask` with the embedded friend, and with a provider that is a real server on loopback."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("own_home")


def test_the_reply_is_on_stdout_and_everything_else_on_stderr(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("ask", stdin="오늘 너무 지쳤어\n")
    assert done.code == 0
    assert done.out.strip()
    assert "%" in done.err and "언어 모델이 아니에요" in done.err and "auth set" in done.err
    quiet = sweetchat("ask", "-q", "오늘 너무 지쳤어")
    assert quiet.out.strip() and quiet.err == ""


def test_json_is_to_the_letter_of_the_contract(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("ask", "--json", "면접에서 떨어졌어")
    document = json.loads(done.out)
    assert list(document) == [
        "schema",
        "prompt",
        "feeling",
        "reply",
        "finish",
        "provider",
        "model",
        "usage",
        "conversation",
        "turn",
    ]
    assert document["prompt"] == "면접에서 떨어졌어"
    assert list(document["feeling"]) == [
        "emotion",
        "index",
        "group",
        "confidence",
        "uncertain",
        "top",
        "classifier",
        "crisis",
    ]
    assert (document["provider"], document["finish"], document["usage"]) == ("offline", "stop", None)
    assert document["conversation"] and document["turn"]


def test_a_conversation_goes_on(sweetchat) -> None:  # type: ignore[no-untyped-def]
    first = json.loads(sweetchat("ask", "--json", "면접에서 떨어졌어").out)
    second = json.loads(sweetchat("ask", "--json", "-C", "이제 어떡하지").out)
    third = json.loads(sweetchat("ask", "--json", "안녕").out)
    by_id = json.loads(sweetchat("ask", "--json", "--conversation", first["conversation"][:6], "그래도").out)
    assert first["conversation"] == second["conversation"] == by_id["conversation"] != third["conversation"]
    listed = sweetchat("history", "list", "--json").rows
    assert [row["turns"] for row in listed] == [3, 1]


def test_nothing_private_is_stored(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(sweetchat("ask", "--json", "--private", "비밀이야").out)
    assert document["conversation"] is None and document["turn"] is None
    assert list(own_home.rglob("*")) == []


def test_a_picked_emotion_is_answered(sweetchat) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(sweetchat("ask", "--json", "-e", "외로운", "오늘 하루").out)
    assert "외로운 (고름) · 읽기로는 " in sweetchat("ask", "-e", "외로운", "오늘 하루").err
    shown = sweetchat("history", "show", document["conversation"], "--json")
    assert "외로운" in shown.out
    wrong = sweetchat("ask", "-e", "외로워운", "오늘")
    assert (wrong.code, "혹시 외로운?" in wrong.err) == (2, True)


def test_words_and_material_go_together(sweetchat) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(sweetchat("ask", "--json", "이 편지 어때?", stdin="보고 싶어\n").out)
    assert document["prompt"] == "이 편지 어때?\n\n보고 싶어"


def test_help_is_shown_for_someone_in_danger_even_when_quiet(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("ask", "-q", "-e", "기쁨", "죽고 싶어")
    assert "109" in done.err
    assert done.code == 0 and done.out.strip()
    unreachable = sweetchat("ask", "죽고 싶어", "--provider", "dead", **_profile("http://127.0.0.1:9/v1"))
    assert unreachable.code == 69
    assert "109" in unreachable.err


@pytest.mark.parametrize(
    ("words", "stdin", "code"),
    [
        ([], "", 2),
        (["  "], "\n \n", 2),
        (["가" * 30_000], "", 65),
        (["말"], "말".encode("cp949"), 65),
        (["-C", "말", "--conversation", "none"], "", 66),
        (["말", "--provider", "nobody"], "", 78),
        (["말", "--provider", "openai"], "", 77),
        (["말", "--persona", "enemy"], "", 78),
    ],
    ids=[
        "nothing",
        "blank",
        "too long",
        "not utf-8",
        "no conversation",
        "no profile",
        "no key",
        "no persona",
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_a_code(
    sweetchat, words: list[str], stdin: bytes | str, code: int
) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("ask", *words, stdin=stdin)
    assert done.code == code, done.err
    assert "sweetchat: " in done.err and "Traceback" not in done.err
    assert done.out == ""


def _profile(base_url: str) -> dict[str, str]:
    """Variables under which the profile `dead` or `mock` is there, at this address."""
    file = Path.home() / "named.toml"
    file.write_text(
        "".join(f'[provider.{name}]\nbase_url = "{base_url}"\nmodel = "m"\n' for name in ("dead", "mock")),
        encoding="utf-8",
    )
    return {"SWEETCHAT_CONFIG": str(file)}


def test_a_provider_streams_and_is_billed(sweetchat, llmock) -> None:  # type: ignore[no-untyped-def]
    llmock.reply("괜찮아 내가 있잖아")
    variables = _profile(llmock.base_url("openai"))
    document = json.loads(sweetchat("ask", "--json", "--provider", "mock", "떨어졌어", **variables).out)
    assert document["reply"] == "괜찮아 내가 있잖아"
    assert document["usage"]["output_tokens"] > 0
    sent = llmock.last_request.body["messages"]
    assert sent[-1] == {"role": "user", "content": "떨어졌어"}


def test_a_cut_answer_is_printed_and_told(sweetchat, llmock) -> None:  # type: ignore[no-untyped-def]
    llmock.reply("하나 둘 셋 넷 다섯 여섯").disconnect(after_chunks=3)
    variables = _profile(llmock.base_url("openai"))
    done = sweetchat("ask", "--provider", "mock", "말해 줘", **variables)
    assert done.code == 75
    assert done.out.startswith("하나")
    assert "sweetchat: " in done.err
    assert "하나" in sweetchat("history", "search", "하나").out
