"""A passphrase, the keys that are made of it, and how an encrypted journal is known.

An encrypted journal is a file of SQLCipher 4 as it is by default, so any program that opens those opens it
with the passphrase. Its first 16 bytes are a salt, and here the first four of them are always the same:
else nobody could tell it from a damaged file. The other twelve are random. Knows nothing of SQL.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from sweetchat_tui.errors import Locked
from sweetchat_tui.lang import say

_MARK = b"SCv1"
_SALT_BYTES = 16
_ROUNDS = 256_000
_KEY_BYTES = 32
_PAGE_BYTES, _SEAL_BYTES = 4096, 64
_SEALING_ROUNDS = 2
_PAGES_TRIED = 64


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """What opens one file."""

    secret: bytes
    """32 of them, for AES-256."""
    salt: bytes
    """The first 16 bytes of the file."""

    @property
    def spelled(self) -> str:
        """As SQLCipher takes it."""
        return f"x'{self.secret.hex()}{self.salt.hex()}'"


class Passphrase:
    """What a person remembers. It is in memory alone, and no `repr` of anything shows it."""

    __slots__ = ("_bytes", "_keys")

    def __init__(self, words: str) -> None:
        # A keyboard may send decomposed Hangul today and composed Hangul tomorrow.
        self._bytes = unicodedata.normalize("NFC", words).encode("utf-8", "surrogateescape")
        self._keys: dict[bytes, Key] = {}

    def key(self, salt: bytes | None = None) -> Key:
        """The key to a file.

        Args:
            salt: of the file; None is a new one. 0.2 s the first time, which is what guessing costs too.
        """
        # 5 ms: OpenSSL.
        from hashlib import pbkdf2_hmac

        salt = salt or _MARK + secrets.token_bytes(_SALT_BYTES - len(_MARK))
        if salt not in self._keys:
            secret = pbkdf2_hmac("sha512", self._bytes, salt, _ROUNDS, _KEY_BYTES)
            self._keys[salt] = Key(secret, salt)
        return self._keys[salt]


def encrypted(path: Path) -> bool:
    """Whether a file is an encrypted journal."""
    return _salt_of(path) is not None


def key_to(path: Path | None, passphrase: Passphrase | None) -> Key | None:
    """The key to a journal; None when it is not encrypted, or not there.

    Never while this process has the file open, whose locks it would drop.

    Raises:
        Locked: it is encrypted, and there is no passphrase.
    """
    salt = _salt_of(path) if path is not None else None
    if salt is None:
        return None
    if passphrase is None:
        raise Locked(
            say("대화 기록이 암호로 잠겨 있어요.", "The journal is locked with a passphrase."),
            say(
                "터미널에서 암호를 넣거나 환경 변수 SWEETCHAT_PASSPHRASE에 담아 주세요. "
                "--private로는 암호 없이 이야기할 수 있어요.",
                "Type it in a terminal, or put it in the variable SWEETCHAT_PASSPHRASE. "
                "--private talks without it.",
            ),
        )
    return passphrase.key(salt)


def fits(key: Key, path: Path) -> bool:
    """Whether a key made any of a file's first pages but the first, which may be damaged.

    SQLCipher 4 ends each page with an HMAC-SHA512 of what is before it and of the page's number
    (https://www.zetetic.net/sqlcipher/design).
    """
    from hashlib import pbkdf2_hmac
    from hmac import compare_digest, digest

    salt = bytes(byte ^ 0x3A for byte in key.salt)
    sealing = pbkdf2_hmac("sha512", key.secret, salt, _SEALING_ROUNDS, _KEY_BYTES)
    with path.open("rb") as file:
        file.seek(_PAGE_BYTES)
        for number in range(2, _PAGES_TRIED):
            page = file.read(_PAGE_BYTES)
            words, seal = page[:-_SEAL_BYTES], page[-_SEAL_BYTES:]
            if compare_digest(digest(sealing, words + number.to_bytes(4, "little"), "sha512"), seal):
                return True
    return False


def refused() -> Locked:
    """What is said of a passphrase that does not open the journal."""
    return Locked(
        say("암호가 맞지 않아요.", "That is not the passphrase."),
        say(
            "한/영과 Caps Lock을 보고 다시 넣어 주세요. 잊은 암호는 되찾을 수 없어요.",
            "Mind the keyboard's language and Caps Lock. One that is forgotten cannot be found again.",
        ),
    )


def _salt_of(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            start = file.read(_SALT_BYTES)
    except OSError:
        return None
    return start if start.startswith(_MARK) and len(start) == _SALT_BYTES else None
