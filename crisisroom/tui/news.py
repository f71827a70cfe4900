"""What another look at the room brings: what to ring for, what to say, which tasks are new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.core.candidate import Candidate
from crisisroom.core.handing import titled
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.tui.looking import Look
from crisisroom.tui.situation import Situation

MOST = 2  # things told at once; the timeline has them all
_CALLS = ("escalation.step", "escalation.exhausted")
_OWED = ("statement.owed", "reply.owed")
_FOR_ONE = ("person.notified", "action.reminded")
_LIST = ("deadline.started", "task.opened", "task.added", "task.not_needed")


class News(msgspec.Struct, frozen=True):
    """Whether the bell rings, what the line of keys says, and the tasks that came."""

    rings: bool = False
    told: str = ""
    tasks: tuple[str, ...] = ()


def news(before: Situation, seen: Look) -> News:
    """Return what is new since the last look at the same incident."""
    was, now = before.incident, seen.situation.incident
    if was is None or now is None or was.id != now.id:
        return News()
    urgent = _urgent(now, before.me, seen.entries)
    told = [*urgent, *_on_the_list(before.me, seen.entries)]
    return News(
        rings=bool(urgent) or _newly_late(before, seen.situation),
        told=_line(told),
        tasks=tuple(_tasks(seen.entries)),
    )


def elsewhere(me: str, incident: Incident, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return what of an incident that is not in view this person has to be told all the same."""
    return tuple(f"{incident.id}: {one}" for one in _urgent(incident, me, entries))


class Warned:
    """Which early warnings this screen has told of: each once, and again when it got worse."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] | None = None  # None: nothing was looked at yet

    def fresh(self, know: Situation) -> tuple[Candidate, ...]:
        """Return what has come since the last look, the newest first; at the first look nothing."""
        seen = {_stage(one): one for one in know.waiting}
        if self._told is None:
            self._told = {_stage(one) for one in know.warnings}
        fresh = [one for stage, one in seen.items() if stage not in self._told]
        self._told |= seen.keys()
        return tuple(sorted(fresh, key=_since, reverse=True))


class Paged:
    """Which pages this screen has told its person of: each once, and at the first look those too.

    Who opens a screen because they were woken finds on it what woke them.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()

    def fresh(self, know: Situation) -> tuple[str, ...]:
        """Return the ids of what waits for this person and was not told of yet."""
        mine = know.telling.mine(know.me) if know.telling else ()
        fresh = tuple(one.id for one in mine if one.id not in self._told)
        self._told |= set(fresh)
        return fresh


def _since(one: Candidate) -> datetime:
    return one.escalated_at or one.at


def _stage(one: Candidate) -> tuple[str, str]:
    return one.id, one.escalated_at.isoformat() if one.escalated_at else ""


def _newly_late(before: Situation, now: Situation) -> bool:
    late = {clock.id for clock in before.clocks if clock.state == "overdue"}
    return any(clock.state == "overdue" and clock.id not in late for clock in now.clocks)


def _urgent(incident: Incident, me: str, entries: Sequence[Entry]) -> list[str]:
    """Return the calls to make, what is out and untrue now, and what this person has to be told."""
    mine = (me, *incident.holds(me))
    calls = {entry.data["escalation"]: entry.text for entry in entries if entry.kind in _CALLS}
    told = list(calls.values())  # of each escalation the newest: who was called before is past
    told += [entry.text for entry in entries if entry.kind in _OWED]
    for entry in entries:
        if entry.kind in _FOR_ONE and entry.data.get("who") in mine:
            told.append(f"for you: {entry.data.get('words', '')}")
        elif entry.kind == "question.asked" and entry.data.get("person") in mine:
            told.append(f"{entry.actor} asks you: {entry.data.get('words', '')}")
        elif entry.kind == "role.offered" and entry.data.get("person") == me:
            told.append(
                f"{entry.actor} offers you {titled(incident, entry.data['role'])}, R answers"
            )
    return told


def _on_the_list(me: str, entries: Sequence[Entry]) -> list[str]:
    """Return what came onto the checklist or went off it, but for what one did oneself.

    A task that a colleague gave to this person is one of them.
    """
    return [
        entry.text
        for entry in entries
        if entry.actor != me
        and (entry.kind in _LIST or (entry.kind == "task.assigned" and _is_given(entry, me)))
    ]


def _is_given(entry: Entry, me: str) -> bool:
    return bool(entry.data.get("person") == me)


def _tasks(entries: Sequence[Entry]) -> list[str]:
    found = []
    for entry in entries:
        if entry.kind == "task.opened":
            found.append(entry.data["task"])
        elif entry.kind == "task.added":
            found.append(entry.data["task"]["id"])
    return found


def _line(told: Sequence[str]) -> str:
    rest = len(told) - MOST
    return "   ".join(told[:MOST]) + (f"   and {rest} more" if rest > 0 else "")
