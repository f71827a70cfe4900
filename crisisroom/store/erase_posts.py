"""Persons in posts: theirs are deleted, those of others keep what is not about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.persons import Finder
from crisisroom.store import evidence, pictures, purge
from crisisroom.store.erase import PAGE, Sought
from crisisroom.store.erase_tables import cleaned, cleaned_json, readable
from crisisroom.store.mention_clean import fingerprint_of
from crisisroom.store.mention_rows import as_list, as_texts, tell
from crisisroom.store.tx import Tx
from crisisroom.text import from_lossless, lossless

_PLAIN = ("handle", "name", "text", "url", "reply_to")
_JSON = ("media", "why")
_COLUMNS = (*_PLAIN, *_JSON)


async def others(tx: Tx, sought: Sought, after: int) -> tuple[int, tuple[int, ...]]:
    """Return which of the next posts by others name them, and the number to go on from."""
    rows = await tx.rows(
        f"SELECT id, external_id, {', '.join(_COLUMNS)} FROM mention WHERE id > ?"
        " ORDER BY id LIMIT ?",
        (after, PAGE),
    )
    if not rows:
        return 0, ()
    named = sought.finder.named
    found = {row[0] for row in rows if named("\n".join(row[1:]))}
    originals = await tx.rows(
        "SELECT mention, text, author FROM original WHERE mention > ? AND mention <= ?",
        (after, rows[-1][0]),
    )
    found |= {
        number
        for number, text, author in originals
        if number not in found and named(f"{_text(text)}\n{_author(author)}")
    }
    return rows[-1][0], tuple(sorted(found - sought.numbers.keys()))


def _text(kept: bytes) -> str:
    try:
        return from_lossless(bytes(kept))
    except UnicodeDecodeError:
        return bytes(kept).decode("utf-8", "replace")


def _author(kept: bytes) -> str:
    try:
        return " \n".join(str(one) for one in msgspec.json.decode(kept))
    except (msgspec.DecodeError, TypeError):
        return _text(kept)


async def reword(tx: Tx, sought: Sought, numbers: Sequence[int]) -> None:
    """Take persons out of what others posted: what is said of them, and all where it quotes them.

    The hash of an original stays, so that the same post is not news to the next poll.
    """
    finder, listed = sought.finder, as_list(numbers)
    await tx.words.forget(tx, numbers)
    rows = await tx.rows(
        f"SELECT id, source, external_id, {', '.join(_COLUMNS)} FROM mention"
        " WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (listed,),
    )
    for number, source, external_id, *values in rows:
        after = [
            cleaned_json(finder, value) if column in _JSON else cleaned(finder, value)
            for column, value in zip(_COLUMNS, values, strict=True)
        ]
        await tx.run(
            f"UPDATE mention SET {', '.join(f'{one} = ?' for one in _COLUMNS)} WHERE id = ?",
            (*after, number),
        )
        if finder.named(external_id):
            await _rename(tx, number, source, external_id)
    await _reword_originals(tx, finder, listed)
    await _reword_pictures(tx, finder, listed)
    await tx.words.add(tx, numbers)
    tell(tx, numbers)


async def _rename(tx: Tx, number: int, source: str, external_id: str) -> None:
    """Give a post whose id at its source names somebody another one; it is still not news."""
    known = fingerprint_of((source, external_id))
    await tx.run(
        "INSERT INTO gone (key, day) VALUES (?, 999999) ON CONFLICT (key) DO NOTHING", (known,)
    )
    await tx.run("UPDATE mention SET external_id = ? WHERE id = ?", (f"erased:{known:x}", number))


async def _reword_originals(tx: Tx, finder: Finder, listed: str) -> None:
    """Reword what was kept for evidence; only of the newest version the hash is still needed."""
    rows = await tx.rows(
        "SELECT o.mention, o.revision, o.text, o.author, o.sha256, o.revision = m.revision"
        " FROM original AS o JOIN mention AS m ON m.id = o.mention"
        " WHERE o.mention IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (listed,),
    )
    changed = []
    for number, revision, text, author, sha256, newest in rows:
        words = lossless(cleaned(finder, _text(text)))
        who = cleaned_json(finder, bytes(author).decode("ascii", "replace")).encode()
        whole = sha256 if newest else _whole(words, who)
        changed.append((words, who, whole, number, revision))
    await tx.many(
        "UPDATE original SET text = ?, author = ?, sha256 = ? WHERE mention = ? AND revision = ?",
        changed,
    )


def _whole(words: bytes, author: bytes) -> str:
    try:
        handle, name = msgspec.json.decode(author)
    except (msgspec.DecodeError, ValueError, TypeError):
        handle, name = "", ""
    return hashlib.sha256(words + b"\0" + lossless(handle or name)).hexdigest()


async def _reword_pictures(tx: Tx, finder: Finder, listed: str) -> None:
    rows = await tx.rows(
        "SELECT mention, number, url, reason FROM picture"
        " WHERE mention IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (listed,),
    )
    await tx.many(
        "UPDATE picture SET url = ?, reason = ? WHERE mention = ? AND number = ?",
        [
            (cleaned(finder, url), cleaned(finder, reason), number, index)
            for number, index, url, reason in rows
        ],
    )


async def delete_posts(tx: Tx, sought: Sought, numbers: Sequence[int], now: datetime) -> None:
    """Delete posts of theirs with all that hangs on them, and what only they showed."""
    listed = as_list(numbers)
    rows = await tx.rows(
        "SELECT id, uid, source, external_id, copies FROM mention"
        " WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY id",
        (listed,),
    )
    if not rows:
        return
    stay = await _cited_by_others(tx, sought, await pictures.hashes_of(tx, listed))
    await purge.delete(tx, rows, now, stay)
    await tx.run(
        "UPDATE mention SET reply_to = '' WHERE reply_to != '' AND (source, reply_to) IN"
        " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))",
        (msgspec.json.encode([(row[2], row[3]) for row in rows]).decode(),),
    )


async def _cited_by_others(tx: Tx, sought: Sought, hashes: Iterable[str]) -> frozenset[str]:
    """Return which bytes an incident keeps for another reason than a post of theirs."""
    rows = await tx.rows(
        "SELECT json_extract(data, '$.sha256'), json_extract(data, '$.mention') FROM entry"
        " WHERE kind = 'evidence.kept' AND json_extract(data, '$.sha256') IN"
        " (SELECT value FROM json_each(?))",
        (as_texts(hashes),),
    )
    return frozenset(sha for sha, uid in rows if uid not in sought.uids)


async def files_with(tx: Tx, finder: Finder) -> dict[str, frozenset[int]]:
    """Return the hashes of kept files in whose bytes somebody can be read, and who."""
    found = {}
    for sha256 in await evidence.hashes(tx):
        data = await evidence.content(tx, sha256)
        if data and (who := finder.who(readable(data))):
            found[sha256] = who
    return found


async def uids_of(tx: Tx, numbers: Sequence[int]) -> set[str]:
    """Return the uids of mentions."""
    rows = await tx.rows(
        "SELECT uid FROM mention WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (as_list(numbers),),
    )
    return {row[0] for row in rows}
