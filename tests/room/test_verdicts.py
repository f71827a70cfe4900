"""Verdicts in the room: steps, fallback, taking back, emergency release, words of beforehand."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from room.people import PLAN as KETTLE
from room.people import SETTINGS, as_, post

from crisisroom.clock import ManualClock
from crisisroom.config import Member
from crisisroom.core.canonical import text_hash
from crisisroom.core.condition import Condition
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Words
from crisisroom.core.playbook import Approval, ApprovalStep, Fact, Role
from crisisroom.room import (
    Room,
    approvals,
    facts,
    lifecycle,
    reading,
    roles,
    sending,
    statements,
    triage,
    words,
)
from crisisroom.room.looked import look
from crisisroom.room.settings import apply_config

HURT = Condition("is", (), "fact.injury", ("yes",))
APPROVAL = Approval(
    "words",
    steps=(
        ApprovalStep(by=("legal", "lead"), within=600, fallback=("exec",)),
        ApprovalStep(by=("exec",), within=300, when=HURT),
    ),
    expires_after=3600,
    preapproved=("standing",),
    break_glass=("lead",),
)
PLAN = msgspec.structs.replace(
    KETTLE,
    facts=(*KETTLE.facts, Fact("injury", "Injury")),
    roles=(*KETTLE.roles, Role("exec", "Executive")),
    approvals=(APPROVAL,),
)
HELD = {"ada": "social", "bo": "lead", "cy": "legal", "dee": "exec"}
EVERY = ("lead", "social", "legal", "exec")
TEAM = tuple(Member(name, name.title(), EVERY) for name in HELD)


async def begun(room: Room, plan: object = PLAN) -> Words:
    """Give everybody a part, and have ada hand in ST-1, to the letter of the playbook."""
    await apply_config(room, msgspec.structs.replace(SETTINGS, team=TEAM), "crisisroom.yaml")
    await triage.ingest(room, [post("it burns", "p1")])
    assert isinstance(plan, type(PLAN))
    await lifecycle.declare(room, "Kettles", playbook=plan, severity="sev2", mentions=["M-1"])
    for name, role in HELD.items():
        await roles.take(as_(room, name), "", role)
    await facts.set_fact(room, "", "product", "the X1 kettle")
    await facts.set_fact(room, "", "injury", "no")
    await approvals.approve_words(as_(room, "cy"), plan, ["standing"])
    await statements.draft(room, "", "standing", channel="masto")
    handed: Words = (await words.submit(room, "", "ST-1")).thing
    return handed


async def test_every_step_that_counts_has_its_turn(room: Room, clock: ManualClock) -> None:
    text = await begun(room)
    await facts.set_fact(room, "", "injury", "yes")
    with pytest.raises(Refused, match="it is not your turn yet: ST-1 waits for Legal or Lead fir"):
        await words.approve(as_(room, "dee"), "", "ST-1", text.sha256)
    first = await words.approve(as_(room, "cy"), "", "ST-1", text.sha256)
    assert first.entry.text == "approved ST-1 v1, 1 of 2: waits for Executive"
    assert (first.thing.state, first.thing.approved_by()) == ("submitted", None)
    clock.advance(20)
    with pytest.raises(Refused, match="you approved ST-1 20 s ago; now it waits for Executive"):
        await words.approve(as_(room, "cy"), "", "ST-1", text.sha256)
    with pytest.raises(Refused, match="ST-1 is not approved yet: 1 of 2: waits for Executive"):
        await sending.send(room, "", "ST-1")
    second = await words.approve(as_(room, "dee"), "", "ST-1", text.sha256)
    assert (second.entry.text, second.thing.state) == ("approved ST-1 v1", "approved")
    with pytest.raises(Refused, match="dee approved ST-1 0 s ago"):
        await words.approve(as_(room, "bo"), "", "ST-1", text.sha256)
    assert (await sending.send(room, "", "ST-1")).thing.state == "queued"


async def test_a_step_that_counts_only_now_is_asked_for_before_it_goes_out(room: Room) -> None:
    text = await begun(room)
    approved = await words.approve(as_(room, "cy"), "", "ST-1", text.sha256)
    assert approved.thing.state == "approved"
    await facts.set_fact(room, "", "injury", "yes")
    with pytest.raises(Refused, match="nobody approved as they read") as refused:
        await sending.send(room, "", "ST-1")
    assert "statement submit" in refused.value.hint
    again = await words.submit(room, "", "ST-1")
    assert again.thing.state == "submitted"
    await words.approve(as_(room, "dee"), "", "ST-1", text.sha256)
    assert (await sending.send(room, "", "ST-1")).thing.state == "queued"


async def test_the_fallback_decides_once_it_is_late(room: Room, clock: ManualClock) -> None:
    text = await begun(room)
    with pytest.raises(Refused, match="ST-1 is for Legal or Lead to approve"):
        await words.approve(as_(room, "dee"), "", "ST-1", text.sha256)
    clock.advance(600)
    approved = await words.approve(as_(room, "dee"), "", "ST-1", text.sha256)
    assert approved.thing.approved_by().roles == ("exec",)
    assert any(one.kind == "clock.late" for one in await reading.timeline(room))


async def test_an_approval_that_is_over_lets_nothing_out(room: Room, clock: ManualClock) -> None:
    text = await begun(room)
    await words.approve(as_(room, "cy"), "", "ST-1", text.sha256)
    over = clock.now() + timedelta(hours=1)
    clock.advance(3700)
    with pytest.raises(Refused, match="the approval of ST-1 is over"):
        await sending.send(room, "", "ST-1")
    looked = await look(room, "", "ST-1")
    assert looked.needs == "words"
    await words.submit(room, "", "ST-1")
    assert (await reading.incident(room)).statements["ST-1"].state == "submitted"
    lapsed = [one.at for one in await reading.timeline(room) if one.kind == "statement.lapsed"]
    assert lapsed == [over]
    await words.approve(as_(room, "bo"), "", "ST-1", text.sha256)
    assert (await sending.send(room, "", "ST-1")).thing.state == "queued"


async def test_whoever_decides_in_any_step_may_object(room: Room) -> None:
    await begun(room)
    await facts.set_fact(room, "", "injury", "yes")
    rejected = await words.reject(as_(room, "dee"), "", "ST-1", "not like this")
    assert rejected.thing.state == "rejected"
    with pytest.raises(Refused, match="dee rejected ST-1"):
        await words.reject(as_(room, "bo"), "", "ST-1", "nor do I")


async def test_taking_an_approval_back(room: Room) -> None:
    text = await begun(room)
    with pytest.raises(Refused, match="no approval to take back: it is submitted"):
        await words.revoke(as_(room, "cy"), "", "ST-1", "not so")
    await words.approve(as_(room, "cy"), "", "ST-1", text.sha256)
    with pytest.raises(Refused, match="is for Legal or Lead to approve"):
        await words.revoke(room, "", "ST-1", "not so")
    with pytest.raises(Usage, match="needs a reason"):
        await words.revoke(as_(room, "cy"), "", "ST-1", " ")
    await roles.leave(as_(room, "cy"), "", "legal")  # it is still their own approval
    back = await words.revoke(as_(room, "cy"), "", "ST-1", "not so")
    assert back.entry.text == "took the approval of ST-1 v1 back: not so"
    assert back.thing.state == "submitted"
    with pytest.raises(Refused, match="not approved yet: waits for Legal or Lead"):
        await sending.send(room, "", "ST-1")
    await words.approve(as_(room, "bo"), "", "ST-1", text.sha256)
    await sending.send(room, "", "ST-1")
    with pytest.raises(Refused, match="ST-1 is queued: its approval cannot be taken back"):
        await words.revoke(as_(room, "bo"), "", "ST-1", "too late")


async def test_breaking_the_glass_is_loud(room: Room) -> None:
    await begun(room)
    bo = as_(room, "bo")
    with pytest.raises(Usage, match="3 words or more"):
        await words.release(bo, "", "ST-1", "right now")
    with pytest.raises(Refused, match="only Lead may release ST-1 without approval"):
        await words.release(as_(room, "cy"), "", "ST-1", "nobody of them answers")
    with pytest.raises(Refused, match="reads differently now"):
        await words.release(bo, "", "ST-1", "nobody of them answers", sha256="0" * 64)
    released = await words.release(bo, "", "ST-1", "nobody of them answers")
    assert released.entry.text == "RELEASED ST-1 v1 WITHOUT APPROVAL: nobody of them answers"
    told = [one.data["who"] for one in released.entries if one.kind == "person.notified"]
    assert told == ["legal"]  # the lead knows
    assert released.thing.approved_by().verdict == "released"
    with pytest.raises(Refused, match="needs no release"):
        await words.release(bo, "", "ST-1", "nobody of them answers")
    assert (await sending.send(room, "", "ST-1")).thing.state == "queued"


async def test_the_author_may_release_their_own_words_but_no_blank(room: Room) -> None:
    await begun(room)
    bo = as_(room, "bo")
    mine = (await statements.draft(bo, "", "standing", "It is safe by ‹when›.")).thing
    with pytest.raises(Refused, match="is blank"):
        await words.release(bo, "", mine.id, "nobody of them answers")
    await words.edit(bo, "", mine.id, "Unplug it now.")
    released = await words.release(bo, "", mine.id, "nobody of them answers")
    assert (released.thing.author, released.thing.approved_by().by) == ("bo", "bo")
    await words.edit(bo, "", mine.id, "Unplug it.")
    with pytest.raises(Refused, match="nobody approved"):
        await sending.send(bo, "", mine.id, "masto")


async def test_without_break_glass_nobody_releases(room: Room) -> None:
    strict = msgspec.structs.replace(APPROVAL, break_glass=())
    await begun(room, msgspec.structs.replace(PLAN, approvals=(strict,)))
    with pytest.raises(Refused, match="the playbook lets nobody release ST-1"):
        await words.release(as_(room, "bo"), "", "ST-1", "nobody of them answers")


async def test_prepared_words_go_out_when_nobody_decides(room: Room, clock: ManualClock) -> None:
    text = await begun(room)
    assert text.verbatim
    with pytest.raises(Refused, match="not approved yet"):
        await sending.send(room, "", "ST-1")
    clock.advance(600)
    assert (await look(room, "", "ST-1")).beforehand
    sent = await sending.send(room, "", "ST-1")
    counted, queued = sent.entries
    assert counted.text == (
        "nobody decided in time: ST-1 v1 counts as kettle/standing, approved beforehand by cy"
    )
    assert (counted.actor, counted.source, queued.actor) == ("room", "rule", "ada")
    assert sent.thing.approved_by().reason.endswith("approved beforehand by cy")


@pytest.mark.parametrize("why", ["edited", "fact", "revoked", "rejected", "other", "taken back"])
async def test_prepared_words_stay_in_when_anything_is_different(
    room: Room, clock: ManualClock, why: str
) -> None:
    text = await begun(room)
    cy = as_(room, "cy")
    if why == "edited":
        await words.edit(room, "", "ST-1", f"{text.text} Really.")
        await words.submit(room, "", "ST-1")
    elif why == "fact":
        await facts.set_fact(room, "", "product", "the X2 kettle")
    elif why == "revoked":
        source = next(one.text for one in PLAN.statements if one.id == "standing")
        await approvals.revoke(cy, text_hash(source), "not true any more")
    elif why == "rejected":
        await words.reject(cy, "", "ST-1", "not now")
        await words.submit(room, "", "ST-1")
    elif why == "taken back":
        await words.approve(cy, "", "ST-1", text.sha256)
        await words.revoke(cy, "", "ST-1", "not now")
    else:
        await statements.draft(room, "", "holding", "We look into it.", "masto")
        await facts.set_fact(room, "", "cause", "the thermostat")
        await words.submit(room, "", "ST-2")
    clock.advance(600)
    with pytest.raises(Refused, match=r"not approved yet|changed since this was written"):
        await sending.send(room, "", "ST-2" if why == "other" else "ST-1", "masto")


async def test_a_thread_is_locked_until_its_reply_is_decided(
    room: Room, clock: ManualClock
) -> None:
    await begun(room)
    ada, cy = room, as_(room, "cy")
    saved = (await words.save_reply(ada, "", "M-1", "We are sorry.")).thing
    await words.submit(ada, "", saved.id)
    clock.advance(3000)
    for take, reason in ((False, ""), (True, ""), (False, "ada went home")):
        with pytest.raises(Refused, match="ada is on M-1: R-1 waits for its approval"):
            await triage.claim(cy, "M-1", take=take, reason=reason)
    taken = await triage.claim(cy, "M-1", take=True, reason="ada went home")
    assert taken.assignee == "cy"
    entries = [one for one in await reading.timeline(room) if one.kind == "mention.triaged"]
    assert entries[-1].text == "took pat@social.example from ada while R-1 waits: ada went home"
    await words.reject(cy, "", saved.id, "too short")
    clock.advance(3000)
    assert (await triage.claim(as_(room, "bo"), "M-1")).assignee == "bo"


async def test_a_promise_is_put_down_with_the_words(room: Room, clock: ManualClock) -> None:
    text = await begun(room)
    assert text.promises is not None
    assert (text.promises - clock.now()).total_seconds() == 3600
    clock.advance(120)
    edited = (await words.edit(room, "", "ST-1", f"{text.text} Thank you.")).thing
    assert edited.promises == text.promises  # the text still names that time
    other = (await words.edit(room, "", "ST-1", "There is news.")).thing
    assert other.promises is None
