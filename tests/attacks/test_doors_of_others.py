"""Known attacks by what others made: checkpoints, tables, Hubs, providers, settings, names and titles."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bert_stage import FIXTURE, copied
from faults.stage import Talk, provider, run
from hub_server import Hub
from provider_stage import problem, response
from terminal import Terminal
from watched_terminal import ATTACKS, done_by, done_by_app

from sweetchat_tui import paths
from sweetchat_tui.conversation import Conversation, Turn
from sweetchat_tui.journal import Journal

ALL = " ".join(ATTACKS)
NAME = "".join(ATTACKS[at] for at in (0, 1, 2, 3, 7, 8, 9, 13)).replace("/", "")[:80]
"""As much of them as the name of a file has room for."""


def calm(done) -> None:  # type: ignore[no-untyped-def]
    """The run showed the attack's words, and none of it took effect."""
    assert "PWN" in done.out + done.err, (done.out, done.err)
    assert done_by(done.out) == []
    assert done_by(done.err) == []


def quoted(value: str) -> str:
    """A string as TOML writes it."""
    return '"' + "".join(f"\\U{ord(sign):08X}" for sign in value) + '"'


def settings(**provider_values: str) -> None:
    """A configuration whose one provider has these values."""
    file = paths.config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    values = "".join(f"{name} = {quoted(value)}\n" for name, value in provider_values.items())
    file.write_text(f'[provider]\nuse = "evil"\n[provider.evil]\n{values}', "utf-8")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A model whose folder and labels are attacks; the link to it has an honest name."""
    labels = {str(at): f"{at}{ATTACKS[at % len(ATTACKS)]}PWN" for at in range(58)}
    link = tmp_path / "model"
    link.symlink_to(copied(tmp_path / NAME, id2label=labels))
    return link


def test_labels_and_the_folder_of_a_checkpoint(sweetchat, checkpoint: Path) -> None:  # type: ignore[no-untyped-def]
    for how in (["classify"], ["classify", "--json"], ["ask", "--provider", "offline"]):
        calm(sweetchat(*how, "--classifier", str(checkpoint), "안녕"))


def test_labels_of_a_checkpoint_in_the_app(checkpoint: Path) -> None:
    with Terminal("chat", "--provider", "offline", "--classifier", str(checkpoint), columns=120) as app:
        app.shows("오늘 어땠어?", "PWN")
        app.type("안녕\r")
        app.shows("당신의 감정", "4 찾기")
        app.type("\x1b4")
        app.until(lambda shown: shown.count("PWN") >= 8)
        assert done_by_app(app.raw) == []


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_headers_and_cells_of_a_table(sweetchat, tmp_path: Path, ending: str) -> None:  # type: ignore[no-untyped-def]
    table = tmp_path / f"{NAME}.{ending}"
    attack = ALL.replace("\r", "").replace("\n", "")
    if ending == "csv":
        table.write_text(f'"{attack}",말\n"{attack}","{attack}"\n', "utf-8")
    else:
        table.write_text(json.dumps({attack: attack, "말": attack}) + "\n", "utf-8")
    words = ("classify", "-c", "lite", "--input", str(table), "--output")
    calm(sweetchat(*words, str(tmp_path / "a.csv"), "--column", "없음"))
    calm(sweetchat(*words, str(tmp_path / "b.csv"), "--column", f"{attack}!"))
    done = sweetchat(*words, str(tmp_path / "c.csv"), "--column", "말")
    assert (done.code, done_by(done.err)) == (0, [])
    with Terminal(*words, str(tmp_path / "d.csv"), "--column", "없음") as terminal:
        assert terminal.ended() == 65
        assert done_by(terminal.raw.decode()) == []


@pytest.fixture
def evil_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub("a/b", {path.name: path.read_bytes() for path in FIXTURE.iterdir()}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def test_what_a_hub_says(sweetchat, evil_hub: Hub) -> None:  # type: ignore[no-untyped-def]
    names = (f"{NAME}.json", "x\x1b]0;PWN\x07/config.json", "../../PWN\x9b2J.json", "\u202etxt.nosj.PWN")
    evil_hub.files |= dict.fromkeys(names, b"{}")
    for words in (["pull", "a/b"], ["list"], ["list", "--json"], ["remove", "a/b"]):
        done = sweetchat("models", *words)
        assert done_by(done.out) == done_by(done.err) == [], words
    assert not list(paths.cache_folder().parent.rglob("*PWN*"))


@pytest.mark.parametrize("words", [["pull", f"a/b@{ALL}"], ["pull", ALL], ["remove", ALL], ["verify", ALL]])
def test_names_of_models(sweetchat, evil_hub: Hub, words: list[str]) -> None:  # type: ignore[no-untyped-def]
    calm(sweetchat("models", *words))


FAILURES = {
    "거절": problem("400 Bad\x9b2J", {"message": ALL, "param": ALL}),
    "열쇠": problem("401 Unauthorized", {"message": ALL}),
    "모델": problem("404 Not Found", {"message": "no model m-1", "code": "model_not_found", "type": ALL}),
    "딴 데": response(b"", status="307 Go", headers="location: http://evil/\x9b2J\u202ePWN\x7f\r\n"),
    "고장": response(json.dumps({"error": ALL}).encode(), "application/json", "501 \x9b2J PWN"),
    "쪽": response(f"<h1>{ALL}</h1>".encode(), f"text/html; {NAME[:9].encode().hex()}", "200 PWN\x9b2J"),
}
"""Errors, status lines, redirects and pages that are attacks, by the words that are answered by them."""


def failing(talk: Talk) -> None:
    if talk.head.startswith("GET"):
        listed = json.dumps({"data": [{"id": ALL, "created": 1}]})
        talk.send(response(listed.encode(), "application/json"))
    else:
        talk.send(FAILURES[talk.words])


def test_what_a_provider_says_when_it_fails(own_home: Path) -> None:
    with provider(failing, own_home):
        ended = run("chat", "--plain", typed="".join(f"/새\n{kind}\n" for kind in FAILURES))
    calm(ended)
    assert ended.err.count("sweetchat: ") == len(FAILURES)


def test_what_a_failing_provider_says_in_the_app(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAULT_KEY", "sk-1")
    with provider(failing, own_home), Terminal("chat", columns=100) as app:
        app.shows("127.0.0.1")
        app.type("거절\r")
        app.shows("거절했어요", "PWN")
        assert done_by_app(app.raw) == []


@pytest.mark.parametrize("place", ["model", "base_url", "api_key_env", "api_key_command", "persona"])
def test_values_of_the_configuration_that_could_command_are_refused(sweetchat, place: str) -> None:  # type: ignore[no-untyped-def]
    settings(**({"base_url": "http://127.0.0.1:9/v1", "model": "m"} | {place: ALL}))
    done = sweetchat("ask", "안녕")
    assert done.code == 78
    assert done_by(done.out) == done_by(done.err) == []


def test_markup_in_the_configuration_is_shown_as_it_was_written() -> None:
    settings(base_url="http://127.0.0.1:9/v1", model="[red]PWN[/][@click=app.quit]x[/]")
    with Terminal("chat", columns=140) as app:
        app.shows("[red]PWN[/][@click=app.quit]x[/]")
        assert done_by_app(app.raw) == []


def test_titles_in_the_list_of_conversations(sweetchat) -> None:  # type: ignore[no-untyped-def]
    with Journal.open(paths.journal_file()) as journal:
        for attack in ATTACKS:
            conversation = Conversation()
            journal.keep(conversation.id, Turn(f"PWN{attack}"))
            journal.rename(conversation.id, f"PWN{attack}")
        db = journal._db
        db.execute("UPDATE conversations SET title = title || ?", [ALL])
    calm(sweetchat("history", "list"))
    with Terminal("--provider", "offline", columns=120, rows=40) as app:
        app.shows("PWN")
        app.type("\x0f")
        app.until(lambda shown: shown.count("PWN") >= 5)
        for _ in ATTACKS:
            app.type("\x1b[B")
            app.look()
        app.type("\r")
        app.until(lambda shown: "오늘 어땠어?" in shown)
        assert done_by_app(app.raw) == []
