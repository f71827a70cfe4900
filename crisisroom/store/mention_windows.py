"""Windows over millions of mentions: each filter leads with the one index that narrows it.

The planner has no statistics of a room that grows, so the index is named; every window is a short
walk along one, newest or oldest first, and the rows are read only for what it came to.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import msgspec
from msgspec.structs import replace

from crisisroom.core.mention import Mention
from crisisroom.core.query import Query, numbered
from crisisroom.core.timeline import stamp
from crisisroom.store.mention_rows import COLUMNS, FROM, from_row
from crisisroom.store.pictures import SHOWING, begins
from crisisroom.store.tx import Tx
from crisisroom.store.words import said_in

CAP = 100_000  # a count that reaches it means "at least"
WORDS_CAP = 10_000  # the same for searches, which count more slowly
DISORDER = timedelta(hours=1)  # by which a machine's clock may have been put back

_WILD = re.compile(r"[\\%_]")
# Windows of the newest to look through for one that also says certain words: half a room says a
# common word, and to find all of them takes milliseconds.
_NEWEST = (2, 8)
_FEW = 5_000  # mentions that are asked one by one for words rather than going by the words

_MIDDLE = "(low + high) / 2"
_EARLIER = f"(SELECT seen_at FROM mention WHERE id >= {_MIDDLE} ORDER BY id LIMIT 1) < ?1"
_FIRST_SINCE = (
    "WITH RECURSIVE half(low, high) AS ("
    " SELECT CAST(0 AS INTEGER), (SELECT coalesce(max(id), 0) + 1 FROM mention) UNION ALL"
    f" SELECT CASE WHEN {_EARLIER} THEN {_MIDDLE} + 1 ELSE low END,"
    f" CASE WHEN {_EARLIER} THEN high ELSE {_MIDDLE} END FROM half WHERE low < high)"
    " SELECT max(low) FROM half"
)


class _Walk(msgspec.Struct, frozen=True):
    """One walk along an index: the rows it passes, which of them fit, and what it is ordered by."""

    rows: str = "mention AS m NOT INDEXED"
    number: str = "m.id"
    where: tuple[str, ...] = ()
    args: tuple[Any, ...] = ()

    def along(self, index: str, where: str, *args: Any) -> _Walk:
        """Return a walk along an index of mentions, from `where` in it."""
        return _Walk(f"mention AS m INDEXED BY {index}", "m.id", (where,), args)

    def fits(self, where: str, *args: Any) -> _Walk:
        """Return the walk with one more condition on what it passes."""
        return replace(self, where=(*self.where, where), args=(*self.args, *args))

    def sql(self, order: str = "") -> str:
        """Return the numbers of what fits as a query that ends in a limit."""
        ordered = f" ORDER BY {self.number} {order}" if order else ""
        where = " AND ".join(self.where) or "1 = 1"
        return f"SELECT {self.number} AS id FROM {self.rows} WHERE {where}{ordered} LIMIT ?"


async def find(tx: Tx, query: Query) -> tuple[Mention, ...]:
    """Return one window of the mentions that fit, newest first unless asked otherwise."""
    for windows in _NEWEST if query.newest_first and said_in(query) else ():
        found = await _window(tx, query, await _newest(tx, query, windows * query.limit))
        if len(found) == query.limit:
            return found
    return await _window(tx, query, await _walks(tx, query))


async def _window(tx: Tx, query: Query, walks: list[_Walk]) -> tuple[Mention, ...]:
    """Return one window of what several walks come to."""
    order = "DESC" if query.newest_first else "ASC"
    if not walks:
        return ()
    each = " UNION ALL ".join(
        f"SELECT id FROM ({walk.sql(order)}) AS w{at}" for at, walk in enumerate(walks)
    )
    args = [arg for walk in walks for arg in (*walk.args, query.limit)]
    rows = await tx.rows(
        f"SELECT {COLUMNS} FROM {FROM} WHERE m.id IN ({each}) ORDER BY m.id {order} LIMIT ?",
        (*args, query.limit),
    )
    return tuple(from_row(row) for row in rows)


def cap_of(query: Query) -> int:
    """Return how far mentions are counted where nothing else is asked for."""
    return WORDS_CAP if query.text or query.author else CAP


async def count(tx: Tx, query: Query, cap: int | None = None) -> int:
    """Return how many mentions fit, `cap` where there are at least that many; see `cap_of`."""
    total, cap = 0, cap_of(query) if cap is None else cap
    for walk in await _walks(tx, query):
        if total >= cap:
            break
        found = await tx.row(f"SELECT count(*) FROM ({walk.sql()}) AS w", (*walk.args, cap - total))
        total += int(found[0]) if found else 0
    return total


async def numbers(tx: Tx, query: Query) -> tuple[int, ...]:
    """Return the numbers of one window of mentions, in its order."""
    order = "DESC" if query.newest_first else "ASC"
    found: list[int] = []
    for walk in await _walks(tx, query):
        rows = await tx.rows(walk.sql(order), (*walk.args, query.limit))
        found += [row[0] for row in rows]
    return tuple(sorted(found, reverse=query.newest_first)[: query.limit])


async def _walks(tx: Tx, query: Query) -> list[_Walk]:
    """Return the walks whose union is the query: one for each value of what leads it."""
    since = await first_since(tx, query.since) if query.since else None
    return [_narrowed(walk, query, since) for walk in await _leading(tx, query)]


async def _leading(tx: Tx, query: Query) -> list[_Walk]:
    """Return where to walk: along what is rarest by its nature."""
    said, narrow = said_in(query), await _narrow(tx, query)
    if not said:
        return narrow if narrow is not None else await _broad(tx, query)
    if narrow is not None and await _are_few(tx, narrow):
        where, args = tx.words.fits(said)
        return [walk.fits(where, *args) for walk in narrow]
    found = await tx.words.leads(tx, said)
    return [_Walk(found.rows, found.number, (found.where,), found.args)]


async def _newest(tx: Tx, query: Query, count: int) -> list[_Walk]:
    """Return walks along the newest so many of what few mentions have, with the words they say.

    None where there are no more of them, or where nothing such is asked for.
    """
    narrow = await _narrow(tx, query)
    if not narrow:
        return []
    since = await first_since(tx, query.since) if query.since else None
    bounded = [_bounded(walk, query, since) for walk in narrow]
    least = max([await _lowest(tx, walk, count) for walk in bounded])
    if not least:
        return []
    where, args = tx.words.fits(said_in(query), least)
    return [
        _narrowed(walk.fits(f"{walk.number} >= ?", least).fits(where, *args), query, since)
        for walk in narrow
    ]


async def _lowest(tx: Tx, walk: _Walk, count: int) -> int:
    """Return the number of the last of so many of a walk's newest, 0 where there are fewer."""
    counted = f"SELECT count(*), min(id) FROM ({walk.sql('DESC')}) AS w"
    found = await tx.row(counted, (*walk.args, count))
    return int(found[1]) if found and found[0] == count else 0


async def _are_few(tx: Tx, walks: list[_Walk]) -> bool:
    """Tell whether it is cheaper to look for words in each of these than to go by the words."""
    total = 0
    for walk in walks:
        found = await tx.row(f"SELECT count(*) FROM ({walk.sql()}) AS w", (*walk.args, _FEW))
        total += int(found[0]) if found else 0
    return total < _FEW


async def _narrow(tx: Tx, query: Query) -> list[_Walk] | None:
    """Return walks along what few mentions have, None where nothing such is asked for."""
    walk = _Walk()
    if query.incident:
        where = "m.incident != '' AND m.incident = (SELECT id FROM chain WHERE number = ?)"
        return [walk.along("mention_by_incident", where, numbered(query.incident, "INC-"))]
    if query.narrative:
        where = "m.narrative != '' AND m.narrative = ?"
        names = await _merged(tx, query.narrative)
        return [walk.along("mention_by_narrative", where, name) for name in names]
    if query.picture:
        return [_showing(query.picture)]
    if query.assignee:
        where = "m.assignee != '' AND m.assignee = ?"
        return [walk.along("mention_by_assignee", where, query.assignee)]
    if query.verdict:
        where = "m.verdict != '' AND m.verdict = ?"
        return [walk.along("mention_by_verdict", where, query.verdict)]
    if query.tag:
        where = "m.tags != '' AND instr(' ' || m.tags || ' ', ' ' || ? || ' ') > 0"
        return [walk.along("mention_tagged", where, query.tag)]
    if query.term:
        rows = "said AS t CROSS JOIN mention AS m ON m.id = t.mention"
        return [_Walk(rows, "t.mention", ("t.term = ?",), (query.term,))]
    if query.states and "new" not in query.states:
        return [walk.along("mention_by_state", "m.state = ?", state) for state in _once(query)]
    return None


def _showing(picture: str) -> _Walk:
    """Return the walk along the posts that show a picture whose hash begins so."""
    rows = f"({SHOWING}) AS s CROSS JOIN mention AS m ON m.id = s.mention"
    return _Walk(rows, "m.id", (), begins(picture))


def _once(query: Query) -> tuple[str, ...]:
    return tuple(dict.fromkeys(query.states))


async def _broad(tx: Tx, query: Query) -> list[_Walk]:
    """Return walks along what many mentions have in common."""
    walk = _Walk()
    if query.least_priority >= 0.5:
        return [walk.along("mention_urgent", "m.priority >= 50")]
    if query.sources:
        names = tuple(dict.fromkeys(query.sources))
        return [walk.along("mention_by_source", "m.source = ?", name) for name in names]
    if query.kind and query.kind != "post":
        where = "m.kind != 'post' AND m.kind = ?"
        return [walk.along("mention_of_kind", where, query.kind)]
    if query.lang:
        where = "m.lang != '' AND m.lang = ?"
        return [walk.along("mention_by_lang", where, name) for name in await _langs(tx, query)]
    if query.states and len(_once(query)) == 1:
        return [walk.along("mention_by_state", "m.state = ?", query.states[0])]
    if query.others:
        return [walk.along("mention_of_others", "m.others = 1")]
    if query.others is False and not query.copies:
        return [walk.along("mention_ours", "m.others = 0 AND m.copy_of = 0")]
    return [walk]


async def _langs(tx: Tx, query: Query) -> list[str]:
    """Return how a language is written in this room: `en`, `en-GB`, `EN`."""
    rows = await tx.rows(
        "WITH RECURSIVE each(lang) AS (SELECT min(lang) FROM mention WHERE lang != ''"
        " UNION ALL SELECT (SELECT min(m.lang) FROM mention AS m"
        "  WHERE m.lang != '' AND m.lang > each.lang) FROM each WHERE each.lang IS NOT NULL)"
        " SELECT lang FROM each WHERE lang IS NOT NULL LIMIT 500"
    )
    wanted = query.lang.lower()
    return [row[0] for row in rows if f"{row[0].lower()}-".startswith(f"{wanted}-")]


async def _merged(tx: Tx, narrative: str) -> tuple[str, ...]:
    """Return a story's name and those of the stories merged into it, some posts of which may
    still be on their way."""
    number = numbered(narrative, "N-")
    if number is None:
        return (narrative,)
    rows = await tx.rows("SELECT id FROM narrative WHERE into_id != 0 AND into_id = ?", (number,))
    return (f"N-{number}", *(f"N-{row[0]}" for row in rows))


def _narrowed(walk: _Walk, query: Query, since: int | None) -> _Walk:
    """Return a walk with everything else that the query asks for."""
    walk = _of_kinds(_bounded(walk, query, since), query)
    if query.others is not None:
        walk = walk.fits(f"m.others = {int(query.others)}")
    if not query.copies:
        walk = walk.fits("m.copy_of = 0")
    for column, values in (("source", query.sources), ("state", query.states)):
        if values:
            walk = walk.fits(f"+m.{column} IN ({','.join('?' * len(values))})", *values)
    if query.since:
        walk = walk.fits("+m.seen_at >= ?", stamp(query.since))
    return walk


def _bounded(walk: _Walk, query: Query, since: int | None) -> _Walk:
    for sign, number in (("<", query.before), (">", query.after), (">=", since)):
        if number is not None:
            walk = walk.fits(f"{walk.number} {sign} ?", number)
            if walk.number != "m.id":  # else a server may pass all the mentions beyond it
                walk = walk.fits(f"+m.id {sign} ?", number)
    return walk


def _of_kinds(walk: _Walk, query: Query) -> _Walk:
    for column, value in (
        ("assignee", query.assignee),
        ("verdict", query.verdict),
        ("kind", query.kind),
    ):
        if value:
            walk = walk.fits(f"+m.{column} = ?", value)
    if query.tag:
        walk = walk.fits("instr(' ' || m.tags || ' ', ' ' || ? || ' ') > 0", query.tag)
    if query.term:
        walk = walk.fits("instr(' ' || m.terms || ' ', ' ' || ? || ' ') > 0", query.term)
    if query.narrative:
        walk = walk.fits("+m.narrative != ''")
    if query.picture:
        walk = walk.fits(f"m.id IN ({SHOWING})", *begins(query.picture))
    if query.lang:
        like = _WILD.sub(r"\\\g<0>", query.lang.lower())
        walk = walk.fits("lower(m.lang) || '-' LIKE ? ESCAPE '\\'", f"{like}-%")
    if query.least_priority > 0:
        walk = walk.fits("+m.priority >= ?", ceil(query.least_priority * 100))
    if query.author and not said_in(Query(author=query.author)):
        walk = walk.fits("m.handle = ?", query.author)
    return walk


async def first_since(tx: Tx, since: datetime) -> int:
    """Return a number below which nothing was seen since then, found by halving."""
    found = await tx.row(_FIRST_SINCE, (stamp(since - DISORDER),))
    return int(found[0]) if found else 0
