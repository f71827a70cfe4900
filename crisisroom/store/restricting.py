"""Who may see what: the incidents that are for named people, the entries that are for Legal.

Two small tables say it, written in the transaction of the entries that they follow from. In a room
where nobody restricted anything both are empty, and reading costs one look at them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import msgspec

from crisisroom.core.forlegal import Shut
from crisisroom.core.incident import Incident
from crisisroom.core.recorded import Visibility
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.store.tx import Tx

Read = Callable[[Tx, str, int, int], Awaitable[Sequence[Entry]]]
"""How entries of a chain are read: after a number, so many numbers further."""

_WINDOW = 500  # entries read at a time

# Both tables as they stand, always asked for in these words: a transaction asks a server once.
_WRITTEN = (
    "SELECT chain, person, 0 FROM restriction"
    " UNION ALL SELECT chain, author, seq FROM shut ORDER BY 1, 3, 2"
)


class Kept(msgspec.Struct, frozen=True):
    """What is kept from a person who has no part in Legal."""

    chains: frozenset[str] = frozenset()  # incidents that are for others
    numbers: tuple[int, ...] = ()  # of these incidents
    entries: dict[str, frozenset[int]] = {}  # for Legal, by chain; their own are not among them


NOTHING = Kept()


async def kept_from(tx: Tx, person: str) -> Kept:
    """Return what a person may not see, apart from what their part in Legal lets them."""
    rows = await tx.rows(_WRITTEN)
    if not rows:
        return NOTHING
    among: dict[str, bool] = {}
    entries: dict[str, set[int]] = {}
    for chain, name, seq in rows:
        if seq == 0:
            among[chain] = among.get(chain, False) or name == person
        elif name != person:
            entries.setdefault(chain, set()).add(seq)
    hidden = frozenset(chain for chain, seen in among.items() if not seen)
    return Kept(
        hidden,
        await _numbers(tx, hidden),
        {chain: frozenset(seqs) for chain, seqs in entries.items() if chain not in hidden},
    )


async def _numbers(tx: Tx, chains: Iterable[str]) -> tuple[int, ...]:
    named = json.dumps(sorted(chains))
    rows = await tx.rows(
        "SELECT number FROM chain WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number",
        (named,),
    )
    return tuple(int(row[0]) for row in rows)


async def follow(tx: Tx, before: Incident | None, after: Incident) -> None:
    """Write down for whom an incident is, where that changed; everybody then reads anew."""
    now = after.restricted_to
    if now == (before.restricted_to if before else ()):
        return
    await tx.run("DELETE FROM restriction WHERE chain = ?", (after.uid,))
    await tx.many(
        "INSERT INTO restriction (chain, person) VALUES (?, ?)", [(after.uid, one) for one in now]
    )
    tx.tell("reset")


async def shut_after(tx: Tx, written: Sequence[Entry], read: Read) -> None:
    """Write down which of these new entries of a chain are for Legal, with what follows of them.

    What was marked only now has the whole log looked through again, which is rare.
    """
    if not written or written[0].chain == ROOM:
        return
    chain = written[0].chain
    if any(one.kind == "entry.marked" for one in written):
        await gather(tx, chain, read)
        return
    known = await _known(tx, chain)
    if not known and not any(one.data.get("visibility") == "legal" for one in written):
        return
    found = Shut()
    found.written_by.update(known)
    if any(_repeats(one) for one in written):
        await _read_again(tx, chain, found, read)
    fresh = [entry.seq for entry in written if found.look_at(entry, {})]
    await _add(tx, chain, {seq: found.written_by[seq] for seq in fresh})


def _repeats(entry: Entry) -> bool:
    """Tell whether an entry may repeat what another names or shows; a person's words do not."""
    return entry.source in ("rule", "system") or entry.kind.startswith(("mention.", "evidence."))


async def _read_again(tx: Tx, chain: str, found: Shut, read: Read) -> None:
    """Have it know what the entries for Legal name and show, many of them read at a time."""
    known = dict(found.written_by)
    after = 0
    for seq in sorted(known):
        if seq > after:
            for entry in await read(tx, chain, seq - 1, _WINDOW):
                if entry.seq in known:
                    found.know(entry, known[entry.seq])
            after = seq - 1 + _WINDOW


async def gather(tx: Tx, chain: str, read: Read) -> None:
    """Write down anew which entries of a chain are for Legal; all read anew where that changed."""
    marks = await tx.rows(
        "SELECT seq FROM entry WHERE chain = ? AND kind = 'entry.marked' ORDER BY seq", (chain,)
    )
    marked: dict[str, Visibility] = {}
    for (seq,) in marks:
        for one in await read(tx, chain, seq - 1, 1):
            marked[f"{one.data['entry']}"] = one.data["visibility"]
    found, after = Shut(), 0
    while some := await read(tx, chain, after, _WINDOW):
        for one in some:
            found.look_at(one, marked)
        after = some[-1].seq
    if await _known(tx, chain) != found.written_by:
        await tx.run("DELETE FROM shut WHERE chain = ?", (chain,))
        await _add(tx, chain, found.written_by)
        tx.tell("reset")


async def written(tx: Tx) -> tuple[dict[str, set[str]], dict[str, dict[int, frozenset[str]]]]:
    """Return, by chain, for whom incidents are, and whose the entries for Legal are."""
    people: dict[str, set[str]] = {}
    for chain, person in await tx.rows("SELECT chain, person FROM restriction"):
        people.setdefault(chain, set()).add(person)
    every = await tx.rows("SELECT DISTINCT chain FROM shut ORDER BY chain")
    return people, {chain: await _known(tx, chain) for (chain,) in every}


async def _known(tx: Tx, chain: str) -> dict[int, frozenset[str]]:
    known: dict[int, frozenset[str]] = {}
    for where, author, seq in await tx.rows(_WRITTEN):
        if where == chain and seq:
            known[seq] = known.get(seq, frozenset()) | {author}
    return known


async def _add(tx: Tx, chain: str, found: Mapping[int, frozenset[str]]) -> None:
    rows = [(chain, seq, name) for seq, whose in found.items() for name in sorted(whose)]
    if rows:
        await tx.many("INSERT INTO shut (chain, seq, author) VALUES (?, ?, ?)", rows)
