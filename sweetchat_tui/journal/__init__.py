"""The journal: what was said, kept in SQLite on this machine.

    store         Journal: the one door to the rest
    opening       a journal opened for use, or saved first when it is damaged
    passphrase    what an encrypted journal is opened with
    sqlite        SQLite, and SQLCipher in its place where a journal is encrypted
    database      the file itself: folder, permissions, settings, and what SQLite's errors mean
    migrations    the schema, step by step
    rows          values to columns and back
    turns         turns put in and read
    removal       turns taken out, and put back
    listing       which conversations there are, and what they are called
    recap         what a model is told of the turns that fit its budget no more
    unsent        what was typed and not sent, of an encrypted journal
    titles        what a conversation is called
    search        where a run of text stands
    grams         the index that makes searching quick
    mood          how days and weeks have been
    telling       a mood in words
    corrections   what the person picked beside what was read
    export        a conversation as md, json, jsonl or txt
    copies        copies of the file, made, looked at and put back
    health        a journal looked at without touching it
    conversion    the file written anew under a passphrase, or under none
    checking      what is wrong with it, and what of that is put right
    salvage       what can be read of a damaged file, in a new one

Knows nothing about how a reply is made or shown.
"""

from sweetchat_tui.journal.copies import restore
from sweetchat_tui.journal.corrections import Correction
from sweetchat_tui.journal.listing import Summary
from sweetchat_tui.journal.mood import Mood
from sweetchat_tui.journal.passphrase import Passphrase
from sweetchat_tui.journal.removal import Removed
from sweetchat_tui.journal.search import Found
from sweetchat_tui.journal.store import Journal

__all__ = ["Correction", "Found", "Journal", "Mood", "Passphrase", "Removed", "Summary", "restore"]
