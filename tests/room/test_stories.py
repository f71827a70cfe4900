"""Stories: named, merged, split and set aside by people; part of an incident."""

from __future__ import annotations

import msgspec
import pytest
from room.heard import stories_told
from room.people import PLAN

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.playbook import Calm, Resolve
from crisisroom.core.query import Query
from crisisroom.room import Room, lifecycle, reading, stories, triage, verifying
from crisisroom.store import Change, Tx
from crisisroom.store import mentions as rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.mentions import Analysed


async def test_stories_are_listed_the_largest_first(room: Room) -> None:
    await stories_told(room, {"N-1": 2, "N-2": 5})
    found = await stories.narratives(room)
    assert [(one.id, one.mentions, one.free) for one in found] == [("N-2", 5, 5), ("N-1", 2, 2)]
    assert (await stories.narrative(room, "n-1")).title == "story N-1"
    with pytest.raises(Usage, match="there is no story N-9"):
        await stories.narrative(room, "N-9")


async def test_a_name_of_ours_stays(room: Room) -> None:
    await stories_told(room, {"N-1": 2})
    named = await stories.rename(room, "N-1", "Charged twice", command_id="once")
    assert (named.title, named.named_by) == ("Charged twice", "ada")
    await stories_told(room, {"N-1": 3})
    assert (await stories.narrative(room, "N-1")).title == "Charged twice"
    assert (await stories.rename(room, "N-1", "Another", command_id="once")).title == named.title


async def test_merging_moves_the_posts_and_what_was_merged_is_no_story(room: Room) -> None:
    await stories_told(room, {"N-1": 2, "N-2": 3, "N-3": 1})
    merged = await stories.merge(room, "N-1", ["N-2", "N-3", "N-2"])
    assert merged.mentions == 6
    assert len(await reading.mentions(room, Query(narrative="N-1"))) == 6
    assert [one.id for one in await stories.narratives(room)] == ["N-1"]
    assert (await stories.narrative(room, "N-2")).into == "N-1"
    with pytest.raises(Refused, match="N-2 became part of N-1"):
        await stories.merge(room, "N-2", ["N-1"])
    with pytest.raises(Usage, match="name the stories"):
        await stories.merge(room, "N-1", ["N-1"])


async def test_splitting_makes_another_story(room: Room) -> None:
    await stories_told(room, {"N-1": 4})
    made = await stories.split(room, "N-1", ["M-2", "M-3"], "Refunds")
    assert (made.id, made.title, made.mentions, made.by_hand) == ("N-2", "Refunds", 2, True)
    assert (await stories.narrative(room, "N-1")).mentions == 2
    assert (await reading.mention(room, "M-2")).narrative == "N-2"
    with pytest.raises(Refused, match="M-2 does not belong to N-1"):
        await stories.split(room, "N-1", ["M-2"])
    with pytest.raises(Refused, match="all posts of N-2"):
        await stories.split(room, "N-2", ["M-2", "M-3"])


async def test_reposts_go_with_the_post_that_is_split_off(room: Room) -> None:
    await stories_told(room, {"N-1": 6})
    same = [
        Incoming(text=f"again {index}", source="forum", external_id=f"r-{index}", author=author)
        for index, author in enumerate((Author("p0"), Author("q"), Author("q")))
    ]
    added = (await triage.ingest(room, same)).added
    copies = [Analysed(one, "N-1", 0.1, copy_of=2) for one in added]

    async def repost(tx: Tx) -> None:
        await rows.analysed(tx, copies)
        known = await stories.one(tx, "N-1")
        counted = msgspec.structs.replace(known, mentions=9, authors=8, sources=("forum", "web"))
        await narrative_rows.put(tx, [counted])

    await room.store.write(repost)
    made = await stories.split(room, "N-1", ["M-2"], "Refunds")
    assert (made.mentions, made.authors, made.sources) == (4, 3, ("forum", "web"))
    left = await stories.narrative(room, "N-1")
    assert (left.mentions, left.authors, left.sources) == (5, 5, ("web",))
    moved = await reading.mentions(room, Query(narrative=made.id, copies=True))
    assert {one.number for one in moved} == {2, *added}
    with pytest.raises(Refused, match="all posts of N-2"):
        await stories.split(room, "N-2", ["M-2"])


async def test_the_analysis_is_told_of_what_people_decide(room: Room) -> None:
    await stories_told(room, {"N-1": 2, "N-2": 2})
    latest = await reading.latest_change(room)
    await stories.merge(room, "N-1", ["N-2"])
    batch = await anext(room.changes(latest))
    assert Change(0, "narrative", stories.BY_HAND) in [_bare(change) for change in batch]


def _bare(change: Change) -> Change:
    return Change(0, change.topic, change.ref)


async def test_setting_aside_and_taking_back(room: Room) -> None:
    await stories_told(room, {"N-1": 2})
    assert (await stories.dismiss(room, "N-1")).state == "dismissed"
    assert await stories.narratives(room) == ()
    assert (await stories.restore(room, "N-1")).state == "open"


async def test_an_incident_s_stories_are_on_its_record(room: Room, clock: ManualClock) -> None:
    await stories_told(room, {"N-1": 2})
    await lifecycle.declare(room, "Double charge", playbook=PLAN)
    acted = await stories.link(room, "", "N-1")
    [story] = acted.incident.stories.values()
    assert (story.id, story.mentions, story.title) == ("N-1", 2, "story N-1")
    assert not (await stories.link(room, "", "N-1")).changed
    assert (await stories.unlink(room, "", "N-1")).incident.stories == {}
    with pytest.raises(Refused, match="N-1 does not belong to INC-1"):
        await stories.unlink(room, "", "N-1")
    assert all(not checked.problems for checked in await verifying.verify(room))


async def test_the_posts_of_a_story_keep_an_incident_from_being_calm(
    room: Room, clock: ManualClock
) -> None:
    restless = msgspec.structs.replace(PLAN, phases=(), resolve=Resolve(calm=Calm(quiet=3600)))
    await lifecycle.declare(room, "Double charge", playbook=restless)
    await stories_told(room, {"N-1": 6})
    state = await reading.incident(room)
    clock.advance(4 * 86400)
    assert (await lifecycle.before_the_end(room, state)).calm == ""
    await stories.link(room, "", "N-1")
    clock.advance(-4 * 86400 + 1800)
    known = await lifecycle.before_the_end(room, await reading.incident(room))
    assert "posts keep coming in" in known.calm or "quiet since" in known.calm
    with pytest.raises(Refused, match="not calm yet"):
        await lifecycle.resolve(room, "INC-1", "over")
