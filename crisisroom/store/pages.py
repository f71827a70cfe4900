"""Pages: what each person was told, or is to be told, and every try to tell them.

A try stands here before it is made. Whoever finds one that nobody ended knows that the message may
have gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.eyes import whole
from crisisroom.store.tx import Tx

OPEN, TOLD, ACKNOWLEDGED, OVER = "open", "told", "acknowledged", "over"
UNANSWERED, SENDING, SENT, FAILED, UNKNOWN = "unanswered", "sending", "sent", "failed", "unknown"
WAITING = (OPEN, UNANSWERED)  # states in which nobody has acknowledged it yet
UNSEEN = "nobody saw how it ended"  # the reason of a try whose own process died
_KEPT = 5000  # tries that are kept; what came of them stands in the logs


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that one person is told; `due_at` is when the next step is taken while it is open.

    `step` counts the ways tried in this `round`; `after` are the people who are told next. `chain`
    is the incident's, empty for what concerns the room.
    """

    number: int
    key: str
    person: str
    kind: str
    chain: str = ""
    incident: str = ""
    about: str = ""
    at: datetime
    drill: bool = False
    without: str = ""
    after: tuple[str, ...] = ()
    state: str = OPEN
    step: int = 0
    round: int = 1
    due_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    via: str = ""

    @property
    def id(self) -> str:
        """Return what people call it."""
        return f"PAGE-{self.number}"


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one person by one way; it may tell of several pages."""

    id: str
    at: datetime
    person: str
    way: str
    messenger: str
    pages: tuple[int, ...]
    state: str = SENDING
    reason: str = ""
    remote: str = ""
    code: str = ""  # what acknowledges it from outside
    tries: int = 1
    drill: bool = False
    title: str = ""
    text: str = ""
    urgent: bool = True


_PAGE = (
    "SELECT number, key, person, kind, chain, incident, about, at, drill, without, after, state,"
    " step, round, due_at, closed_at, closed_by, via FROM page"
)
_TRY = (
    "SELECT id, at, person, way, messenger, pages, state, reason, remote, code, tries, drill,"
    " title, text, urgent FROM page_try"
)


def _page(row: Sequence[Any]) -> Page:
    return Page(
        number=row[0],
        key=row[1],
        person=row[2],
        kind=row[3],
        chain=row[4],
        incident=row[5],
        about=row[6],
        at=unstamp(row[7]),
        drill=bool(row[8]),
        without=row[9],
        after=tuple(msgspec.json.decode(row[10])),
        state=row[11],
        step=row[12],
        round=row[13],
        due_at=unstamp(row[14]),
        closed_at=unstamp(row[15]) if row[15] else None,
        closed_by=row[16],
        via=row[17],
    )


def _try(row: Sequence[Any]) -> Try:
    return Try(
        id=row[0],
        at=unstamp(row[1]),
        person=row[2],
        way=row[3],
        messenger=row[4],
        pages=tuple(msgspec.json.decode(row[5])),
        state=row[6],
        reason=row[7],
        remote=row[8],
        code=row[9],
        tries=row[10],
        drill=bool(row[11]),
        title=row[12],
        text=row[13],
        urgent=bool(row[14]),
    )


async def next_number(tx: Tx) -> int:
    """Return the number of the next page."""
    row = await whole(tx).row("SELECT coalesce(max(number), 0) FROM page")
    return int(row[0]) + 1 if row else 1


async def add(tx: Tx, page: Page) -> bool:
    """Write a page down; false where this person was told of this thing before."""
    done = await tx.run(
        "INSERT INTO page (number, key, person, kind, chain, incident, about, at, drill, without,"
        " after, state, step, round, due_at, closed_at, closed_by, via)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key, person) DO NOTHING",
        (
            *(page.number, page.key, page.person, page.kind, page.chain, page.incident),
            *(page.about, stamp(page.at), int(page.drill), page.without),
            *(msgspec.json.encode(page.after).decode(), page.state, page.step, page.round),
            *(stamp(page.due_at), _stamped(page.closed_at), page.closed_by, page.via),
        ),
    )
    if done:
        tx.tell("page", page.id)
    return bool(done)


async def save(tx: Tx, page: Page) -> None:
    """Write down how far a page is."""
    await tx.run(
        "UPDATE page SET state = ?, step = ?, round = ?, due_at = ?, closed_at = ?, closed_by = ?,"
        " via = ? WHERE number = ?",
        (
            *(page.state, page.step, page.round, stamp(page.due_at)),
            *(_stamped(page.closed_at), page.closed_by, page.via, page.number),
        ),
    )
    tx.tell("page", page.id)


def _stamped(moment: datetime | None) -> str:
    return stamp(moment) if moment else ""


async def get(tx: Tx, number: int) -> Page | None:
    """Return one page."""
    row = await tx.row(f"{_PAGE} WHERE number = ?", (number,))
    return _page(row) if row else None


async def of_key(tx: Tx, key: str) -> tuple[Page, ...]:
    """Return everybody's pages of one thing, in the order in which they were told."""
    rows = await whole(tx).rows(f"{_PAGE} WHERE key = ? ORDER BY number", (key,))
    return tuple(map(_page, rows))


async def in_state(tx: Tx, *states: str) -> tuple[Page, ...]:
    """Return the pages in some states, oldest first."""
    marks = ", ".join("?" * len(states))
    sql = f"{_PAGE} WHERE state IN ({marks}) ORDER BY number"
    return tuple(map(_page, await tx.rows(sql, states)))


async def recent(tx: Tx, limit: int, person: str = "") -> tuple[Page, ...]:
    """Return the newest pages, of everybody or of one person, newest first."""
    narrow, args = (" WHERE person = ?", (person,)) if person else ("", ())
    sql = f"{_PAGE}{narrow} ORDER BY number DESC LIMIT ?"
    return tuple(map(_page, await tx.rows(sql, (*args, limit))))


async def known(tx: Tx, keys: Iterable[str]) -> frozenset[str]:
    """Return those of some keys that somebody was told of."""
    found = []
    for key in keys:
        if await tx.row("SELECT 1 FROM page WHERE key = ? LIMIT 1", (key,)):
            found.append(key)
    return frozenset(found)


async def begin(tx: Tx, one: Try) -> None:
    """Write down that a message is about to go out; what is in the way of a second is its id."""
    await tx.run(
        "INSERT INTO page_try (id, at, person, way, messenger, pages, state, reason, remote, code,"
        " tries, drill, title, text, urgent)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            *(one.id, stamp(one.at), one.person, one.way, one.messenger),
            *(msgspec.json.encode(one.pages).decode(), one.state, one.reason, one.remote),
            *(one.code, one.tries, int(one.drill), one.title, one.text),
            int(one.urgent),
        ),
    )
    await whole(tx).run(
        "DELETE FROM page_try WHERE state != ? AND id IN"
        " (SELECT id FROM page_try ORDER BY at DESC, id LIMIT 100 OFFSET ?)",
        (SENDING, _KEPT),
    )


async def end(tx: Tx, one: Try) -> None:
    """Write down what came of a message."""
    await tx.run(
        "UPDATE page_try SET state = ?, reason = ?, remote = ?, tries = ? WHERE id = ?",
        (one.state, one.reason, one.remote, one.tries, one.id),
    )
    tx.tell("page", one.id)


async def tries(tx: Tx, *states: str) -> tuple[Try, ...]:
    """Return the tries in some states, oldest first."""
    marks = ", ".join("?" * len(states))
    sql = f"{_TRY} WHERE state IN ({marks}) ORDER BY at, id"
    return tuple(map(_try, await tx.rows(sql, states)))


async def newest_tries(tx: Tx, limit: int) -> tuple[Try, ...]:
    """Return the newest tries, newest first."""
    rows = await tx.rows(f"{_TRY} ORDER BY at DESC, id LIMIT ?", (limit,))
    return tuple(map(_try, rows))


async def last_of(tx: Tx, messenger: str) -> Try | None:
    """Return the newest try by a messenger that it ended, None where it was never used."""
    which = "messenger = ? AND state != ? AND reason != ? AND drill = 0"
    sql = f"{_TRY} WHERE {which} ORDER BY at DESC, id LIMIT 1"
    row = await tx.row(sql, (messenger, SENDING, UNSEEN))
    return _try(row) if row else None


async def last_to(tx: Tx, person: str) -> datetime | None:
    """Return when a person was sent the newest message, None for never."""
    sql = "SELECT max(at) FROM page_try WHERE person = ? AND state = ?"
    row = await tx.row(sql, (person, SENT))
    return unstamp(row[0]) if row and row[0] else None


async def coded(tx: Tx, code: str) -> Try | None:
    """Return the message that a code acknowledges."""
    row = await tx.row(f"{_TRY} WHERE code = ? AND code != ''", (code,))
    return _try(row) if row else None


async def first_failure(tx: Tx, messenger: str) -> datetime | None:
    """Return when a messenger failed first since it last worked, None where it did not fail."""
    row = await tx.row(
        "SELECT min(at) FROM page_try WHERE messenger = ? AND state IN (?, ?) AND reason != ?"
        " AND at > coalesce((SELECT max(at) FROM page_try WHERE messenger = ? AND state = ?), '')",
        (messenger, FAILED, UNKNOWN, UNSEEN, messenger, SENT),
    )
    return unstamp(row[0]) if row and row[0] else None


async def has_try(tx: Tx, try_id: str) -> bool:
    """Tell whether a try was begun before."""
    return await tx.row("SELECT 1 FROM page_try WHERE id = ?", (try_id,)) is not None


async def tests(tx: Tx) -> tuple[Page, ...]:
    """Return the test pages, oldest first."""
    return tuple(map(_page, await tx.rows(f"{_PAGE} WHERE kind = 'test' ORDER BY number")))
