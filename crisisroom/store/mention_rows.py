"""A mention as a row: which columns, in which order, and how they become a value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.mention import Author, Media, Mention
from crisisroom.core.timeline import unstamp
from crisisroom.store.tx import Tx

COLUMNS = (
    "m.id, m.uid, m.source, m.external_id, m.kind, m.handle, m.name, m.reach, m.text, m.url,"
    " m.lang, m.media, m.posted_at, m.seen_at, m.state, m.brand, m.account, m.reply_to,"
    " m.assignee, m.claimed_until, m.narrative, c.number, m.revision, m.tags, m.terms, m.others,"
    " m.direct, m.priority, m.complaint, m.why, m.verdict, m.copies, m.copy_of"
)
FROM = "mention AS m LEFT JOIN chain AS c ON c.id = m.incident"

MOST_RANGES = 16  # in which a batch of scattered changes is told; more are told as one
GAP = 64  # numbers between two changes that are told as one range

_media = msgspec.json.Decoder(tuple[Media, ...])
_why = msgspec.json.Decoder(tuple[str, ...])


def from_row(row: tuple[Any, ...]) -> Mention:
    """Return the mention that `COLUMNS` of `FROM` are."""
    return Mention(
        id=f"M-{row[0]}",
        number=row[0],
        uid=row[1],
        source=row[2],
        external_id=row[3],
        kind=row[4],
        author=Author(row[5], row[6], row[7]),
        text=row[8],
        url=row[9],
        lang=row[10],
        media=_media.decode(row[11]) if row[11] != "[]" else (),
        posted_at=_moment(row[12]),
        seen_at=_moment(row[13]),
        state=row[14],
        brand=row[15],
        account=row[16],
        reply_to=row[17],
        assignee=row[18],
        claimed_until=_moment(row[19]) if row[19] else None,
        narrative=row[20],
        incident=f"INC-{row[21]}" if row[21] is not None else "",
        revision=row[22],
        tags=tuple(row[23].split()),
        terms=tuple(row[24].split()),
        others=bool(row[25]),
        direct=bool(row[26]),
        priority=row[27] / 100,
        complaint=row[28] / 100,
        why=_why.decode(row[29]) if row[29] != "[]" else (),
        verdict=row[30],
        copies=row[31],
        copy_of=f"M-{row[32]}" if row[32] else "",
    )


def _moment(text: str) -> datetime:
    """Return the moment a row holds: as `unstamp` does, at a tenth of its cost in our own form."""
    ours = len(text) == 24 and text[23] == "Z"
    return datetime.fromisoformat(text) if ours else unstamp(text)


def percent(share: float) -> int:
    """Return a share from 0 to 1 as it is kept: whole hundredths."""
    return round(min(1.0, max(0.0, share)) * 100)


def as_list(numbers: Iterable[int]) -> str:
    """Return numbers as the JSON that `json_each` reads: one argument, however many there are."""
    return msgspec.json.encode(list(numbers)).decode()


def as_texts(texts: Iterable[str]) -> str:
    """Return texts as the JSON that `json_each` reads."""
    return msgspec.json.encode(list(texts)).decode()


def tell(tx: Tx, numbers: Sequence[int]) -> None:
    """Note which mentions changed, as few ranges; near ones are told as one."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if ranges and number - ranges[-1][1] <= GAP:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    if len(ranges) > MOST_RANGES:
        ranges = [(ranges[0][0], ranges[-1][1])]
    for low, high in ranges:
        tx.tell("mention", f"{low}-{high}")
