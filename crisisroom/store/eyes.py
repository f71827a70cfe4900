"""A transaction as one person sees it: what is not for them is not there.

Every query is asked through views of the tables that leave out what is kept from the person, put
in front of it under the tables' own names. A query that nobody thought of therefore sees no more
than the others, and one that these views do not fit fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.forlegal import added_by, withheld, without
from crisisroom.core.incident import Incident
from crisisroom.core.links import Link
from crisisroom.core.timeline import Entry
from crisisroom.store.restricting import Kept, kept_from
from crisisroom.store.tx import Row, Tx
from crisisroom.store.views import read_of, refuse_to_read, through

Read = Callable[[Tx, str, int], AsyncIterator[Entry]]
"""How entries of a chain are read: all after a number, a window at a time."""


class Memory(msgspec.Struct):
    """An incident as it was last narrowed for a person, to be gone on with."""

    shut: frozenset[int]
    told: Incident | None = None
    named: frozenset[Link] = frozenset()


class Eyes(msgspec.Struct, frozen=True):
    """Who looks: their name, and whether the holders of these roles make them a part of Legal."""

    person: str
    in_legal: Callable[[Mapping[str, str]], bool]
    memories: dict[str, Memory]  # by chain


class SeenTx(Tx):
    """A transaction through which one person looks; what it writes is written as it is.

    While writing, decisions rest on the whole of an incident: only whole incidents are kept back.
    """

    def __init__(self, under: Tx, eyes: Eyes, *, writing: bool) -> None:
        super().__init__(under._connection, under.doing)
        self.under = under
        self.eyes = eyes
        self.notes = under.notes
        self.authors = under.authors
        self._writing = writing
        self._kept: Kept | None = None

    async def rows(self, sql: str, args: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a query that this person may see."""
        return await self.under.rows(await self._asked(sql), args)

    async def batches(
        self, sql: str, args: Sequence[Any] = (), size: int = 500
    ) -> AsyncIterator[list[Row]]:
        """Yield the rows of a query that this person may see, so many at a time."""
        async for some in self.under.batches(await self._asked(sql), args, size):
            yield some

    async def run(self, sql: str, args: Sequence[Any] = ()) -> int:
        """Run one statement, which reads of no incident; returns how many rows it changed."""
        refuse_to_read(sql)
        return await self.under.run(sql, args)

    async def many(self, sql: str, args: Iterable[Sequence[Any]]) -> None:
        """Run one statement, which reads of no incident, for many rows."""
        refuse_to_read(sql)
        await self.under.many(sql, args)

    async def _asked(self, sql: str) -> str:
        """Return a query as it is asked for this person."""
        if not read_of(sql):
            return sql
        kept = await self.kept()
        if self._writing:  # decisions rest on the whole of an incident
            kept = msgspec.structs.replace(kept, entries={})
        if not kept.chains and not kept.entries:
            return sql
        return through(sql, kept, self.engine)

    async def kept(self) -> Kept:
        """Return what is kept from this person, as of this transaction."""
        if self._kept is None:
            found = await kept_from(self.under, self.eyes.person)
            self._kept = await self._unless_legal(found)
        return self._kept

    async def _unless_legal(self, found: Kept) -> Kept:
        if not found.entries:
            return found
        shut = {
            chain: seqs
            for chain, seqs in found.entries.items()
            if not self.eyes.in_legal(await _holders(self.under, chain))
        }
        return msgspec.structs.replace(found, entries=shut)

    async def seen(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Return entries of the room's own chain; not those that name an incident kept back."""
        kept = await self.kept()
        if not kept.chains:
            return entries
        names = "|".join(map(str, kept.numbers)) or "0"
        told = re.compile(rf"\bINC-(?:{names})(?![0-9])|{'|'.join(kept.chains)}", re.IGNORECASE)
        return tuple(one for one in entries if not told.search(f"{one.text} {_words(one)}"))

    async def narrowed(self, state: Incident, read: Read) -> Incident | None:
        """Return an incident as this person sees it; None where they do not."""
        if state.uid in (await self.kept()).chains:
            return None
        return state if self._writing else await self.as_read(state, read)

    async def as_read(self, state: Incident, read: Read, *, bare: bool = True) -> Incident:
        """Return an incident without what is for Legal and not for this person.

        With `bare` the things that were added so are not there at all; else they stand there
        without their words, so that what is decided now takes none of their numbers.
        """
        if self._writing:
            self._kept = None  # this transaction may have written more of it
        shut = (await self.kept()).entries.get(state.uid)
        if not shut:
            return state
        told, named = await self._without(state, shut, read)
        return without(told, named if bare else ())

    async def _without(
        self, state: Incident, shut: frozenset[int], read: Read
    ) -> tuple[Incident, frozenset[Link]]:
        """Return an incident told without some words, and what they name."""
        memory = self.eyes.memories.get(state.uid)
        if memory is None or not _goes_on(memory, state, shut):
            memory = Memory(shut)
        told, named = memory.told, memory.named
        async for entry in read(self.under, state.uid, told.seq if told else 0):
            if memory.told and entry.kind == "words.erased":  # what is known still has them in it
                del self.eyes.memories[state.uid]
                return await self._without(state, shut, read)
            if entry.seq in shut:
                named |= added_by(entry)
                entry = withheld(entry)
            told = apply(told, entry)
        assert told is not None
        told = msgspec.structs.replace(told, id=state.id)
        self.eyes.memories[state.uid] = Memory(shut, told, named)
        return told, named


def _goes_on(memory: Memory, state: Incident, shut: frozenset[int]) -> bool:
    """Tell whether what was narrowed before is a beginning of what is narrowed now."""
    seq = memory.told.seq if memory.told else 0
    before = frozenset(one for one in shut if one <= seq)
    return seq <= state.seq and before == frozenset(one for one in memory.shut if one <= seq)


def whole(tx: Tx) -> Tx:
    """Return the transaction as nobody's: for what has to hold for the whole room."""
    return tx.under if isinstance(tx, SeenTx) else tx


async def _holders(tx: Tx, chain: str) -> dict[str, str]:
    """Return who holds which role of an incident; without a holder it is nobody's."""
    rows = await tx.rows(
        "SELECT id, body FROM projection WHERE chain = ? AND kind = 'role'", (chain,)
    )
    return {name: json.loads(body)["holder"] for name, body in rows}


def _words(entry: Entry) -> str:
    return json.dumps(entry.data, ensure_ascii=False)
