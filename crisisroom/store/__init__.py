"""The store: SQL lives here and nowhere else.

What opens a room is imported when it is asked for: a first look at a room's file, before anything
else is there, costs no more than SQLite.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes longer to import than the look
if TYPE_CHECKING:
    from crisisroom.store.changes import Change
    from crisisroom.store.engine import Link
    from crisisroom.store.opened import Store, Work
    from crisisroom.store.schema import SCHEMA
    from crisisroom.store.tx import Tx

_PLACES = {
    "SCHEMA": "schema",
    "Change": "changes",
    "Link": "engine",
    "Store": "opened",
    "Tx": "tx",
    "Work": "opened",
}


def __getattr__(name: str) -> object:
    """Return one of the package's own names, importing its module only now."""
    if name not in _PLACES:
        raise AttributeError(f"crisisroom.store has no {name}")
    from importlib import import_module

    found: object = getattr(import_module(f"crisisroom.store.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


__all__ = ["SCHEMA", "Change", "Link", "Store", "Tx", "Work"]
