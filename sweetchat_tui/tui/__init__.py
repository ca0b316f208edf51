"""The app: a conversation on the full screen.

Knows the companion, the journal and the values; nothing of providers, runtimes or SQL.
"""

import os

# With the keyboard protocol that Textual asks for, iTerm2 drops what a Korean input method commits,
# commits of five and more syllables arrive as garbage, and Ctrl with a jamo binds to nothing. The
# constant is read when textual is first imported, so it has to be said before that.
if os.environ.get("SWEETCHAT_KITTY") != "1":
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
