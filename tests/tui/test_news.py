"""What another look brings: what rings, what is said, what is new on the list."""

from __future__ import annotations

from typing import Any

from core.night import Night
from msgspec.structs import replace

from crisisroom.core.clocks import clocks
from crisisroom.tui.looking import Look
from crisisroom.tui.news import News, news
from crisisroom.tui.situation import Situation


class Watching:
    """Somebody who looks at a night now and then."""

    def __init__(self, me: str = "ada") -> None:
        self.night = Night()
        self.me = me
        self.before = Situation(self.night.now, me)
        self._seen = 0
        self.look()

    def look(self, **changed: Any) -> News:
        """Look again, and return what is new."""
        state = replace(self.night.state, **changed)
        entries = self.night.entries[self._seen :]
        self._seen = len(self.night.entries)
        now = self.night.now
        know = Situation(now, self.me, incident=state, clocks=clocks(state, now))
        came = news(self.before, Look(know, entries))
        self.before = know
        return came


def test_the_first_look_and_another_incident_are_no_news() -> None:
    watching = Watching()
    watching.night.look(60)
    assert watching.look(id="INC-2") == News()
    assert Watching().look() == News()


def test_a_call_rings_at_every_step() -> None:
    watching = Watching()
    watching.night.look(5)
    assert watching.look() == News(rings=True, told="call Ada: Call the lead")
    watching.night.look(6)
    assert watching.look() == News()
    watching.night.look(10)
    assert watching.look().rings
    watching.night.look(40)
    assert "nobody acknowledged: Call the lead" in watching.look().told


def test_only_whoever_is_meant_is_told() -> None:
    for me, told in (("cy", True), ("ada", False)):
        watching = Watching(me)
        watching.night.tell("role.assigned", 1, role="legal", person="cy", was="")
        watching.night.look(14)
        watching.look()
        watching.night.look(15)
        assert ("for you: Pause posts" in watching.look().told) is told


def test_what_one_did_oneself_is_not_told_but_marked() -> None:
    watching = Watching()
    watching.night.fact("data", "yes", 1)
    came = watching.look()
    assert came.tasks == ("dpo",)
    assert came.told == "now to do: Call the DPO"
    task = {"id": "ring", "title": "Ring them"}
    watching.night.tell("task.added", 2, task=task, phase="assess", words="Ring them")
    assert watching.look() == News(tasks=("ring",))
    watching.night.tell("task.added", 3, "bo", task=task | {"id": "r2"}, phase="assess", words="x")
    assert watching.look() == News(told="task.added", tasks=("r2",))


def test_only_two_things_are_told_at_once() -> None:
    watching = Watching()
    watching.night.fact("data", "yes", 1)
    watching.night.fact("aware", "2026-11-20T22:00:00.000Z", 1)
    watching.night.fact("affected", "400", 1)
    watching.night.fact("what", "all of it", 1)
    came = watching.look()
    assert came.told.endswith(" more")
    assert came.told.count("   ") == 2


def test_a_clock_that_became_late_rings_once() -> None:
    watching = Watching()
    watching.night.done("pause", 1)
    watching.look()
    watching.night.look(16)
    assert watching.look().rings
    assert not watching.look().rings


def test_what_went_out_and_became_untrue_rings_and_is_told() -> None:
    watching = Watching()
    data: dict[str, Any] = {"id": "ST-1", "fact": "what", "label": "what", "words": ""}
    data |= {"before": {"value": "some"}, "after": {"value": "all"}}
    watching.night.tell("statement.owed", 1, **data)
    assert watching.look() == News(rings=True, told="statement.owed")


def test_a_question_to_this_person_rings_and_a_task_given_is_told() -> None:
    watching = Watching()
    watching.night.tell(
        "question.asked", 1, "bo", question="Q-1", id="", person="ada", words="is it so?"
    )
    assert watching.look() == News(rings=True, told="bo asks you: is it so?")
    watching.night.tell("task.assigned", 2, "bo", task="pause", person="ada")
    assert watching.look() == News(told="task.assigned")
    watching.night.tell("task.assigned", 3, "ada", task="pause", person="ada")
    assert watching.look() == News()
