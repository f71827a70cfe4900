"""How channels take turns: which texts one turn takes, and when to look for what is new."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from crisisroom.channels import Channel, Limits
from crisisroom.room.waiting import Ability
from crisisroom.watch.way import Way

IN_A_ROW = 25  # texts of one channel, until it is looked at anew which goes first
LOOK = 1.0  # seconds: how soon a channel with nothing to do hears of new words beside a slow one


async def moved(lanes: set[asyncio.Task[int]]) -> tuple[int, set[asyncio.Task[int]]]:
    """Wait until a channel took a step or failed, or a little; returns the steps, and the rest.

    A channel that ended without a step would only end so again.
    """
    steps = 0
    while lanes and not steps:
        done, lanes = await asyncio.wait(lanes, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        steps += sum(one.result() for one in done if one.exception() is None)
        if not done or any(one.exception() for one in done):
            break
    return steps, lanes


def ability_of(channel: Channel, before: Ability | None, now: datetime) -> Ability:
    """Return what is known of a channel; a time to wait until that only drifts stays as it was."""
    until, heard = (now + timedelta(seconds=channel.wait) if channel.wait > 0 else None), now
    kept = before.wait_until if before else None
    if before and (until is None or (kept and abs(until - kept) < timedelta(seconds=1))):
        until, heard = kept, before.heard_at or now
    limits = {name: getattr(channel.limits, name) for name in Limits.__struct_fields__}
    heard_at = heard if until else None
    return Ability(**limits, repeats=channel.repeats, wait_until=until, heard_at=heard_at)


def in_a_row(ways: Iterable[Way]) -> Iterator[Way]:
    """Yield what one turn takes: of an answer to many only one text, for those are paced."""
    many = 0
    for number, way in enumerate(ways):
        if number == IN_A_ROW:
            return
        if way.words.bulk and way.send.state == "queued":
            many += 1
        if many < 2:
            yield way
