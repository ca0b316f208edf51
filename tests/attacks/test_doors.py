"""Known attacks at every door: what a command prints makes a terminal do nothing."""

import asyncio
import json
from pathlib import Path

import pytest
from provider_stage import DONE, chunk, response, serving
from terminal import Terminal
from watched_terminal import ATTACKS, done_by, done_by_app

from sweetchat_tui import paths
from sweetchat_tui.conversation import Conversation, Reply, Turn
from sweetchat_tui.journal import Journal

ALL = " ".join(ATTACKS)


def calm(done) -> None:  # type: ignore[no-untyped-def]
    assert done_by(done.out) == []
    assert done_by(done.err) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_emulator_sees_each_attack(attack: str) -> None:
    hidden = "\u200b" in attack or "\u2028" in attack  # these are for the eye and for programs
    assert done_by(attack) or hidden


@pytest.mark.parametrize("words", [[*ATTACKS], ["--json", *ATTACKS]])
def test_classify(sweetchat, words: list[str], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    calm(sweetchat("classify", "-c", "lite", *words))
    file = tmp_path / "줄.txt"
    file.write_text("\n".join(ATTACKS), "utf-8")
    calm(sweetchat("classify", "-c", "lite", *words[: -len(ATTACKS)], "-f", str(file)))


def asked(sweetchat, *words: str, stdin: str = "") -> tuple[object, list[dict[str, object]]]:  # type: ignore[no-untyped-def]
    """A run against a provider that says every attack, cut between any two characters."""

    async def run() -> tuple[object, list[dict[str, object]]]:
        answer = b"".join(map(chunk, ALL)) + chunk("", "stop") + DONE
        async with serving(response(answer)) as server:
            config = paths.config_file()
            config.parent.mkdir(parents=True, exist_ok=True)
            config.write_text(
                f'[provider]\nuse = "evil"\n[provider.evil]\nbase_url = "{server.base_url}"\nmodel = "m"\n'
            )
            done = await asyncio.to_thread(sweetchat, *words, stdin=stdin)
            return done, server.bodies

    return asyncio.run(run())


def test_what_a_model_says(sweetchat) -> None:  # type: ignore[no-untyped-def]
    for words in (["ask", "안녕"], ["ask", "--json", "안녕"], ["ask", "--no-stream", "안녕"]):
        done, _ = asked(sweetchat, *words)
        assert "PWN" in done.out  # type: ignore[attr-defined]
        calm(done)
    done, _ = asked(sweetchat, "chat", "--plain", stdin="안녕\n/끝\n")
    assert "PWN" in done.out  # type: ignore[attr-defined]
    calm(done)


def test_raw_is_what_came_to_a_pipe_and_refused_on_a_terminal(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done, _ = asked(sweetchat, "ask", "--raw", "안녕")
    assert done.out.removesuffix("\n") == ALL  # type: ignore[attr-defined]
    attack = ATTACKS[0]
    assert attack in sweetchat("classify", "-c", "lite", "--raw", attack).out
    assert json.loads(sweetchat("classify", "-c", "lite", "--raw", "--json", attack).out)["text"] == attack
    for command in ("ask", "classify"):
        with Terminal(command, "--raw", attack) as terminal:
            assert terminal.ended() == 2
            assert "\x1b" not in terminal.raw.decode()


def planted() -> str:
    """A journal that someone has written attacks into, past everything that cleans."""
    conversation = Conversation()
    with Journal.open(paths.journal_file()) as journal:
        reply = Reply(ALL, None, provider=ALL, model=ALL, host=ALL, persona="friend", finish="stop")
        journal.keep(conversation.id, Turn(ALL, replies=(reply,)))
    return conversation.id


def test_history(sweetchat) -> None:  # type: ignore[no-untyped-def]
    id_ = planted()
    for words in (["list"], ["list", "--json"], ["show", id_], ["show", id_, "--json"], ["search", "PWN"]):
        done = sweetchat("history", *words)
        assert done.code == 0 and "PWN" in done.out
        calm(done)
    for kind in ("md", "json", "jsonl", "txt"):
        done = sweetchat("history", "export", id_, "--format", kind)
        assert "PWN" in done.out
        calm(done)
    calm(sweetchat("chat", "--plain", stdin="/끝\n"))


def test_names_and_errors(sweetchat, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    calm(sweetchat("classify", "-f", str(tmp_path / ALL)))
    calm(sweetchat("--config", str(tmp_path / "없는" / ALL), "emotions"))
    for words in (["ask", "-e", ALL, "안녕"], [ALL], ["models", "pull", ALL], ["--lang", ALL, "emotions"]):
        done = sweetchat(*words)
        assert done.code != 0
        calm(done)
    broken = tmp_path / "config.toml"
    for line in (
        f"{json.dumps(ALL)} = 1",
        f"model = {json.dumps(ALL)}",
        f"[provider.x]\n{json.dumps(ALL)} = 1",
    ):
        broken.write_text(line, "utf-8")
        done = sweetchat("--config", str(broken), "emotions")
        assert done.code == 78
        calm(done)
    calm(sweetchat("emotions", "--debug", SWEETCHAT_THEME=ALL))


def test_the_app_shows_a_planted_journal_and_a_paste() -> None:
    planted()
    with Terminal("--provider", "offline") as app:
        app.shows("PWN")
        app.type("\x1b[200~붙임 \x1b]0;PWN\x07\u202e\x9b2J\x1b[201~")
        app.shows("붙임")
        app.type("\x06", "PWN")
        app.shows("찾았어요")
        app.type("\x1b")
        app.look()
        assert done_by_app(app.raw) == []
