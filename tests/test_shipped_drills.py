"""The drills of the shipped playbooks: a team that follows the plan, though not always in time."""

from __future__ import annotations

import pytest
from shipped import COMPLETE, NAMES, shipped

from crisisroom.core.condition import Condition, evaluate
from crisisroom.core.placeholders import names
from crisisroom.core.playbook import DrillStep, Playbook, Task

every = pytest.mark.parametrize("name", NAMES)
complete = pytest.mark.parametrize("name", [name for name in COMPLETE if name in NAMES])


class Rehearsal:
    """What a drill's script has brought about so far, step by step."""

    def __init__(self, playbook: Playbook) -> None:
        self._plan = playbook
        self._tasks = {task.id: task for _, task in playbook.tasks()}
        self.facts: dict[str, str] = {}
        self.done: dict[str, int] = {}
        self.sent: dict[str, int] = {}
        self.declared_at: int | None = None
        self.severity = ""

    def look(self, subject: str) -> str | None:
        """Look at a subject as a condition would; every role is held."""
        sort, _, name = subject.partition(".")
        if sort == "severity":
            return self.severity
        if sort == "task":
            return "done" if name in self.done else None
        if sort == "statement":
            return "sent" if name in self.sent else None
        return "somebody" if sort == "role" else self.facts.get(name)

    def holds(self, condition: Condition | None) -> bool:
        return condition is None or evaluate(condition, self.look).holds is True

    def step(self, step: DrillStep) -> None:
        """Take a step that makes sense now, then tick what follows of itself."""
        if step.declare:
            assert self.declared_at is None, "declared twice"
            self.declared_at, self.severity = step.at, step.declare
        acts = bool(step.done or step.fact or step.publish)
        assert not acts or self.declared_at is not None, f"before anybody declared: {step}"
        self.facts |= step.fact
        if step.publish:
            self._publish(step)
        if step.done:
            self._tick(self._tasks[step.done], step)
        for task in self._tasks.values():
            if task.done_when and self.holds(task.done_when):
                self.done.setdefault(task.id, step.at)

    def _publish(self, step: DrillStep) -> None:
        statement = next(one for one in self._plan.statements if one.id == step.publish)
        used = {name.removeprefix("fact.") for name in names(statement.text) if "fact." in name}
        assert used <= set(self.facts), (step.publish, used - set(self.facts))
        self.sent[statement.id] = step.at

    def _tick(self, task: Task, step: DrillStep) -> None:
        assert task.id not in self.done or task.repeat, f"{task.id} is done already"
        assert self.holds(task.when), f"{task.id} is not there yet"
        assert set(task.needs) <= set(self.done), f"{task.id} waits for {task.needs}"
        assert set(task.needs_facts) <= set(self.facts), f"{task.id} waits for a fact"
        assert step.given or task.evidence == "none", f"{task.id} asks for a {task.evidence}"
        self.done[task.id] = step.at


def rehearse(playbook: Playbook) -> Rehearsal:
    rehearsal = Rehearsal(playbook)
    for step in playbook.drill:
        rehearsal.step(step)
    return rehearsal


@every
def test_every_step_of_a_drill_makes_sense_when_it_comes(name: str) -> None:
    playbook = shipped(name)
    rehearsal = rehearse(playbook)
    assert rehearsal.declared_at is not None
    assert rehearsal.sent, "nothing was said"
    holders = {role for contact in playbook.contacts for role in contact.roles}
    assert {step.by for step in playbook.drill if step.by} <= holders


@complete
def test_a_complete_drill_is_worth_an_evening(name: str) -> None:
    playbook = shipped(name)
    assert 25 <= len(playbook.drill) <= 70
    assert 25 * 60 <= playbook.drill[-1].at <= 60 * 60
    posts = [step.mention for step in playbook.drill if step.mention]
    assert len({post.source for post in posts}) >= 3, "several places at once"
    assert len({post.handle for post in posts}) >= 5
    injects = [step for step in playbook.drill if step.inject]
    assert len(injects) >= 4
    assert any("journalist" in s.inject.casefold() or s.to == "spokesperson" for s in injects)


@complete
def test_a_complete_drill_is_led_well_and_still_late_somewhere(name: str) -> None:
    playbook = shipped(name)
    rehearsal = rehearse(playbook)
    start = rehearsal.declared_at
    assert start is not None
    holding = next(one.id for one in playbook.statements if one.kind == "holding")
    assert rehearsal.sent[holding] - start <= 35 * 60
    inside = [one.id for one in playbook.statements if one.audience == "employees"]
    assert min(rehearsal.sent[one] for one in inside if one in rehearsal.sent) <= min(
        at for id_, at in rehearsal.sent.items() if id_ not in inside
    )
    late = [
        task.id
        for _, task in playbook.tasks()
        if task.within and not task.after and not task.when
        if rehearsal.done.get(task.id, 0) - start > task.within
    ]
    assert late, "nobody learns from a drill in which all comes in time"


@complete
def test_required_roles_all_act_in_the_drill(name: str) -> None:
    playbook = shipped(name)
    acting = {step.by for step in playbook.drill}
    assert {role.id for role in playbook.roles if role.required} <= acting
