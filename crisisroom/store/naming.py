"""The ids of what there is in a room's file, for the shell to complete: nothing is waited for.

It imports SQLite alone. What a person may not see is not named, and of a post there is its number.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence

from crisisroom.store.schema import APPLICATION_ID, SCHEMA

_PATIENCE = 0.1  # seconds to wait for a lock: somebody holds the tab key
_MOST = 200  # ids: more than anybody reads

_MEMBER = """
SELECT t.value ->> 'roles' LIKE '%"legal"%' FROM room, json_each(room.value, '$.team') AS t
WHERE room.key = 'config' AND t.value ->> 'id' = ?
"""
_HAS_TEAM = """
SELECT 1 FROM room WHERE key = 'config' AND json_array_length(value, '$.team') > 0
"""
# Ids that hold for one person: `hidden` are the chains of incidents that are not for them, `named`
# those incidents as they are called.
_WITH = """
WITH hidden (chain) AS (
  SELECT chain FROM restriction GROUP BY chain HAVING sum(person = :person) = 0
), named (inc) AS (
  SELECT 'INC-' || number FROM chain WHERE id IN (SELECT chain FROM hidden)
), open (chain) AS (
  SELECT chain FROM projection
  WHERE kind = 'incident' AND chain NOT IN (SELECT chain FROM hidden)
    AND (CASE WHEN :inc = '' THEN body ->> 'status' = 'open'
      ELSE chain = (SELECT id FROM chain WHERE 'INC-' || number = :inc) END)
), one (chain) AS (
  SELECT chain FROM open WHERE (SELECT count(*) FROM open) = 1
    AND (:legal OR chain NOT IN (SELECT chain FROM shut))
)
"""
_ROOM = {
    "incidents": "SELECT 'INC-' || number FROM chain WHERE number IS NOT NULL"
    " AND id NOT IN (SELECT chain FROM hidden) ORDER BY number DESC",
    "mentions": "SELECT 'M-' || id FROM mention WHERE others = 0 AND copy_of = 0 ORDER BY id DESC",
    "stories": "SELECT 'N-' || id FROM narrative WHERE into_id = 0 ORDER BY last_at DESC",
    "candidates": "SELECT 'C-' || id FROM candidate"
    " WHERE coalesce(body ->> 'incident', '') NOT IN (SELECT inc FROM named) ORDER BY id DESC",
    "pages": "SELECT 'PAGE-' || number FROM page WHERE closed_at = ''"
    " AND chain NOT IN (SELECT chain FROM hidden) ORDER BY number DESC",
    "drafts": "SELECT id FROM draft WHERE incident NOT IN (SELECT inc FROM named)"
    " ORDER BY updated_at DESC",
    "filters": "SELECT name FROM saved_filter"
    " WHERE NOT EXISTS (SELECT 1 FROM named WHERE instr(upper(typed), inc)) ORDER BY name",
    "improvements": "SELECT 'ACT-' || id FROM improvement WHERE state = 'open' ORDER BY id DESC",
    "people": "SELECT t.value ->> 'id' FROM room, json_each(room.value, '$.team') AS t"
    " WHERE room.key = 'config' UNION SELECT actor FROM presence UNION"
    " SELECT body ->> 'holder' FROM projection WHERE kind = 'role'"
    " AND chain NOT IN (SELECT chain FROM hidden)",
}
_SETTINGS = ("sources", "accounts", "pauses", "campaigns", "terms")
_THINGS = {
    "tasks": ("task",),
    "facts": ("fact",),
    "roles": ("role",),
    "actions": ("action",),
    "deadlines": ("deadline",),
    "escalations": ("escalation",),
    "enquiries": ("enquiry",),
    "statements": ("statement",),
    "replies": ("reply",),
    "words": ("statement", "reply"),
}
_PLANNED = {
    "contacts": ("contacts",),
    "templates": ("statements",),
    "messages": ("key_messages", "faq"),
    "cadences": ("cadences",),
    "severities": ("severities",),
    "phases": ("phases",),
}
_KEPT = {
    "promises": "promised",
    "bulks": "bulks",
    "asks": "asked",
    "questions": "questions",
    "factors": "factors",
}
KINDS = frozenset({*_ROOM, *_SETTINGS, *_THINGS, *_PLANNED, *_KEPT})
"""What there are ids of; those of an incident are of the one named, or of the only open one."""


def ids(
    path: str, kind: str, person: str, inc: str = "", *, by_name: bool = False
) -> tuple[str, ...]:
    """Return ids that a person may use next, none where they cannot be told at once.

    `by_name`: they only say that they are this person, which no room with a team takes.
    """
    try:
        room = sqlite3.connect(_address(path), uri=True, timeout=_PATIENCE)
    except sqlite3.Error:
        return ()
    try:
        return _found(room, kind, person, inc, by_name=by_name)
    except sqlite3.Error:
        return ()
    finally:
        room.close()


def _address(path: str) -> str:
    bare = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{bare}?mode=ro"


def _found(
    room: sqlite3.Connection, kind: str, person: str, inc: str, *, by_name: bool
) -> tuple[str, ...]:
    room.execute("PRAGMA trusted_schema=OFF")
    room.execute("BEGIN")
    (application,) = room.execute("PRAGMA application_id").fetchone()
    (version,) = room.execute("PRAGMA user_version").fetchone()
    member = room.execute(_MEMBER, (person,)).fetchone()
    team = room.execute(_HAS_TEAM).fetchone() is not None
    if (application, version) != (APPLICATION_ID, SCHEMA) or (team and (by_name or member is None)):
        return ()
    legal = not team or bool(member and member[0])
    asked = {"person": person, "inc": inc, "legal": legal}
    rows = room.execute(f"{_WITH} {_query(kind)} LIMIT {_MOST}", asked).fetchall()
    return tuple(str(one) for (one,) in rows if one)


def _query(kind: str) -> str:
    """Return what is asked for ids of a kind; KeyError for one there is none of."""
    if kind in _ROOM:
        return _ROOM[kind]
    if kind in _SETTINGS:
        return (
            "SELECT s.value ->> 'id' FROM room,"
            f" json_each(room.value, '$.{kind}') AS s WHERE room.key = 'config'"
        )
    if kind in _THINGS:
        return (
            "SELECT id FROM projection WHERE chain IN (SELECT chain FROM one)"
            f" AND kind IN ({_listed(_THINGS[kind])})"
        )
    if kind in _PLANNED:
        return " UNION ALL ".join(
            f"SELECT p.value ->> 'id' FROM projection, json_each(body, '$.{one}') AS p"
            " WHERE kind = 'plan' AND chain IN (SELECT chain FROM one)"
            for one in _PLANNED[kind]
        )
    return (
        f"SELECT p.key FROM projection, json_each(body, '$.{_KEPT[kind]}') AS p"
        " WHERE kind = 'incident' AND chain IN (SELECT chain FROM one)"
    )


def _listed(kinds: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in kinds)
