"""Early warnings on disk: whole values, with what lists and the rule look for beside them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crisisroom.core.candidate import Candidate
from crisisroom.core.query import numbered
from crisisroom.core.timeline import stamp
from crisisroom.store.eyes import whole
from crisisroom.store.tx import Tx

_decoder = msgspec.json.Decoder(Candidate)


async def next_number(tx: Tx) -> int:
    """Return the number the next early warning gets."""
    found = await whole(tx).row("SELECT max(id) FROM candidate")
    return int(found[0] or 0) + 1 if found else 1


async def add(tx: Tx, made: Candidate) -> Candidate:
    """Write a new early warning; without an id it gets the next one."""
    if not made.id:
        made = msgspec.structs.replace(made, id=f"C-{await next_number(tx)}")
    await tx.run(
        "INSERT INTO candidate (id, uid, at, term, state, signal, body) VALUES (?,?,?,?,?,?,?)",
        (
            numbered(made.id, "C-"),
            made.uid,
            stamp(made.at),
            made.term,
            made.state,
            made.signal,
            _body(made),
        ),
    )
    tx.tell("candidate", made.id)
    return made


async def replace(tx: Tx, changed: Candidate) -> None:
    """Write an early warning as it is now."""
    await tx.run(
        "UPDATE candidate SET state = ?, body = ? WHERE id = ?",
        (changed.state, _body(changed), numbered(changed.id, "C-")),
    )
    tx.tell("candidate", changed.id)


def _body(one: Candidate) -> str:
    return msgspec.json.encode(one).decode()


async def get(tx: Tx, number: int) -> Candidate | None:
    """Return the early warning C-number."""
    found = await tx.row("SELECT body FROM candidate WHERE id = ?", (number,))
    return _decoder.decode(found[0]) if found else None


async def by_signal(tx: Tx, uid: str) -> Candidate | None:
    """Return the early warning that the rule's signal with this uid raised."""
    found = await tx.row(
        "SELECT body FROM candidate WHERE signal = ? ORDER BY id DESC LIMIT 1", (uid,)
    )
    return _decoder.decode(found[0]) if found else None


async def recent(tx: Tx, states: Sequence[str] = (), limit: int = 200) -> tuple[Candidate, ...]:
    """Return the early warnings in these states (all without any), the newest first."""
    where = f"WHERE state IN ({','.join('?' * len(states))})" if states else ""
    rows = await tx.rows(
        f"SELECT body FROM candidate {where} ORDER BY id DESC LIMIT ?", (*states, limit)
    )
    return tuple(_decoder.decode(row[0]) for row in rows)
