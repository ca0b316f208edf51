"""What the program itself says in the conversation: how to begin, and help for someone in danger."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from sweetchat_tui import safety
from sweetchat_tui.conversation import Danger
from sweetchat_tui.lang import say
from sweetchat_tui.text import with_particle
from sweetchat_tui.tui.bindings import key_of


class HowTo(Static):
    """The card in an empty conversation."""

    def __init__(self, *, private: bool, offer: str, enter_sends: bool) -> None:
        """
        Args:
            private: nothing is stored.
            offer: what else there would be; empty for nothing.
            enter_sends: as `Composer`.
        """
        super().__init__(id="how-to")
        self._private = private
        self._offer = offer
        self._enter_sends = enter_sends

    def on_mount(self) -> None:
        self.update(Content("\n\n".join(filter(None, (self._how_to(), self._offer)))))

    def _how_to(self) -> str:
        """With the keys that are in force."""
        kept = (
            say("지금은 비공개 대화라 아무것도 저장하지 않아요.", "This is private: nothing is stored.")
            if self._private
            else say("적은 말은 이 컴퓨터에만 저장해요.", "What you write is stored on this computer only.")
        )
        send, newline = ("Enter", "Ctrl+J") if self._enter_sends else ("Ctrl+J", "Enter")
        seek, stop = (key_of(self.screen, name) for name in ("seek", "stop"))
        chips = _together([key_of(self.screen, name) for name in ("first", "second", "third")])
        by_send = with_particle(send, "을/를")
        by_chips, by_seek, by_stop = (with_particle(key, "으로/로") for key in (chips, seek, stop))
        return say(
            "어서 와요. 이렇게 쓰면 돼요.\n\n"
            f"1  하고 싶은 말을 적고 {by_send} 눌러요. 줄바꿈은 {newline}.\n"
            f"2  말 아래에 당신의 감정이 보여요. 다르면 {by_chips} 고르고, {by_seek} 58가지에서 찾아요.\n"
            f"3  친구가 그 감정에 맞춰 대답해요. {by_stop} 멈출 수 있어요.\n\n"
            f"{kept} 대답하는 친구는 AI예요. 사람도, 상담사도 아니에요.",
            "Welcome. This is how it works.\n\n"
            f"1  Write in Korean and press {send}; {newline} makes a new line.\n"
            f"2  Your emotion appears below; pick another with {chips}, or any of the 58 with {seek}.\n"
            f"3  Your friend answers that emotion; {stop} stops the answer.\n\n"
            f"{kept} The friend is an AI: not a person, and not a counsellor.",
        )


def _together(keys: Sequence[str]) -> str:
    """Keys as one, where they differ by a digit that counts up: Alt+1~3."""
    kinds, digits = {key[:-1] for key in keys}, [key[-1:] for key in keys]
    return f"{keys[0]}~{digits[-1]}" if len(kinds) == 1 and digits == ["1", "2", "3"] else ", ".join(keys)


class HelpCard(Static):
    """Help for someone in danger, in the program's own words."""

    def __init__(self, danger: Danger) -> None:
        super().__init__(Content(safety.plain(safety.card(danger))), classes="help-card")
