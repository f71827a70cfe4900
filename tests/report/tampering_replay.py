"""Putting back what was once: the whole room, or one incident, as an older copy has them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from report.tampering import TRIGGERS, Copy, Expected, Tamper
from report.tampering_room import agree

from crisisroom.core.timeline import ROOM


def room_replayed(copy: Copy) -> Expected:
    """Put an older copy of the whole room in its place: it is sound, and lacks what came since."""
    with closing(sqlite3.connect(copy.chance.choice(copy.olders))) as older:
        older.backup(copy.db)
    for name in TRIGGERS:
        copy.run(f"DROP TRIGGER {name}")
    return Expected((f"room entry {copy.last(ROOM)}",), anchor=True)


def incident_replayed(copy: Copy) -> Expected:
    """Put one incident back as an older copy has it, and leave no trace of it in the room."""
    chain, name = _put_back(copy)
    agree(copy)
    return Expected((f"{name} entry {copy.last(chain)}",), anchor=True)


def incident_replayed_only(copy: Copy) -> Expected:
    """Put one incident back, with its head and tables: what was done since tells of it."""
    chain, name = _put_back(copy)
    return Expected((f"{name} entry {copy.last(chain)}", "the anchor"))


def _put_back(copy: Copy) -> tuple[str, str]:
    chain, name = copy.incident()
    older = Copy(copy.chance.choice(copy.olders), copy.chance)
    copy.save(older.load(chain))
    older.db.close()
    return chain, name


REPLAYS: tuple[tuple[Tamper, int], ...] = (
    (room_replayed, 6),
    (incident_replayed, 6),
    (incident_replayed_only, 4),
)
"""What is put back, and how often."""
