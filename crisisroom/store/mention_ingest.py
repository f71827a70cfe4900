"""Taking mentions in by batches: what is known is looked up once, what is new written at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.mention import Incoming
from crisisroom.core.timeline import stamp
from crisisroom.store import pictures
from crisisroom.store.mention_clean import (
    COLUMNS,
    Key,
    Marks,
    author_of,
    fields,
    fingerprint,
    fingerprint_of,
    key_of,
    spoken,
)
from crisisroom.store.mention_rows import as_list
from crisisroom.store.tx import Tx
from crisisroom.text import clean, lossless

TOP = "mention.top"  # the room's highest number once its newest mentions were purged

_INSERT = f"INSERT INTO mention ({COLUMNS}) VALUES ({','.join('?' * 21)})"
_KNOWN = (
    "SELECT m.source, m.external_id, m.id, m.revision, o.sha256 FROM json_each(?) AS j"
    " CROSS JOIN mention AS m ON m.source = json_extract(j.value, '$[0]')"
    " AND m.external_id = json_extract(j.value, '$[1]')"
    " CROSS JOIN original AS o ON o.mention = m.id AND o.revision = m.revision"
)


class Ingested(msgspec.Struct, frozen=True):
    """What a batch came to: row numbers of new and edited mentions, and how many were known."""

    added: tuple[int, ...] = ()
    edited: tuple[int, ...] = ()
    known: int = 0


class _Row(msgspec.Struct):
    """A mention as this batch leaves it; `item` is its newest version here."""

    number: int
    revision: int
    sha256: str
    item: Incoming
    marks: Marks | None


class _Batch(msgspec.Struct):
    """What a batch comes to, in the order in which it was handed in."""

    known: dict[Key, tuple[int, int, str]]
    top: int
    gone: set[int]
    rows: dict[Key, _Row] = {}
    originals: list[tuple[int, int, Incoming, str]] = []
    added: list[int] = []
    edited: list[int] = []
    unchanged: int = 0

    def take(self, key: Key, item: Incoming, sha256: str, marks: Marks | None) -> None:
        """Decide what one item is: new, an edit, or known."""
        known = self._latest(key)
        if known is None and self.gone and fingerprint_of(key) in self.gone:
            self.unchanged += 1
        elif known is None:
            self.top += 1
            self._keep(key, _Row(self.top, 1, sha256, item, marks))
            self.added.append(self.top)
        elif known[2] == sha256:
            self.unchanged += 1
        else:
            self._keep(key, _Row(known[0], known[1] + 1, sha256, item, marks))
            self.edited.append(known[0])

    def _latest(self, key: Key) -> tuple[int, int, str] | None:
        row = self.rows.get(key)
        return (row.number, row.revision, row.sha256) if row else self.known.get(key)

    def _keep(self, key: Key, row: _Row) -> None:
        before = self.rows.get(key)
        if before is not None:
            row = _Row(row.number, row.revision, row.sha256, _edited(before.item, row), row.marks)
        self.rows[key] = row
        self.originals.append((row.number, row.revision, row.item, row.sha256))


def _edited(first: Incoming, row: _Row) -> Incoming:
    """Return what is kept of an edit: the new words, all else as it was."""
    return msgspec.structs.replace(first, text=row.item.text)


async def ingest(
    tx: Tx, items: Sequence[Incoming], now: datetime, marks: Sequence[Marks] | None = None
) -> Ingested:
    """Write a batch: new ones added, changed ones kept as edits, known ones counted.

    `marks` go with the items one by one. What was purged does not come back.
    """
    if marks is not None and len(marks) != len(items):
        raise ValueError(f"{len(items)} items need as many marks, not {len(marks)}")
    prints = [fingerprint(item) for item in items]
    keys = [key_of(item, sha256) for item, sha256 in zip(items, prints, strict=True)]
    top, any_gone = await _top(tx)
    gone = await _gone(tx, keys) if any_gone else set()
    batch = _Batch(await _known(tx, keys), top, gone)
    for index, (key, item, sha256) in enumerate(zip(keys, items, prints, strict=True)):
        batch.take(key, item, sha256, marks[index] if marks is not None else None)
    await _write(tx, batch, now)
    if batch.added or batch.edited:
        numbers = (*batch.added, *batch.edited)
        tx.tell("mention", f"{min(numbers)}-{max(numbers)}")
    return Ingested(tuple(batch.added), tuple(batch.edited), batch.unchanged)


async def _known(tx: Tx, keys: Iterable[Key]) -> dict[Key, tuple[int, int, str]]:
    asked = msgspec.json.encode(list(dict.fromkeys(keys))).decode()
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in await tx.rows(_KNOWN, (asked,))}


async def _top(tx: Tx) -> tuple[int, bool]:
    """Return the highest number ever given, and whether any mention was purged.

    An id never means another mention later.
    """
    found = await tx.row(
        "SELECT coalesce(max(id), 0), (SELECT value FROM room WHERE key = ?),"
        " (SELECT key FROM gone LIMIT 1) FROM mention",
        (TOP,),
    )
    assert found is not None
    return max(int(found[0]), int(found[1] or 0)), found[2] is not None


async def _gone(tx: Tx, keys: Sequence[Key]) -> set[int]:
    asked = as_list(fingerprint_of(key) for key in keys)
    rows = await tx.rows(
        "SELECT g.key FROM json_each(?) AS j "
        " CROSS JOIN gone AS g ON g.key = CAST(j.value AS INTEGER)",
        (asked,),
    )
    return {row[0] for row in rows}


async def _write(tx: Tx, batch: _Batch, now: datetime) -> None:
    fresh = set(batch.added)
    changed = [row for row in batch.rows.values() if row.number not in fresh]
    if fresh:
        await _add(tx, batch, fresh, now)
    if changed:
        await _edit(tx, changed)
    if batch.originals:
        await _keep_originals(tx, batch.originals, now)


async def _add(tx: Tx, batch: _Batch, fresh: set[int], now: datetime) -> None:
    minute = stamp(now)[:16]
    new = [(key, row) for key, row in batch.rows.items() if row.number in fresh]
    made = [
        fields(row.number, row.revision, key, row.item, row.marks or Marks(), now)
        for key, row in new
    ]
    await tx.many(_INSERT, made)
    await tx.words.add(tx, sorted(fresh), [spoken(row) for row in made])
    await _say(tx, [row for _, row in new])
    await pictures.note(tx, [(row.number, row.item.media) for _, row in new if row.item.media])
    await tx.many(
        "INSERT INTO minute (source, minute, mentions) VALUES (?, ?, ?)"
        " ON CONFLICT (source, minute) DO UPDATE SET"
        " mentions = minute.mentions + excluded.mentions",
        [(source, minute, times) for source, times in Counter(key[0] for key, _ in new).items()],
    )


async def _say(tx: Tx, rows: Iterable[_Row]) -> None:
    said = [
        (term, row.number) for row in rows for term in dict.fromkeys((row.marks or Marks()).terms)
    ]
    if said:
        await tx.many("INSERT INTO said (term, mention) VALUES (?, ?) ON CONFLICT DO NOTHING", said)


async def _edit(tx: Tx, changed: Sequence[_Row]) -> None:
    """Change the words of known mentions; their terms where they were looked up anew."""
    numbers = [row.number for row in changed]
    await tx.words.forget(tx, numbers)
    await tx.many(
        "UPDATE mention SET text = ?, revision = ? WHERE id = ?",
        [(clean(row.item.text), row.revision, row.number) for row in changed],
    )
    await tx.words.add(tx, numbers)
    if looked := [row for row in changed if row.marks is not None]:
        await forget_terms(tx, as_list(row.number for row in looked))
        await tx.many(
            "UPDATE mention SET terms = ?, others = ? WHERE id = ?",
            [
                (" ".join(row.marks.terms), int(row.marks.others), row.number)
                for row in looked
                if row.marks is not None
            ],
        )
        await _say(tx, looked)


async def forget_terms(tx: Tx, numbers: str) -> None:
    """Take mentions, a JSON list of numbers, out of what watched terms are said in."""
    rows = await tx.rows(
        "SELECT id, terms FROM mention WHERE terms != '' AND id IN"
        " (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (numbers,),
    )
    pairs = [(term, number) for number, terms in rows for term in terms.split()]
    await tx.many("DELETE FROM said WHERE term = ? AND mention = ?", pairs)


async def _keep_originals(
    tx: Tx, versions: Iterable[tuple[int, int, Incoming, str]], now: datetime
) -> None:
    at = stamp(now)
    await tx.many(
        "INSERT INTO original VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, revision, at, lossless(item.text), author_of(item), sha256)
            for number, revision, item, sha256 in versions
        ],
    )
