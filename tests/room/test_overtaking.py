"""Two people do the same, or the opposite, at once: the second learns who was first, and when."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from room.people import as_
from tui.night import PLAYBOOK

from crisisroom.clock import ManualClock
from crisisroom.core.apply import KINDS
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Author, Incoming, Mention
from crisisroom.core.subjects import at_odds, subject
from crisisroom.room import (
    Room,
    cadences,
    correcting,
    corrective,
    enquiries,
    facts,
    holding,
    lifecycle,
    plan,
    questions,
    reading,
    record,
    reviewing,
    roles,
    sending,
    sorting,
    statements,
    stopping,
    tasks,
    triage,
    words,
)
from crisisroom.room.overtaking import Attention, Overtaken, Seen

Does = Callable[[Room], Awaitable[object]]
ASKED, REFUSED, BOTH = "asked", "refused", "both"
INC = "INC-1"


@dataclass(frozen=True)
class Case:
    """Bo acts, then ada, who looked before: she is asked, refused with a word, or both stand."""

    first: Does
    second: Does
    outcome: str
    told: str = ""  # of what bo did
    before: Does | None = None


async def _text(room: Room, words_id: str) -> str:
    held = (await reading.incident(room, INC)).words(words_id)
    assert held is not None
    return held.sha256


async def _approved(room: Room) -> None:
    await words.submit(room, INC, "ST-1")
    await words.approve(room, INC, "ST-1", await _text(room, "ST-1"))


async def _approve(room: Room) -> object:
    return await words.approve(room, INC, "ST-1", await _text(room, "ST-1"))


async def _two(*acts: Awaitable[object]) -> None:
    for act in acts:
        await act


CASES: dict[str, Case] = {
    "tick twice": Case(
        lambda bo: tasks.done(bo, INC, "pause"),
        lambda ada: tasks.done(ada, INC, "pause"),
        REFUSED,
        "done: Pause scheduled posts",
    ),
    "skip what was ticked": Case(
        lambda bo: tasks.done(bo, INC, "pause"),
        lambda ada: tasks.skip(ada, INC, "pause", "too late"),
        REFUSED,
        "done: Pause scheduled posts",
    ),
    "reopen twice": Case(
        lambda bo: tasks.reopen(bo, INC, "pause"),
        lambda ada: tasks.reopen(ada, INC, "pause"),
        REFUSED,
        "reopened: Pause scheduled posts",
        before=lambda ada: tasks.done(ada, INC, "pause"),
    ),
    "tick what was reopened": Case(
        lambda bo: tasks.reopen(bo, INC, "pause"),
        lambda ada: tasks.done(ada, INC, "pause"),
        ASKED,
        "reopened: Pause scheduled posts",
        before=lambda ada: tasks.done(ada, INC, "pause"),
    ),
    "give a task to two": Case(
        lambda bo: tasks.assign(bo, INC, "pause", "bo"),
        lambda ada: tasks.assign(ada, INC, "pause", "ada"),
        ASKED,
        "gave bo: Pause scheduled posts",
    ),
    "give a task to the same": Case(
        lambda bo: tasks.assign(bo, INC, "pause", "cy"),
        lambda ada: tasks.assign(ada, INC, "pause", "cy"),
        REFUSED,
        "bo did just this",
    ),
    "tick what was given": Case(
        lambda bo: tasks.assign(bo, INC, "pause", "bo"),
        lambda ada: tasks.done(ada, INC, "pause"),
        BOTH,
    ),
    "set a fact to two values": Case(
        lambda bo: facts.set_fact(bo, INC, "affected", "1,200"),
        lambda ada: facts.set_fact(ada, INC, "affected", "900"),
        ASKED,
        "fact: affected: 1,200",
    ),
    "two facts": Case(
        lambda bo: facts.set_fact(bo, INC, "affected", "1,200"),
        lambda ada: facts.set_fact(ada, INC, "amount", "98"),
        BOTH,
    ),
    "take a role twice": Case(
        lambda bo: roles.take(bo, INC, "lead"),
        lambda ada: roles.take(ada, INC, "lead"),
        ASKED,
        "took Lead",
    ),
    "give a role to two": Case(
        lambda bo: roles.assign(bo, INC, "lead", "bo"),
        lambda ada: roles.assign(ada, INC, "lead", "cy"),
        ASKED,
        "made bo Lead",
    ),
    "leave a role that was taken": Case(
        lambda bo: roles.take(bo, INC, "lead", "ada sleeps"),
        lambda ada: roles.leave(ada, INC, "lead"),
        REFUSED,
        "took Lead",
        before=lambda ada: roles.take(ada, INC, "lead"),
    ),
    "accept what was taken back": Case(
        lambda bo: roles.keep(bo, INC, "lead"),
        lambda ada: roles.accept(ada, INC, "lead"),
        REFUSED,
        "keeps Lead",
        before=lambda ada: _two(
            roles.take(as_(ada, "bo"), INC, "lead"),
            roles.hand_over(as_(ada, "bo"), INC, "lead", "ada"),
        ),
    ),
    "decline what was taken back": Case(
        lambda bo: roles.keep(bo, INC, "lead"),
        lambda ada: roles.decline(ada, INC, "lead", "too tired"),
        REFUSED,
        "keeps Lead",
        before=lambda ada: _two(
            roles.take(as_(ada, "bo"), INC, "lead"),
            roles.hand_over(as_(ada, "bo"), INC, "lead", "ada"),
        ),
    ),
    "raise it to two severities": Case(
        lambda bo: lifecycle.severity(bo, INC, "sev1", "press"),
        lambda ada: lifecycle.severity(ada, INC, "sev3", "calm"),
        ASKED,
        "raised SEV2 to SEV1",
    ),
    "raise it to the same": Case(
        lambda bo: lifecycle.severity(bo, INC, "sev1", "press"),
        lambda ada: lifecycle.severity(ada, INC, "sev1", "press"),
        REFUSED,
        "raised SEV2 to SEV1",
    ),
    "two titles": Case(
        lambda bo: lifecycle.retitle(bo, INC, "Charged twice"),
        lambda ada: lifecycle.retitle(ada, INC, "Double debit"),
        ASKED,
        "renamed it: Charged twice",
    ),
    "resolve twice": Case(
        lambda bo: lifecycle.resolve(bo, INC, "over", anyway="all is quiet"),
        lambda ada: lifecycle.resolve(ada, INC, "over", anyway="all is quiet"),
        REFUSED,
        "resolved",
    ),
    "reopen an incident twice": Case(
        lambda bo: lifecycle.reopen(bo, INC, "again"),
        lambda ada: lifecycle.reopen(ada, INC, "it goes on"),
        REFUSED,
        "reopened",
        before=lambda ada: lifecycle.resolve(ada, INC, "over", anyway="all is quiet"),
    ),
    "put an update off twice": Case(
        lambda bo: cadences.snooze(bo, INC, "public", 900, "no news"),
        lambda ada: cadences.snooze(ada, INC, "public", 600, "no news yet"),
        ASKED,
        "put the public update off",
    ),
    "answer an enquiry twice": Case(
        lambda bo: enquiries.answer(bo, INC, "EQ-1", "we look into it"),
        lambda ada: enquiries.answer(ada, INC, "EQ-1", "no comment"),
        REFUSED,
        "EQ-1",
        before=lambda ada: enquiries.add(ada, INC, "media", "Daily", "why?"),
    ),
    "give an enquiry to two": Case(
        lambda bo: enquiries.assign(bo, INC, "EQ-1", "bo"),
        lambda ada: enquiries.assign(ada, INC, "EQ-1", "ada"),
        ASKED,
        "bo",
        before=lambda ada: enquiries.add(ada, INC, "media", "Daily", "why?"),
    ),
    "close an enquiry that was answered": Case(
        lambda bo: enquiries.answer(bo, INC, "EQ-1", "we look into it"),
        lambda ada: enquiries.close(ada, INC, "EQ-1", "they gave up"),
        ASKED,
        "EQ-1",
        before=lambda ada: enquiries.add(ada, INC, "media", "Daily", "why?"),
    ),
    "answer a colleague twice": Case(
        lambda bo: questions.answer(bo, INC, "Q-1", "yes"),
        lambda ada: questions.answer(ada, INC, "Q-1", "no"),
        REFUSED,
        "Q-1",
        before=lambda ada: questions.ask(ada, INC, "is it so?", whom="bo"),
    ),
    "edit the same statement": Case(
        lambda bo: words.edit(bo, INC, "ST-1", "We refund every charge today."),
        lambda ada: words.edit(ada, INC, "ST-1", "We refund every charge tomorrow."),
        ASKED,
        "wrote ST-1 v2",
    ),
    "submit what was edited": Case(
        lambda bo: words.edit(bo, INC, "ST-1", "We refund every charge today."),
        lambda ada: words.submit(ada, INC, "ST-1"),
        ASKED,
        "wrote ST-1 v2",
    ),
    "edit what was approved": Case(
        lambda bo: _approve(bo),
        lambda ada: words.edit(ada, INC, "ST-1", "We refund every charge tomorrow."),
        ASKED,
        "approved ST-1",
        before=lambda ada: words.submit(ada, INC, "ST-1"),
    ),
    "reject what was approved": Case(
        lambda bo: _approve(bo),
        lambda ada: words.reject(ada, INC, "ST-1", "no"),
        REFUSED,
        "approved ST-1",
        before=lambda ada: words.submit(ada, INC, "ST-1"),
    ),
    "withdraw twice": Case(
        lambda bo: words.withdraw(bo, INC, "ST-1", "no longer"),
        lambda ada: words.withdraw(ada, INC, "ST-1", "not needed"),
        REFUSED,
        "withdrew ST-1",
    ),
    "publish what was withdrawn": Case(
        lambda bo: words.withdraw(bo, INC, "ST-1", "no longer"),
        lambda ada: sending.publish(ada, INC, "ST-1", ["by-hand"]),
        REFUSED,
        "withdrew ST-1",
        before=_approved,
    ),
    "finish an action twice": Case(
        lambda bo: corrective.done(bo, INC, "A-1", "done"),
        lambda ada: corrective.done(ada, INC, "A-1", "done too"),
        REFUSED,
        "A-1",
        before=lambda ada: corrective.add(ada, INC, "Ask the bank", "bo"),
    ),
    "drop an action that was done": Case(
        lambda bo: corrective.done(bo, INC, "A-1", "done"),
        lambda ada: corrective.drop(ada, INC, "A-1", "too dear"),
        REFUSED,
        "A-1",
        before=lambda ada: corrective.add(ada, INC, "Ask the bank", "bo"),
    ),
    "change an action twice": Case(
        lambda bo: corrective.change(bo, INC, "A-1", owner="cy"),
        lambda ada: corrective.change(ada, INC, "A-1", owner="dee"),
        ASKED,
        "A-1",
        before=lambda ada: corrective.add(ada, INC, "Ask the bank", "bo"),
    ),
    "write the same part of the review": Case(
        lambda bo: reviewing.write(bo, INC, "summary", "It was the renewal run."),
        lambda ada: reviewing.write(ada, INC, "summary", "It was the bank.", replace=True),
        ASKED,
        "wrote in the review: Summary",
    ),
    "drop a factor twice": Case(
        lambda bo: reviewing.drop_factor(bo, INC, "F-1", "not so"),
        lambda ada: reviewing.drop_factor(ada, INC, "F-1", "no"),
        REFUSED,
        "F-1",
        before=lambda ada: reviewing.add_factor(ada, INC, "the run had no limit"),
    ),
    "hold it twice": Case(
        lambda bo: holding.set_hold(bo, INC, "a claim"),
        lambda ada: holding.set_hold(ada, INC, "a lawsuit"),
        ASKED,
        "on hold: a claim",
    ),
    "lift a hold twice": Case(
        lambda bo: holding.lift(bo, INC, "settled"),
        lambda ada: holding.lift(ada, INC, "it is over"),
        REFUSED,
        "hold lifted: settled",
        before=lambda ada: holding.set_hold(ada, INC, "a claim"),
    ),
    "mark an entry for two readers": Case(
        lambda bo: correcting.mark(bo, INC, 1, "legal", "privileged"),
        lambda ada: correcting.mark(ada, INC, 1, "public", "everybody may know"),
        ASKED,
        "",
    ),
    "two notes": Case(
        lambda bo: record.note(bo, INC, "rang them"),
        lambda ada: record.note(ada, INC, "rang them too"),
        BOTH,
    ),
    "two tasks of the same name": Case(
        lambda bo: plan.add_task(bo, INC, "Ring the plant"),
        lambda ada: plan.add_task(ada, INC, "Ring the bank"),
        BOTH,
    ),
    "link a post twice": Case(
        lambda bo: triage.link(bo, INC, ["M-1"]),
        lambda ada: triage.link(ada, INC, ["M-1"]),
        BOTH,  # it belongs to the incident: there is nothing left to do
    ),
    "unlink twice": Case(
        lambda bo: triage.unlink(bo, INC, "M-1"),
        lambda ada: triage.unlink(ada, INC, "M-1"),
        REFUSED,
        "M-1",
        before=lambda ada: triage.link(ada, INC, ["M-1"]),
    ),
    "claim a post twice": Case(
        lambda bo: triage.claim(bo, "M-1"),
        lambda ada: triage.claim(ada, "M-1"),
        REFUSED,
        "bo is on M-1",
    ),
    "take a post that was just claimed": Case(
        lambda bo: triage.claim(bo, "M-1"),
        lambda ada: triage.claim(ada, "M-1", take=True),
        ASKED,
        "M-1 is with bo",
    ),
    "let a colleague's claim go": Case(
        lambda bo: triage.claim(bo, "M-1", take=True),
        lambda ada: triage.release(ada, "M-1"),
        ASKED,
        "M-1 is with bo",
        before=lambda ada: triage.claim(ada, "M-1"),
    ),
    "sort out what was claimed": Case(
        lambda bo: triage.claim(bo, "M-1"),
        lambda ada: triage.dismiss(ada, "M-1"),
        ASKED,
        "M-1 is with bo",
    ),
    "claim what was sorted out": Case(
        lambda bo: triage.dismiss(bo, "M-1"),
        lambda ada: triage.claim(ada, "M-1"),
        ASKED,
        "M-1 was marked not relevant",
    ),
    "give a post to two": Case(
        lambda bo: triage.assign(bo, "M-1", "bo"),
        lambda ada: triage.assign(ada, "M-1", "cy"),
        ASKED,
        "M-1 is with bo",
    ),
    "sort many out, one of them claimed": Case(
        lambda bo: triage.claim(bo, "M-1"),
        lambda ada: sorting.dismiss_all(ada, ["M-1", "M-2"]),
        BOTH,  # the claimed one is left to bo, and named
    ),
    "stop all words twice": Case(
        lambda bo: stopping.stop(bo, "wrong number"),
        lambda ada: stopping.stop(ada, "all of it"),
        BOTH,  # stopped is stopped
    ),
}


@pytest.fixture
async def looked(room: Room) -> Room:
    """A running incident with two posts and a statement."""
    await lifecycle.declare(room, "Double charge", playbook=PLAYBOOK, severity="sev2")
    said = [
        Incoming(text=f"post {n}", source="s", external_id=f"{n}", author=Author(f"p{n}"))
        for n in (1, 2)
    ]
    await triage.ingest(room, said)
    await statements.draft(room, INC, "holding", "We look into it.")
    return room


async def _seen(room: Room) -> tuple[Incident, dict[str, Mention]]:
    return await reading.incident(room, INC), {one.id: one for one in await reading.mentions(room)}


def _attending(
    room: Room, state: Incident, posts: dict[str, Mention], says: list[Overtaken], *, yes: bool
) -> Room:
    async def asked(overtaken: Overtaken) -> bool:
        says.append(overtaken)
        return yes

    return room.attending(Attention(lambda: Seen({state.uid: state.seq}, posts), asked))


@pytest.mark.parametrize("name", CASES)
async def test_the_second_learns_who_was_first(looked: Room, clock: ManualClock, name: str) -> None:
    case = CASES[name]
    if case.before:
        await case.before(looked)
    state, posts = await _seen(looked)
    await case.first(as_(looked, "bo"))
    clock.advance(3)
    between = await _seen(looked)
    says: list[Overtaken] = []
    ada = _attending(looked, state, posts, says, yes=False)
    if case.outcome == BOTH:
        await case.second(ada)
        assert says == []
        return
    with pytest.raises(Refused) as refused:
        await case.second(ada)
    assert await _seen(looked) == between, "nothing was written over"
    told = f"{refused.value.message} {refused.value.hint}"
    assert case.told in told
    assert "bo" in told
    assert (len(says) == 1) == (case.outcome == ASKED)
    if case.outcome == ASKED:
        assert "bo was first, 3 s ago" in told
        assert "yours is not done" in told
        assert await _goes_on(looked, state, posts, case)


async def _goes_on(room: Room, state: Incident, posts: dict[str, Mention], case: Case) -> bool:
    """Say yes: it is done then, and not asked again."""
    says: list[Overtaken] = []
    await case.second(_attending(room, state, posts, says, yes=True))
    return len(says) == 1


async def test_who_says_nothing_of_what_they_saw_is_told_afterwards(
    looked: Room, clock: ManualClock
) -> None:
    await facts.set_fact(as_(looked, "bo"), INC, "affected", "1,200")
    clock.advance(3)
    ada = looked.attending(Attention())
    acted = await facts.set_fact(ada, INC, "affected", "900")
    assert [one.text for one in acted.replaced] == ["fact: affected: 1,200"]
    clock.advance(600)
    assert (await facts.set_fact(as_(looked, "bo"), INC, "affected", "800")).replaced == ()
    clock.advance(600)
    acted = await facts.set_fact(looked.attending(Attention()), INC, "affected", "700")
    assert acted.replaced == (), "what was said long ago is no news"


async def test_ones_own_acts_and_the_machines_are_nobody_first(looked: Room) -> None:
    state, posts = await _seen(looked)
    says: list[Overtaken] = []
    ada = _attending(looked, state, posts, says, yes=False)
    await facts.set_fact(ada, INC, "affected", "1,200")
    await facts.set_fact(ada, INC, "affected", "900")
    assert says == []


async def test_an_undo_of_what_somebody_changed_since_asks(looked: Room) -> None:
    state, posts = await _seen(looked)
    says: list[Overtaken] = []
    ada = _attending(looked, state, posts, says, yes=False)
    await lifecycle.severity(ada, INC, "sev1", "press")
    await lifecycle.severity(as_(looked, "bo"), INC, "sev3", "calm")
    with pytest.raises(Overtaken, match="bo was first, just now: lowered SEV1 to SEV3"):
        await lifecycle.severity(ada, INC, "sev2", "taken back")


def test_only_the_same_thing_is_at_odds() -> None:
    one = {"fact": "a", "value": "1"}
    assert at_odds("fact.set", one, "fact.set", {"fact": "a", "value": "2"})
    assert not at_odds("fact.set", one, "fact.set", {"fact": "b"})
    assert not at_odds("note.added", {}, "note.added", {})
    assert not at_odds("statement.approved", {"id": "ST-1"}, "statement.approved", {"id": "ST-1"})
    assert at_odds("statement.rejected", {"id": "ST-1"}, "statement.approved", {"id": "ST-1"})
    assert subject("reply.drafted", {"id": "R-1"}) == ""


ADDS = {
    *("note.added", "decision.made", "contact.called", "person.joined", "task.added"),
    *("action.added", "enquiry.added", "playbook.added", "message.added", "answer.added"),
    *("escalation.started", "promise.made", "bulk.begun", "question.asked", "approval.asked"),
    *("factor.added", "evidence.kept", "volume.counted", "candidate.raised", "pause.listed"),
    *("statement.drafted", "reply.drafted", "entry.corrected", "words.erased", "mention.edited"),
    *("outgoing.because", "approval.wrong", "campaign.result"),
}
"""What only adds, or says more of what stands: two of them are both true."""


def test_every_kind_of_entry_is_about_something_or_adds() -> None:
    machine = {"clock.late", "escalation.step", "escalation.exhausted", "deadline.started"}
    machine |= {"fact.moved", "action.reminded"} | {one for one in KINDS if one[:5] == "page."}
    way = ("queued", "sending", "sent", "unknown", "failed", "part", "retracting", "retracted")
    on_its_way = {f"{sort}.{one}" for sort in ("statement", "reply") for one in way}
    by_rule = {f"{sort}.{one}" for sort in ("statement", "reply") for one in BY_RULE}
    data = dict.fromkeys(("fact", "task", "role", "id", "mention", "entry", "item"), "x")
    open_ones = {
        kind
        for kind in KINDS
        if not subject(kind, data) and kind not in ADDS | machine | on_its_way | by_rule
    }
    assert open_ones == set()


BY_RULE = ("suspended", "owed", "lapsed")
