"""What the command palette finds beyond Textual: commands by their first consonants, and none in words."""

from textual.command import Hit, Hits, Provider

from sweetchat_tui.lang import say
from sweetchat_tui.tui.hangul import holds


class Commands(Provider):
    """Finds what Textual does not: ㄷㅎ for 대화. When nobody finds anything it says so, not in English."""

    async def search(self, query: str) -> Hits:
        """
        Args:
            query: what was typed.
        """
        matcher = self.matcher(query)
        found = False
        for command in self.app.get_system_commands(self.screen):
            if matcher.match(command.title):
                found = True
            elif holds(command.title, query):
                found = True
                yield Hit(0.5, command.title, command.callback, help=command.help)
        if not found:
            yield Hit(0.01, say("그런 명령은 없어요.", "There is no such command."), lambda: None)
