from hypothesis import given
from hypothesis import strategies as st

from sweetchat_tui.conversation import Conversation, Reply, Turn, fitting, tokens
from sweetchat_tui.emotions import EMOTIONS, Feeling, Score


def reply(text: str) -> Reply:
    return Reply(text, None, "told", "m", None, "friend", "stop")


turns = st.lists(st.builds(Turn, text=st.text(max_size=30), replies=st.just((reply("응"),))), max_size=20)


@given(turns, st.integers(-10, 400))
def test_what_fits_is_a_run_of_the_newest_turns(said: list[Turn], most: int) -> None:
    kept = fitting(said, most)
    assert list(kept) == said[len(said) - len(kept) :]
    assert sum(tokens(t.text, "응") for t in kept) <= max(most, 0)
    if len(kept) < len(said):
        left_out = said[len(said) - len(kept) - 1]
        assert sum(tokens(t.text, "응") for t in (left_out, *kept)) > most


def test_a_turn_takes_its_own_place_again() -> None:
    first, second = Turn("하나"), Turn("둘")
    conversation = Conversation().with_turn(first).with_turn(second)
    changed = Turn("하나", picked=EMOTIONS[0], id=first.id)
    assert conversation.with_turn(changed).turns == (changed, second)
    assert conversation.before(second) == (first,)
    assert conversation.before(Turn("셋")) == (first, second)


def test_the_emotion_is_what_was_picked_else_what_was_clear() -> None:
    clear = Feeling((Score(EMOTIONS[1], 0.5),), "c", uncertain=False)
    unclear = Feeling((Score(EMOTIONS[1], 0.1),), "c", uncertain=True)
    assert Turn("말").emotion is None
    assert Turn("말", clear).emotion is EMOTIONS[1]
    assert Turn("말", unclear).emotion is None
    assert Turn("말", unclear, picked=EMOTIONS[2]).emotion is EMOTIONS[2]


def test_the_shown_reply_is_the_newest_unless_another_is_chosen() -> None:
    turn = Turn("말", replies=(reply("하나"), reply("둘")))
    assert turn.reply == turn.replies[1]
    assert Turn("말", replies=turn.replies, shown=0).reply == turn.replies[0]
    assert Turn("말").reply is None
