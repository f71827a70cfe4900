"""Mentions: claimed by one at a time, put aside, linked, edited by their authors."""

from __future__ import annotations

import msgspec
import pytest
from conftest import START
from room.people import PLAN, SETTINGS, as_, declared, post, reply

from crisisroom.clock import ManualClock, ScaledClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.query import Query
from crisisroom.core.timeline import Draft
from crisisroom.room import (
    Actor,
    Room,
    lifecycle,
    reading,
    sending,
    tagging,
    triage,
)
from crisisroom.room.settings import apply_config
from crisisroom.store import Tx


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


async def test_tags_are_put_on_and_taken_off(room: Room) -> None:
    await declared(room)
    tagged = await tagging.tag(room, "M-1", ["troll", "Satire", "troll"])
    assert tagged.tags == ("troll", "satire")
    assert (await tagging.tag(room, "M-1", ["troll"], off=True)).tags == ("satire",)
    again = await tagging.tag(room, "M-1", ["satire"])
    assert again.tags == ("satire",)
    texts = [e.text for e in await reading.timeline(room) if e.kind == "mention.tagged"]
    who = "pat@social.example"
    assert texts == [f"tagged {who} troll, satire", f"{who} is not troll"]


@pytest.mark.parametrize("tag", ["", " ", "two words", "a,b", "\x1b[31m", "x" * 60])
async def test_what_is_no_tag_is_refused(room: Room, tag: str) -> None:
    await declared(room)
    with pytest.raises(Usage):
        await tagging.tag(room, "M-1", [tag])
    assert (await reading.mention(room, "M-1")).tags == ()


async def test_a_tag_can_keep_everybody_from_answering(room: Room) -> None:
    rules = msgspec.structs.replace(PLAN.guardrails, never_answer=("troll",))
    await apply_config(room, SETTINGS, "crisisroom.yaml")
    await triage.ingest(room, [post("ha", "p1")])
    plan = msgspec.structs.replace(PLAN, guardrails=rules, reply_approval="")
    await lifecycle.declare(room, "x", playbook=plan, severity="sev2", mentions=["M-1"])
    saved = await reply(room, "Thank you.")
    await tagging.tag(room, "M-1", ["troll"])
    with pytest.raises(Refused, match="tagged troll: the playbook says"):
        await sending.send(room, "", saved.id)
    await tagging.tag(room, "M-1", ["troll"], off=True)
    assert (await sending.send(room, "", saved.id)).thing.state == "queued"


async def test_one_author_gets_so_many_public_replies_and_no_more(room: Room) -> None:
    rules = msgspec.structs.replace(PLAN.guardrails, max_public_replies=1)
    await apply_config(room, SETTINGS, "crisisroom.yaml")
    await triage.ingest(room, [post(f"post {n}", f"p{n}") for n in range(3)])
    plan = msgspec.structs.replace(PLAN, guardrails=rules, reply_approval="")
    ids = ["M-1", "M-2", "M-3"]
    await lifecycle.declare(room, "x", playbook=plan, severity="sev2", mentions=ids)
    first = await reply(room, "Thank you.", "M-1")
    await sending.send(room, "", first.id)
    await room.act_in("", lambda tx, state, scene: _out(tx, state, first.id))
    second = await reply(room, "Thank you, too.", "M-2")
    with pytest.raises(Refused, match="public reply 2 to this person, 1 allowed: offer a private"):
        await sending.send(room, "", second.id)
    assert (await sending.send(room, "", second.id, "by-hand")).thing.state == "queued"


async def _out(tx: Tx, state: Incident, id_: str) -> list[Draft]:
    words = state.replies[id_]
    return await sending.sent_drafts(tx, words, words.sends["masto"], "1", "", f"{id_} is out")


async def test_a_drill_s_fast_clock_leaves_claims_as_long_as_at_night(address: str) -> None:
    clock = ScaledClock(START, 60)
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        await triage.ingest(room, [post("it burns", "p1")])
        claimed = await triage.claim(room, "M-1")
        assert claimed.claimed_until is not None
        held = (claimed.claimed_until - clock.now()).total_seconds() / 60
        assert 14 * 60 < held <= 15 * 60, "in the drill's minutes"
