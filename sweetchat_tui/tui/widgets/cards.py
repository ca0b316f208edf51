"""What the program itself says in the conversation: how to begin, and help for someone in danger."""

from textual.content import Content
from textual.widgets import Static

from sweetchat_tui import safety
from sweetchat_tui.conversation import Danger
from sweetchat_tui.lang import say


class HowTo(Static):
    """The card in an empty conversation."""

    def __init__(self, *, private: bool, offer: str) -> None:
        """
        Args:
            private: nothing is stored.
            offer: what else there would be; empty for nothing.
        """
        super().__init__(Content("\n\n".join(filter(None, (_how_to(private=private), offer)))), id="how-to")


def _how_to(*, private: bool) -> str:
    kept = (
        say("지금은 비공개 대화라 아무것도 저장하지 않아요.", "This is private: nothing is stored.")
        if private
        else say("적은 말은 이 컴퓨터에만 저장해요.", "What you write is stored on this computer only.")
    )
    return say(
        "어서 와요. 이렇게 쓰면 돼요.\n\n"
        "1  하고 싶은 말을 적고 Enter를 눌러요. 줄바꿈은 Ctrl+J.\n"
        "2  말 아래에 당신의 감정이 보여요. 다르면 Alt+1~3으로 고르고, Alt+4로 58가지에서 찾아요.\n"
        "3  친구가 그 감정에 맞춰 대답해요. Esc로 멈출 수 있어요.\n\n"
        f"{kept} 대답하는 친구는 AI예요. 사람도, 상담사도 아니에요.",
        "Welcome. This is how it works.\n\n"
        "1  Write in Korean and press Enter; Ctrl+J makes a new line.\n"
        "2  Your emotion appears below; pick another with Alt+1-3, or any of the 58 with Alt+4.\n"
        "3  Your friend answers that emotion; Esc stops the answer.\n\n"
        f"{kept} The friend is an AI: not a person, and not a counsellor.",
    )


class HelpCard(Static):
    """Help for someone in danger, in the program's own words."""

    def __init__(self, danger: Danger) -> None:
        super().__init__(Content(safety.plain(safety.card(danger))), classes="help-card")
