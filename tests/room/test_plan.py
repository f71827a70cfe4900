"""The plan grows while it runs; what comes to it is approved here, and the file is left alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from room.growing import HOAX, rich, with_team
from room.people import PLAN, as_, declared, prepared, reply

from crisisroom.clock import ManualClock
from crisisroom.core.apply import documents, replay
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.timeline import flaws
from crisisroom.library import find
from crisisroom.room import (
    Room,
    approvals,
    facts,
    lifecycle,
    plan,
    reading,
    roles,
    statements,
    tasks,
    words,
)
from crisisroom.store import log


async def assert_sound(room: Room) -> None:
    """Fail unless the log is whole, tells the state, and the tables hold the same."""
    entries = await reading.timeline(room, "INC-1")
    told = replay(entries)
    assert told is not None
    assert list(flaws(entries)) == []
    assert told == await reading.incident(room, "INC-1")
    assert await room.store.read(lambda tx: log.projection(tx, told.uid)) == documents(told)


async def test_a_running_incident_adds_a_playbook_and_keeps_its_ticks(
    room: Room, clock: ManualClock
) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    await facts.set_fact(room, "", "cause", "a bad fuse")
    clock.advance(3 * 3600)
    acted = await plan.add_playbook(room, "", HOAX)
    state = acted.incident
    assert acted.entry.kind == "playbook.added"
    assert acted.entry.text == "added playbook hoax: 2 tasks and 2 texts more"
    assert "the task pause is another one here: it came as hoax-pause" in acted.entry.data["words"]
    assert (state.tasks["pause"].state, state.tasks["hoax-pause"].state) == ("done", "open")
    assert (state.facts["cause"].value, state.facts["hoax-cause"].state) == (
        "a bad fuse",
        "unknown",
    )
    assert state.tasks["hoax-pause"].due_at == clock.now() + timedelta(minutes=10)
    assert (state.playbook.id, [one.id for one in state.playbooks]) == ("kettle", ["hoax"])
    assert state.severity == "sev2"
    done = await tasks.done(room, "", "hoax-pause")
    assert done.incident.tasks["rebut"].state == "open"
    assert (await roles.take(room, "", "press")).incident.roles["press"].holder == "ada"
    with pytest.raises(Refused, match="has all of hoax already"):
        await plan.add_playbook(room, "", HOAX)
    await assert_sound(room)


async def test_the_added_words_are_used_like_the_others(room: Room) -> None:
    await prepared(room)
    await plan.add_playbook(room, "", HOAX)
    await facts.set_fact(room, "", "claim", "they explode")
    drafted = await statements.draft(room, "", "rebuttal")
    assert drafted.thing.text == "Not so: they explode."
    own = "This picture is not ours."
    assert (await words.prefill(room, "", "M-1")).desk.review(own).check.needs_approval
    await approvals.approve_words(room, HOAX)
    assert not (await words.prefill(room, "", "M-1")).desk.review(own).check.needs_approval


async def test_another_playbook_takes_the_lead(room: Room, clock: ManualClock) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    await facts.set_fact(room, "", "product", "the X1")
    await roles.take(room, "", "social")
    await plan.add_message(room, "", "We are on it.")
    saved = await reply(room, "our own words")
    with pytest.raises(Usage, match="needs a reason"):
        await plan.switch_playbook(room, "", HOAX, " ")
    acted = await plan.switch_playbook(room, "", HOAX, "it is a lie")
    state = acted.incident
    assert [entry.kind for entry in acted.entries] == ["playbook.added", "incident.severity"]
    assert acted.entries[0].text == "switched to playbook hoax: it is a lie"
    assert acted.entries[0].data["words"].splitlines()[0] == "it is a lie"
    assert (state.playbook.id, state.plan.id, state.severity) == ("hoax", "hoax", "low")
    assert set(state.tasks) == {"pause", "hoax-pause", "rebut"}
    assert (state.facts["product"].value, state.roles["social"].holder) == ("the X1", "ada")
    assert state.replies[saved.id].text == "our own words"
    assert [one.id for one in state.plan.key_messages] == ["fake", "message-1"]
    with pytest.raises(Refused, match="follows hoax already"):
        await plan.switch_playbook(room, "", HOAX, "again")
    await assert_sound(room)


async def test_only_what_runs_grows(room: Room) -> None:
    await declared(room)
    await tasks.done(room, "", "pause")
    await lifecycle.resolve(room, "")
    for grow in (
        plan.add_playbook(room, "INC-1", HOAX),
        plan.switch_playbook(room, "INC-1", HOAX, "so"),
        plan.add_task(room, "INC-1", "More"),
        plan.add_message(room, "INC-1", "More."),
        plan.add_answer(room, "INC-1", "More?", "More."),
    ):
        with pytest.raises(Refused, match="INC-1 is resolved"):
            await grow


async def test_a_task_is_added_where_the_work_is(room: Room, clock: ManualClock) -> None:
    await rich(room)
    clock.advance(3600)
    acted = await plan.add_task(
        room, "", "Ring the plant!", role="lead", within=1800, required=True
    )
    task = acted.incident.tasks[acted.thing]
    assert (acted.entry.kind, acted.entry.text) == ("task.added", "added a task: Ring the plant!")
    assert (task.id, task.phase, task.added_by) == ("task-1", "first", "ada")
    assert (task.required, task.due_at) == (True, clock.now() + timedelta(minutes=30))
    again = await plan.add_task(room, "", "Ring the plant!", phase="people")
    assert (again.thing, again.incident.tasks[again.thing].phase) == ("task-2", "people")
    assert (await tasks.done(room, "", "task-1")).incident.tasks[task.id].state == "done"
    await assert_sound(room)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"title": " "}, "needs words"),
        ({"title": "a\nb"}, "one line"),
        ({"title": "a\x1b"}, "column 2"),
        ({"role": "leed"}, "there is no role leed"),
        ({"phase": "frist"}, "there is no phase frist"),
        ({"within": 0}, "within a second to a year"),
        ({"within": 400 * 86400}, "within a second to a year"),
        ({"detail": "x" * 2001}, "2000 fit"),
    ],
)
async def test_a_task_that_makes_no_sense_is_refused(
    room: Room, more: dict[str, object], says: str
) -> None:
    await declared(room)
    with pytest.raises(Refused, match=says):
        await plan.add_task(room, "", **{"title": "Ring"} | more)  # type: ignore[arg-type]
    assert len((await reading.incident(room)).tasks) == 3


async def test_words_added_in_the_room_count_once_somebody_else_approves_them(room: Room) -> None:
    await with_team(room)
    added = await plan.add_message(
        room,
        "",
        "Only batch 7 {{fact.product}} smokes.\n",
        title="Batch",
        when=["batch", " ", "batch"],
    )
    assert added.thing == "message-1"
    assert added.incident.plan.key_messages[-1].when == ("batch",)
    assert added.incident.plan.key_messages[-1].text == "Only batch 7 {{fact.product}} smokes."
    asked = await plan.add_answer(room, "", "Is it safe?", "We test it tonight.")
    assert (asked.thing, asked.incident.plan.faq[-1].question) == ("answer-1", "Is it safe?")
    with pytest.raises(Refused, match="you added message-1 yourself"):
        await plan.approve_added(room, "")
    bo, cy = as_(room, "bo"), as_(room, "cy")
    await plan.add_message(bo, "", "Mine.", title="Mine")
    with pytest.raises(Refused, match="you added message-2 yourself"):
        await plan.approve_added(bo, "", ["message-2"])
    assert await plan.approve_added(bo, "", ["message-1"]) == ("message-1",)
    assert await plan.approve_added(cy, "") == ("answer-1", "message-2")
    assert await plan.approve_added(cy, "") == ()
    with pytest.raises(Usage, match="no words mesage-1 were added") as refused:
        await plan.approve_added(cy, "", ["mesage-1"])
    assert refused.value.hint == 'did you mean "message-1"?'
    await assert_sound(room)


async def test_approved_additions_are_offered_in_a_reply(room: Room) -> None:
    await prepared(room)
    assert await plan.approve_added(room, "") == ()
    await plan.add_message(room, "", "A van brings a new one.", title="Van", when=["fire"])
    desk = (await words.prefill(room, "", "M-1")).desk
    assert desk.review("A van brings a new one.").check.needs_approval
    assert await plan.approve_added(room, "") == ("message-1",)
    desk = (await words.prefill(room, "", "M-1")).desk
    assert not desk.review("A van brings a new one.").check.needs_approval


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "needs words"),
        ("x" * 501, "500 fit"),
        ("Ring {{fact.cause}}.", "Cause may not vary inside approved words"),
        ("Ring {{fact.batsh}}.", "no placeholder is called fact.batsh"),
        ("Ring {{phone}}.", "no placeholder is called phone"),
        ("Ring ‹number›.", "is no placeholder"),
        ("bell\x07", "control character"),
    ],
)
async def test_words_that_could_not_go_out_are_refused(room: Room, text: str, says: str) -> None:
    await declared(room)
    with pytest.raises(Refused, match=says):
        await plan.add_message(room, "", text)
    with pytest.raises(Refused, match=says.replace("500", "1000").replace("words", "")):
        await plan.add_answer(room, "", "Why?", text * 2)


async def test_an_unsound_question_or_day_is_refused(room: Room) -> None:
    await declared(room)
    for question in ("", "a\nb", "x" * 201):
        with pytest.raises(Refused):
            await plan.add_answer(room, "", question, "Because.")
    with pytest.raises(Usage, match="soon is no day"):
        await plan.add_message(room, "", "Words.", expires="soon")
    kept = await plan.add_message(room, "", "Words.", expires="2026-12-01", command_id="c")
    again = await plan.add_message(room, "", "Words.", expires="2026-12-01", command_id="c")
    assert again.thing == kept.thing == "message-1"
    assert len(again.incident.plan.key_messages) == len(PLAN.key_messages) + 1


async def test_the_file_is_read_once_and_never_again(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(find("product-defect", [])[0])
    loaded, _ = load_playbook(file.read_text(), str(file))
    assert loaded is not None
    before = (await lifecycle.declare(room, "Kettles", playbook=loaded, severity="sev2")).incident
    changes = (
        lambda: file.write_text(file.read_text().replace("title:", "detail:")),
        lambda: file.write_text("schema: 1\nid: [broken"),
        file.unlink,
    )
    for change in changes:
        change()
        assert (await reading.incident(room)).plan == before.plan
        await tasks.done(room, "", "pause-posts", "all of them")
        await tasks.reopen(room, "", "pause-posts")
    await assert_sound(room)
