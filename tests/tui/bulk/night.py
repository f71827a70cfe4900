"""The night with words that may be said: approved sentences, accounts, a team, things to pause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from tui.night import PLAYBOOK, POSTS, advance, empty_room, incoming
from tui.story_night import ask, more_of, settle, tell

from crisisroom.config import Account, Member, RoomConfig, Source
from crisisroom.config.settings import Pause
from crisisroom.room import Actor, Room, approvals, lifecycle, places, roles, triage
from crisisroom.room.settings import apply_config

PLAN = msgspec.structs.replace(
    PLAYBOOK, greeting="Hello {{handle}},", sign_off="Ferrow", reply_approval="legal"
)
IDS = ("greeting", "sign_off", "KM-2", "KM-4")
PAUSES = (
    Pause(
        id="planned", title="Scheduled posts", kind="scheduled", owner="ada", backup="bo", hook="q"
    ),
    Pause(id="ads", title="Ads for the autumn pass", kind="ads", owner="bo", hook="ads"),
    Pause(id="letter", title="Sunday newsletter", kind="newsletter", owner="ada"),
    Pause(
        id="agency",
        title="Agency that posts stories for us",
        kind="agency",
        detail="ring Kaya, number in the contacts; she needs the word 'hold'",
    ),
)


@asynccontextmanager
async def speaking_room(
    folder: Path, *, posts: int = 0, lead: str = "ada", drill: bool = False
) -> AsyncIterator[Room]:
    """Open the room at 03:34 as ada: two stories, approved words, ways out; `lead` leads."""
    async with empty_room(folder) as room:
        await settle(room)
        await apply_config(room, _config(room.config), "crisisroom.yaml")
        await room.reload()
        declared = await lifecycle.declare(
            room, "Double charge", playbook=PLAN, severity="sev2", drill=drill
        )
        await roles.take(room.as_actor(Actor(lead)), declared.incident.id, "lead")
        cy = room.as_actor(Actor("cy"))
        await roles.take(cy, declared.incident.id, "legal")
        await approvals.approve_words(cy, PLAN, IDS)
        advance(room, 24)
        more = [more_of(number) for number in range(posts)]
        await triage.ingest(room, [*more, *(incoming(*post) for post in POSTS)])
        await tell(room, posts)
        await ask(room)
        for who in ("bo", "cy"):
            await places.here(room.as_actor(Actor(who)), f"screen-of-{who}", "INC-1", "1")
        yield room


def _config(before: RoomConfig) -> RoomConfig:
    handle = "ferrow.example"
    return msgspec.structs.replace(
        before,
        accounts=(
            Account(
                id="masto",
                type="mastodon",
                server="https://social.example",
                handle="@ferrow",
                owner="ada",
                backup="bo",
            ),
            Account(id="bsky", type="bluesky", server="https://bsky.example", handle=handle),
        ),
        sources=tuple(
            Source(id=one.id, type="demo", every=300, account=one.id if way else "")
            for one in before.sources
            for way in (one.id in ("masto", "bsky"),)
        ),
        team=(
            Member("ada", "Ada", roles=("lead", "care")),
            Member("bo", "Bo Lind", roles=("lead", "care")),
            Member("cy", "Cy Amato", roles=("legal",)),
        ),
        campaigns=(),
        terms=(),
        pauses=PAUSES,
    )
