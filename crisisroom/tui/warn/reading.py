"""Reads all that the screen of an early warning shows, in one go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crisisroom import library
from crisisroom.config.terms import terms_of
from crisisroom.core.candidate import Candidate
from crisisroom.core.clocks import ClockState, clocks
from crisisroom.core.errors import Refused
from crisisroom.core.foresee import foresee
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.core.playbook import Playbook, Severity
from crisisroom.core.playbook_match import best_fit
from crisisroom.core.query import Query
from crisisroom.room import Room, charting, reading, stories, warnings
from crisisroom.room.charting import Volume

POSTS = 20  # of each story
STORIES = 3  # of which posts are shown
SHOWN = timedelta(hours=5)  # of the chart
AFTER = timedelta(hours=1)  # of it after the end of a warning that is over


@dataclass(frozen=True, slots=True)
class Plan:
    """What declaring would start: the playbook, why it fits, its first clocks, whom it calls."""

    playbook: Playbook
    severity: Severity
    words: tuple[str, ...]  # of the playbook, said by the posts
    before: tuple[Incident, ...]  # that it led, drills too
    clocks: tuple[ClockState, ...]
    state: Incident  # as it would be at once


@dataclass(frozen=True, slots=True)
class View:
    """One early warning with all that belongs to it; `place` is its place among those that wait."""

    candidate: Candidate
    waiting: tuple[str, ...]
    stories: tuple[Narrative, ...]
    posts: tuple[Mention, ...]
    volume: Volume
    complaints: tuple[int, int]  # of how many mentions in its window
    share: float | None  # of complaints, usually
    usual_sources: float | None
    plan: Plan | None


async def view(room: Room, candidate_id: str, folders: Sequence[Path]) -> View:
    """Read one early warning; Usage where there is none with this id."""
    one = await warnings.candidate(room, candidate_id)
    waiting = await warnings.candidates(room, ("open",))
    told = [await stories.narrative(room, name) for name in one.narratives[:STORIES]]
    posts = await _posts(room, one)
    series = _series(room, one)
    until = _until(one, room.clock.now())
    over = timedelta(minutes=one.window_minutes)
    volume = await charting.volume(room, SHOWN, series=series, until=until, over=over)
    return View(
        candidate=one,
        waiting=tuple(other.id for other in reversed(waiting)),
        stories=tuple(told),
        posts=posts,
        volume=volume,
        complaints=await charting.complaining(
            room, series, one.escalated_at or one.at, one.window_minutes
        ),
        share=await charting.usual_share(room, series, one.at),
        usual_sources=await charting.usual_sources(room, one.at, one.window_minutes),
        plan=await _plan(room, one, posts, folders),
    )


def _series(room: Room, one: Candidate) -> str:
    """Return the series the warning is about; of a term that is watched no more, everything."""
    watched = {term.id for term in terms_of(room.config)}
    return f"term:{one.term}" if one.term in watched else charting.ALL


def _until(one: Candidate, now: datetime) -> datetime:
    """Return where the chart of a warning ends: now, or a little after what is over."""
    over = one.ended_at or (one.decided_at if one.state == "dismissed" else None)
    return min(now, over + AFTER) if over else now


async def _posts(room: Room, one: Candidate) -> tuple[Mention, ...]:
    since = one.at - timedelta(minutes=one.window_minutes)
    if not one.narratives:
        query = Query(term=one.term, since=since, limit=POSTS)
        return await reading.mentions(room, query)
    found: dict[str, Mention] = {}
    for name in one.narratives[:STORIES]:
        for post in await reading.mentions(room, Query(narrative=name, limit=POSTS)):
            found[post.id] = post
    return tuple(sorted(found.values(), key=lambda post: post.posted_at, reverse=True))


async def _plan(
    room: Room, one: Candidate, posts: Sequence[Mention], folders: Sequence[Path]
) -> Plan | None:
    if not one.suggested_playbook:
        return None
    try:
        playbook, _ = await asyncio.to_thread(library.load, one.suggested_playbook, folders)
    except Refused:
        return None
    if playbook is None:
        return None
    fit = best_fit([playbook], [post.text for post in posts])
    severity = severity_for(one, playbook)
    now = room.clock.now()
    seen = foresee(playbook, now, timedelta(), severity=severity.id, zone=room.config.zone)
    led = await reading.incidents(room)
    return Plan(
        playbook=playbook,
        severity=severity,
        words=fit.words if fit else (),
        before=tuple(state for state in led if state.playbook.id == playbook.id),
        clocks=tuple(clock for clock in clocks(seen.incident, now) if clock.kind != "escalation"),
        state=seen.incident,
    )


def severity_for(one: Candidate, playbook: Playbook) -> Severity:
    """Return the severity to begin with: the gravest in a storm, else the one below it."""
    grave = one.level == "storm" or len(playbook.severities) == 1
    return playbook.severities[0 if grave else 1]
