"""What the command palette says when no command is meant; Textual would say it in English."""

from textual.command import Hit, Hits, Provider

from sweetchat_tui.lang import say


class NoCommand(Provider):
    """Finds nothing, in words, when nothing else is found."""

    async def search(self, query: str) -> Hits:
        """
        Args:
            query: what was typed.
        """
        matcher = self.matcher(query)
        commands = self.app.get_system_commands(self.screen)
        if not any(matcher.match(command.title) for command in commands):
            yield Hit(0.01, say("그런 명령은 없어요.", "There is no such command."), lambda: None)
