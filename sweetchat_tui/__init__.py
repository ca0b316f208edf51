"""SweetChat: a terminal chat that reads the emotion of what a person writes in Korean.

The rooms, in the order in which a message passes them:

    text            what any text must be before anything reads it
    safety          is this person in danger?
    emotions        the 58 emotions, and a classifier's answer over them
    conversation    turns, replies and which of them fit a model's window
    classifiers/    text to feeling
    generators/     conversation to reply
    memory          what a prompt has room for, and a recap of the rest
    companion       one turn, in order; the only place where the order is written
    journal/        what was said, kept in SQLite

What it stands on: lang, errors, beside, paths, files, config, keys. The two faces: tui/ and cli/.
The workshop: lab/. This module imports nothing, so that `sweetchat --version` stays instant.
"""

__version__ = "0.1.0"
