"""The analysis: stories, priorities and warnings of what came in, also after a restart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from conftest import START

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig, Term
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.playbook import Match, Playbook
from crisisroom.core.query import Query
from crisisroom.room import Room, reading, sorting, stories, triage, warnings
from crisisroom.room.settings import apply_config
from crisisroom.store import buckets
from crisisroom.watch.analysis import Analysis, analyse_now

BILLING = Playbook(
    schema=1,
    id="billing-error",
    title="Billing",
    version=1,
    match=Match(keywords=("charged twice", "double charge")),
)
HOUR = timedelta(hours=1)
CROWD = (
    "ferrow charged me twice for the november pass, 98 euros gone",
    "anyone else charged twice by ferrow this morning?",
    "my card was charged twice by ferrow and nobody answers the phone",
    "ferrow charged my card twice, is the app broken",
    "charged twice for one ferrow pass, I want my money back",
    "so ferrow charged everybody twice? my rent goes out on monday",
    "second charge from ferrow on my card: charged twice",
    "ferrow support does not answer, charged twice since friday",
)


def said(texts: Sequence[str], at: int = 0, prefix: str = "p") -> list[Incoming]:
    """Return posts of as many people, a few seconds apart."""
    return [
        Incoming(
            text=text,
            source="web" if index % 2 else "masto",
            external_id=f"{prefix}{at}-{index}",
            author=Author(f"{prefix}{index}", reach=300),
            posted_at=START + timedelta(seconds=at + 5 * index),
        )
        for index, text in enumerate(texts)
    ]


async def analysed(room: Room, plans: Sequence[Playbook] = (BILLING,)) -> Analysis:
    analysis = Analysis(room, None, lambda: plans)
    await analysis.ready()
    await analysis.finish()
    return analysis


async def test_a_crowd_becomes_a_story_and_a_warning(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    await triage.ingest(room, said(CROWD))
    await analysed(room)
    [story] = await stories.narratives(room)
    assert story.mentions >= len(CROWD) - 2
    assert story.sources == ("masto", "web")
    [warning] = await warnings.candidates(room)
    assert (warning.state, warning.suggested_playbook) == ("open", "billing-error")
    assert (warning.authors, warning.sources) == (8, 2)
    assert story.id in warning.narratives
    [first, *_] = await reading.mentions(room, Query(newest_first=False))
    assert first.complaint > 0.5
    assert any("charged twice" in why or "complaint" in why for why in first.why)


async def test_it_goes_on_where_it_stopped(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    await triage.ingest(room, said(CROWD[:4]))
    await analysed(room)
    [before] = await stories.narratives(room)
    await triage.ingest(room, said(CROWD[4:], at=30))
    clock.advance(60)
    await analysed(room)  # another process
    [after] = await stories.narratives(room)
    assert (after.id, after.uid) == (before.id, before.uid)
    assert after.mentions > before.mentions
    assert len(await reading.mentions(room, Query(narrative=after.id))) == after.mentions
    assert len(await warnings.candidates(room)) == 1


async def test_one_step_at_a_time_comes_to_the_same(room: Room, clock: ManualClock) -> None:
    for index, item in enumerate(said(CROWD)):
        clock.advance(5)
        await triage.ingest(room, [item])
        if index % 3:
            await analysed(room)
    await analysed(room)
    [story] = await stories.narratives(room)
    assert len(await reading.mentions(room, Query(narrative=story.id))) == story.mentions
    assert len(await warnings.candidates(room)) == 1


async def test_reposts_are_counted_and_not_listed_twice(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    again = [f"RT @p0: {CROWD[0]}", CROWD[0] + " https://t.example/x"]
    await triage.ingest(room, said([CROWD[0], *again]))
    await analysed(room)
    listed = await reading.mentions(room, Query())
    assert [(one.id, one.copies) for one in listed] == [("M-1", 2)]
    every = await reading.mentions(room, Query(copies=True))
    assert [one.copy_of for one in every] == ["M-1", "M-1", ""]


async def test_what_people_put_right_holds(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    await triage.ingest(room, said(CROWD))
    await analysed(room)
    [story] = await stories.narratives(room)
    made = await stories.split(room, story.id, ["M-3", "M-8"], "Nobody answers")
    later = ["the ferrow phone line: nobody answers the phone, nobody at all"]
    await triage.ingest(room, said(later, at=90, prefix="q"))
    clock.advance(90)
    await analysed(room)
    [newest] = await reading.mentions(room, Query(limit=1))
    assert newest.narrative == made.id
    both = {one.id: one.mentions for one in await stories.narratives(room)}
    assert both == {story.id: story.mentions - 2, made.id: 3}


async def test_competitors_are_counted_apart_and_never_warn(room: Room, clock: ManualClock) -> None:
    terms = (Term(id="us", say="ferrow"), Term(id="them", say="rivalco", kind="competitor"))
    await apply_config(room, RoomConfig(name="x", terms=terms), "x")
    clock.advance(60)
    await triage.ingest(room, said([text.replace("ferrow", "rivalco") for text in CROWD]))
    await analysed(room)
    assert await warnings.candidates(room) == ()
    assert await stories.narratives(room) == ()
    assert len(await reading.mentions(room, Query(others=True))) == len(CROWD)
    assert await reading.mentions(room, Query(others=False)) == ()
    theirs = await room.store.read(lambda tx: buckets.window(tx, "term:them", START - HOUR))
    assert sum(many for _, many, _ in theirs) == len(CROWD)
    assert await room.store.read(lambda tx: buckets.window(tx, "", START - HOUR)) == ()


async def test_a_dismissed_story_stays_quiet_another_speaks(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    await triage.ingest(room, said(CROWD))
    analysis = await analysed(room)
    [warning] = await warnings.candidates(room)
    await warnings.dismiss(room, warning.id, "a test account")
    analysis.decided(warning.id)
    await analysis.finish()
    clock.advance(600)
    await triage.ingest(room, said(CROWD, at=600, prefix="r"))
    await analysis.finish()
    assert len(await warnings.candidates(room)) == 1
    other = [
        f"smoke comes out of the ferrow scooter at {place}, it burns, somebody is hurt"
        for place in (
            *("the station", "our school", "the bridge", "gate four", "the old harbour"),
            *("the market", "line nine", "the north tower", "my house", "the ferry"),
            *("the zoo", "pier two", "the mall", "the lake"),
        )
    ]
    clock.advance(60)
    await triage.ingest(room, said(other, at=660, prefix="s"))
    await analysis.finish()
    clock.advance(300)  # what is muted is looked at every five minutes
    await analysis.finish()
    assert len(await warnings.candidates(room)) == 2


async def test_clicks_change_what_comes_first(room: Room, clock: ManualClock) -> None:
    odd = [f"the zebra scooter number {n} stands in the river again" for n in range(30)]
    await triage.ingest(room, said(odd))
    for number in range(1, 31):
        await sorting.sort(room, [f"M-{number}"], "answer")
    await triage.ingest(room, said(["a zebra scooter stands in the river"], at=10, prefix="z"))
    clock.advance(60)
    await analysed(room)
    [newest] = await reading.mentions(room, Query(limit=1, copies=True))
    assert any(why.startswith("like those you took") for why in newest.why)


async def test_a_verb_analyses_before_it_ends(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    await triage.ingest(room, said(CROWD))
    assert await analyse_now(room, lambda: (BILLING,))
    assert len(await warnings.candidates(room)) == 1
    again = msgspec.structs.replace(said(CROWD)[0], text="edited: charged three times by ferrow")
    await triage.ingest(room, [again])
    assert await analyse_now(room, lambda: (BILLING,))
    assert len(await warnings.candidates(room)) == 1


async def test_what_is_excluded_is_kept_apart(room: Room, clock: ManualClock) -> None:
    terms = (Term(id="us", say="ferrow"),)
    config = RoomConfig(name="x", terms=terms, exclude=('"ferrow valley"',))
    await apply_config(room, config, "x")
    clock.advance(60)
    hills = [f"a walk through ferrow valley, part {n}, sunshine and sheep" for n in range(30)]
    await triage.ingest(room, said(hills))
    await analysed(room)
    assert await warnings.candidates(room) == ()
    assert await reading.mentions(room, Query(others=False)) == ()
    assert len(await reading.mentions(room, Query(others=True, copies=True))) == 30


async def test_the_brand_s_own_name_tells_no_story(room: Room, clock: ManualClock) -> None:
    await apply_config(room, RoomConfig(name="x", terms=(Term(id="us", say="ferrow"),)), "x")
    mixed = [
        "ferrow charged me twice for the pass",
        "is ferrow open on sunday?",
        "anyone else charged twice by ferrow",
        "love my new ferrow scooter",
        "ferrow app does not start",
    ]
    await triage.ingest(room, said(mixed))
    clock.advance(60)
    await analysed(room)
    [story] = await stories.narratives(room)
    found = await reading.mentions(room, Query(narrative=story.id))
    assert sorted(one.id for one in found) == ["M-1", "M-3"]


async def test_a_dismissal_holds_though_nobody_analysed(room: Room, clock: ManualClock) -> None:
    clock.advance(60)
    await triage.ingest(room, said(CROWD))
    await analysed(room)
    [warning] = await warnings.candidates(room)
    await warnings.dismiss(room, warning.id, "a test account")
    clock.advance(600)
    again = [text + " today" for text in CROWD]
    await triage.ingest(room, said(again, at=600, prefix="r"))
    await analysed(room)  # a new process: it reads the decision from the store
    assert [one.state for one in await warnings.candidates(room)] == ["dismissed"]
