"""A private name that hides one of Textual's own breaks the app in ways that no type checker sees."""

import importlib
import inspect
import pkgutil

import textual.app
import textual.widget
from textual.message_pump import MessagePump

import sweetchat_tui.tui

# Handlers that are meant to stand instead of, or beside, the inherited ones.
MEANT = {"_on_key", "_on_paste"}


def test_no_private_name_hides_one_of_textual() -> None:
    hidden = []
    for module in pkgutil.walk_packages(sweetchat_tui.tui.__path__, "sweetchat_tui.tui."):
        for _, ours in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if not issubclass(ours, MessagePump) or not ours.__module__.startswith("sweetchat_tui"):
                continue
            theirs = {n for base in ours.__mro__ if base.__module__.startswith("textual") for n in vars(base)}
            for name, value in vars(ours).items():
                written = inspect.isfunction(value) and value.__module__ == ours.__module__
                if written and name.startswith("_") and not name.startswith("__") and name in theirs - MEANT:
                    hidden.append(f"{ours.__name__}.{name}")
            if "__init__" in vars(ours):
                assigned = set(ours.__init__.__code__.co_names)
                instance = vars(textual.widget.Widget()) if issubclass(ours, textual.widget.Widget) else {}
                hidden += [
                    f"{ours.__name__}.{n} (instance)" for n in assigned & set(instance) if n.startswith("_")
                ]
    assert set(hidden) == set()
