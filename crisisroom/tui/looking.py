"""Reads what the screens need to know in one go, apart from the feed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from crisisroom.core.clocks import clocks
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry
from crisisroom.core.wordings import approval_in, words_of
from crisisroom.room import (
    Room,
    drafting,
    notifying_looking,
    reading,
    stories,
)
from crisisroom.room.access import access_of
from crisisroom.room.approvals import ApprovedWords
from crisisroom.room.glance import glance
from crisisroom.tui.rows.thread import Fits, Talk
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.rows.words import KeyLine
from crisisroom.tui.situation import Situation

FITTING = 3


class Look(msgspec.Struct, frozen=True):
    """One reading of the room: the situation, new timeline entries, the playbook's sentences."""

    situation: Situation
    entries: Sequence[Entry] = ()
    lines: Sequence[KeyLine] = ()
    incidents: int = 0


async def look(
    room: Room, incident_id: str, *, known: tuple[str, int] = ("", 0), drill_note: str = ""
) -> Look:
    """Read the room; an empty `incident_id` takes the only open incident, if there is just one.

    `known` is an incident and the number of its newest entry known: later ones are read. Of an
    incident that was not known none are: its timeline may be long, and is read where it shows.
    """
    seen = await glance(room, incident_id, known)
    incident, now = seen.incident, room.clock.now()
    situation = Situation(
        now=now,
        me=room.actor.name,
        access=access_of(room),
        incident=incident,
        clocks=clocks(incident, now) if incident else (),
        status=seen.status,
        zone_name=room.config.zone,
        drill_note=drill_note,
        warnings=seen.warnings,
        stopped=seen.stopped,
        telling=await notifying_looking.standing(room),
    )
    lines = _lines(incident, seen.approved, now) if incident else ()
    return Look(situation, seen.entries, lines, len(seen.status.incidents))


def _lines(
    incident: Incident, approved: Mapping[str, ApprovedWords], now: datetime
) -> list[KeyLine]:
    titles = {one.id: one.title for one in incident.plan.key_messages}
    zone = zone_of(incident.zone)
    lines = []
    for wording in words_of(incident.plan):
        if wording.id in titles:
            found = approval_in(wording, approved)
            by, at = (found.by, brief_clock(found.at, now, zone)) if found else ("", "")
            lines.append(KeyLine(wording.id, titles[wording.id], by, at))
    return lines


class Threads:
    """Reads conversations, and what of the incident's playbook fits them."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._fitting: tuple[str, Fits] = ("", ())  # what fitted the last mention asked for

    async def talks(self, mention: Mention, incident: Incident | None) -> AsyncIterator[Talk]:
        """Yield the conversation a mention stands in, and again once it is known what fits."""
        talk = await self._talk(mention, incident)
        yield talk
        fits = await self._fits(mention, incident) if incident else ()
        self._fitting = (mention.id, fits)
        if fits != talk.fits:
            yield replace(talk, fits=fits)

    async def _talk(self, mention: Mention, incident: Incident | None) -> Talk:
        posts = await reading.thread(self._room, mention)
        story = await self._story(mention)
        drafts = await self._drafts(mention)
        if incident is None:
            return Talk(mention, posts, story=story, drafts=drafts)
        replies = [one for one in incident.replies.values() if one.mention == mention.uid]
        reply = next((one for one in reversed(replies) if one.live), None)
        last, fits = self._fitting
        return Talk(mention, posts, reply, fits if last == mention.id else (), story, drafts)

    async def _drafts(self, mention: Mention) -> tuple[SavedDraft, ...]:
        found = await drafting.saved_drafts(self._room, everybody=True, mention=mention.id)
        me = self._room.actor.name
        return tuple(one for one in found if one.actor != me and one.text.strip())

    async def _story(self, mention: Mention) -> Narrative | None:
        try:
            return await stories.narrative(self._room, mention.narrative)
        except Usage:
            return None

    async def _fits(self, mention: Mention, incident: Incident) -> Fits:
        titles = {one.id: one.title for one in incident.plan.key_messages}
        titles |= {one.id: one.question for one in incident.plan.faq}
        if not titles:
            return ()
        from crisisroom.core.suggest import FITS  # only a playbook with words pays for it
        from crisisroom.room.suggesting import fitting

        found = await fitting(self._room, incident, mention, FITTING)
        return tuple((one, titles.get(one.id, "")) for one in found if one.score >= FITS)
