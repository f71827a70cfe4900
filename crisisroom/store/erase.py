"""What a room holds of persons: found by reading all of it, and erased by path on the chains."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crisisroom.core.persons import Finder, Person
from crisisroom.core.timeline import ERASED, ROOM
from crisisroom.store import log
from crisisroom.store.erase_authors import Authors
from crisisroom.store.mention_rows import as_list
from crisisroom.store.tx import Tx
from crisisroom.text import from_lossless

PAGE = 5_000  # rows of mentions that are looked at in one read

# What the log says of a post of theirs, whatever it says.
_OF_POSTS = ("data.handle", "data.name", "data.quote", "data.url", "data.external_id")
_PLAN = "data.plan."
_OF_FILES = ("data.name", "data.url")  # erased, they say that the bytes are gone on purpose
_SPOKEN = ("statement.", "reply.", "words.")  # our own words: who quotes us is not quoted there
_WHOLE_NAME = 2  # words of a name shown at the source from which it is looked for everywhere
_LONG_ID = 6  # signs of an id at the source from which it is looked for everywhere


class Sought(msgspec.Struct, frozen=True):
    """Who is looked for, with what the room knows of them.

    Their posts' rows and uids, and the kept files that name them by hash, each with who it is.
    """

    finder: Finder
    numbers: dict[int, int] = {}
    uids: dict[str, int] = {}
    files: dict[str, frozenset[int]] = {}


class InChain(msgspec.Struct, frozen=True):
    """Where a chain holds words of persons: sealed texts to erase, and places nobody can seal.

    `last` is the entry up to which that was looked for.
    """

    chain: str
    texts: tuple[tuple[int, str], ...] = ()
    who: frozenset[int] = frozenset()
    by_person: dict[int, int] = {}  # entries, by person
    clear: tuple[tuple[int, str], ...] = ()
    last: int = 0

    def plus(self, newer: InChain) -> InChain:
        """Return it with what newer entries hold."""
        return InChain(
            self.chain,
            (*self.texts, *newer.texts),
            self.who | newer.who,
            dict(Counter(self.by_person) + Counter(newer.by_person)),
            (*self.clear, *newer.clear),
            newer.last,
        )

    @property
    def entries(self) -> tuple[int, ...]:
        """Return the numbers of the entries that lose a text."""
        return tuple(sorted({seq for seq, _ in self.texts}))


async def posts_of(tx: Tx, authors: Authors, after: int) -> tuple[int, dict[int, int]]:
    """Return which of the next rows are whose posts, and the number to go on from, 0 at the end."""
    rows = await tx.rows(
        "SELECT id, source, handle, name FROM mention WHERE id > ? ORDER BY id LIMIT ?",
        (after, PAGE),
    )
    found = {row[0]: who for row in rows if (who := authors.of(row[1], row[2], row[3])) is not None}
    return (rows[-1][0] if rows else 0), found


async def linked_by(tx: Tx, authors: Authors) -> dict[str, int]:
    """Return the uids of their posts that logs tell of, those purged long ago too."""
    rows = await tx.rows(
        "SELECT json_extract(e.data, '$.mention'), json_extract(e.data, '$.source'), h.words,"
        " coalesce(n.words, '') FROM entry AS e"
        " JOIN sealed AS h ON h.chain = e.chain AND h.seq = e.seq AND h.path = 'data.handle'"
        " LEFT JOIN sealed AS n ON n.chain = e.chain AND n.seq = e.seq AND n.path = 'data.name'"
        " WHERE e.kind = 'mention.linked'"
    )
    return {
        row[0]: who
        for row in rows
        if row[2] != ERASED and (who := authors.of(row[1], row[2], row[3])) is not None
    }


async def known_of(
    tx: Tx, persons: Sequence[Person], numbers: Mapping[int, int], uids: Mapping[str, int]
) -> tuple[tuple[Person, ...], dict[str, int]]:
    """Return the persons with what their posts say of them, and the uids of all their posts."""
    found: dict[int, list[_Seen]] = defaultdict(list)
    every = dict(uids)
    rows = await tx.rows(
        "SELECT m.id, m.uid, m.name, m.url, m.external_id, m.text FROM mention AS m"
        " WHERE m.id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (as_list(numbers),),
    )
    for row in rows:
        every[row[1]] = numbers[row[0]]
        found[numbers[row[0]]].append(_Seen(row[2], row[3:5], row[5]))
    for number, text in await tx.rows(
        "SELECT mention, text FROM original"
        " WHERE mention IN (SELECT CAST(value AS INTEGER) FROM json_each(?))",
        (as_list(numbers),),
    ):
        found[numbers[number]].append(_Seen("", (), _readable(text)))
    for who, seen in await _in_logs(tx, every):
        found[who].append(seen)
    return tuple(_with(one, found.get(who, ())) for who, one in enumerate(persons)), every


class _Seen(msgspec.Struct, frozen=True):
    """What one place says of a person: a name, addresses and ids of posts, words."""

    name: str
    posts: Sequence[str]
    words: str


async def _in_logs(tx: Tx, uids: Mapping[str, int]) -> list[tuple[int, _Seen]]:
    rows = await tx.rows(
        "SELECT json_extract(e.data, '$.mention'), s.path, s.words FROM entry AS e"
        " JOIN sealed AS s ON s.chain = e.chain AND s.seq = e.seq"
        " AND s.path IN ('data.name', 'data.quote', 'data.url', 'data.external_id')"
        " WHERE e.kind IN ('mention.linked', 'mention.edited')"
        " AND json_extract(e.data, '$.mention') IN (SELECT value FROM json_each(?))"
        f" AND s.words NOT IN ('', '{ERASED}')",
        (json.dumps(list(uids)),),
    )
    return [(uids[uid], _seen_at(path, words)) for uid, path, words in rows]


def _seen_at(path: str, words: str) -> _Seen:
    if path == "data.name":
        return _Seen(words, (), "")
    return _Seen("", (), words) if path == "data.quote" else _Seen("", (words,), "")


def _with(person: Person, seen: Iterable[_Seen]) -> Person:
    names = {one.name for one in seen if len(one.name.split()) >= _WHOLE_NAME}
    posts = {post for one in seen for post in one.posts if _telling(post)} | {*person.posts}
    words = {one.words for one in seen if one.words} | {*person.words}
    return msgspec.structs.replace(
        person,
        names=tuple(dict.fromkeys((*person.names, *sorted(names)))),
        posts=tuple(sorted(posts)),
        words=tuple(sorted(words)),
    )


def _telling(post: str) -> bool:
    """Tell whether an address or id is a post's and no everyday word."""
    return "/" in post or (len(post) >= _LONG_ID and any(map(str.isdigit, post)))


def _readable(kept: bytes) -> str:
    try:
        return from_lossless(kept)
    except UnicodeDecodeError:
        return kept.decode("utf-8", "replace")


async def our_words(tx: Tx) -> tuple[str, ...]:
    """Return what we said ourselves: statements and replies, in every version."""
    rows = await tx.rows(
        "SELECT DISTINCT s.words FROM entry AS e JOIN sealed AS s ON s.chain = e.chain"
        " AND s.seq = e.seq AND s.path = 'data.words' WHERE e.kind IN"
        " ('statement.drafted', 'statement.edited', 'reply.drafted', 'reply.edited')"
    )
    return tuple(row[0] for row in rows if row[0] != ERASED)


async def in_chain(tx: Tx, chain: str, sought: Sought, after: int = 0) -> InChain:
    """Return where a chain holds words of those who are sought, in entries after one."""
    rows = await tx.rows(
        "SELECT s.seq, s.path, s.words, e.kind, json_extract(e.data, '$.mention'),"
        " CASE WHEN e.kind = 'evidence.kept' THEN json_extract(e.data, '$.sha256') END"
        " FROM sealed AS s JOIN entry AS e ON e.chain = s.chain AND e.seq = s.seq"
        f" WHERE s.chain = ? AND s.seq > ? AND (s.words != '' OR e.kind = 'evidence.kept')"
        f" AND s.words != '{ERASED}' ORDER BY s.seq",
        (chain, after),
    )
    texts: list[tuple[int, str]] = []
    of_entry: dict[int, set[int]] = defaultdict(set)
    for seq, path, words, kind, uid, sha256 in rows:
        of_file = sought.files.get(sha256, frozenset()) if path in _OF_FILES else frozenset[int]()
        if who := of_file | _told_of(sought, path, words, kind, uid):
            texts.append((seq, path))
            of_entry[seq] |= who
    clear = tuple([one async for one in _in_the_clear(tx, chain, sought, after)])
    counts: dict[int, int] = defaultdict(int)
    for people in of_entry.values():
        for one in people:
            counts[one] += 1
    end = await tx.row("SELECT seq FROM chain WHERE id = ?", (chain,))
    last = int(end[0]) if end else 0
    return InChain(chain, tuple(texts), frozenset(counts), dict(counts), clear, last)


def _told_of(sought: Sought, path: str, words: str, kind: str, uid: Any) -> frozenset[int]:
    """Return of whom a sealed text of the log tells."""
    if uid in sought.uids and path in _OF_POSTS:
        return frozenset((sought.uids[uid],))
    found = sought.finder.who(words, quotes=not kind.startswith(_SPOKEN))
    if uid in sought.uids and path == "text" and _says(sought, sought.uids[uid], words):
        found |= {sought.uids[uid]}
    if kind == "narrative.linked" and path in ("data.quote", "text"):
        found |= sought.finder.told(words, set(sought.uids.values()))
    return found


def _says(sought: Sought, who: int, words: str) -> bool:
    """Tell whether a line about a post calls its author by name, however short that is."""
    return any(name and name in words for name in sought.finder.persons[who].names)


async def _in_the_clear(tx: Tx, chain: str, sought: Sought, after: int) -> Any:
    rows = await tx.rows(
        "SELECT seq, data FROM entry WHERE chain = ? AND seq > ? ORDER BY seq", (chain, after)
    )
    for seq, data in rows:
        if sought.finder.named(data):
            for path, words in strings(json.loads(data), "data"):
                if names_freely(sought.finder, words, ours=path.startswith(_PLAN)):
                    yield seq, path


def names_freely(finder: Finder, words: str, *, ours: bool = False) -> bool:
    """Tell whether a text names or quotes somebody: a single word may just be called like them.

    In words of a plan of ours, no word of its own is a stranger's handle.
    """
    free = any(sign in words for sign in ("@/" if ours else " @/"))
    return any(free or one.kind != "handle" for one in finder.named(words)) or bool(
        finder.quoted(words)
    )


def strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and words of every text of a JSON value, the seals of a log left out."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key in value:
            if key != "salted_sha256":
                yield from strings(value[key], f"{path}.{key}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from strings(below, f"{path}.{index}")


async def erase_in(tx: Tx, chain: str, texts: Iterable[tuple[int, str]]) -> None:
    """Erase sealed texts and their salts; the chain still verifies, for their digests stay."""
    await tx.many(
        f"UPDATE sealed SET salt = '', words = '{ERASED}' WHERE chain = ? AND seq = ? AND path = ?",
        [(chain, seq, path) for seq, path in texts],
    )


async def every_chain(tx: Tx) -> dict[str, str]:
    """Return all chains by id, with what the room calls them: its own one first."""
    named = {chain: f"INC-{number}" for chain, number in reversed(await log.chains(tx))}
    return {ROOM: ROOM} | named
