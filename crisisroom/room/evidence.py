"""Evidence: posts as they were when seen, their pictures, and files, each by the hash of its bytes.

Bytes are kept once and never opened, decoded or shown: what they are is told by how they begin.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.media import media_type
from crisisroom.core.mention import Mention
from crisisroom.core.recorded import Evidence
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.checks import own
from crisisroom.room.evidence_check import check
from crisisroom.room.pictures import size_words
from crisisroom.room.reading import mention_in
from crisisroom.store import Tx, log, originals, pictures
from crisisroom.store import evidence as rows
from crisisroom.store.evidence import Kept
from crisisroom.store.originals import Revision
from crisisroom.store.pictures import Picture, Shown
from crisisroom.text import clean_line

__all__ = [
    "MOST_FILE",
    "Found",
    "Item",
    "OfMention",
    "Picture",
    "Revision",
    "add",
    "check",
    "content",
    "in_room",
    "listed",
    "not_kept",
    "of_mention",
    "one",
    "too_large",
]

MOST_FILE = 64_000_000  # bytes of a file that is added by hand
LISTED = 10_000  # things of a whole room that are listed at most

_BEGINS = re.compile(r"[0-9a-f]{8,64}")


class Found(msgspec.Struct, frozen=True):
    """A file that somebody hands in: its name for people, and its bytes."""

    name: str
    data: bytes


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One kept thing, or a picture of which only the hash is known.

    `state`: kept (its bytes lie here), missing (an incident cites bytes that are not here) or
    named (only the hash was given). `shown` says which posts of the room show it, linked or not.
    """

    sha256: str
    state: Literal["kept", "missing", "named"]
    size: int | None = None  # bytes
    media: str = ""
    at: datetime | None = None
    cited: Evidence | None = None
    incidents: tuple[str, ...] = ()  # ids of those that cite it
    shown: Shown | None = None


class OfMention(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it was each time it was seen, with its pictures and what was added about it."""

    mention: Mention
    revisions: tuple[Revision, ...]
    pictures: tuple[Picture, ...]
    items: dict[str, Item]  # by hash: those of the pictures, and files about the post


async def add(
    room: Room,
    inc: str,
    files: Sequence[Found],
    *,
    about: str = "",
    words: str = "",
    command_id: str = "",
) -> Acted:
    """Keep files as evidence of an incident; `about` is the id of a post they belong to.

    Refused for what is empty, or larger than `MOST_FILE` bytes in all.
    """
    own(words, "note")
    if sum(len(one.data) for one in files) > MOST_FILE:
        raise too_large(files[0].name if len(files) == 1 else "all of it together")
    found = [(_checked(one), hashlib.sha256(one.data).hexdigest()) for one in files]

    async def decide(tx: Tx, state: Incident, scene: Scene) -> list[Draft]:
        post = await mention_in(tx, about) if about else None
        drafts = []
        for one, sha256 in found:
            before = state.evidence.get(sha256)
            if before and not words and (post is None or post.uid in before.mentions):
                await rows.keep(tx, one.data, sha256, before.media, scene.now)  # if it was missing
                continue
            media = media_type(one.data)
            await rows.keep(tx, one.data, sha256, media, scene.now)
            drafts.append(_draft(one, sha256, media, post, words))
        return drafts

    return await room.act_in(inc, decide, command_id=command_id)


def _checked(one: Found) -> Found:
    name = clean_line(one.name, limit=200) or "file"
    if not one.data:
        raise Refused("empty", f"{name} is empty: there is nothing to keep")
    return Found(name, one.data)


def too_large(name: str) -> Refused:
    """Return the refusal of what the room does not take at once, with what to do instead."""
    hint = "add files one by one; of a larger one, write its sha256 and where it lies into a note"
    return Refused("too-large", f"{name} is larger than {size_words(MOST_FILE)}", hint)


def _draft(one: Found, sha256: str, media: str, post: Mention | None, words: str) -> Draft:
    size = len(one.data)
    about = f" about {post.id}" if post else ""
    said = f": {words}" if words else ""
    data: dict[str, Any] = {
        "sha256": sha256,
        "size": size,
        "media": media,
        "sort": "file",
        "name": one.name,
        "url": "",
        "mention": post.uid if post else "",
        "words": words,
    }
    if post:
        data["about"] = [post.id]
    text = f"kept {one.name} ({media}, {size_words(size)}){about}{said}"
    return Draft(kind="evidence.kept", text=text, data=data)


async def listed(room: Room, inc: str = "") -> tuple[Item, ...]:
    """Return the evidence of an incident, or of the only open one, in the order it was kept."""
    state = await reading.incident(room, inc)
    return await room.store.read(lambda tx: _items(tx, room, tuple(state.evidence)))


async def in_room(room: Room) -> tuple[Item, ...]:
    """Return everything that the room keeps or knows the hash of: what most posts show first."""

    async def work(tx: Tx) -> tuple[Item, ...]:
        return await _items(tx, room, await pictures.widest(tx, LISTED))

    return await room.store.read(work)


async def not_kept(room: Room, inc: str = "") -> tuple[Picture, ...]:
    """Return the pictures of linked posts whose bytes are not here: each says why, and how far."""
    state = await reading.incident(room, inc)
    return await room.store.read(lambda tx: pictures.not_kept(tx, state.uid))


async def one(room: Room, begins: str) -> Item:
    """Return one thing by its hash or the first 8 digits of it; Usage where that is not one."""
    return await room.store.read(lambda tx: _one(tx, room, begins))


async def _one(tx: Tx, room: Room, begins: str) -> Item:
    asked = begins.strip().lower()
    if not _BEGINS.fullmatch(asked):
        hint = "at least 8 digits of it; a post is called M-12"
        raise Usage("sha256", f"{begins[:80]} is no sha256", hint)
    cited = {sha256 for state in await _states(tx, room) for sha256 in state.evidence}
    known = {*await rows.named(tx, asked), *(one for one in cited if one.startswith(asked))}
    if not known:
        raise Usage("unknown-evidence", f"nothing here has the sha256 {asked}", "evidence list")
    if len(known) > 1:
        raise Usage("which-evidence", f"{asked} begins several hashes", "give more digits of it")
    return (await _items(tx, room, tuple(known)))[0]


async def content(room: Room, begins: str) -> tuple[Item, bytes]:
    """Return one thing with its bytes; Refused where these are not in the room."""

    async def work(tx: Tx) -> tuple[Item, bytes]:
        item = await _one(tx, room, begins)
        data = await rows.content(tx, item.sha256)
        if data is None:
            raise Refused("no-bytes", f"only the hash of {item.sha256[:12]} is here, not its bytes")
        return item, data

    return await room.store.read(work)


async def of_mention(room: Room, mention_id: str) -> OfMention:
    """Return a post as it was each time it was seen, with its pictures."""

    async def work(tx: Tx) -> OfMention:
        mention = await mention_in(tx, mention_id)
        shown = await pictures.of(tx, mention.number)
        about = await _about(tx, room, mention)
        items = await _items(tx, room, [*(one.sha256 for one in shown if one.sha256), *about])
        return OfMention(
            mention=mention,
            revisions=await originals.revisions(tx, mention.number),
            pictures=shown,
            items={item.sha256: item for item in items},
        )

    return await room.store.read(work)


async def _about(tx: Tx, room: Room, mention: Mention) -> list[str]:
    return [
        evidence.sha256
        for state in await _states(tx, room)
        for evidence in state.evidence.values()
        if mention.uid in evidence.mentions
    ]


async def _states(tx: Tx, room: Room) -> list[Incident]:
    every = [await log.state(tx, chain, room.store.seen) for chain, _ in await log.chains(tx)]
    return [state for state in every if state is not None]


async def _items(tx: Tx, room: Room, hashes: Iterable[str]) -> tuple[Item, ...]:
    wanted = tuple(dict.fromkeys(hashes))
    here = await rows.kept(tx, wanted)
    shown = await pictures.shown(tx, wanted)
    states = await _states(tx, room)
    return tuple(_item(sha256, here.get(sha256), shown.get(sha256), states) for sha256 in wanted)


def _item(sha256: str, kept: Kept | None, shown: Shown | None, states: Sequence[Incident]) -> Item:
    citing = [state for state in states if sha256 in state.evidence]
    cited = citing[0].evidence[sha256] if citing else None
    known = kept or cited
    return Item(
        sha256=sha256,
        state="kept" if kept else "missing" if cited else "named",
        size=known.size if known else None,
        media=known.media if known else "",
        at=known.at if known else None,
        cited=cited,
        incidents=tuple(state.id for state in citing),
        shown=shown,
    )
