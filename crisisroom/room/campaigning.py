"""Campaign watches: terms, dates, an owner, and at the end a result in words."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from crisisroom.config import Campaign
from crisisroom.config.terms import campaign_between
from crisisroom.core.errors import Usage
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.room.checks import own, required
from crisisroom.store import Tx, buckets, improvements, log
from crisisroom.store.improvements import CampaignResult

CampaignState = Literal["coming", "running", "over"]


class CampaignWatch(msgspec.Struct, frozen=True, kw_only=True):
    """How a campaign does: mentions and complaints of its terms, by day of the room's zone."""

    campaign: Campaign
    state: CampaignState
    start: datetime
    end: datetime
    mentions: int
    complaints: int
    before: int  # mentions in as many days before it began
    days: tuple[tuple[str, int, int], ...]  # day, mentions, complaints
    result: CampaignResult | None = None


async def campaigns(room: Room) -> tuple[CampaignWatch, ...]:
    """Return the room's campaigns as they do now, in the order of the configuration."""

    async def work(tx: Tx) -> tuple[CampaignWatch, ...]:
        results = await improvements.results(tx)
        return tuple([await _watch(tx, room, one, results) for one in room.config.campaigns])

    return await room.store.read(work)


async def _watch(
    tx: Tx, room: Room, campaign: Campaign, results: dict[str, CampaignResult]
) -> CampaignWatch:
    zone = zone_of(room.config.zone)
    start, end = campaign_between(campaign, room.config.zone)
    now = room.clock.now()
    state: CampaignState = "coming" if now < start else "running" if now < end else "over"
    days: dict[str, list[int]] = {}
    before = 0
    for term in campaign.terms:
        for at, many, bad in await buckets.window(tx, f"term:{term}", start - (end - start), end):
            if at < start:
                before += many
                continue
            day = days.setdefault(f"{at.astimezone(zone):%Y-%m-%d}", [0, 0])
            day[0] += many
            day[1] += bad
    return CampaignWatch(
        campaign=campaign,
        state=state,
        start=start,
        end=end,
        mentions=sum(day[0] for day in days.values()),
        complaints=sum(day[1] for day in days.values()),
        before=before,
        days=tuple((day, many, bad) for day, (many, bad) in sorted(days.items())),
        result=results.get(campaign.id),
    )


async def say_result(room: Room, campaign_id: str, words: str) -> CampaignWatch:
    """Write down what came of a campaign, in place of what was said before."""
    required(words, "say what came of it")
    own(words, "result")
    if campaign_id not in {one.id for one in room.config.campaigns}:
        known = ", ".join(one.id for one in room.config.campaigns) or "none"
        raise Usage("campaign", f"there is no campaign {campaign_id}", f"there are: {known}")

    async def work(tx: Tx) -> None:
        now = room.clock.now()
        await improvements.put_result(tx, campaign_id, words, room.actor.name, now)
        data = {"campaign": campaign_id, "words": words}
        entry = Draft(kind="campaign.result", text=f"{campaign_id}: {words}", data=data)
        await log.append(tx, ROOM, [entry], room.author(), now)

    await room.store.write(work)
    return next(one for one in await campaigns(room) if one.campaign.id == campaign_id)
