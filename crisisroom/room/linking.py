"""Mentions linked to an incident and taken out of it again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Room, Scene, pictures
from crisisroom.room.reading import mention_in
from crisisroom.store import Tx
from crisisroom.store import mentions as rows
from crisisroom.store.eyes import whole


def author_of(mention: Mention) -> str:
    """Return what the timeline calls a mention's author."""
    return mention.author.handle or mention.author.name or mention.id


async def link(room: Room, inc: str, mention_ids: Sequence[str], *, command_id: str = "") -> Acted:
    """Link mentions to an incident, as they are now."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        return await link_drafts(tx, room, state, mention_ids)

    return await room.act_in(inc, decide, command_id=command_id)


async def link_drafts(
    tx: Tx, room: Room, state: Incident, mention_ids: Sequence[str]
) -> list[Draft]:
    """Link mentions in this transaction and return the entries that say so."""
    drafts = []
    for mention_id in dict.fromkeys(mention_ids):
        mention = await mention_in(tx, mention_id)
        if mention.incident == state.id:
            continue
        await _refuse_apart(tx, mention)
        if mention.incident:
            raise Refused(
                "linked", f"{mention.id} belongs to {mention.incident}", "unlink it there"
            )
        await rows.link(tx, mention.number, state.uid)
        text = f"linked {author_of(mention)} ({mention.source})"
        as_written = hashlib.sha256(await rows.original(tx, mention.number)).hexdigest()
        data = _as_seen(mention) | {"sha256": as_written}
        drafts.append(Draft(kind="mention.linked", text=text, data=data))
        drafts += await pictures.on_linking(tx, room, mention)
    return drafts


async def _refuse_apart(tx: Tx, mention: Mention) -> None:
    """Refuse a mention of an incident that is not for who acts: it belongs to one alone."""
    linked = await rows.get(whole(tx), mention.number)
    if linked is not None and linked.incident and not mention.incident:
        raise Refused("linked", f"{mention.id} cannot be linked: others work on it", "ask the lead")


def _as_seen(mention: Mention) -> dict[str, Any]:
    return {
        "mention": mention.uid,
        "id": mention.id,
        "source": mention.source,
        "external_id": mention.external_id,
        "handle": mention.author.handle,
        "name": mention.author.name,
        "reach": mention.author.reach,
        "quote": mention.text,
        "url": mention.url,
        "posted_at": stamp(mention.posted_at),
        "seen_at": stamp(mention.seen_at),
        "state": mention.state,
        "assignee": mention.assignee,
        "revision": mention.revision,
    }


async def unlink(room: Room, inc: str, mention_id: str, *, command_id: str = "") -> Acted:
    """Take a mention out of an incident; refused while a reply to it is on its way."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        mention = await mention_in(tx, mention_id)
        if mention.uid not in state.mentions:
            raise Refused("not-linked", f"{mention.id} does not belong to {state.id}")
        if any(reply.mention == mention.uid and reply.live for reply in state.replies.values()):
            raise Refused("replied", f"{mention.id} has a reply", "withdraw it first")
        await rows.link(tx, mention.number, "")
        text = f"unlinked {author_of(mention)}"
        data = {"mention": mention.uid, "id": mention.id}
        return [Draft(kind="mention.unlinked", text=text, data=data)]

    return await room.act_in(inc, decide, command_id=command_id)
