"""Tags of mentions and of their authors: what we call them, and what the playbook makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.kinds import id_flaw
from crisisroom.core.lines import AUTHORS
from crisisroom.core.mention import Mention
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.room.checks import required
from crisisroom.room.linking import author_of
from crisisroom.room.reading import mention_in
from crisisroom.room.repeats import once
from crisisroom.room.triage import append_where_linked, done_before, remember
from crisisroom.store import Tx, author_tags, log
from crisisroom.store import mentions as rows
from crisisroom.store.author_tags import AuthorTag

__all__ = ["AuthorTag", "authors", "tag", "tags_of", "untag"]

MOST = 8  # tags of one mention
LONGEST = 40  # characters of a tag

# Types of sources on which a handle is one person, whichever source brought it.
_NETWORKS = {
    "mastodon": "mastodon",
    "bluesky": "bluesky",
    "jetstream": "bluesky",
    "x": "x",
    "reddit": "reddit",
    "hackernews": "hackernews",
}


async def tag(
    room: Room,
    mention_id: str,
    tags: Sequence[str],
    *,
    off: bool = False,
    author: bool = False,
    command_id: str = "",
) -> Mention:
    """Call a mention something (`troll`, `satire`), or with `off` not any more.

    The playbook may say that mentions with a tag are never answered. What is said of people
    (`core.lines.AUTHORS`, any tag with `author`) holds for all that its author writes.
    """
    named = _named(tags)

    async def work(tx: Tx) -> Mention:
        if before := await done_before(tx, command_id):
            return before
        await room.refresh(tx)
        mention = await mention_in(tx, mention_id)
        await _tag_mention(tx, room, mention, named, off=off)
        of_author = named if author else tuple(one for one in named if one in AUTHORS)
        if author and not mention.author.handle:
            what = f"nobody knows who wrote {mention.id}: only the mention itself can be tagged"
            raise Refused("no-author", what, "leave --author out")
        if of_author and mention.author.handle:
            await _tag_author(tx, room, mention, of_author, off=off)
        await remember(tx, room, command_id, mention)
        return await mention_in(tx, mention_id)

    return await room.store.write(work)


def _named(tags: Sequence[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(one.strip().lower() for one in tags))
    required("".join(named), "say which tag")
    if flaw := next((flaw for one in named if (flaw := id_flaw(one))), ""):
        raise Usage("tag", f"a tag is written like an id: {flaw}")
    if max(map(len, named)) > LONGEST:
        raise Usage("tag", f"a tag has at most {LONGEST} characters")
    return named


async def _tag_mention(
    tx: Tx, room: Room, mention: Mention, named: Sequence[str], *, off: bool
) -> None:
    kept = tuple(one for one in mention.tags if one not in named)
    after = kept if off else (*kept, *named)
    if len(after) > MOST:
        raise Refused("tags", f"{mention.id} has {len(mention.tags)} tags, enough")
    if set(after) != set(mention.tags):
        await rows.tag(tx, mention.number, after)
        await _note_tags(tx, room, mention, named, off=off)


async def _note_tags(
    tx: Tx, room: Room, mention: Mention, named: Sequence[str], *, off: bool
) -> None:
    what = ", ".join(named)
    text = f"{author_of(mention)} is not {what}" if off else f"tagged {author_of(mention)} {what}"
    data = {"mention": mention.uid, "tags": list(named), "off": off}
    entry = Draft(kind="mention.tagged", text=text, data=data)
    await append_where_linked(tx, room, mention, [entry])


async def _tag_author(
    tx: Tx, room: Room, mention: Mention, named: Sequence[str], *, off: bool
) -> None:
    handle, places = mention.author.handle, _places(room.config, mention.source)
    standing = await author_tags.of(tx, places, handle)
    changed = [one for one in named if (one in standing) == off]
    if not changed:
        return
    if off:
        await author_tags.remove(tx, places, handle, changed)
    else:
        now = room.clock.now()
        await author_tags.put(tx, mention.source, handle, changed, room.actor.name, now)
    await _note_author(tx, room, mention.source, handle, changed, off=off)


async def _note_author(
    tx: Tx, room: Room, source: str, handle: str, tags: Sequence[str], *, off: bool
) -> None:
    """Put it on the room's own timeline: it outlives the incident that it was first said in."""
    what = ", ".join(tags)
    text = f"{handle} is not {what}" if off else f"tagged author {handle} {what}"
    data = {"source": source, "handle": handle, "tags": list(tags), "off": off}
    entry = Draft(kind="author.tagged", text=text, data=data)
    await log.append(tx, ROOM, [entry], room.author(), room.clock.now())


def _places(config: RoomConfig, source: str) -> tuple[str, ...]:
    """Return the sources at which this source's authors are the same people: their network's."""
    types = {one.id: _NETWORKS.get(one.type, "") for one in config.sources}
    network = types.get(source, "")
    others = [one for one, of in types.items() if of == network] if network else []
    return tuple(dict.fromkeys((source, *others)))


async def tags_of(tx: Tx, room: Room, mention: Mention) -> tuple[str, ...]:
    """Return what a mention counts as: its own tags, and those of its author at this network."""
    places = _places(room.config, mention.source)
    of_author = await author_tags.of(tx, places, mention.author.handle)
    return tuple(dict.fromkeys((*mention.tags, *of_author)))


async def authors(room: Room, tag: str = "") -> tuple[AuthorTag, ...]:
    """Return which authors are tagged, all or those with one tag, by handle."""
    wanted = tag.strip().lower()
    return await room.store.read(lambda tx: author_tags.known(tx, tag=wanted))


async def untag(
    room: Room, handle: str, tags: Sequence[str], *, source: str = "", command_id: str = ""
) -> tuple[AuthorTag, ...]:
    """Take tags off an author, at one source or wherever they have them; Refused where nowhere.

    Returns what was taken off. Mentions that were tagged themselves stay so.
    """
    named = _named(tags)
    required(author_tags.key(handle), "say whose tag: the author's handle")

    async def work(tx: Tx) -> tuple[AuthorTag, ...]:
        standing = await author_tags.known(tx, handle)
        gone = [one for one in standing if one.tag in named and source in ("", one.source)]
        if not gone:
            raise Refused("untagged", "no such author has that tag", "author list has them all")
        for place in dict.fromkeys(one.source for one in gone):
            off = [one.tag for one in gone if one.source == place]
            await author_tags.remove(tx, (place,), handle, off)
            await _note_author(tx, room, place, author_tags.key(handle), off, off=True)
        return tuple(gone)

    return await once(room, command_id, work, again=_nothing_more, thing=lambda gone: "untagged")


async def _nothing_more(tx: Tx, name: str) -> tuple[AuthorTag, ...]:
    return ()
