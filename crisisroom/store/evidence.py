"""What was kept, by the hash of its bytes: once, however many posts show it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx

NO_ROOM = "dropped: the room keeps no more bytes of pictures, and no incident cites it"


class Kept(msgspec.Struct, frozen=True):
    """Bytes that lie in the room: how many, and what they are by their magic."""

    sha256: str
    size: int  # bytes
    media: str
    at: datetime


async def keep(tx: Tx, data: bytes, sha256: str, media: str, now: datetime) -> None:
    """Keep bytes under their hash; what is here already stays as it is."""
    await tx.run(
        "INSERT INTO evidence (sha256, size, media, at, bytes) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (sha256) DO NOTHING",
        (sha256, len(data), media, stamp(now), data),
    )
    tx.tell("evidence", sha256)


async def kept(tx: Tx, hashes: Iterable[str]) -> dict[str, Kept]:
    """Return what lies in the room of these hashes."""
    rows = await tx.rows(
        "SELECT e.sha256, e.size, e.media, e.at FROM json_each(?) AS j"
        " CROSS JOIN evidence AS e ON e.sha256 = j.value",
        (as_texts(hashes),),
    )
    return {row[0]: Kept(row[0], row[1], row[2], unstamp(row[3])) for row in rows}


async def hashes(tx: Tx) -> tuple[str, ...]:
    """Return the hash of everything that lies in the room, the oldest first."""
    return tuple(row[0] for row in await tx.rows("SELECT sha256 FROM evidence ORDER BY at, sha256"))


async def content(tx: Tx, sha256: str) -> bytes | None:
    """Return the bytes with a hash, None where they are not here."""
    found = await tx.row("SELECT bytes FROM evidence WHERE sha256 = ?", (sha256,))
    return bytes(found[0]) if found else None


async def flaw(tx: Tx, sha256: str) -> str:
    """Return what is wrong with the bytes under a hash, empty where they are what it says."""
    found = await tx.row("SELECT bytes, size FROM evidence WHERE sha256 = ?", (sha256,))
    if found is None:
        return "its bytes are not in this room"
    if not isinstance(found[0], bytes) or hashlib.sha256(found[0]).hexdigest() != sha256:
        return "its bytes are not those that were kept"
    return "" if len(found[0]) == found[1] else "it is noted down with another size"


async def named(tx: Tx, begins: str) -> tuple[str, ...]:
    """Return the hashes that begin so, of bytes here and of pictures that posts show; 3 at most.

    `begins` is of hexadecimal digits only.
    """
    above = begins + "g"
    rows = await tx.rows(
        "SELECT sha256 FROM evidence WHERE sha256 >= ?1 AND sha256 < ?2"
        " UNION SELECT sha256 FROM picture WHERE sha256 != '' AND sha256 >= ?1 AND sha256 < ?2"
        " ORDER BY 1 LIMIT 3",
        (begins, above),
    )
    return tuple(row[0] for row in rows)


async def cited(tx: Tx) -> frozenset[str]:
    """Return the hashes that incidents cite, or cited."""
    rows = await tx.rows(
        "SELECT DISTINCT json_extract(data, '$.sha256') FROM entry WHERE kind = 'evidence.kept'"
    )
    return frozenset(row[0] for row in rows if isinstance(row[0], str))


async def used(tx: Tx) -> int:
    """Return how many bytes of pictures lie in the room."""
    found = await tx.row(
        "SELECT coalesce(sum(size), 0) FROM evidence WHERE sha256 IN"
        " (SELECT sha256 FROM picture WHERE sha256 != '')"
    )
    return int(found[0]) if found else 0


async def make_room(tx: Tx, need: int, budget: int) -> bool:
    """Drop the oldest pictures that no incident cites until so many bytes more fit the budget.

    False, and nothing is dropped, where they cannot.
    """
    over = await used(tx) + need - budget
    if over <= 0:
        return True
    rows = await tx.rows(
        "SELECT sha256, size FROM evidence WHERE sha256 IN"
        " (SELECT sha256 FROM picture WHERE sha256 != '')"
        " AND sha256 NOT IN (SELECT value FROM json_each(?)) ORDER BY at, sha256",
        (as_texts(await cited(tx)),),
    )
    going: list[str] = []
    for sha256, size in rows:
        going.append(sha256)
        over -= size
        if over <= 0:
            await drop(tx, going)
            return True
    return False


async def drop(tx: Tx, going: Sequence[str], why: str = NO_ROOM) -> int:
    """Delete bytes, and say so where posts show them; returns how many were here."""
    listed = as_texts(going)
    await tx.run(
        "UPDATE picture SET state = 'dropped', reason = ? WHERE state = 'kept' AND sha256 != ''"
        " AND sha256 IN (SELECT value FROM json_each(?))",
        (why, listed),
    )
    return await tx.run(
        "DELETE FROM evidence WHERE sha256 IN (SELECT value FROM json_each(?))", (listed,)
    )


async def forget_unshown(tx: Tx, hashes: Iterable[str], stay: frozenset[str]) -> int:
    """Delete those of these bytes that no post shows any more, but for what `stay` names."""
    rows = await tx.rows(
        "SELECT j.value FROM json_each(?) AS j WHERE NOT EXISTS"
        " (SELECT 1 FROM picture AS p WHERE p.sha256 != '' AND p.sha256 = j.value)",
        (as_texts(hashes),),
    )
    return await drop(tx, [row[0] for row in rows if row[0] not in stay])


async def held(tx: Tx) -> frozenset[str]:
    """Return the chains of the incidents of which nothing may go."""
    rows = await tx.rows(
        "SELECT chain, max(CASE WHEN kind = 'hold.set' THEN seq END),"
        " max(CASE WHEN kind = 'hold.lifted' THEN seq END) FROM entry"
        " WHERE kind IN ('hold.set', 'hold.lifted') GROUP BY chain"
    )
    return frozenset(chain for chain, held, lifted in rows if (held or 0) > (lifted or 0))


async def cited_by(tx: Tx, chains: Iterable[str]) -> frozenset[str]:
    """Return the uids of all mentions that incidents cite, or that their stories are told by."""
    listed = as_texts(chains)
    named = await tx.rows(
        "SELECT DISTINCT json_extract(e.data, '$.mention') FROM json_each(?) AS j"
        " CROSS JOIN entry AS e ON e.chain = j.value"
        " WHERE json_type(e.data, '$.mention') = 'text'",
        (listed,),
    )
    told = await tx.rows(
        "SELECT m.uid FROM mention AS m WHERE m.narrative != '' AND m.narrative IN"
        " (SELECT DISTINCT 'N-' || n.id FROM json_each(?) AS j"
        "  CROSS JOIN entry AS e ON e.chain = j.value AND e.kind = 'narrative.linked'"
        "  CROSS JOIN narrative AS s ON s.uid = json_extract(e.data, '$.narrative')"
        "  CROSS JOIN narrative AS n ON n.id = s.id OR n.into_id = s.id)",
        (listed,),
    )
    return frozenset(row[0] for row in (*named, *told))


async def cited_in(tx: Tx, chains: Iterable[str]) -> frozenset[str]:
    """Return the hashes that these incidents cite, or cited."""
    rows = await tx.rows(
        "SELECT DISTINCT json_extract(e.data, '$.sha256') FROM json_each(?) AS j"
        " CROSS JOIN entry AS e ON e.chain = j.value WHERE e.kind = 'evidence.kept'",
        (as_texts(chains),),
    )
    return frozenset(row[0] for row in rows if isinstance(row[0], str))


async def edited(tx: Tx, chain: str) -> dict[str, frozenset[str]]:
    """Return the hashes of what edited posts said by an incident's record, by the post's uid."""
    rows = await tx.rows(
        "SELECT json_extract(data, '$.mention'), json_extract(data, '$.sha256') FROM entry"
        " WHERE chain = ? AND kind = 'mention.edited' AND json_type(data, '$.sha256') = 'text'",
        (chain,),
    )
    found: dict[str, frozenset[str]] = {}
    for uid, sha256 in rows:
        found[uid] = found.get(uid, frozenset()) | {sha256}
    return found


async def came_from_elsewhere(tx: Tx, chain: str) -> bool:
    """Tell whether an incident was imported: what it cites stayed where it happened."""
    found = await tx.row(
        "SELECT 1 FROM entry WHERE chain = 'room' AND kind = 'import.made'"
        " AND json_extract(data, '$.incident') = ?",
        (chain,),
    )
    return found is not None
