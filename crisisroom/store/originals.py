"""What authors wrote, to the byte, each time it was seen: an edit is one more, never another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

import msgspec

from crisisroom.core.timeline import unstamp
from crisisroom.store.mention_rows import as_texts
from crisisroom.store.tx import Tx
from crisisroom.text import lossless


class Revision(msgspec.Struct, frozen=True):
    """One version of a post: its bytes, their hash, and its author as the source named them.

    `whole` is the hash of the text and its author together, by which an edit is told.
    """

    number: int
    at: datetime
    text: bytes
    sha256: str  # of the text's bytes
    handle: str
    name: str
    whole: str

    @property
    def sound(self) -> bool:
        """Whether text and author are those that were seen."""
        author = lossless(self.handle or self.name)
        return hashlib.sha256(self.text + b"\0" + author).hexdigest() == self.whole


async def revisions(tx: Tx, mention: int) -> tuple[Revision, ...]:
    """Return every version of a post that was seen, oldest first, by the post's row."""
    rows = await tx.rows(
        "SELECT revision, at, text, author, sha256 FROM original WHERE mention = ?"
        " ORDER BY revision",
        (mention,),
    )
    return tuple(_from_row(row) for row in rows)


async def of_uids(tx: Tx, uids: Iterable[str]) -> dict[str, tuple[Revision, ...]]:
    """Return every version of posts by the posts' uids; of one that is not here, nothing."""
    rows = await tx.rows(
        "SELECT m.uid, o.revision, o.at, o.text, o.author, o.sha256 FROM json_each(?) AS j"
        " CROSS JOIN mention AS m ON m.uid = j.value CROSS JOIN original AS o ON o.mention = m.id"
        " ORDER BY m.id, o.revision",
        (as_texts(uids),),
    )
    found: dict[str, tuple[Revision, ...]] = {}
    for uid, *row in rows:
        found[uid] = (*found.get(uid, ()), _from_row(tuple(row)))
    return found


def _from_row(row: tuple[int, str, bytes, bytes, str]) -> Revision:
    text = bytes(row[2])
    handle, name = _author(bytes(row[3]))
    return Revision(
        number=row[0],
        at=unstamp(row[1]),
        text=text,
        sha256=hashlib.sha256(text).hexdigest(),
        handle=handle,
        name=name,
        whole=row[4],
    )


def _author(kept: bytes) -> tuple[str, str]:
    """Return handle and name as they came; empty where the bytes were changed from outside."""
    try:
        handle, name = json.loads(kept)
    except (ValueError, TypeError):
        return "", ""
    return str(handle), str(name)
