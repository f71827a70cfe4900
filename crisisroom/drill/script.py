"""The script of a drill: what happens at which minute of the story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.playbook import Playbook
from crisisroom.drill import crises
from crisisroom.drill.play import Beat
from crisisroom.drill.stage import Stage
from crisisroom.drill.voices import Posted, Voices, posts

MINUTES = 60
GUESS = "Very few of you are affected."  # what bo adds to the holding statement
OBJECTION = "we do not know that; say whom to ask"
BETTER = "Ask a person, at any hour: care@example.org"

Act = Callable[[Stage], Awaitable[None]]


class Step(msgspec.Struct, frozen=True):
    """Something that happens: at which second of the story, and what."""

    second: float
    act: Act


class Crisis(msgspec.Struct, frozen=True):
    """One rehearsed crisis: its playbook, its public, its truth."""

    playbook: str
    title: str
    thing: str
    voices: Voices
    facts: tuple[tuple[int, str, str], ...]
    press: str


CRISES = {
    "defect": Crisis(
        "product-defect",
        "{thing}s overheat",
        "kettle",
        crises.DEFECT,
        crises.DEFECT_FACTS,
        "the consumer group asks for a recall",
    ),
    "outage": Crisis(
        "service-outage",
        "{thing} is down",
        "the app",
        crises.OUTAGE,
        crises.OUTAGE_FACTS,
        "a national paper writes about it",
    ),
}


def beats(steps: Sequence[Step], stage: Stage) -> list[Beat]:
    """Return the script as what happens on a stage; what the room refuses there is passed over."""
    return [Beat(step.second, _Scene(step, stage)) for step in steps]


class _Scene:
    """One step of the script, to be awaited when its time has come."""

    def __init__(self, step: Step, stage: Stage) -> None:
        self._step = step
        self._stage = stage

    async def __call__(self) -> None:
        await self._stage.attempt(lambda: self._step.act(self._stage))


def title_of(crisis: Crisis) -> str:
    """Return the incident's title."""
    return crisis.title.replace("{thing}", crisis.thing).capitalize()


def script(crisis: Crisis, playbook: Playbook, brand: str, start: datetime) -> list[Step]:
    """Return the whole drill in order: the public, and the colleagues."""
    public = posts(crisis.voices, brand, crisis.thing, start, MINUTES)
    steps = [_heard(post) for post in public]
    steps += [Step(minute * 60, act) for minute, act in _colleagues(crisis, playbook)]
    return sorted(steps, key=lambda step: step.second)


def _heard(post: Posted) -> Step:
    async def act(stage: Stage) -> None:
        await stage.hear([post.item])

    return Step(post.second, act)


def _colleagues(crisis: Crisis, playbook: Playbook) -> list[tuple[float, Act]]:
    return [
        *_opening(),
        *_learning(crisis),
        *_checklist(playbook),
        *_speaking(crisis),
        *_routine(),
        *_closing(),
    ]


def _opening() -> list[tuple[float, Act]]:
    return [
        (4.0, lambda stage: stage.declare("bo")),
        (4.2, lambda stage: stage.take_role("bo", "social")),
        (4.6, lambda stage: stage.join("cy")),
        (4.7, lambda stage: stage.take_role("cy", "legal")),
        (5.0, lambda stage: stage.approve_playbook("cy")),
        (5.4, lambda stage: stage.join("eli")),
        (5.5, lambda stage: stage.take_role("eli", "care")),
        (6.0, lambda stage: stage.call("bo", 0, False, "voice mail")),
        (7.0, lambda stage: stage.call("bo", 1, True, "comes into the room")),
        (8.0, lambda stage: stage.join("dee")),
        (8.1, lambda stage: stage.take_role("dee", "lead")),
    ]


def _learning(crisis: Crisis) -> list[tuple[float, Act]]:
    found: list[tuple[float, Act]] = []
    for minute, fact, value in crisis.facts:
        words = value.replace("{thing}", crisis.thing)
        found.append((minute, _fact(fact, words)))
    return found


def _fact(fact: str, words: str) -> Act:
    return lambda stage: stage.fact("eli", fact, words)


def _checklist(playbook: Playbook) -> list[tuple[float, Act]]:
    """Do each task a little before or, for every fifth one, a little after it is due."""
    plan: list[tuple[float, Act]] = []
    people = ("bo", "eli", "dee", "cy")
    tasks = [task for phase in playbook.phases for task in phase.tasks]
    for index, task in enumerate(tasks):
        due = (task.within or 50 * 60) / 60
        minute = min(4 + due * (1.2 if index % 5 == 4 else 0.8), 53 + index * 0.2)
        given = {
            "note": "done, and seen by two of us",
            "link": "https://www.example.org/drill",
        }.get(task.evidence, "")
        plan.append((minute, _task(people[index % 4], task.id, given)))
    return plan


def _task(who: str, task_id: str, given: str) -> Act:
    return lambda stage: stage.task(who, task_id, given)


def _speaking(crisis: Crisis) -> list[tuple[float, Act]]:
    return [
        (13.0, lambda stage: stage.draft("bo", "holding", GUESS)),
        (14.5, lambda stage: stage.object_once("cy", OBJECTION, GUESS, BETTER)),
        (16.0, lambda stage: stage.approve_waiting("cy")),
        (16.5, lambda stage: stage.release("bo")),
        (17.0, lambda stage: stage.write_to_colleagues("dee")),
        (19.0, lambda stage: stage.severity("dee", "sev1", crisis.press)),
        (
            21.0,
            lambda stage: stage.decision(
                "dee", "offer a refund without a receipt", "trust costs more than the goods"
            ),
        ),
        (33.0, lambda stage: stage.draft("bo", "update")),
        (34.5, lambda stage: stage.approve_waiting("cy")),
        (35.0, lambda stage: stage.release("bo")),
        (48.0, lambda stage: stage.draft("bo", "resolution")),
        (49.5, lambda stage: stage.approve_waiting("cy")),
        (50.0, lambda stage: stage.release("bo")),
    ]


def _routine() -> list[tuple[float, Act]]:
    rounds: list[tuple[float, Act]] = []
    for minute in range(7, 52, 2):
        who = ("bo", "eli")[minute // 2 % 2]
        rounds.append((minute + 0.3, lambda stage, who=who: stage.link_new(who)))  # type: ignore[misc]
        rounds.append((minute + 0.6, lambda stage, who=who: stage.answer(who, 3)))  # type: ignore[misc]
    for minute in (15, 25, 37):
        rounds.append((minute, lambda stage: stage.answer("eli", 1, "We have your message.")))
        rounds.append((minute + 1.2, lambda stage: stage.approve_waiting("cy")))
        rounds.append((minute + 1.6, lambda stage: stage.release("eli")))
    rounds += [
        (18.0, lambda stage: stage.dismiss("eli", 3)),
        (22.0, lambda stage: stage.offline("eli")),
        (28.0, lambda stage: stage.note("eli", "phones: 60 calls an hour, most ask for a refund")),
    ]
    return rounds


def _closing() -> list[tuple[float, Act]]:
    return [
        (52.0, lambda stage: stage.severity("dee", "sev3", "under ten posts in ten minutes")),
        (55.0, lambda stage: stage.action("dee", "change what made this possible", "engineering")),
        (57.5, lambda stage: stage.approve_waiting("cy")),
        (58.0, lambda stage: stage.release("bo")),
        (59.0, lambda stage: stage.resolve("dee")),
    ]
