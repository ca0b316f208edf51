"""What a friend remembers of a conversation: the newest turns, and a recap of those before them.

Decides what a prompt has room for, what fell out of it, and when a recap of that is due. Knows nothing
of how a recap is made, nor of what is shown.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from sweetchat_tui.conversation import Conversation, Forgotten, Prompt, Recap, Turn, tokens
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.generators import personas
from sweetchat_tui.journal import Journal
from sweetchat_tui.text import clean

_SHARE = 4
"""A recap has a quarter of the budget, and is made anew when another quarter has fallen out of it."""


class Memory:
    """What fits a token budget, and what is told of the rest."""

    def __init__(self, journal: Journal, budget: int) -> None:
        """
        Args:
            budget: tokens of a whole request, as `conversation.tokens` counts them.
        """
        self._journal = journal
        self._budget = budget
        self._most = budget
        self._tried: dict[str, str] = {}

    @property
    def longest_recap(self) -> int:
        """Characters of a recap that the friend is told."""
        return self._most // _SHARE

    def fill(self, prompt: Prompt, conversation: Conversation, turn: Turn) -> Prompt:
        """A prompt with what is remembered of the conversation before a turn."""
        recap = self.recap(conversation, turn)
        told = recap.text[: self.longest_recap] if recap else ""
        return personas.fitted(replace(prompt, earlier=conversation.before(turn), recap=told), self._most)

    def shrink(self, prompt: Prompt) -> None:
        """From now on send half of what a provider found too long."""
        self._most = personas.size(personas.messages(prompt)) // 2

    def widen(self) -> None:
        """Another provider: it may take the whole budget."""
        self._most = self._budget

    def recap(self, conversation: Conversation, turn: Turn | None = None) -> Recap | None:
        """The recap of a conversation; None when there is none, or none that can be read.

        Args:
            turn: of whose earlier turns alone it may tell.
        """
        with suppress(SweetchatError):
            return self._journal.recap(conversation.id, turn.id if turn else None)
        return None

    def write(self, conversation: Conversation, seen: Turn, text: str) -> bool:
        """Keep a recap in the person's own words; with none, nothing is told and none is made unasked.

        Args:
            seen: the first turn that is not left out.
        Returns:
            Whether there was anything to tell of.
        Raises:
            SweetchatError: it cannot be kept.
        """
        left_out = self._left_out(conversation, seen, None)
        self._keep(conversation, left_out, clean(text).strip(), edited=True)
        return bool(left_out)

    def keep(self, conversation: Conversation, forgotten: Forgotten, text: str) -> None:
        """Keep a recap that a model made, unless the person wrote another meanwhile.

        Raises:
            SweetchatError: it cannot be kept.
        """
        now = self.recap(conversation)
        if text.strip() and (now.text if now else "") == forgotten.recap:
            text = clean(text).strip()[: self.longest_recap]
            self._keep(conversation, forgotten.turns, text, edited=False)

    def _keep(self, conversation: Conversation, told: Sequence[Turn], text: str, *, edited: bool) -> None:
        if told:
            self._journal.keep_recap(conversation.id, Recap(text, told[-1].id, edited=edited))

    def due(self, conversation: Conversation, seen: Turn) -> Forgotten | None:
        """What a new recap is to be made of; None when none is due. Due once for each overflow.

        Args:
            seen: the first turn that is not left out.
        """
        recap = self.recap(conversation)
        if recap is not None and recap.edited:
            return None
        left_out = self._left_out(conversation, seen, recap)
        since = _after(left_out, self._tried.get(conversation.id))
        if sum(_size(turn) for turn in since) <= self.longest_recap:
            return None
        self._tried[conversation.id] = since[-1].id
        return self._told(recap, left_out)

    def all_of(self, conversation: Conversation, seen: Turn) -> Forgotten | None:
        """What a recap that the person asks for is made of; None when nothing was left out.

        Args:
            seen: the first turn that is not left out.
        """
        return self._told(self.recap(conversation), self._left_out(conversation, seen, None))

    def _told(self, recap: Recap | None, turns: Sequence[Turn]) -> Forgotten | None:
        forgotten = Forgotten(recap.text if recap else "", tuple(turns))
        fitted = personas.fitted_recap(forgotten, self._most)
        return fitted if fitted.turns else None

    def _left_out(self, conversation: Conversation, seen: Turn, recap: Recap | None) -> Sequence[Turn]:
        """The turns before one that a recap does not tell of; the newest, when there are very many."""
        count = 64
        while True:
            turns = self._journal.earlier(conversation.id, seen.id, count)
            news = _after(turns, recap.until if recap else None)
            if len(turns) < count or len(news) < count or sum(map(_size, news)) > self._most:
                return news
            count *= 4


def _after(turns: Sequence[Turn], id_: str | None) -> Sequence[Turn]:
    """The turns after the one with an id; all of them when it is not there."""
    ids = [turn.id for turn in turns]
    return turns[ids.index(id_) + 1 :] if id_ in ids else turns


def _size(turn: Turn) -> int:
    return tokens(turn.text, *([turn.reply.text] if turn.reply else []))
