"""Posts that show pictures, and pictures that were fetched: what a watcher would leave."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.media import media_type
from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.room import Room, triage
from crisisroom.store import Tx, evidence, pictures

PNG = b"\x89PNG\r\n\x1a\n"


def png(name: str, size: int = 100) -> bytes:
    """Return bytes that begin as a picture does, and are like no others."""
    return (PNG + name.encode()).ljust(size, b"\0")


def sha(data: bytes) -> str:
    """Return the hash that bytes are known by."""
    return hashlib.sha256(data).hexdigest()


def showing(key: str, *media: Media, source: str = "masto-in", **more: Any) -> Incoming:
    """Return a post that shows pictures."""
    return Incoming(
        text=more.pop("text", f"look at {key}"),
        source=source,
        external_id=key,
        author=Author(f"{key}@social.example", key.title()),
        media=media,
        **more,
    )


def at(name: str) -> Media:
    """Return a picture at an address of its own."""
    return Media(url=f"https://files.example/{name}.png")


async def taken(room: Room, *items: Incoming) -> tuple[int, ...]:
    """Take posts in; returns their rows."""
    return (await triage.ingest(room, items)).added


async def fetched(room: Room, number: int, data: bytes, index: int = 1) -> str:
    """Keep a post's picture as fetched; returns its hash."""
    sha256, now = sha(data), room.clock.now()

    async def work(tx: Tx) -> None:
        shown = (await pictures.of(tx, number))[index - 1]
        await evidence.keep(tx, data, sha256, media_type(data), now)
        kept = msgspec.structs.replace(shown, state="kept", sha256=sha256, kept_at=now)
        await pictures.put(tx, kept)

    await room.store.write(work)
    return sha256


async def states(room: Room, number: int) -> list[str]:
    """Return the states of a post's pictures."""
    return [one.state for one in await room.store.read(lambda tx: pictures.of(tx, number))]


async def damage(room: Room, sql: str, *args: Any) -> None:
    """Change the room behind its back."""

    async def work(tx: Tx) -> None:
        await tx.run(sql, args)

    await room.store.write(work)


def pictures_of(state: Incident, mention: str) -> tuple[str, ...]:
    """Return the hashes that an incident's linked post shows, by the post's id."""
    return next(one.pictures for one in state.mentions.values() if one.id == mention)
