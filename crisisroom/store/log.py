"""The log on disk: appending entries to a chain, reading them back, keeping the projections."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.apply import apply, changed_documents
from crisisroom.core.canonical import canonical
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import (
    GENESIS,
    ROOM,
    Draft,
    Entry,
    EntrySource,
    Seal,
    masked,
    personal_texts,
    seal,
    stamp,
    unmasked,
    unstamp,
)
from crisisroom.store import restricting
from crisisroom.store.eyes import SeenTx, whole
from crisisroom.store.ids import salt, uuid7
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert

# what reading or replaying an entry runs into that somebody changed behind the room's back
UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)

_WINDOW = 500  # entries read at a time


class Author(msgspec.Struct, frozen=True):
    """Who writes entries, in which role."""

    name: str
    role: str = ""
    source: EntrySource = "person"
    uid: int | None = None  # of the UNIX user who acts under this name, where it is not their own
    key: str = ""  # the fingerprint of the SSH key by which they came


async def append(
    tx: Tx, chain: str, drafts: Sequence[Draft], author: Author, now: datetime
) -> tuple[Entry, ...]:
    """Add entries to a chain: numbered, sealed, hashed and linked to the one before."""
    seq, previous = await head(tx, chain)
    written = []
    for draft in drafts:
        seq += 1
        entry = seal(_entry(chain, seq, draft, author, now, previous), salt)
        await insert(tx, entry)
        previous = entry.hash
        written.append(entry)
        tx.authors += [] if draft.actor else [author.name]
    await _move_head(tx, chain, seq, previous)
    await restricting.shut_after(whole(tx), written, entries)
    tx.tell("entry", str(seq), chain)
    return tuple(written)


def _entry(
    chain: str, seq: int, draft: Draft, author: Author, now: datetime, previous: str
) -> Entry:
    by_machine = draft.actor != ""
    return Entry(
        chain=chain,
        seq=seq,
        uid=uuid7(now),
        kind=draft.kind,
        at=draft.at or now,
        recorded_at=now,
        actor=draft.actor or author.name,
        role="" if by_machine else author.role,
        source=draft.source if draft.source != "person" else author.source,
        text=draft.text,
        data=_as_read_back(draft, author),
        corrects=draft.corrects,
        prev_hash=previous,
    )


async def _open(tx: Tx, chain: str, number: int) -> None:
    """Make an incident's chain, which the room calls INC-number."""
    await tx.run(
        "INSERT INTO chain (id, number, seq, head) VALUES (?, ?, 0, ?)", (chain, number, GENESIS)
    )


def _as_read_back(draft: Draft, author: Author) -> dict[str, Any]:
    """Return the data as the log gives it back, with who lent the name, and by which SSH key."""
    by = {"by_uid": author.uid, "by_key": author.key or None} if not draft.actor else {}
    known = {name: value for name, value in by.items() if value is not None}
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(draft.data | known))
    return data


async def insert(tx: Tx, entry: Entry) -> None:
    """Write one finished entry as it is; the first of an incident makes its chain."""
    if entry.seq == 1 and entry.chain != ROOM:
        await _open(tx, entry.chain, int(entry.data["id"].removeprefix("INC-")))
    await _write(tx, entry)


async def _write(tx: Tx, entry: Entry) -> None:
    await tx.run(
        "INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            entry.chain,
            entry.seq,
            entry.uid,
            entry.kind,
            entry.v,
            stamp(entry.at),
            stamp(entry.recorded_at),
            entry.actor,
            entry.role,
            entry.source,
            body_of(entry),
            entry.corrects,
            entry.prev_hash,
            entry.hash,
        ),
    )
    words = dict(personal_texts(entry))
    await tx.many(
        "INSERT INTO sealed VALUES (?,?,?,?,?,?)",
        [
            (entry.chain, entry.seq, path, held.digest, held.salt, words[path])
            for path, held in entry.seals.items()
        ],
    )


def body_of(entry: Entry) -> str:
    """Return what a row holds of an entry's data: canonical, personal texts as their seals."""
    return canonical(masked(entry.data, entry.seals)).decode()


async def _move_head(tx: Tx, chain: str, seq: int, previous: str) -> None:
    await tx.run("UPDATE chain SET seq = ?, head = ? WHERE id = ?", (seq, previous, chain))


async def open_room_chain(tx: Tx) -> None:
    """Make the room's own chain where it is missing."""
    await tx.run(
        "INSERT INTO chain (id, number, seq, head) VALUES (?, NULL, 0, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (ROOM, GENESIS),
    )


async def head(tx: Tx, chain: str) -> tuple[int, str]:
    """Return the number and hash of a chain's newest entry; 0 and zeros for a new chain."""
    found = await tx.row("SELECT seq, head FROM chain WHERE id = ?", (chain,))
    return (int(found[0]), str(found[1])) if found else (0, GENESIS)


async def entries(
    tx: Tx, chain: str, after: int = 0, limit: int | None = None
) -> tuple[Entry, ...]:
    """Return a chain's entries after number `after`, oldest first."""
    last = after + limit if limit is not None else 2**62
    rows = await tx.rows(
        "SELECT chain, seq, uid, kind, v, at, recorded_at, actor, role, source, data, corrects,"
        " prev_hash, hash FROM entry WHERE chain = ? AND seq > ? AND seq <= ? ORDER BY seq",
        (chain, after, last),
    )
    texts = await tx.rows(
        "SELECT seq, path, digest, salt, words FROM sealed"
        " WHERE chain = ? AND seq > ? AND seq <= ?",
        (chain, after, last),
    )
    by_seq: dict[int, dict[str, tuple[Seal, str]]] = {}
    for seq, path, digest, salted, words in texts:
        by_seq.setdefault(seq, {})[path] = (Seal(digest, salted), words)
    found = tuple(_from_row(row, by_seq.get(row[1], {})) for row in rows)
    return await tx.seen(found) if chain == ROOM and isinstance(tx, SeenTx) else found


def _from_row(row: tuple[Any, ...], texts: dict[str, tuple[Seal, str]]) -> Entry:
    words = {path: text for path, (_, text) in texts.items()}
    return Entry(
        chain=row[0],
        seq=row[1],
        uid=row[2],
        kind=row[3],
        v=row[4],
        at=unstamp(row[5]),
        recorded_at=unstamp(row[6]),
        actor=row[7],
        role=row[8],
        source=row[9],
        text=words.get("text", ""),
        data=unmasked(json.loads(row[10]), words),
        corrects=row[11],
        prev_hash=row[12],
        hash=row[13],
        seals={path: held for path, (held, _) in texts.items()},
    )


async def chains(tx: Tx) -> tuple[tuple[str, int], ...]:
    """Return the incidents' chains with their numbers, newest first."""
    rows = await tx.rows(
        "SELECT id, number FROM chain WHERE number IS NOT NULL ORDER BY number DESC"
    )
    return tuple((row[0], row[1]) for row in rows)


async def chain_of(tx: Tx, number: int) -> str | None:
    """Return the chain of INC-number."""
    found = await tx.row("SELECT id FROM chain WHERE number = ?", (number,))
    return str(found[0]) if found else None


async def next_number(tx: Tx) -> int:
    """Return the number the next incident gets."""
    found = await whole(tx).row("SELECT max(number) FROM chain")
    return int(found[0] or 0) + 1 if found else 1


async def state(tx: Tx, chain: str, cache: dict[str, Incident]) -> Incident | None:
    """Return the incident as of its newest entry, replaying only what `cache` has not seen.

    `cache` holds it whole; somebody who looks gets what they may see of it.
    """
    known = await _state(whole(tx), chain, cache)
    return await tx.narrowed(known, _walked) if known and isinstance(tx, SeenTx) else known


async def as_seen(tx: Tx, known: Incident, *, bare: bool = True) -> Incident:
    """Return a whole incident as who acts may see it; see `SeenTx.as_read`."""
    return await tx.as_read(known, _walked, bare=bare) if isinstance(tx, SeenTx) else known


async def shut(tx: Tx, chain: str) -> frozenset[int]:
    """Return the numbers of the entries of a chain that are for Legal and not for who acts."""
    kept = await tx.kept() if isinstance(tx, SeenTx) else restricting.NOTHING
    return kept.entries.get(chain, frozenset())


async def _state(tx: Tx, chain: str, cache: dict[str, Incident]) -> Incident | None:
    known = cache.get(chain)
    last, _ = await head(tx, chain)
    if known is None or known.seq > last:
        known = None
    if known is None or known.seq < last:
        known = await _replayed(tx, chain, known)
    if known is not None:
        cache[chain] = known
    return known


async def _replayed(tx: Tx, chain: str, known: Incident | None) -> Incident | None:
    after = known
    try:
        async for entry in _walked(tx, chain, known.seq if known else 0):
            if known and entry.kind == "words.erased":
                return await _replayed(tx, chain, None)  # what is known still has the words in it
            after = apply(after, entry)
    except UNREADABLE as error:
        raise Refused(
            "damaged",
            "the log of an incident cannot be read: it was changed outside the room",
            "crisisroom verify names the entry",
        ) from error
    return after if after is None or known else await _called(tx, after)


async def _walked(tx: Tx, chain: str, after: int) -> AsyncIterator[Entry]:
    """Yield a chain's entries after a number, never holding more than a window of them."""
    last, _ = await head(tx, chain)
    for before in range(after, last, _WINDOW):
        for entry in await entries(tx, chain, before, _WINDOW):
            yield entry


async def _called(tx: Tx, told: Incident) -> Incident:
    """Return an incident under its number in this room: another than in its log if imported."""
    found = await tx.row("SELECT number FROM chain WHERE id = ?", (told.uid,))
    return msgspec.structs.replace(told, id=f"INC-{found[0]}") if found else told


async def project(tx: Tx, before: Incident | None, after: Incident) -> None:
    """Write the rows that differ between two states of an incident."""
    await restricting.follow(tx, before, after)
    changed, gone = changed_documents(before, after)
    await tx.many(
        upsert("projection", ("chain", "kind", "id", "body"), ("chain", "kind", "id")),
        [(after.uid, kind, key, canonical(body).decode()) for (kind, key), body in changed.items()],
    )
    await tx.many(
        "DELETE FROM projection WHERE chain = ? AND kind = ? AND id = ?",
        [(after.uid, kind, key) for kind, key in gone],
    )


async def projection(tx: Tx, chain: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the rows kept of an incident, by kind and id."""
    rows = await tx.rows("SELECT kind, id, body FROM projection WHERE chain = ?", (chain,))
    return {(kind, key): json.loads(body) for kind, key, body in rows}


async def take_in(
    tx: Tx, written: Sequence[Entry], number: int, cache: dict[str, Incident]
) -> Incident:
    """Write a whole chain that came from elsewhere as INC-number, with its projections."""
    last = written[-1]
    await _open(tx, last.chain, number)
    for entry in written:
        await _write(tx, entry)
    await _move_head(tx, last.chain, last.seq, last.hash)
    after = await state(tx, last.chain, cache)
    assert after is not None
    await project(tx, None, after)
    await restricting.gather(whole(tx), last.chain, entries)
    tx.tell("entry", str(last.seq), last.chain)
    return after
