"""Replies that a person released, put on the timeline at once: drafted, approved, queued."""

from __future__ import annotations

from typing import Any

from room.people import PLAN, post

from crisisroom.core.canonical import text_hash
from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.core.timeline import Draft
from crisisroom.room import Room, lifecycle, triage
from crisisroom.store.ids import uuid7


async def incident_with(room: Room, keys: list[str]) -> Incident:
    """Declare an incident with a post for every key."""
    added = (await triage.ingest(room, [post(f"kettle {key}", key) for key in keys])).added
    acted = await lifecycle.declare(
        room, f"Incident {keys[0]}", playbook=PLAN, mentions=[f"M-{number}" for number in added]
    )
    return acted.incident


def released(
    room: Room, number: int, text: str, linked: LinkedMention, channel: str, bulk: str = ""
) -> list[Draft]:
    """Return the entries of a reply that waits for the outbox, as R-number."""
    said: dict[str, Any] = {"id": f"R-{number}", "words": text, "sha256": text_hash(text)}
    drafted = said | {
        "kind": "reply",
        "audience": "public",
        "template": "",
        "handle": "@pat",
        "mention": linked.uid,
        "mention_id": linked.id,
        "channel": channel,
        "approval": "words",
        "uses": [],
        "bulk": bulk,
    }
    judged = said | {"step": "words", "verdict": "approved", "version": 1, "words": ""}
    way = {"id": f"R-{number}", "channel": channel, "key": uuid7(room.clock.now()), "words": ""}
    return [
        Draft(kind="reply.drafted", text="writes", data=drafted),
        Draft(kind="reply.approved", text="approved", data=judged, actor="cy"),
        Draft(kind="reply.queued", text="released", data=way),
    ]


async def queued(
    room: Room, inc: str, linked: LinkedMention, text: str, channel: str = "masto", bulk: str = ""
) -> None:
    """Release one more reply in an incident."""
    await room.act(
        inc,
        lambda state, scene: released(room, len(state.replies) + 1, text, linked, channel, bulk),
    )
