"""Looking at a room's file without opening it: nothing is made, migrated, or locked for others."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crisisroom.store.schema import APPLICATION_ID


def schema_of(path: Path) -> int | None:
    """Return the schema of the room at a path; None where there is no room that can be read."""
    if not path.is_file() or not path.stat().st_size:
        return None
    try:
        seen = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
    except sqlite3.Error:
        return None
    try:
        (application,) = seen.execute("PRAGMA application_id").fetchone()
        (version,) = seen.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        return None
    finally:
        seen.close()
    return int(version) if application == APPLICATION_ID else None


def engine_version() -> str:
    """Return the version of SQLite that rooms in files are kept with."""
    return sqlite3.sqlite_version
