"""Mentions: claimed by one at a time, put aside, linked, edited by their authors."""

from __future__ import annotations

import pytest
from room.people import PLAN, as_, declared, post

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.query import Query
from crisisroom.room import (
    Room,
    lifecycle,
    reading,
    triage,
)


async def test_claims_are_one_person_s_for_a_while(room: Room, clock: ManualClock) -> None:
    await declared(room)
    claimed = await triage.claim(room, "M-1")
    assert (claimed.state, claimed.assignee) == ("claimed", "ada")
    bo = as_(room, "bo")
    with pytest.raises(Refused, match="ada is on M-1"):
        await triage.claim(bo, "M-1")
    assert (await triage.claim(bo, "M-1", take=True)).assignee == "bo"
    clock.advance(16 * 60)
    assert (await triage.claim(room, "M-1")).assignee == "ada"
    assert (await triage.release(room, "M-1")).state == "new"
    with pytest.raises(Refused, match="is new, not claimed"):
        await triage.release(room, "M-1")
    texts = [e.text for e in (await reading.timeline(room))[2:] if e.source == "person"]
    who = "pat@social.example"
    assert texts == [f"took {who}", f"took {who} from ada", f"took {who}", f"let {who} go"]


async def test_putting_aside_and_taking_up_again(room: Room) -> None:
    await declared(room)
    assert (await triage.dismiss(room, "M-1")).state == "dismissed"
    assert (await triage.restore(room, "M-1")).state == "new"
    with pytest.raises(Refused, match="M-1 is new"):
        await triage.restore(room, "M-1")
    assert (await triage.offline(room, "M-1")).state == "offline"
    state = await reading.incident(room)
    assert [one.state for one in state.mentions.values()] == ["offline"]


async def test_linking_is_to_one_incident(room: Room) -> None:
    await declared(room, texts=("one", "two"))
    await lifecycle.declare(room, "Another", playbook=PLAN)
    with pytest.raises(Refused, match="M-1 belongs to INC-1"):
        await triage.link(room, "INC-2", ["M-1"])
    again = await triage.link(room, "INC-1", ["M-1", "M-2", "M-1"])
    assert not again.changed
    await triage.unlink(room, "INC-1", "M-1")
    with pytest.raises(Refused, match="does not belong to INC-1"):
        await triage.unlink(room, "INC-1", "M-1")
    moved = await triage.link(room, "INC-2", ["M-1"])
    assert [one.id for one in moved.incident.mentions.values()] == ["M-1"]
    assert await reading.count(room, Query(incident="INC-2")) == 1


async def test_an_edit_of_a_linked_post_is_on_the_timeline(room: Room) -> None:
    await declared(room)
    outcome = await triage.ingest(room, [post("my kettle was warm", "p1"), post("new", "p2")])
    assert (outcome.added, outcome.edited) == ((2,), (1,))
    entries = await reading.timeline(room)
    assert (entries[-1].kind, entries[-1].actor, entries[-1].source) == (
        "mention.edited",
        "room",
        "system",
    )
    assert entries[-1].text == "pat@social.example edited M-1"
    state = await reading.incident(room)
    assert [one.quote for one in state.mentions.values()] == ["my kettle was warm"]
    assert "on fire" in entries[1].data["quote"]
    versions = await reading.history(room, "M-1")
    assert [text for _, text in versions] == ["'my kettle is on fire'", "'my kettle was warm'"]


async def test_what_a_person_saw_is_taken_in_once(room: Room) -> None:
    url = "https://forum.example/1"
    added = await triage.add_by_hand(room, "it smokes", url=url, handle="lee")
    assert (added.id, added.source, added.external_id) == ("M-1", "by-hand", url)
    with pytest.raises(Refused, match="in the room already"):
        await triage.add_by_hand(room, "it smokes", url=url, handle="lee")
    with pytest.raises(Refused, match="in the room already"):
        await triage.add_by_hand(room, "another text", url=url)
    with pytest.raises(Usage, match="what was said"):
        await triage.add_by_hand(room, " ")
    assert await reading.count(room) == 1


async def test_a_stranger_s_text_is_shown_as_a_literal(room: Room) -> None:
    await triage.ingest(room, [post("\x1b[2J\u202e{x} %s", "p1")])
    assert await reading.raw(room, "M-1") == "'\\x1b[2J\\u202e{x} %s'"
