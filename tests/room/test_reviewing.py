"""The review in the room: who writes what, who moves it on, what nobody overwrites."""

from __future__ import annotations

import msgspec
import pytest
from room.crisis import FULL, running
from room.heard import stories_told
from room.people import SETTINGS, WITH_TEAM, as_, declared, reply

from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook import Review
from crisisroom.core.postmortem import base_of, headings, said
from crisisroom.core.reviewdoc import Section, document, parsed
from crisisroom.core.rules import REVIEW
from crisisroom.room import (
    Acted,
    Room,
    corrective,
    deadlines,
    lifecycle,
    promising,
    reading,
    reviewing,
    roles,
    stories,
    tasks,
    triage,
)

PLAN = msgspec.structs.replace(
    FULL,
    review=Review(
        owner="legal",
        sections=("Summary", "What did not", "Thanks"),
        questions=("Whom did we tell too late?",),
        optional=("Thanks",),
        metrics=("time_to_declare", "public_wait", "nonsense"),
    ),
)


async def begun(room: Room, settings: RoomConfig = WITH_TEAM) -> Acted:
    """Declare INC-1 by a plan whose review is Legal's."""
    return await running(room, settings, PLAN)


async def edit(room: Room, **words: str) -> reviewing.Saved:
    """Save a document that was made now, with other words under some headings."""
    state = await reading.incident(room, "INC-1")
    every = headings(state.plan)
    text = document(state.id, state.title, [(one, said(state, one.id)) for one in every])
    sections = parsed(text, state.id, [one.id for one in every])
    return await reviewing.save(room, "INC-1", sections | fresh(sections, words))


def fresh(sections: dict[str, Section], words: dict[str, str]) -> dict[str, Section]:
    """Return sections with new words, made from what stood there."""
    named = {name.replace("_", "-"): text for name, text in words.items()}
    return {name: Section(text, sections[name].base) for name, text in named.items()}


async def test_anybody_writes_and_nobody_writes_over_a_colleague(room: Room) -> None:
    await begun(room)
    ada, bo = as_(room, "ada"), as_(room, "bo")
    acted = await reviewing.write(ada, "", "summary", "\nA batch overheated.\n\n")
    assert acted.entry.text == "wrote in the review: Summary"
    assert acted.entry.data["section"] == "summary"
    assert said(acted.incident, "summary") == "A batch overheated."
    await reviewing.write(ada, "", "summary", "Batch 7 overheated.")  # one's own
    with pytest.raises(Refused, match="ada wrote under Summary already"):
        await reviewing.write(bo, "", "summary", "Nothing happened.")
    added = await reviewing.write(bo, "", "summary", "It smoked.", add=True)
    assert said(added.incident, "summary") == "Batch 7 overheated.\n\nIt smoked."
    replaced = await reviewing.write(ada, "", "summary", "", replace=True)
    assert said(replaced.incident, "summary") == ""
    with pytest.raises(Usage, match="no section nowhere"):
        await reviewing.write(ada, "", "nowhere", "x")
    with pytest.raises(Usage, match="write some words"):
        await reviewing.write(ada, "", "summary", "  ")
    with pytest.raises(Refused, match="control character"):
        await reviewing.write(ada, "", "summary", "a\x1b[2J")


async def test_it_may_be_written_while_the_night_goes_on_and_after(room: Room) -> None:
    await begun(room, SETTINGS)
    await reviewing.write(room, "", "1", "A batch overheated.")
    await over(room)
    acted = await reviewing.write(room, "INC-1", "what-did-not", "The list was old.")
    assert acted.incident.status == "resolved"


async def over(room: Room) -> None:
    """Resolve INC-1."""
    state = await reading.incident(room, "INC-1")
    for task in state.tasks.values():
        if task.required:
            await tasks.skip(room, "INC-1", task.id, "nothing is scheduled")
    for duty in state.deadlines.values():
        await deadlines.waive(room, "INC-1", duty.id, "no data", not_applicable=True)
    await lifecycle.resolve(room, "INC-1", "over", anyway="it is a test")


async def test_names_are_asked_about_and_thanks_are_not(room: Room) -> None:
    await begun(room)
    acted = await reviewing.write(room, "", "what-did-not", "Bo did not answer")
    assert acted.thing.startswith("this names bo: name the thing, not the person")
    assert (await reviewing.write(room, "", "thanks", "Bo, dee and cy")).thing == ""
    assert (await reviewing.add_factor(room, "", "the ring tone was off")).thing == ""
    factor = await reviewing.add_factor(room, "", "bo was asleep", "badly")
    assert factor.thing.startswith("this names bo")
    assert (await reviewing.add_factor(room, "", "bo had the key", "well")).thing == ""
    await begun(room, SETTINGS)


async def test_a_document_writes_what_is_new_in_it_alone(room: Room) -> None:
    await begun(room)
    await reviewing.write(room, "", "summary", "Batch 7 overheated.")
    before = (await reading.incident(room)).seq
    saved = await edit(room)
    assert (saved.written, saved.clashes, saved.acted.changed) == ((), (), False)
    saved = await edit(room, what_did_not="The list was old.", thanks="The lab.")
    assert [one.id for one in saved.written] == ["what-did-not", "thanks"]
    assert saved.acted.incident.seq == before + 2
    assert said(saved.acted.incident, "summary") == "Batch 7 overheated."


async def test_what_somebody_wrote_meanwhile_is_shown_and_stays(room: Room) -> None:
    await begun(room)
    await reviewing.write(room, "", "summary", "as it was")
    old = base_of("as it was")
    mine = {
        "summary": Section("mine", old),
        "what-did-not": Section("", base_of("")),
        "thanks": Section("The lab.", base_of("")),
    }
    await reviewing.write(as_(room, "bo"), "", "summary", "theirs", replace=True)
    await reviewing.write(as_(room, "bo"), "", "what-did-not", "the list")
    saved = await reviewing.save(room, "INC-1", mine)
    (clash,) = saved.clashes
    assert (clash.heading.id, clash.mine, clash.theirs, clash.by) == (
        "summary",
        "mine",
        "theirs",
        "bo",
    )
    assert [one.id for one in saved.written] == ["thanks"]
    state = saved.acted.incident
    assert said(state, "summary") == "theirs"
    assert said(state, "what-did-not") == "the list"  # I had not touched it


async def test_who_moves_it_on(room: Room) -> None:
    await begun(room)
    cy, bo, ada = as_(room, "cy"), as_(room, "bo"), as_(room, "ada")
    await roles.take(cy, "", "legal")
    await roles.take(bo, "", "lead")
    with pytest.raises(Refused, match="only cy or bo may move the review on"):
        await reviewing.move(ada, "", "in_review")
    assert (await reviewing.move(bo, "", "in_review")).entry.text == "the review is in review"
    assert not (await reviewing.move(cy, "", "in_review")).changed
    with pytest.raises(Usage, match="no state of a review"):
        await reviewing.move(cy, "", "done")


async def test_closed_needs_every_heading_but_those_that_may_stay_empty(room: Room) -> None:
    await begun(room, SETTINGS)
    await over(room)
    state = await reading.incident(room, "INC-1")
    task = next(one for one in state.actions.values() if one.title == REVIEW)
    await reviewing.write(room, "INC-1", "summary", "Batch 7.")
    with pytest.raises(Refused, match="under: What did not; Whom did we tell too late"):
        await reviewing.move(room, "INC-1", "closed")
    await reviewing.write(room, "INC-1", "what-did-not", "the list")
    await reviewing.write(room, "INC-1", "question:1", "the shops")
    moved = await reviewing.move(room, "INC-1", "closed")
    assert moved.incident.review_state == "closed"
    assert moved.incident.actions[task.id].state == "done"
    for act in (
        reviewing.write(room, "INC-1", "summary", "other"),
        reviewing.add_factor(room, "INC-1", "a thing"),
        reviewing.save(room, "INC-1", {}),
    ):
        with pytest.raises(Refused, match="the review of INC-1 is closed"):
            await act
    await reviewing.move(room, "INC-1", "in_review")
    await reviewing.write(room, "INC-1", "summary", "other")


async def test_factors_come_and_go(room: Room) -> None:
    await begun(room, SETTINGS)
    for sort in reviewing.SORTS:
        await reviewing.add_factor(room, "", f"a {sort} thing", sort)
    state = (await reviewing.drop_factor(room, "", "f-2", "said twice")).incident
    assert [(one.id, one.sort) for one in state.factors.values()] == [
        ("F-1", "contributed"),
        ("F-3", "badly"),
        ("F-4", "lucky"),
    ]
    with pytest.raises(Usage, match="has no factor F-2"):
        await reviewing.drop_factor(room, "", "F-2")
    with pytest.raises(Usage, match="no sort of factor"):
        await reviewing.add_factor(room, "", "x", "guilty")
    again = await reviewing.add_factor(room, "", "another", command_id="f")
    assert (
        again.entry.seq
        == (await reviewing.add_factor(room, "", "another", command_id="f")).entry.seq
    )


async def test_the_figures_are_those_the_plan_wants(room: Room) -> None:
    await begun(room)
    found = await reviewing.figures(room, "INC-1")
    assert [one.id for one in found] == ["time_to_declare", "public_wait"]


async def test_the_programme_counts_by_today_and_knows_what_was_promised(room: Room) -> None:
    await declared(room)
    assert await reviewing.programme(room, "INC-1") == ()
    await stories_told(room, {"N-1": 3}, complaint=0.9)
    await stories.link(room, "INC-1", "N-1")
    await stories_told(room, {"N-1": 2}, complaint=0.9)
    await triage.link(room, "INC-1", ["M-2"])
    saved = await reply(room, "We pay you back.", "M-2")
    await promising.add(room, "INC-1", saved.id, "money back", owner="fay")
    (change,) = await reviewing.programme(room, "INC-1")
    assert (change.narrative, change.mentions, change.complaints) == ("N-1", 5, 5)
    assert [one.words for one in change.promised] == ["money back"]
    assert change.unowned
    await corrective.add(room, "INC-1", "pay back by itself", "fay", narrative="n-1")
    await corrective.add(room, "INC-1", "answer on Sundays", "fay")
    first, second = await reviewing.programme(room, "INC-1")
    assert (first.unowned, [one.id for one in first.actions]) == (False, ["A-1"])
    assert (second.narrative, second.title, second.unowned) == ("", "answer on Sundays", False)


async def test_the_id_of_a_dropped_factor_is_not_given_again(room: Room) -> None:
    await begun(room, SETTINGS)
    await reviewing.add_factor(room, "", "the hotel checks out at eleven")
    await reviewing.drop_factor(room, "", "F-1", "it does not")
    state = (await reviewing.add_factor(room, "", "nobody rang the plant")).incident
    assert list(state.factors) == ["F-2"]
