"""Copying: real tools on PATH, and the terminal where there is none."""

import base64
from pathlib import Path

import pytest
from terminal import Terminal
from tui_stage import Stage

from sweetchat_tui.tui.clipboard import TERMINAL, copy


def tool(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def test_the_first_tool_that_works_copies_and_the_terminal_is_not_asked(tmp_path: Path) -> None:
    tool(tmp_path, "wl-copy", "exit 1")
    tool(tmp_path, "xclip", f'[ "$*" = "-selection clipboard" ] && /bin/cat > {tmp_path}/copied')
    asked: list[str] = []
    environment = {"PATH": str(tmp_path), "DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}
    assert copy("가\x1b]52;c;AAAA\x07나\x1b[31m", asked.append, environment) == "xclip"
    assert (tmp_path / "copied").read_text(encoding="utf-8") == "가나"
    assert asked == []


def test_without_a_display_or_over_ssh_the_terminal_is_asked(tmp_path: Path) -> None:
    tool(tmp_path, "xclip", "/bin/cat > /dev/null")
    tool(tmp_path, "pbcopy", "exit 1")
    for environment in ({}, {"DISPLAY": ":0", "SSH_CONNECTION": "1 2 3 4"}):
        asked: list[str] = []
        assert copy("가", asked.append, {"PATH": str(tmp_path)} | environment) == TERMINAL
        assert asked == ["가"]


def test_an_answer_is_copied_through_the_terminal_in_hangul_mode(tmp_path: Path) -> None:
    with Terminal("--provider", "offline", DISPLAY="", WAYLAND_DISPLAY="", SSH_CONNECTION="1 2 3 4") as app:
        app.shows("이 컴퓨터 안에서만")
        app.type("안녕\r")
        app.shows(" · offline-1\n")
        app.type("\x1b[A")
        app.shows("offline · ")
        app.type("ㅛ")
        shown = app.shows("복사했어요(OSC 52)")
        coded = app.raw.split(b"\x1b]52;c;")[1].split(b"\x07")[0]
        copied = base64.b64decode(coded).decode()
        assert copied.strip() and copied.split()[0] in shown


async def test_what_is_selected_in_a_card_over_the_conversation_is_copied(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, "xclip", f"/bin/cat > {tmp_path}/part && /bin/mv {tmp_path}/part {tmp_path}/copied")
    for name in ("WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":0")
    async with stage.open(size=(80, 40)):
        await stage.pilot.press("f8")
        await stage.shows("109")
        stage.app.screen.text_select_all()
        await stage.pilot.press("ctrl+c")
        await stage.until((tmp_path / "copied").exists)
        assert "109" in (tmp_path / "copied").read_text(encoding="utf-8")
