"""The last known state of a room's file in one quick look: nothing is waited for or written.

It imports SQLite alone, and has SQLite read the JSON too. What a person may not see is not asked
for; a room that is not exactly as this program makes it, it tells nothing of.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from crisisroom.store import firstlook_sql as sql
from crisisroom.store.schema import APPLICATION_ID, MOVED, SCHEMA

try:  # what sqlite3 adds to it takes longer to import than the look takes
    from _sqlite3 import Connection, Error, connect
    from _sqlite3 import Row as Row
except ImportError:  # a Python of another make
    from sqlite3 import Connection, Error, connect
    from sqlite3 import Row as Row

PATIENCE = 0.02  # seconds to wait for a lock
COUNTED = 20_000  # posts; to count more takes longer than a first look may
_TIMELINE = 4  # the view that shows entries
_STALE = 75  # seconds without a sign of life after which a screen is taken to be gone
_STEPS = 5_000_000  # of SQLite's machine, about 50 ms; a look that takes more is given up
_PACE = 100_000  # steps between two looks at how many there were

DRILL = "drill:"  # how the name of a drill's room begins, as `config.settings` has it

# Words may be on their way out of the room, or the room itself may.
_AWAY = (MOVED, "erase.request", "erase.unsettled")


class Comer:
    """Who comes, and how: by a name they gave, or by an SSH key, `confined`, with its fingerprint.

    `incident` is the one they ask for, `posts` how many posts their screen shows at most, `wide`
    whether it shows a timeline beside them.
    """

    __slots__ = ("by_name", "confined", "incident", "key", "person", "posts", "wide")

    def __init__(self, person: str, posts: int, *, wide: bool) -> None:
        self.person = person
        self.posts = posts
        self.wide = wide
        self.by_name = self.confined = False
        self.incident = self.key = ""


class Seen:
    """What a look came to."""

    __slots__ = (
        *("access", "approvals", "cadences", "chosen", "duties", "entries"),
        *("flat", "free", "incident", "now", "people", "posts", "roles", "shut"),
        *("sources", "stopped", "tasks", "team", "told", "total", "view", "warnings", "watch"),
        *("words", "zone"),
    )

    def __init__(self, now: int, zone: str, team: Sequence[Row]) -> None:
        self.now = now  # seconds since 1970, as all moments here
        self.zone = zone
        self.team = team
        self.access = ""  # what this person only reads as
        self.view = 1
        self.flat = True  # whether the feed was left as a list of posts, and its place is known
        self.shut = False  # whether there is an incident that is not shown
        self.incident: Row | None = None
        self.people: Sequence[Row] = ()
        self.sources: Sequence[Row] = ()
        self.watch: Row | None = None
        self.told = False  # whether somebody is being told of something
        self.warnings: Sequence[Row] = ()  # early ones that wait for a person, the oldest first
        self.stopped: Row | None = None
        self.posts: Sequence[Row] = ()  # those that show, the newest first
        self.chosen = 0  # the place among them of the one with the cursor
        self.total: int | None = None  # None: more than are counted
        self.free: int | None = None
        # of the incident
        self.tasks: Sequence[Row] = ()
        self.roles: Sequence[Row] = ()
        self.words: Sequence[Row] = ()
        self.cadences: Sequence[Row] = ()
        self.approvals: Sequence[Row] = ()
        self.duties: Sequence[Row] = ()
        self.entries: Sequence[Row] = ()


def look(path: str, comer: Comer, now: int) -> Seen | None:
    """Return what this person may see of the room at a path; None in any doubt."""
    if not os.path.isfile(path) or not os.path.getsize(path):
        return None
    try:
        room = connect(_address(path), uri=True, timeout=PATIENCE, isolation_level=None)
    except Error:
        return None
    try:
        room.row_factory = Row
        room.set_progress_handler(_limit(), _PACE)
        room.execute("PRAGMA trusted_schema=OFF")
        room.execute("BEGIN")
        return _looked(room, comer, now)
    except (Error, ValueError, LookupError, TypeError, OverflowError):
        return None
    finally:
        room.close()


def _address(path: str) -> str:
    bare = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{bare}?mode=ro"


def _limit() -> Callable[[], int]:
    left = [_STEPS // _PACE]

    def over() -> int:
        left[0] -= 1
        return left[0] < 0

    return over


def _one(room: Connection, asked: str, *args: object) -> Row | None:
    found: Row | None = room.execute(asked, args).fetchone()
    return found


def _looked(room: Connection, comer: Comer, now: int) -> Seen | None:
    (application,) = room.execute("PRAGMA application_id").fetchone()
    (version,) = room.execute("PRAGMA user_version").fetchone()
    if (application, version) != (APPLICATION_ID, SCHEMA) or _is_away(room):
        return None
    config = _one(
        room,
        "SELECT value ->> 'name' AS name, coalesce(value ->> 'zone', 'UTC') AS zone FROM room"
        " WHERE key = 'config'",
    )
    if config is not None and (config["name"] or "").startswith(DRILL):
        return None
    seen = Seen(now, config["zone"] if config else "UTC", room.execute(sql.TEAM).fetchall())
    if not _is_let_in(seen, comer):
        return None
    _see_room(room, seen)
    _see_place(room, seen, comer)
    return seen


def _is_away(room: Connection) -> bool:
    marks = ",".join("?" * len(_AWAY))
    return (
        _one(room, f"SELECT 1 FROM room WHERE key IN ({marks}) AND value != ''", *_AWAY) is not None
    )


# Who may look.


def _is_let_in(seen: Seen, comer: Comer) -> bool:
    """Tell whether the room's team lets them in, to look at it; as `cli.admitting` does."""
    member = next((one for one in seen.team if one["id"] == comer.person), None)
    if member is None:
        return not seen.team and not comer.confined
    seen.access = member["access"]
    if comer.confined:
        return (not comer.key or _has_key(member, comer.key)) and seen.access != "executive"
    return not comer.by_name and seen.access != "executive"  # who begins with the brief


def _has_key(member: Row, key: str) -> bool:
    """Tell whether a key of this fingerprint is still a member's; see `config.sshkey`."""
    from binascii import a2b_base64, b2a_base64
    from hashlib import sha256

    for part in member["keys"].strip("[]").split(","):
        words = part.strip().strip('"').split(" ")
        if len(words) > 1:
            printed = b2a_base64(sha256(a2b_base64(words[1])).digest(), newline=False)
            if key == "SHA256:" + printed.decode().rstrip("="):
                return True
    return False


# The room.


def _see_room(room: Connection, seen: Seen) -> None:
    seen.people = room.execute(sql.PEOPLE, (seen.now, _STALE)).fetchall()
    seen.sources = room.execute(sql.SOURCES).fetchall()
    seen.watch = _one(room, "SELECT holder, beat, ttl FROM lease WHERE name = 'watch'")
    seen.told = _one(room, "SELECT 1 FROM page WHERE closed_at = ''") is not None
    seen.warnings = room.execute(sql.WARNINGS).fetchall()
    seen.stopped = _one(
        room,
        "SELECT value ->> 'by' AS by, unixepoch(value ->> 'at') AS at FROM room"
        " WHERE key = 'outgoing' AND value != ''",
    )
    seen.total = _counted(room, sql.OURS)
    free = "FROM mention AS m INDEXED BY mention_by_state WHERE m.state = 'new'"
    seen.free = _counted(room, f"{free} AND m.others = 0 AND m.copy_of = 0")


def _counted(room: Connection, what: str) -> int | None:
    (found,) = room.execute(
        f"SELECT count(*) FROM (SELECT 1 {what} LIMIT {COUNTED + 1})"
    ).fetchone()
    return int(found) if found <= COUNTED else None


# The place they come back to.


def _see_place(room: Connection, seen: Seen, comer: Comer) -> None:
    apart = _apart(room, comer.person)
    place = _one(
        room,
        "SELECT p.incident, p.view, p.mention, p.extra ->> 'by_story' AS by_story, c.id AS chain"
        " FROM place AS p LEFT JOIN chain AS c ON 'INC-' || c.number = p.incident"
        " WHERE p.actor = ?",
        comer.person,
    )
    if place is not None and apart.get(place["chain"] or "") == "hidden":
        place = None
    if place is not None and place["view"] in ("1", "2", "3", "4", "5"):
        seen.view = int(place["view"])
    wanted = comer.incident or (place["incident"] if place else "")
    chain = _wanted(room, wanted, apart) or _only_open(room, apart)
    if chain and (chain in apart or _tells_legal(room, seen, chain, comer.person)):
        seen.shut = True
    elif chain:
        _see_incident(room, seen, chain, told=comer.wide or seen.view == _TIMELINE)
    seen.flat = not (place and place["by_story"])
    if seen.flat:
        _see_posts(room, seen, place["mention"] if place else "", comer.posts)


def _apart(room: Connection, person: str) -> dict[str, str]:
    """Return the incidents that are for some people only: `hidden` from this one, or `theirs`."""
    found: dict[str, str] = {}
    for chain, name in room.execute("SELECT chain, person FROM restriction"):
        if name == person or chain not in found:
            found[chain] = "theirs" if name == person else "hidden"
    return found


def _wanted(room: Connection, wanted: str, apart: dict[str, str]) -> str:
    number = wanted[4:] if wanted.startswith("INC-") and wanted[4:].isdigit() else ""
    if not number or len(number) > 15:
        return ""
    found = _one(room, "SELECT id FROM chain WHERE number = ?", int(number))
    return found["id"] if found and apart.get(found["id"]) != "hidden" else ""


def _only_open(room: Connection, apart: dict[str, str]) -> str:
    running = [
        one["chain"] for one in room.execute(sql.OPEN) if apart.get(one["chain"]) != "hidden"
    ]
    return running[0] if len(running) == 1 else ""


def _tells_legal(room: Connection, seen: Seen, chain: str, person: str) -> bool:
    """Tell whether something of an incident may be for Legal and not for this person."""
    member = next((one for one in seen.team if one["id"] == person), None)
    if member is None or '"legal"' in member["roles"]:
        return False
    return _one(room, "SELECT 1 FROM shut WHERE chain = ?", chain) is not None


def _see_incident(room: Connection, seen: Seen, chain: str, *, told: bool) -> None:
    seen.incident = _one(room, sql.INCIDENT, chain)
    seen.tasks, seen.roles, seen.words, seen.cadences, seen.approvals, seen.duties = (
        room.execute(asked, (chain,)).fetchall()
        for asked in (sql.TASKS, sql.ROLES, sql.WORDS, sql.CADENCES, sql.APPROVALS, sql.DUTIES)
    )
    if told:
        seen.entries = room.execute(sql.ENTRIES, (chain,)).fetchall()


def _see_posts(room: Connection, seen: Seen, mention: str, most: int) -> None:
    """Read the posts that show: the newest, or those down to the one they come back to."""
    number = int(mention[2:]) if mention[:2] == "M-" and mention[2:].isdigit() else 0
    above = room.execute(
        f"{sql.POSTS} AND m.id >= ? ORDER BY m.id LIMIT ?", (number, most)
    ).fetchall()
    if number and above and above[0]["id"] == number and len(above) == most:
        seen.posts, seen.chosen = above[::-1], most - 1
        return
    seen.posts = room.execute(f"{sql.POSTS} ORDER BY m.id DESC LIMIT ?", (most,)).fetchall()
    if not number or _one(room, "SELECT 1 FROM mention WHERE id = ?", number) is None:
        return
    places = [at for at, post in enumerate(seen.posts) if post["id"] == number]
    seen.flat, seen.chosen = bool(places), places[0] if places else 0
