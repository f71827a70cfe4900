"""One value of a room's file, read without opening the room: nothing is locked, made or moved."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.store.schema import APPLICATION_ID

PATIENCE = 2.0  # seconds; somebody waits to be let in


def value_at(path: Path, key: str) -> str:
    """Return a value of the room at a path, empty where it was never set.

    Refused for what is no room, Unavailable for what cannot be read now.
    """
    try:
        seen = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
        try:
            (application,) = seen.execute("PRAGMA application_id").fetchone()
            if application != APPLICATION_ID:
                raise Refused("not-a-room", f"{path} is no room")
            found = seen.execute("SELECT value FROM room WHERE key = ?", (key,)).fetchone()
        finally:
            seen.close()
    except sqlite3.Error as error:
        raise Unavailable("unreadable", f"{path} cannot be read: {error}") from error
    return str(found[0]) if found else ""
