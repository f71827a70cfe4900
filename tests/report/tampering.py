"""A room to be tampered with, and what somebody with its file can do to it.

Whoever does it knows the program: triggers are taken away first and put back afterwards, and what
is called careful leaves every hash, count and table right again.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from conftest import START
from report.whole_night import BLOCKS, whole_night
from room.people import PLAN, as_, declared, post

from crisisroom.clock import ManualClock
from crisisroom.core.apply import documents, replay
from crisisroom.core.canonical import canonical
from crisisroom.core.timeline import (
    GENESIS,
    ROOM,
    Entry,
    Seal,
    personal_texts,
    seal,
    stamp,
    unmasked,
    unstamp,
)
from crisisroom.report import Problem
from crisisroom.report.anchor import Anchors, encode, parse
from crisisroom.room import (
    Actor,
    Room,
    anchoring,
    evidence,
    exporting,
    facts,
    importing,
    lifecycle,
    record,
    stopping,
    triage,
    verifying,
)
from crisisroom.room.evidence import Found
from crisisroom.store.log import body_of

replace = msgspec.structs.replace
TRIGGERS = ("entry_kept", "entry_unchanged", "sealed_kept", "sealed_erased")


class Ground(msgspec.Struct, frozen=True):
    """A sound room, older copies of it, and the anchors that were kept elsewhere."""

    room: Path
    olders: tuple[Path, ...]
    noted: Anchors


def built(folder: Path) -> Ground:
    """Make the room: three incidents, one of them with every kind of entry, came from elsewhere."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    return asyncio.run(_built(folder))


async def _built(folder: Path) -> Ground:
    clock, path = ManualClock(START), folder / "room.db"
    olders = tuple(_empty(folder / f"older-{number}.db") for number in range(3))
    lines: list[bytes] = []
    async with await Room.open(str(path), actor=Actor("ada"), clock=clock) as room:
        await declared(room)
        await facts.set_fact(room, "INC-1", "product", "the X1 kettle")
        await evidence.add(room, "INC-1", [Found("seen.txt", b"it burns")])
        await _worked_on(room, clock, "INC-1", 9)
        await room.store.copy_to(olders[0])
        await triage.ingest(room, [post("another one", "p9")])
        await lifecycle.declare(room, "Refunds late", playbook=PLAN, severity="sev3")
        await _worked_on(room, clock, "INC-2", 6)
        await exporting.note_export(room, await exporting.exportable(room, "INC-2"), "md", "legal")
        lines.append(encode(await anchoring.make(room)))
        await room.store.copy_to(olders[1])
        night = whole_night([one for one in BLOCKS if one != "moves"]).record
        await importing.take_in(room, night.entries, night.incident)  # nothing is on its way
        await stopping.stop(room, "wait", inc="INC-1")
        await stopping.resume(room, "go on")
        await room.store.copy_to(olders[2])
        await _worked_on(room, clock, "INC-1", 8)
        made = await anchoring.make(room)
        await anchoring.note(room, anchoring.BY_HAND, made, state="sent")
        await _worked_on(room, clock, "INC-2", 3)
        lines.append(encode(await anchoring.make(room)))
    return Ground(path, olders, parse(b"\n".join(lines), "kept elsewhere"))


def _empty(path: Path) -> Path:
    path.touch(0o600)
    return path


async def _worked_on(room: Room, clock: ManualClock, inc: str, many: int) -> None:
    """Leave entries of several kinds, by several people."""
    for number in range(many):
        clock.advance(47)
        who = as_(room, ("ada", "bo", "cy")[number % 3])
        match number % 3:
            case 0:
                await record.note(who, inc, f"note {number}: the plant called back")
            case 1:
                await record.decide(who, inc, f"decided {number}", "Legal says so")
            case _:
                await facts.set_fact(who, inc, "batch", f"{clock.now():%H%M%S}", source="the lab")


class Copy:
    """A copy of the room's file that somebody works on with SQL."""

    def __init__(self, path: Path, chance: Random, olders: Sequence[Path] = ()) -> None:
        self.path = path
        self.chance = chance
        self.olders = olders  # copies of the room as it was
        self.db = sqlite3.connect(path, isolation_level=None)

    def run(self, sql: str, *args: Any) -> None:
        """Run a statement."""
        self.db.execute(sql, args)

    def one(self, sql: str, *args: Any) -> Any:
        """Return the first column of the first row."""
        row = self.db.execute(sql, args).fetchone()
        return row[0] if row else None

    def chain(self) -> tuple[str, str]:
        """Return some chain, and what the room calls it."""
        rows = self.db.execute("SELECT id, number FROM chain ORDER BY id").fetchall()
        chain, number = self.chance.choice(rows)
        return chain, ROOM if number is None else f"INC-{number}"

    def incident(self) -> tuple[str, str]:
        """Return some incident's chain that was not exported or brought from elsewhere: INC-1."""
        return self.one("SELECT id FROM chain WHERE number = 1"), "INC-1"

    def last(self, chain: str) -> int:
        """Return the number of a chain's newest entry."""
        return int(self.one("SELECT max(seq) FROM entry WHERE chain = ?", chain))

    def some(self, chain: str, least: int = 1, before: int = 0) -> int:
        """Return some entry's number."""
        return self.chance.randint(least, self.last(chain) - before)

    def load(self, chain: str) -> list[Entry]:
        """Return a chain's entries."""
        found = []
        for row in self.db.execute(f"{_ENTRIES} WHERE chain = ? ORDER BY seq", (chain,)):
            texts = self.db.execute(
                "SELECT path, digest, salt, words FROM sealed WHERE chain = ? AND seq = ?",
                (chain, row[1]),
            ).fetchall()
            found.append(_entry(row, texts))
        return found

    def save(self, entries: Sequence[Entry]) -> None:
        """Write a whole chain in place of what stands there, with its head and its tables."""
        chain = entries[0].chain
        self.run("DELETE FROM sealed WHERE chain = ?", chain)
        self.run("DELETE FROM entry WHERE chain = ?", chain)
        for entry in entries:
            self.write(entry)
        last = entries[-1]
        self.run("UPDATE chain SET seq = ?, head = ? WHERE id = ?", last.seq, last.hash, chain)
        if chain != ROOM:
            self.project(entries)

    def write(self, entry: Entry) -> None:
        """Write one entry as it is."""
        self.run(
            "INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            *(entry.chain, entry.seq, entry.uid, entry.kind, entry.v, stamp(entry.at)),
            *(stamp(entry.recorded_at), entry.actor, entry.role, entry.source, body_of(entry)),
            *(entry.corrects, entry.prev_hash, entry.hash),
        )
        words = dict(personal_texts(entry))
        for path, held in entry.seals.items():
            self.run(
                "INSERT INTO sealed VALUES (?,?,?,?,?,?)",
                *(entry.chain, entry.seq, path, held.digest, held.salt, words[path]),
            )

    def project(self, entries: Sequence[Entry]) -> None:
        """Make the tables say what these entries say."""
        told = replay(entries)
        assert told is not None
        number = self.one("SELECT number FROM chain WHERE id = ?", entries[0].chain)
        told = replace(told, id=f"INC-{number}")
        self.run("DELETE FROM projection WHERE chain = ?", entries[0].chain)
        for (kind, key), body in documents(told).items():
            row = (entries[0].chain, kind, key, canonical(body).decode())
            self.run("INSERT INTO projection VALUES (?,?,?,?)", *row)

    def forget(self) -> None:
        """Take away all that tells, beside the logs, how long they were."""
        for table in ("command", "change", "anchor"):
            self.run(f"DELETE FROM {table}")


_ENTRIES = (
    "SELECT chain, seq, uid, kind, v, at, recorded_at, actor, role, source, data, corrects,"
    " prev_hash, hash FROM entry"
)


def _entry(row: Sequence[Any], texts: Sequence[tuple[str, str, str, str]]) -> Entry:
    words = {path: text for path, _, _, text in texts}
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
        seals={path: Seal(digest, salt) for path, digest, salt, _ in texts},
    )


def forged(entries: Sequence[Entry], since: int = 0) -> list[Entry]:
    """Return what a forger makes: from a position on, every number, link, seal and hash right."""
    made = [*entries[:since]]
    for entry in entries[since:]:
        previous = made[-1].hash if made else GENESIS
        fresh = replace(entry, seq=len(made) + 1, prev_hash=previous, hash="", seals={})
        made.append(seal(fresh, lambda: "5a17" * 8))
    return made


@contextmanager
def opened(room: Path, into: Path, chance: Random, olders: Sequence[Path] = ()) -> Iterator[Copy]:
    """Give a copy of a room to work on, without its triggers; they are put back in the end."""
    shutil.copyfile(room, into)
    copy = Copy(into, chance, olders)
    kept = {
        name: copy.one("SELECT sql FROM sqlite_master WHERE name = ?", name) for name in TRIGGERS
    }
    for name in TRIGGERS:
        copy.run(f"DROP TRIGGER {name}")
    yield copy
    for sql in kept.values():
        copy.run(sql)
    copy.db.close()


def problems_of(path: Path, noted: Anchors | None = None) -> list[Problem]:
    """Return what `verify` says of a room, the first bad entry first."""

    async def work() -> list[Problem]:
        clock = ManualClock(START + timedelta(days=1))
        async with await Room.open(str(path), actor=Actor("eve"), clock=clock) as room:
            return verifying.in_order(await verifying.verify(room, noted=noted))

    try:
        return asyncio.run(work())
    finally:
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)


class Expected(msgspec.Struct, frozen=True):
    """Where the first problem has to be, by how it begins; and whether only an anchor shows it."""

    where: tuple[str, ...]
    anchor: bool = False


Tamper = Callable[[Copy], Expected]
"""What somebody does to a room, and where the first problem then has to be named."""
