"""A conversation as a file in the person's home folder, readable by them alone."""

from itertools import count
from pathlib import Path

from sweetchat_tui.conversation import Conversation
from sweetchat_tui.errors import OutputUnwritable
from sweetchat_tui.files import private, why
from sweetchat_tui.journal.export import export
from sweetchat_tui.lang import say


def written(conversation: Conversation) -> Path:
    """Write a conversation as Markdown into a new file.

    Returns:
        The file.
    Raises:
        OutputUnwritable: it cannot be written.
    """
    text = export(conversation, "md")
    for number in count(1):
        extra = f"-{number}" if number > 1 else ""
        file = Path.home() / f"sweetchat-{conversation.id}{extra}.md"
        try:
            with open(file, "x", encoding="utf-8", opener=private) as out:
                out.write(text)
        except FileExistsError:
            continue
        except OSError as e:
            raise OutputUnwritable(
                say(f"파일을 쓸 수 없어요: {file}", f"The file cannot be written: {file}"), why(e)
            ) from None
        return file
    raise AssertionError  # counting has no end
