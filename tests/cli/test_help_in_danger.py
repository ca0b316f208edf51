"""Help for someone in danger, at every door but the app's: once in full, whatever else fails."""

import socket
from pathlib import Path

import pytest

from sweetchat_tui import safety
from sweetchat_tui.conversation import Danger

CRISIS = "죽고 싶어"
FULL = "많이 힘드셨겠어요."


def test_a_talk_line_by_line_shows_the_card_once_and_then_the_pinned_line(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("chat", "--plain", stdin=f"{CRISIS}\n정말 죽고 싶어\n/다시\n/새\n{CRISIS}\n/끝\n")
    assert done.code == 0, done.err
    assert done.err.count(FULL) == 2  # once in each of the two talks
    assert safety.pinned() in done.err


def test_the_card_comes_again_when_the_danger_rises(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("chat", "--plain", stdin=f"친구가 죽고 싶대\n{CRISIS}\n/끝\n")
    assert "마음이 쓰이는 이야기네요." in done.err and FULL in done.err


def test_help_can_be_asked_for_without_a_reason(sweetchat) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("chat", "--plain", stdin="/도움\n/끝\n")
    for line in safety.help_lines():
        assert str(line) in done.err


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_a_provider_that_stalls_or_is_gone_delays_the_card_by_nothing(  # type: ignore[no-untyped-def]
    sweetchat, own_home: Path, quiet: tuple[str, ...]
) -> None:
    with socket.socket() as stalling:
        stalling.bind(("127.0.0.1", 0))
        stalling.listen()
        address = f"http://127.0.0.1:{stalling.getsockname()[1]}/v1"
        file = own_home / "config" / "sweetchat" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(
            f'[provider.slow]\nbase_url = "{address}"\nmodel = "m"\ntimeout_s = 1\n', encoding="utf-8"
        )
        done = sweetchat(*quiet, "ask", "--provider", "slow", CRISIS, SWEETCHAT_API_KEY="sk-x")
    assert done.code in (69, 75) and done.out == ""
    card, _, rest = done.err.partition(safety.plain(safety.card(Danger.CRISIS)).splitlines()[-1])
    assert FULL in card and "sweetchat:" not in card
    assert safety.unanswered() in rest


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--provider", "openai"), 77),
        (("--provider", "nowhere"), 78),
        (("--conversation", "none"), 66),
        (("-e", "없는감정"), 2),
        (("--dry-run",), 0),
    ],
)
def test_what_keeps_a_turn_from_beginning_keeps_no_card(sweetchat, words: tuple[str, ...], code: int) -> None:  # type: ignore[no-untyped-def]
    done = sweetchat("ask", *words, CRISIS)
    assert done.code == code, done.err
    assert done.err.count(FULL) == 1
    assert FULL in done.err.partition("sweetchat: ")[0]
    assert FULL not in sweetchat("ask", *words, "배고파 죽겠다").err


def test_broken_settings_and_a_journal_that_cannot_be_written_keep_no_card(sweetchat, own_home: Path) -> None:  # type: ignore[no-untyped-def]
    (own_home / "data" / "sweetchat").mkdir(parents=True)
    (own_home / "data" / "sweetchat" / "journal.db").mkdir()
    done = sweetchat("ask", CRISIS)
    assert done.code == 74 and done.err.count(FULL) == 1
    file = own_home / "config" / "sweetchat" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("lang = [", encoding="utf-8")
    done = sweetchat("ask", CRISIS)
    assert done.code == 78 and done.err.count(FULL) == 1


def test_every_line_of_help_is_whole_in_forty_columns() -> None:
    for level in (Danger.CONCERN, Danger.CRISIS):
        for line in safety.card(level).lines:
            columns = sum(2 if "ᄀ" <= letter <= "힣" else 1 for letter in str(line))
            assert columns <= 40, line


def test_danger_has_an_order() -> None:
    assert Danger.CRISIS.exceeds(Danger.CONCERN) and Danger.CONCERN.exceeds(Danger.NONE)
    assert not Danger.NONE.exceeds(Danger.NONE) and not Danger.CONCERN.exceeds(Danger.CRISIS)
