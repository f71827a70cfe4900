"""What clocks leave on the timeline: each once, at its second, whoever looks and however late."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import msgspec
from core.night import START, YAML, Night, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.apply import documents, replay
from crisisroom.core.clocks import clocks
from crisisroom.core.engine import MOST_ROUNDS, mark, next_due, next_fire
from crisisroom.core.timeline import Entry, stamp


def test_a_task_that_runs_out_calls_the_lead_at_once() -> None:
    night = Night()
    night.look(4.99)
    assert not night.kinds("clock.late")
    night.look(5)
    assert night.kinds("clock.late", "escalation.started", "escalation.step") == [
        ("late: Pause posts", 5),
        ("escalates: Call the lead (Pause posts)", 5),
        ("call Ada: Call the lead", 5),
    ]


def test_calls_go_on_until_nobody_is_left_and_say_so() -> None:
    night = Night()
    night.look(90)
    assert night.kinds("escalation.step", "escalation.exhausted") == [
        ("call Ada: Call the lead", 5),
        ("call Bo, Cy: Call the lead", 10),
        ("call Ada: Call the lead, round 2", 17),
        ("call Bo, Cy: Call the lead, round 2", 22),
        ("nobody acknowledged: Call the lead", 29),
    ]
    assert night.state.escalations["call-lead"].exhausted


def test_calls_stop_when_somebody_is_reached() -> None:
    night = Night()
    night.look(11)
    called: dict[str, Any] = {
        "contact": "cy",
        "name": "Cy",
        "way": "phone",
        "reached": True,
        "words": "",
    }
    night.tell("contact.called", 12, **called)
    night.look(200)
    run = night.state.escalations["call-lead"]
    assert (run.acknowledged_by, run.exhausted) == ("Cy", False)
    assert night.kinds("escalation.acknowledged") == [("Cy acknowledged: Call the lead", 12)]
    assert len(night.kinds("escalation.step")) == 2


def test_calls_stop_when_somebody_calls_back_whose_turn_is_over() -> None:
    night = Night()
    night.look(11)
    called: dict[str, Any] = {"contact": "ada", "name": "Ada", "way": "phone", "words": ""}
    night.tell("contact.called", 12, reached=True, **called)
    night.look(200)
    assert night.state.escalations["call-lead"].acknowledged_by == "Ada"
    assert len(night.kinds("escalation.step")) == 2


def test_a_call_without_an_answer_stops_nothing() -> None:
    night = Night()
    night.look(6)
    called: dict[str, Any] = {
        "contact": "ada",
        "name": "Ada",
        "way": "phone",
        "reached": False,
        "words": "",
    }
    night.tell("contact.called", 7, **called)
    night.look(11)
    assert len(night.kinds("escalation.step")) == 2


def test_what_follows_later_waits_and_comes_only_while_it_is_still_late() -> None:
    told, helped = Night(), Night()
    told.look(16)
    assert ("tells Cy: Pause posts", 15) not in told.kinds("person.notified")
    assert ("tells Legal: Pause posts", 15) in told.kinds("person.notified")
    helped.done("pause", 14)
    helped.look(30)
    assert ("tells Legal: Pause posts", 15) not in helped.kinds("person.notified")


def test_an_escalation_for_graver_cases_says_that_it_was_not_begun() -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.look(31)
    assert ("Call everybody: not in this situation (Call the DPO)", 31) in night.kinds("note.added")
    night.tell("incident.severity", 39, severity="sev1")
    night.look(200)
    assert "grave" in night.state.escalations  # by the update that is late by then
    assert [text for text, _ in night.kinds("escalation.started")][1] == (
        "escalates: Call everybody (public update)"
    )


def test_an_empty_role_calls_its_backup() -> None:
    night = Night()
    night.look(10)
    assert ("late: somebody takes Crisis lead", 10) in night.kinds("clock.late")
    assert ("tells Bo: somebody takes Crisis lead", 10) in night.kinds("person.notified")
    held = Night()
    held.tell("role.taken", 9, role="lead", person="ada", was="")
    held.look(60)
    assert not [text for text, _ in held.kinds("clock.late") if "somebody takes" in text]
    held.tell("role.left", 70, role="lead", person="ada")
    held.look(80)
    assert ("late: somebody takes Crisis lead", 80) in held.kinds("clock.late")


def test_what_a_tick_brings_is_told_once_for_each_tick() -> None:
    night = Night()
    night.done("pause", 3)
    night.look(60)
    assert night.kinds("note.added").count(("Scheduled posts rest", 3)) == 1
    night.tell("task.reopened", 61, task="pause")
    night.done("pause", 62)
    assert ("Scheduled posts rest", 62) in night.kinds("note.added")


def test_clocks_rest_while_it_is_resolved_and_the_law_s_do_not() -> None:
    night = Night()
    night.done("pause", 1)
    night.fact("aware", "2026-11-20T21:00:00.000Z", 2)
    night.fact("data", "yes", 3)
    before = len(night.kinds("clock.late"))
    night.tell("incident.resolved", 4, words="")
    night.look(72 * 60)
    late = [text for text, _ in night.kinds("clock.late")][before:]
    assert late == ["late: Data protection authority"]
    night.tell("incident.reopened", 72 * 60 + 10, words="")
    night.look(72 * 60 + 15)
    moments = {minute for text, minute in night.kinds("clock.late") if "authority" not in text}
    assert min(moments) == 72 * 60 + 10, "nothing was late while everybody was at home"


def test_an_approval_that_is_not_used_lapses_at_its_second() -> None:
    night = Night()
    words: dict[str, Any] = {
        "id": "ST-1", "kind": "update", "words": "x", "sha256": "s", "audience": "public",
        "template": "update", "mention": "", "mention_id": "", "handle": "", "channel": "",
        "approval": "words", "uses": [],
    }  # fmt: skip
    night.tell("statement.drafted", 1, actor="bo", **words)
    night.tell("statement.submitted", 2, actor="bo", id="ST-1")
    night.tell("role.taken", 3, actor="cy", role="legal", person="cy", was="")
    verdict: dict[str, Any] = {"id": "ST-1", "step": "words", "verdict": "approved"}
    verdict |= {"sha256": "s", "version": 1}
    night.tell("statement.approved", 4, actor="cy", **verdict, words="", roles=["legal"])
    assert night.state.statements["ST-1"].state == "approved"
    night.look(200)
    assert [minute for _, minute in night.kinds("statement.lapsed")] == [124]
    assert night.state.statements["ST-1"].state != "approved"


def test_next_due_is_when_there_is_something_to_write() -> None:
    night = Night()
    moments = []
    while (due := next_due(night.state, night.now)) is not None:
        moments.append((due - START).total_seconds() / 60)
        night.now = due
        assert next_fire(night.state, due) is not None, moments
        night.look()
    assert moments == [5, 10, 15, 17, 22, 29, 30, 40, 510]


def _moments(night: Night, *kinds: str) -> list[float]:
    return [minute for _, minute in night.kinds(*kinds)]


def test_a_reopened_task_that_is_late_by_then_calls_from_then_on() -> None:
    night = Night()
    night.done("pause", 3)
    night.tell("task.reopened", 60, task="pause")
    assert ("late: Pause posts", 60) in night.kinds("clock.late")
    assert night.kinds("escalation.step") == [("call Ada: Call the lead", 60)], "nobody was before"
    night.look(75)
    assert _moments(night, "escalation.step") == [60, 65, 72]
    assert ("tells Legal: Pause posts", 70) in night.kinds("person.notified")


def test_what_came_about_by_a_tick_set_back_begins_when_it_was_written_down() -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.tell("task.skipped", 2, task="sheet", words="no")
    night.tell("task.done", 40, at=START + timedelta(minutes=4), task="pause", words="")
    assert night.state.tasks["holding"].due_at == START + timedelta(minutes=24)
    assert ("late: Publish", 40) in night.kinds("clock.late")
    assert ("Scheduled posts rest", 40) in night.kinds("note.added")


def test_a_declaration_set_back_calls_nobody_in_the_past() -> None:
    night = Night(at=START - timedelta(hours=3))
    assert night.state.tasks["pause"].due_at == START - timedelta(minutes=175)
    assert set(_moments(night, "clock.late")) == {0}
    assert night.kinds("escalation.step") == [("call Ada: Call the lead", 0)]


def test_what_follows_later_counts_from_when_it_was_said_to_be_late() -> None:
    night = Night(at=START - timedelta(hours=3))
    night.tell("note.added", 4, words="")
    night.look(30)
    assert ("tells Legal: Pause posts", 10) in night.kinds("person.notified")


def test_a_ladder_of_calls_has_an_end_whatever_the_playbook_says() -> None:
    text = YAML.replace("wait: 5m", "wait: 1s").replace("wait: 7m", "wait: 1s")
    first, *rest = plan(text).escalations
    endless = msgspec.structs.replace(first, rounds=999_999_999)  # `check` refuses it by now
    night = Night(msgspec.structs.replace(plan(text), escalations=(endless, *rest)))
    night.look(60 * 24)
    assert len(night.kinds("escalation.step")) == 2 * MOST_ROUNDS
    assert len(night.kinds("escalation.exhausted")) == 1


def test_a_duty_that_is_late_after_the_end_calls_people_all_the_same() -> None:
    text = YAML.replace(
        "    role: legal\n", "    role: legal\n    on_overdue: [{escalate: call-lead}]\n"
    )
    night = Night(plan(text))
    night.done("pause", 1)
    night.fact("data", "yes", 2)
    night.fact("aware", "2026-11-20T22:00:00.000Z", 3)
    night.tell("incident.resolved", 4, words="")
    night.look(72 * 60 + 6)
    assert _moments(night, "escalation.step") == [72 * 60, 72 * 60 + 5]
    called: dict[str, Any] = {"contact": "cy", "name": "Cy", "way": "phone", "words": ""}
    night.tell("contact.called", 72 * 60 + 7, reached=True, **called)
    assert night.state.escalations["call-lead"].acknowledged_by == "Cy"


ACTS = ["tick", "fact", "severity", "publish", "reach", "role", "skip", "reopen", "resolve"]


def _act(night: Night, rng: random.Random, number: int) -> None:
    """Do something that a person could do now; what makes no sense now is left out."""
    act, state = rng.choice(ACTS), night.state
    open_ = [one.id for one in state.tasks.values() if one.state == "open"]
    closed = [one.id for one in state.tasks.values() if one.state in ("done", "skipped")]
    if act == "tick" and open_:
        night.done(rng.choice(open_))
    elif act == "skip" and open_:
        night.tell("task.skipped", task=rng.choice(open_), words="no")
    elif act == "reopen" and closed:
        night.tell("task.reopened", task=rng.choice(closed))
    elif act == "fact":
        name, values = rng.choice(FACTS)
        night.fact(name, rng.choice(values), state=rng.choice(["known", "known", "checking"]))
    elif act == "severity":
        night.tell("incident.severity", severity=rng.choice(["sev1", "sev2"]))
    elif act == "publish" and state.status == "open":
        night.publish(number)
    elif act == "reach":
        contact = rng.choice(["ada", "bo", "cy"])
        data: dict[str, Any] = {"contact": contact, "name": contact, "way": "phone", "words": ""}
        night.tell("contact.called", reached=rng.random() < 0.5, **data)
    elif act == "role":
        taken = rng.random() < 0.7
        night.tell("role.taken" if taken else "role.left", role="lead", person="ada", was="")
    elif act == "resolve" and rng.random() < 0.2:
        kind = "incident.resolved" if state.status == "open" else "incident.reopened"
        night.tell(kind, words="")


FACTS = [
    ("what", ["it smokes", "it burns"]),
    ("data", ["yes", "no", "unclear"]),
    ("aware", ["2026-11-20T20:30:00.000Z", "2026-11-20T22:10:00.000Z"]),
    ("affected", ["12", "1,200"]),
]


def _day(seed: int, looks: int) -> Night:
    """Live through 24 hours of random acts, with so many looks of a watcher between two of them."""
    rng, watcher = random.Random(seed), random.Random(seed * 7 + looks)
    night, second = Night(), 0
    for number in range(60):
        pause = rng.randint(1, 2800)
        for moment in sorted(watcher.randint(1, pause) for _ in range(looks)):
            night.look((second + moment) / 60)
        second += pause
        night.look(second / 60)

        _act(night, rng, number)
    night.look(24 * 60)
    return night


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_nobody_looking_and_somebody_always_looking_write_the_same_day(seed: int) -> None:
    watched, alone = _day(seed, 25), _day(seed, 0)
    assert watched.story() == alone.story()
    marks = watched.state.fired
    assert len(marks) == len(set(marks)), "a clock fired twice"
    retold = replay(watched.entries)
    assert retold is not None
    assert documents(retold) == documents(watched.state)
    assert next_fire(watched.state, watched.now) is None


@given(st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_what_is_late_was_due_at_that_second_or_became_so_by_an_act(seed: int) -> None:
    night = _day(seed, 3)
    for entry in night.entries:
        if entry.kind == "clock.late":
            due = entry.data["due_at"]
            assert entry.data["clock"].endswith(due)
            assert stamp(entry.at) == due or _came_about(night, entry)


def _came_about(night: Night, late: Entry) -> bool:
    """Tell whether what is late at this moment was not even running before the act of then."""
    acts = [one for one in night.entries if one.source == "person" and one.at == late.at]
    before = replay(night.entries[: acts[0].seq - 1]) if acts else None
    assert before is not None
    return late.data["clock"] not in [mark(clock) for clock in clocks(before, late.at)]
