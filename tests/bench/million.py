"""A room with a million mentions, and the same texts as a log; made once, then kept.

`python tests/bench/million.py [COUNT]` makes it and prints where it is. It lies in the folder for
temporary files, under a name that says its schema: a new schema makes a new one.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.month import found
from bench.month_rows import END, build

from crisisroom.core.timeline import stamp
from crisisroom.store import SCHEMA

MILLION = 1_000_000


def million(count: int = MILLION) -> Path:
    """Return a folder with room.db and posts.log, made where it is not there yet; do not write."""
    folder = Path(tempfile.gettempdir()) / f"crisisroom-million-{SCHEMA}-{count}"
    if not folder.exists():
        new = folder.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        asyncio.run(found(new / "room.db"))
        build(new / "room.db", count)
        _analysed(new / "room.db", count)
        _log(new)
        new.rename(folder)
    return folder


def copied(count: int, room: Path) -> Path:
    """Copy the room to where it may be written to; return the log of the same texts."""
    folder = million(count)
    shutil.copyfile(folder / "room.db", room)
    return folder / "posts.log"


def _analysed(path: Path, count: int) -> None:
    """Say that nothing waits for the analysis, and leave one file."""
    connection = sqlite3.connect(path, isolation_level=None)
    body = json.dumps({"done": count}).encode()
    connection.execute("INSERT INTO model VALUES ('analysis', ?, ?)", (body, stamp(END)))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def _log(folder: Path) -> None:
    """Write the mentions as lines of a log, oldest first."""
    connection = sqlite3.connect(folder / "room.db")
    rows = connection.execute("SELECT posted_at, handle, text FROM mention ORDER BY id")
    with (folder / "posts.log").open("w", encoding="utf-8") as out:
        for at, handle, text in rows:
            out.write(f"{at[:19].replace('T', ' ')} @{handle} {text}\n")
    connection.close()


if __name__ == "__main__":
    print(million(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION))
