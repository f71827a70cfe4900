"""Finding all that a room holds of persons, before anything of it is erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.handles import handle_key
from crisisroom.core.incident import Incident, Words
from crisisroom.core.persons import Finder, Person
from crisisroom.core.timeline import ROOM
from crisisroom.room import Room
from crisisroom.store import Tx, erase_posts, erase_tables, evidence, log
from crisisroom.store import erase as rows
from crisisroom.store.erase import InChain, Sought
from crisisroom.store.erase_authors import Authors

Read = Callable[[Callable[[Tx], Awaitable[Any]]], Awaitable[Any]]

WIDE = 200  # texts of a chain that only a bare handle or a single name is found in
_GOING = ("sending", "unknown", "retracting")


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What a room holds of those who are sought."""

    chains: dict[str, InChain] = {}  # by the name the room has for them
    tables: dict[str, int] = {}  # rows, by table
    others: tuple[int, ...] = ()  # posts by others that name them
    held: tuple[str, ...] = ()  # incidents on hold that have to do with them
    going: tuple[str, ...] = ()  # texts on their way out that name them

    @property
    def left(self) -> tuple[str, ...]:
        """Return where something stays because it was written before it could be erased."""
        return tuple(
            f"{name} entry {seq}: {path}"
            for name, found in self.chains.items()
            for seq, path in found.clear
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to erase."""
        return not (any(one.texts for one in self.chains.values()) or self.tables or self.others)


def checked(persons: Sequence[Person]) -> tuple[Person, ...]:
    """Return the persons; Usage where one of them cannot be found by what is given."""
    if not persons:
        raise Usage("nobody", "say who is to be erased", "--handle @pat, or --from FILE.jsonl")
    for number, person in enumerate(persons, 1):
        if not person.known:
            what = f"person {number} has nothing to be found by"
            raise Usage("nobody", what, "give a handle, name, mail, phone or link")
    return tuple(persons)


async def not_ours(read: Read, room: Room, persons: Sequence[Person]) -> tuple[Person, ...]:
    """Return the persons; one who is called like a colleague is found by the whole handle only."""
    actors = {handle_key(row[0]) for row in await read(_actors)}
    actors |= {handle_key(one.id) for one in room.config.team}
    actors |= {handle_key(word) for one in room.config.team for word in one.name.split()}
    return tuple(
        msgspec.structs.replace(one, bare=False)
        if handle_key(one.handle).partition("@")[0] in actors
        else one
        for one in persons
    )


async def _actors(tx: Tx) -> list[tuple[Any, ...]]:
    """Return who acted here, and each word of the names of those whom plans say to call."""
    called = await tx.rows(
        "SELECT DISTINCT words FROM sealed WHERE path LIKE 'data.plan.contacts.%.name'"
    )
    return [
        *await tx.rows("SELECT DISTINCT actor FROM entry"),
        *((word,) for (name,) in called for word in name.split()),
    ]


async def seek(read: Read, persons: Sequence[Person]) -> Sought:
    """Return who is sought, with all their posts; Refused where a handle is several people's."""
    authors = Authors(persons)
    numbers: dict[int, int] = {}
    more, after = True, 0
    while more:
        after, found = await read(lambda tx, at=after: rows.posts_of(tx, authors, at))  # type: ignore[misc]
        numbers |= found
        more = after > 0
    uids = await read(lambda tx: rows.linked_by(tx, authors))
    for met in authors.doubtful().values():
        what = f"several people are called that: {', '.join(met[:6])}"
        raise Refused("doubtful", what, "name the whole handle, with its server")
    known, uids = await read(lambda tx: rows.known_of(tx, persons, numbers, uids))
    ours = await read(rows.our_words)
    finder = Finder(known, ours=ours)
    files = await read(lambda tx: erase_posts.files_with(tx, finder))
    return Sought(finder, numbers, uids, files)


async def survey(read: Read, sought: Sought, caches: dict[str, Incident]) -> Survey:
    """Return what a room holds of those who are sought."""
    names: dict[str, str] = await read(rows.every_chain)
    chains: dict[str, InChain] = {}
    for chain, name in names.items():
        one: InChain = await read(lambda tx, of=chain: rows.in_chain(tx, of, sought))  # type: ignore[misc]
        if one.texts or one.clear:
            chains[name] = one
    tables: Counter[str] = await read(lambda tx: erase_tables.small_tables(tx, sought, write=False))
    others = await named_by_others(read, sought)
    touched = {one.chain: name for name, one in chains.items() if one.texts}
    held = await read(lambda tx: _held(tx, sought, touched, names, others))
    going = [
        f"{name} {words.id}"
        for chain, name in touched.items()
        if chain != ROOM
        for words in await read(lambda tx, of=chain: _on_their_way(tx, of, sought, caches))  # type: ignore[misc]
    ]
    counts = {"mention": len(sought.numbers), "evidence": len(sought.files)}
    posts = {table: many for table, many in counts.items() if many}
    return Survey(
        chains=chains,
        tables=dict(tables) | posts,
        others=others,
        held=held,
        going=tuple(going),
    )


async def named_by_others(read: Read, sought: Sought) -> tuple[int, ...]:
    """Return the posts by others that name those who are sought."""
    found: list[int] = []
    more, after = True, 0
    while more:
        after, some = await read(lambda tx, at=after: erase_posts.others(tx, sought, at))  # type: ignore[misc]
        found += some
        more = after > 0
    return tuple(found)


async def _held(
    tx: Tx,
    sought: Sought,
    touched: dict[str, str],
    names: dict[str, str],
    others: Sequence[int],
) -> tuple[str, ...]:
    """Return the incidents on hold that cite anything of what would go."""
    found = []
    named = set(sought.uids) | await erase_posts.uids_of(tx, others)
    for chain in await evidence.held(tx):
        cited = await evidence.cited_by(tx, (chain,)) & named
        kept = await evidence.cited_in(tx, (chain,)) & sought.files.keys()
        if chain in touched or cited or kept:
            found.append(names.get(chain, chain))
    return tuple(sorted(found))


async def _on_their_way(
    tx: Tx, chain: str, sought: Sought, caches: dict[str, Incident]
) -> tuple[Words, ...]:
    state = await log.state(tx, chain, caches)
    return tuple(
        words
        for words in told_in(state, sought)
        if any(send.state in _GOING for send in words.sends.values())
    )


def told_in(state: Incident | None, sought: Sought) -> tuple[Words, ...]:
    """Return the statements and replies that name one of them, or answer a post of theirs."""
    every = (*state.statements.values(), *state.replies.values()) if state else ()
    return tuple(
        words
        for words in every
        if words.mention in sought.uids
        or any(
            sought.finder.who(text, quotes=False) for text in (words.text, *words.variants.values())
        )
    )


def refuse(found: Survey, apart: Collection[str] = ()) -> None:
    """Refuse what may not be erased, or not yet, and say why; not naming incidents kept apart."""
    if found.held:
        held = [one for one in found.held if one not in apart] or ["an incident"]
        what = f"{', '.join(held)} is on hold, and has to do with them"
        raise Refused("held", what, "hold lift, by Legal, lets it be erased")
    if found.going:
        going = [one for one in found.going if one.partition(" ")[0] not in apart] or ["some"]
        what = f"words that name them are on their way: {', '.join(going)}"
        raise Refused("going", what, "outbox says what became of them; then erase again")


def refuse_wide(sought: Sought, found: Survey) -> None:
    """Refuse where somebody is called by an everyday word: most of a log would go with them."""
    texts = sum(len(one.texts) for one in found.chains.values())
    posts = len(sought.uids) + 1
    if texts + len(found.others) > WIDE * len(sought.finder.persons) + 20 * posts:
        what = f"{texts} texts and {len(found.others)} posts of others would go: that is too wide"
        raise Refused(
            "wide", what, "--dry-run lists them; --exact takes handles only with their @ or server"
        )
