"""Volume over time: what charts show of everything about us, of one term or of one story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import fmean

import msgspec

from crisisroom.config.terms import terms_of
from crisisroom.core.candidate import Candidate
from crisisroom.core.chart import LONGEST, SLOT, Act, Chart, Counted, arrange, on_chart, reach_back
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.narrative import Narrative
from crisisroom.core.terms import zone_of
from crisisroom.room import Room, reading, stories
from crisisroom.store import Tx, buckets
from crisisroom.store import candidates as candidate_rows
from crisisroom.store import narratives as narrative_rows

ALL = ""  # the series of everything about us
MOST = 6  # stories that are named
DAY, WEEK = timedelta(days=1), timedelta(days=7)
APART = timedelta(hours=1)  # before a warning, whose own rise is not what is usual
LARGE = 40  # of all that go on, among which they are looked for


class Share(msgspec.Struct, frozen=True):
    """How much of the time's mentions one source brought, or one story is."""

    name: str
    mentions: int
    complaints: int


class StoryShare(msgspec.Struct, frozen=True):
    """A story, and its mentions in the time shown."""

    story: Narrative
    mentions: int


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """A chart with what happened on it; sources and stories are those of everything about us."""

    series: str
    about: str  # what the series is of, in our words or the story's own; empty for everything
    until: datetime
    chart: Chart
    heard_since: datetime | None
    acts: tuple[tuple[int, Act], ...]  # with the bin that each falls into
    sources: tuple[Share, ...] = ()
    stories: tuple[StoryShare, ...] = ()


async def volume(
    room: Room,
    span: timedelta,
    *,
    series: str = ALL,
    until: datetime | None = None,
    over: timedelta = timedelta(),
) -> Volume:
    """Return the chart of so long a time up to now, of "", "term:ID" or "narrative:N-3".

    Each bin counts its own time, or the longer one `over` that ends with it.
    Usage for a term that is not watched, a story that is not there, and too long a time.
    """
    if not SLOT <= span <= LONGEST:
        raise Usage("span", f"a chart shows from 5 minutes to {LONGEST.days} days")
    now = until or room.clock.now()
    about = await _about(room, series)
    incidents = await reading.incidents(room)

    async def work(tx: Tx) -> Volume:
        counted, heard = await counts(tx, series, now - reach_back(span) - over, now)
        zone = zone_of(room.config.zone)
        chart = arrange(counted, now, span, heard_since=heard, zone=zone, over=over)
        warned = await candidate_rows.recent(tx)
        return Volume(
            series=series,
            about=about,
            until=now,
            chart=chart,
            heard_since=heard,
            acts=on_chart(chart, _acts(incidents, warned)),
            sources=await _sources(tx, chart.since) if series == ALL else (),
            stories=await _stories(tx, chart.since) if series == ALL else (),
        )

    return await room.store.read(work)


async def counts(
    tx: Tx, series: str, since: datetime, until: datetime
) -> tuple[tuple[Counted, ...], datetime | None]:
    """Return a series' counts, and since when the room hears at all."""
    counted = await buckets.window(tx, series, since, until + SLOT)
    return counted, await buckets.first(tx, ALL)


async def _about(room: Room, series: str) -> str:
    kind, _, name = series.partition(":")
    if kind == "term":
        known = {one.id: one.title or one.id for one in terms_of(room.config)}
        if name not in known:
            there = ", ".join(known) or "none"
            raise Usage("term", f"no watched term is called {name[:40]}", f"there is: {there}")
        return known[name]
    return (await stories.narrative(room, name)).title if kind == "narrative" else ""


def _acts(incidents: tuple[Incident, ...], warned: tuple[Candidate, ...]) -> Iterator[Act]:
    for one in warned:
        yield Act(one.at, "W", f"early warning {one.id}")
    for state in incidents:
        yield Act(state.declared_at, "D", f"{state.id} declared")
        if state.resolved_at:
            yield Act(state.resolved_at, "R", f"{state.id} resolved")
        for text in state.statements.values():
            for send in text.sends.values():
                if send.state == "sent" and send.at:
                    yield Act(send.at, "S", f"{text.id} sent, {send.channel}")


async def _sources(tx: Tx, since: datetime) -> tuple[Share, ...]:
    found = await buckets.starts_with(tx, "source:", since)
    return tuple(Share(name.removeprefix("source:"), many, bad) for name, many, bad in found)


async def _stories(tx: Tx, since: datetime) -> tuple[StoryShare, ...]:
    large = await narrative_rows.recent(tx, since, LARGE)
    told = await buckets.several(tx, [f"narrative:{one.id}" for one in large], since)
    shares = [
        StoryShare(one, sum(many for _, many, _ in told[f"narrative:{one.id}"])) for one in large
    ]
    shares.sort(key=lambda share: share.mentions, reverse=True)
    return tuple(share for share in shares[:MOST] if share.mentions)


async def complaining(room: Room, series: str, until: datetime, minutes: int) -> tuple[int, int]:
    """Return how many mentions of the minutes before are likely complaints, and all of them.

    They are counted in whole slots of five minutes.
    """
    begin, end = buckets.start_of(until - timedelta(minutes=minutes)), until + SLOT
    found = await room.store.read(lambda tx: buckets.window(tx, series, begin, end))
    return sum(bad for _, _, bad in found), sum(many for _, many, _ in found)


async def usual_share(room: Room, series: str, before: datetime) -> float | None:
    """Return which share of a series' mentions were likely complaints in the week before.

    None where there were none.
    """
    found = await room.store.read(
        lambda tx: buckets.window(tx, series, before - WEEK, before - APART)
    )
    mentions = sum(many for _, many, _ in found)
    return sum(bad for _, _, bad in found) / mentions if mentions else None


async def usual_sources(room: Room, before: datetime, minutes: int) -> float | None:
    """Return how many sources usually speak of us in so many minutes, where any does.

    It is the mean of the day before; None where nothing was heard.
    """
    since, until = before - DAY, before - APART

    async def work(tx: Tx) -> dict[str, tuple[buckets.Window, ...]]:
        names = [name for name, _, _ in await buckets.starts_with(tx, "source:", since)]
        return await buckets.several(tx, names, since)

    spoke: dict[int, set[str]] = {}
    for name, windows in (await room.store.read(work)).items():
        for start, _, _ in windows:
            if start < until:
                spoke.setdefault((start - since) // timedelta(minutes=minutes), set()).add(name)
    return fmean(len(names) for names in spoke.values()) if spoke else None
