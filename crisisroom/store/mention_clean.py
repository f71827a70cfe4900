"""What of a stranger's mention goes into a row: every text cleaned, and what it is known by."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.core.mention import Incoming, Media
from crisisroom.core.timeline import stamp
from crisisroom.store.ids import uuid7
from crisisroom.store.tx import Row
from crisisroom.store.words import Spoken
from crisisroom.text import clean, clean_line, lossless

COLUMNS = (
    "id, uid, source, external_id, kind, brand, account, handle, name, reach, text, url, lang,"
    " media, reply_to, posted_at, seen_at, revision, terms, others, direct"
)

_PLAIN = re.compile(r"(?:[!-~]+(?: [!-~]+)*)?")

Key = tuple[str, str]  # the source, and the id there


class Marks(msgspec.Struct, frozen=True):
    """What the watched words say of a mention: ids of terms, and whether only others' are in it."""

    terms: tuple[str, ...] = ()
    others: bool = False


def key_of(item: Incoming, sha256: str) -> Key:
    """Return what a mention is known by: its source and its id there, else what it says."""
    return _line(item.source), _line(item.external_id, limit=1000) or f"sha256:{sha256}"


def _line(raw: str, limit: int = 500) -> str:
    """Return `clean_line` of a text, which most often is clean already: that is seen quickly."""
    if len(raw) <= limit and _PLAIN.fullmatch(raw):
        return raw
    return clean_line(raw, limit=limit)


def fingerprint(item: Incoming) -> str:
    """Return the hash by which an edit is told: of the words and their author."""
    author = item.author.handle or item.author.name
    return hashlib.sha256(lossless(item.text) + b"\0" + lossless(author)).hexdigest()


def fingerprint_of(key: Key) -> int:
    """Return the number under which a purged mention is remembered; nothing can be read in it."""
    whole = hashlib.sha256("\0".join(key).encode()).digest()
    return int.from_bytes(whole[:8], "big", signed=True)


def fields(
    number: int, revision: int, key: Key, item: Incoming, marks: Marks, now: datetime
) -> Row:
    """Return a new mention's row, in the order of `COLUMNS`; a time to come is not believed."""
    posted, at = item.posted_at, stamp(now)
    return (
        number,
        uuid7(now),
        *key,
        item.kind,
        _line(item.brand),
        _line(item.account),
        _line(item.author.handle, limit=200),
        _line(item.author.name, limit=200),
        item.author.reach,
        clean(item.text),
        _line(item.url, limit=2000),
        _line(item.lang, limit=35),
        _media(item.media) if item.media else "[]",
        _line(item.reply_to, limit=1000),
        stamp(posted) if posted is not None and posted < now else at,
        at,
        revision,
        " ".join(marks.terms),
        int(marks.others),
        int(item.direct),
    )


def spoken(row: Row) -> Spoken:
    """Return what the word index keeps of a row of `COLUMNS`."""
    return row[0], row[7], row[8], row[10]


def _media(media: Sequence[Media]) -> str:
    return msgspec.json.encode([_clean_media(one) for one in media[:16]]).decode()


def _clean_media(media: Media) -> Media:
    return Media(
        _line(media.kind, limit=40),
        _line(media.url, limit=2000),
        _line(media.alt),
        _line(media.sha256, limit=64),
    )


def author_of(item: Incoming) -> bytes:
    """Return the author as the source gave it, for evidence."""
    return json.dumps([item.author.handle, item.author.name]).encode()  # ASCII: loses nothing
