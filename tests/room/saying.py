"""Words that went out, without a network: what a watcher would have written."""

from __future__ import annotations

from crisisroom.core.incident import Words
from crisisroom.room import Room
from crisisroom.room.sending import way_draft


async def went_out(room: Room, words: Words, channel: str = "masto", remote: str = "r1") -> Words:
    """Write that a queued text was sent and is out."""
    way = words.sends[channel]
    sending = way_draft(words, way, "sending", "sends", {"try": 1, "owner": "h:1:1"})
    sent = way_draft(
        words,
        way,
        "sent",
        "is out",
        {"remote_id": remote, "remote_url": f"https://x.test/{remote}"},
    )
    acted = await room.act("INC-1", lambda state, scene: [sending, sent])
    found = acted.incident.words(words.id)
    assert found is not None
    return found
