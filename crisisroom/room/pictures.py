"""The pictures of linked posts: their bytes are asked for, and what was kept is put on record."""

from __future__ import annotations

from crisisroom.core.mention import Mention
from crisisroom.core.timeline import Draft
from crisisroom.room import Room
from crisisroom.store import Tx, evidence, pictures
from crisisroom.store.evidence import Kept
from crisisroom.text.links import safe_url


async def on_linking(tx: Tx, room: Room, mention: Mention) -> list[Draft]:
    """Ask for the pictures of a post that is being linked; returns what says which are here."""
    await pictures.note(tx, [(mention.number, mention.media)])
    if takes_pictures(room):
        await pictures.want(tx, mention.number)
    shown = [one for one in await pictures.of(tx, mention.number) if one.state == "kept"]
    here = await evidence.kept(tx, [one.sha256 for one in shown])
    return [
        kept_draft(mention, here[one.sha256], one.url, system=False)
        for one in shown
        if one.sha256 in here
    ]


def takes_pictures(room: Room) -> bool:
    """Tell whether the room keeps pictures of linked posts; a rehearsal has none to fetch."""
    return room.config.evidence.pictures != "none" and not room.config.rehearses


def kept_draft(mention: Mention, kept: Kept, url: str, *, system: bool = True) -> Draft:
    """Return the entry that says that a picture of a post is kept."""
    who = mention.author.handle or mention.author.name or mention.id
    text = f"kept a picture of {who} ({kept.media}, {size_words(kept.size)})"
    data = {
        "sha256": kept.sha256,
        "size": kept.size,
        "media": kept.media,
        "sort": "picture",
        "name": "",
        "url": safe_url(url) or "",
        "mention": mention.uid,
    }
    if not system:
        return Draft(kind="evidence.kept", text=text, data=data)
    return Draft(kind="evidence.kept", text=text, data=data, actor="room", source="system")


def size_words(size: int) -> str:
    """Return a size in words: 812 bytes, 12 kB, 3.4 MB."""
    if size < 1000:
        return f"{size} bytes" if size != 1 else "1 byte"
    if size < 1_000_000:
        return f"{round(size / 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"
