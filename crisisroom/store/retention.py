"""Strangers in incidents that are long over: what tells of them goes, the skeleton stays."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crisisroom.core.persons import Finder, Person
from crisisroom.core.timeline import ERASED, stamp
from crisisroom.store import evidence, log
from crisisroom.store.erase import InChain, Sought, known_of
from crisisroom.store.tx import Tx

_OURS = "statement."  # what we said in public stays, whoever is in it

# Fields that are strangers' own, by kind of entry; "" stands for any kind about a post.
_THEIRS: Mapping[str, frozenset[str]] = {
    "": frozenset({"text", "handle", "name", "quote", "url", "external_id"}),
    "enquiry.added": frozenset({"text", "name", "to", "quote"}),
    "narrative.linked": frozenset({"text", "quote"}),
    "evidence.kept": frozenset({"text", "name", "url"}),
}


async def over(tx: Tx, before: datetime) -> tuple[str, ...]:
    """Return the incidents resolved before then, by chain, that tell of strangers and may go.

    Not those on hold, nor those opened again.
    """
    rows = await tx.rows(
        "SELECT e.chain, e.kind, e.recorded_at FROM entry AS e JOIN (SELECT chain, max(seq) AS seq"
        " FROM entry WHERE kind IN ('incident.resolved', 'incident.reopened') GROUP BY chain) AS n"
        " ON n.chain = e.chain AND n.seq = e.seq ORDER BY e.chain",
    )
    held = await evidence.held(tx)
    resolved = [
        row[0]
        for row in rows
        if row[1] == "incident.resolved" and row[2] < stamp(before) and row[0] not in held
    ]
    return tuple([chain for chain in resolved if await _tells(tx, chain)])


async def _tells(tx: Tx, chain: str) -> bool:
    found = await tx.row(
        "SELECT 1 FROM entry AS e JOIN sealed AS s ON s.chain = e.chain AND s.seq = e.seq"
        " WHERE e.chain = ? AND e.kind IN ('mention.linked', 'enquiry.added')"
        " AND s.path IN ('data.quote', 'data.handle', 'data.name')"
        f" AND s.words NOT IN ('', '{ERASED}') LIMIT 1",
        (chain,),
    )
    return found is not None


async def strangers(tx: Tx, chain: str) -> Sought:
    """Return everybody outside of whom an incident tells: authors of its posts, and enquirers."""
    rows = await tx.rows(
        "SELECT e.seq, e.kind, json_extract(e.data, '$.mention'), s.path, s.words FROM entry AS e"
        " JOIN sealed AS s ON s.chain = e.chain AND s.seq = e.seq WHERE e.chain = ?"
        " AND e.kind IN ('mention.linked', 'enquiry.added')"
        f" AND s.words NOT IN ('', '{ERASED}')",
        (chain,),
    )
    by_entry: dict[int, dict[str, str]] = defaultdict(dict)
    uids: dict[int, str] = {}
    for seq, _, uid, path, words in rows:
        by_entry[seq][path] = words
        if uid:
            uids[seq] = uid
    order = sorted(by_entry)
    persons = tuple(_person(by_entry[seq]) for seq in order)
    of_uids = {uids[seq]: who for who, seq in enumerate(order) if seq in uids}
    numbers: dict[int, str] = dict(
        await tx.rows(
            "SELECT m.id, m.uid FROM json_each(?) AS j JOIN mention AS m ON m.uid = j.value",
            (json.dumps(list(of_uids)),),
        )
    )
    needed = await _needed(tx, chain)
    of_numbers = {number: of_uids[uid] for number, uid in numbers.items() if uid not in needed}
    known, every = await known_of(tx, persons, of_numbers, of_uids)
    return Sought(Finder(known), of_numbers, every)


async def _needed(tx: Tx, chain: str) -> frozenset[str]:
    """Return the uids of posts that another incident cites too: its own time has not come."""
    others = [one for one, _ in await log.chains(tx) if one != chain]
    return await evidence.cited_by(tx, others)


def _person(texts: Mapping[str, str]) -> Person:
    """Return who an entry tells of; a handle counts with its sign only: there are many of them."""
    name = texts.get("data.name", "")
    to = texts.get("data.to", "")
    return Person(
        handle=texts.get("data.handle", ""),
        names=(name,) if len(name.split()) > 1 else (),
        mails=(to,) if "@" in to else (),
        phones=(to,) if to and "@" not in to else (),
        bare=False,
    )


async def in_chain(tx: Tx, chain: str, sought: Sought) -> InChain:
    """Return where an incident tells of strangers, but for what we said in public."""
    rows = await tx.rows(
        "SELECT s.seq, s.path, s.words, e.kind, json_extract(e.data, '$.mention') FROM sealed AS s"
        " JOIN entry AS e ON e.chain = s.chain AND e.seq = s.seq"
        f" WHERE s.chain = ? AND s.words NOT IN ('', '{ERASED}') ORDER BY s.seq",
        (chain,),
    )
    texts = tuple(
        (seq, path) for seq, path, words, kind, uid in rows if _goes(sought, path, words, kind, uid)
    )
    return InChain(chain, texts)


def _goes(sought: Sought, path: str, words: str, kind: str, uid: Any) -> bool:
    if kind.startswith(_OURS):
        return False
    field = path.removeprefix("data.")
    if field in _THEIRS.get(kind, ()) or (uid and field in _THEIRS[""]):
        return True
    return bool(sought.finder.who(words, quotes=not kind.startswith("reply.")))
