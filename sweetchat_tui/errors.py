"""What can go wrong in a way that a person can act on.

An error is a sentence, what to do about it, and an exit code (sysexits where one fits):

    SweetchatError          1   unexpected
    ├── Misused             2   the command line asks for what cannot be
    ├── Unreadable         65   input that cannot be read
    ├── NotThere           66   a named file, checkpoint or conversation is not there
    ├── Unreachable        69   the provider cannot be reached
    ├── JournalUnwritable  74   the journal cannot be written
    │   └── Locked         77   it is encrypted, and the passphrase is missing or another
    ├── OutputUnwritable   74   a file that was asked for cannot be written
    ├── TryLater           75   rate limit, timeout, a stream that was cut
    ├── KeyRefused         77   the key is missing, refused, or has no credit
    └── Misconfigured      78   configuration

Raised anywhere, shown once: by `cli.main` on stderr, or by the app in the conversation.
"""

from typing import ClassVar


class SweetchatError(Exception):
    """A known failure.

    Args:
        message: one sentence in the language in use, saying what happened.
        hint: what the person can do about it; empty when there is nothing to do.
    """

    exit_code: ClassVar[int] = 1
    name: ClassVar[str] = "unexpected"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Misused(SweetchatError):
    exit_code = 2
    name = "usage"


class Unreadable(SweetchatError):
    exit_code = 65
    name = "unreadable"


class TooLong(Unreadable):
    """What was sent is more than the model can read at once; less may do."""


class NotThere(SweetchatError):
    exit_code = 66
    name = "not_there"


class Unreachable(SweetchatError):
    exit_code = 69
    name = "unreachable"


class JournalUnwritable(SweetchatError):
    exit_code = 74
    name = "journal_unwritable"


class Locked(JournalUnwritable):
    exit_code = 77
    name = "locked"


class OutputUnwritable(SweetchatError):
    exit_code = 74
    name = "output_unwritable"


class TryLater(SweetchatError):
    exit_code = 75
    name = "try_later"


class KeyRefused(SweetchatError):
    exit_code = 77
    name = "key_refused"


class Misconfigured(SweetchatError):
    exit_code = 78
    name = "misconfigured"
