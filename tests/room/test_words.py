"""Words and approval: what may go out, of whom, and what keeps it in."""

from __future__ import annotations

import msgspec
import pytest
from room.people import PLAN, READY, WITH_TEAM, as_, declared, post, prepared, reply

from crisisroom.clock import ManualClock
from crisisroom.core.canonical import text_hash
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import (
    Room,
    approvals,
    desk,
    drafting,
    facts,
    reading,
    sending,
    settings,
    statements,
    triage,
    words,
)


async def test_the_composer_opens_with_approved_words(room: Room) -> None:
    await prepared(room)
    opened = await words.prefill(room, "", "M-1")
    assert opened.text == READY
    review = opened.desk.review(opened.text)
    assert (review.problems, review.approval, review.blanks) == ((), "", 0)
    assert opened.suggestions[0].id == "unplug"


async def test_nothing_is_prefilled_that_nobodyprepared(room: Room) -> None:
    await declared(room)
    opened = await words.prefill(room, "", "M-1")
    assert opened.text == "@pat@social.example"


async def test_words_that_are_all_approved_go_out_without_another(room: Room) -> None:
    await prepared(room, team=True)
    bo = as_(room, "bo")
    saved = await reply(bo)
    assert (saved.approval, saved.uses) == ("", ("greeting", "unplug", "sign_off"))
    with pytest.raises(Refused, match="needs nobody's approval as it reads"):
        await words.submit(bo, "", saved.id)
    acted = await sending.send(bo, "", saved.id)
    assert acted.thing.state == "queued"
    assert acted.entry.text == "released R-1 v1 to @pat@social.example on masto"


@pytest.mark.parametrize(
    ("old", "new"), [("Please", "please"), ("Kessel", "Kessel!"), (". We", ".We"), ("Hello", "Hi")]
)
async def test_one_character_changed_needs_approval(room: Room, old: str, new: str) -> None:
    await prepared(room, team=True)
    saved = await reply(as_(room, "bo"), READY.replace(old, new))
    assert saved.approval == "words"
    with pytest.raises(Refused, match="nobody approved as they read now") as refused:
        await sending.send(as_(room, "bo"), "", saved.id)
    assert refused.value.hint == "crisisroom reply submit INC-1 R-1"


async def test_approval_is_of_one_text_and_an_edit_lapses_it(room: Room) -> None:
    await prepared(room, team=True)
    bo, cy = as_(room, "bo"), as_(room, "cy")
    saved = await reply(bo, "We are sorry.")
    await words.submit(bo, "", saved.id)
    approved = await words.approve(cy, "", saved.id, saved.sha256)
    assert approved.thing.approved_by().by == "cy"
    edited = await words.edit(bo, "", saved.id, "We are so sorry.")
    assert edited.entry.text == "wrote R-1 v2, its approval lapsed"
    assert (edited.thing.state, edited.thing.approved_by()) == ("draft", None)
    with pytest.raises(Refused, match="nobody approved"):
        await sending.send(bo, "", saved.id)
    back = await words.edit(bo, "", saved.id, "We are sorry.")
    assert back.thing.approved_by().by == "cy"
    assert (await sending.send(bo, "", saved.id)).thing.state == "queued"


async def test_what_was_approved_is_what_was_read(room: Room) -> None:
    await prepared(room, team=True)
    bo, cy = as_(room, "bo"), as_(room, "cy")
    saved = await reply(bo, "We are sorry.")
    await words.submit(bo, "", saved.id)
    await words.edit(bo, "", saved.id, "We are not sorry.")
    await words.submit(bo, "", saved.id)
    for stale in (saved.sha256, "", saved.sha256[:7], text_hash("")):
        with pytest.raises(Refused, match="reads differently now"):
            await words.approve(cy, "", saved.id, stale)
    now = text_hash("We are not sorry.")
    assert (await words.approve(cy, "", saved.id, now[:8])).thing.state == "approved"


async def test_in_a_team_nobody_approves_their_own(room: Room) -> None:
    await prepared(room, team=True)
    bo = as_(room, "bo")
    saved = await reply(bo, "We are sorry.")
    await words.submit(bo, "", saved.id)
    with pytest.raises(Refused, match="nobody approves their own words"):
        await words.approve(bo, "", saved.id, saved.sha256)
    with pytest.raises(Refused, match="for Legal or Lead to approve"):
        await words.approve(as_(room, "ada"), "", saved.id, saved.sha256)
    with pytest.raises(Refused, match="for Legal or Lead to approve"):
        await words.approve(as_(room, "dee"), "", saved.id, saved.sha256)  # may be, but is not


async def test_alone_one_may_and_is_shown_to_have(room: Room) -> None:
    await prepared(room)
    saved = await reply(room, "We are sorry.")
    await words.submit(room, "", saved.id)
    approved = await words.approve(room, "", saved.id, saved.sha256)
    assert approved.thing.approved_by().by == approved.thing.author == "ada"
    assert approved.entry.actor == "ada"


async def test_a_rejection_sends_it_back(room: Room) -> None:
    await prepared(room, team=True)
    bo, cy = as_(room, "bo"), as_(room, "cy")
    saved = await reply(bo, "We are sorry.")
    with pytest.raises(Refused, match="nobody asks for its approval"):
        await words.approve(cy, "", saved.id, saved.sha256)
    await words.submit(bo, "", saved.id)
    with pytest.raises(Usage, match="needs a reason"):
        await words.reject(cy, "", saved.id, " ")
    rejected = await words.reject(cy, "", saved.id, "say whom to ask")
    assert rejected.thing.state == "rejected"
    with pytest.raises(Refused):
        await sending.send(bo, "", saved.id)
    again = await words.submit(bo, "", saved.id)
    assert again.thing.approved_by() is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("We write by ‹time›.", "is blank"),
        ("We write by {{next_update}}.", "is blank"),
        ("There is NO  RISK.", "is forbidden"),
        ("There is no\u00a0risk at all", "is forbidden"),
        ("x" * 501, "too long"),
    ],
)
async def test_what_must_not_go_out_is_stopped_at_every_door(
    room: Room, text: str, why: str
) -> None:
    await prepared(room)
    saved = await reply(room, text)
    with pytest.raises(Refused, match=why):
        await words.submit(room, "", saved.id)
    with pytest.raises(Refused, match=why):
        await sending.send(room, "", saved.id)
    with pytest.raises(Refused, match=why):
        await sending.send(room, "", saved.id, "masto")


async def test_time_passing_does_not_lapse_an_approval(room: Room, clock: ManualClock) -> None:
    await prepared(room, team=True)
    bo = as_(room, "bo")
    saved = await reply(bo)
    clock.advance(1900)
    now = (await words.prefill(bo, "", "M-1")).desk
    assert now.review(saved.text).approval == "words"  # written now, 04:07 would be free words
    assert (await sending.send(bo, "", saved.id)).thing.state == "queued"


async def test_words_that_were_taken_back_do_lapse(room: Room) -> None:
    await prepared(room, team=True)
    bo = as_(room, "bo")
    saved = await reply(bo)
    await approvals.revoke(room, text_hash(PLAN.key_messages[0].text), "not true any more")
    with pytest.raises(Refused, match="nobody approved"):
        await sending.send(bo, "", saved.id)
    with pytest.raises(Usage, match="no approved text"):
        await approvals.revoke(room, text_hash(PLAN.key_messages[0].text), "again")


@pytest.mark.parametrize(("value", "state"), [("the X2 kettle", "known"), ("", "checking")])
async def test_a_fact_that_turned_out_otherwise_does_lapse(
    room: Room, value: str, state: str
) -> None:
    await prepared(room, team=True)
    bo = as_(room, "bo")
    saved = await reply(bo)
    await facts.set_fact(room, "", "product", value, state)
    with pytest.raises(Refused, match="changed since this was written"):
        await sending.send(bo, "", saved.id)


async def test_only_facts_that_may_fill_vary_inside_approved_words(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "cause", "the thermostat")
    holding = (await statements.draft(room, "", "holding", channel="masto")).thing
    assert "the thermostat" in holding.text
    assert holding.approval == "words"
    assert not holding.verbatim
    standing = (await statements.draft(room, "", "standing", channel="masto")).thing
    assert (standing.approval, standing.uses) == ("words", ("standing",))
    assert standing.verbatim


async def test_a_statement_with_a_blank_waits_for_the_fact(room: Room) -> None:
    await prepared(room)
    drafted = (await statements.draft(room, "", "holding", channel="masto")).thing
    assert "‹Cause›" in drafted.text
    with pytest.raises(Refused, match="‹Cause› is blank"):
        await words.submit(room, "", drafted.id)
    with pytest.raises(Usage, match="there is no statement nope"):
        await statements.draft(room, "", "nope")


async def test_two_people_do_not_answer_one_post(room: Room) -> None:
    await prepared(room, team=True)
    await reply(as_(room, "ada"))
    with pytest.raises(Refused, match="ada writes R-1"):
        await words.save_reply(as_(room, "bo"), "", "M-1", "me too")
    assert (await reading.mention(room, "M-1")).assignee == "ada"
    again = await words.save_reply(as_(room, "ada"), "", "1", READY)
    assert again.thing.id == "R-1"
    assert not again.changed


async def test_writing_takes_the_claim_again(room: Room) -> None:
    await prepared(room)
    await reply(room, "one")
    await triage.release(room, "M-1")
    acted = await words.save_reply(room, "", "M-1", "two")
    mention = await reading.mention(room, "M-1")
    linked = acted.incident.mentions[mention.uid]
    assert (mention.state, mention.assignee) == (linked.state, linked.assignee)
    assert (linked.state, linked.assignee) == ("claimed", "ada")


async def test_drafts_are_offered_again_to_their_writer(room: Room, clock: ManualClock) -> None:
    await prepared(room)
    draft = SavedDraft(
        id="d1", incident="INC-1", kind="reply", mention="M-1", actor="ada", text="Hel",
        updated_at=clock.now(),
    )  # fmt: skip
    await drafting.autosave(room, draft)
    assert (await words.prefill(room, "", "M-1")).text == "Hel"
    theirs = await words.prefill(as_(room, "bo"), "", "M-1")  # whoever takes over goes on from it
    assert theirs.draft is not None
    assert (theirs.text, theirs.draft.actor) == ("Hel", "ada")
    assert await drafting.saved_drafts(room) == (draft,)
    await drafting.discard(room, "d1")
    assert await drafting.saved_drafts(room) == ()


async def test_approving_the_playbook_is_for_whom_it_names(room: Room) -> None:
    await settings.apply_config(room, WITH_TEAM, "crisisroom.yaml")
    with pytest.raises(Refused, match="ada may not approve words of kettle"):
        await approvals.approve_words(room, PLAN)
    with pytest.raises(Usage, match="has no words nope"):
        await approvals.approve_words(as_(room, "cy"), PLAN, ["nope"])
    assert await approvals.approve_words(as_(room, "cy"), PLAN, ["unplug"]) == ("unplug",)
    assert await approvals.approve_words(as_(room, "cy"), PLAN, ["unplug"]) == ()
    assert {one.id for one in (await approvals.approved(room)).values()} == {"unplug"}
    changed = msgspec.structs.replace(PLAN, key_messages=PLAN.key_messages[1:])
    fresh = await approvals.approve_words(as_(room, "cy"), changed)
    assert "unplug" not in fresh
    assert "refund" in fresh


async def test_reviews_know_what_went_to_others(room: Room) -> None:
    await prepared(room)
    nobody = [post(f"anonymous {n}", f"a{n}", handle="") for n in range(4)]
    await triage.ingest(room, nobody)
    for number in (2, 3, 4):
        saved = await reply(room, f"Thank you, number {number}.", f"M-{number}")
        await words.submit(room, "", saved.id)
        await words.approve(room, "", saved.id, saved.sha256)
        await sending.send(room, "", saved.id, "by-hand")
        await sending.confirm(room, "", saved.id)
    at = await desk.at_desk(room, "", mention_id="M-5")
    codes = {problem.code for problem in at.review("Thank you, number 2.").problems}
    assert "same_again" in codes
    assert "too_often" not in codes  # people without a handle are not one person
