"""How the plan went: the checklist and the updates that were due, as replaying the log gives them.

Only what moves the plan is replayed, and at the times that are now said to be right: the figures
are those of a log that had been written so from the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.core.apply import KINDS, apply
from crisisroom.core.cadence import last_update, next_update_at
from crisisroom.core.incident import Incident, Words
from crisisroom.core.playbook import Cadence
from crisisroom.core.timeline import Entry
from crisisroom.report.figures.points import Point

replace = msgspec.structs.replace

_MOVES = ("incident.", "playbook.", "task.", "fact.set", "update.")
_ROLES = ("role.taken", "role.assigned", "role.handed", "role.left")
_WORDS = tuple(f"statement.{act}" for act in ("drafted", "edited", "submitted", "sent"))


class Tick(msgspec.Struct, frozen=True):
    """One time that a repeating task was done, and whether that was in time."""

    point: Point
    met: bool


class Update(msgspec.Struct, frozen=True):
    """An update that was owed: when it went out, and when it was due."""

    point: Point
    due: datetime

    @property
    def late(self) -> int:
        """Return how many seconds it was late; nothing where it was in time."""
        return max(0, int((self.point.at - self.due).total_seconds() // 1))


class Course:
    """Replays what moves the plan, and keeps what came of each tick and each update."""

    kinds = frozenset(
        {
            "incident.declared",
            *_ROLES,
            *_WORDS,
            *(kind for kind in KINDS if kind.startswith(_MOVES)),
        }
    )

    def __init__(self, incident: Incident) -> None:
        self._cadences: Sequence[Cadence] = incident.plan.cadences
        self._state: Incident | None = None
        self.done: Point | None = None  # when a task was last done, as the log has it
        self.closed: Point | None = None  # or skipped
        self.over: Point | None = None  # when it was last resolved
        self._out: set[str] = set()  # statements that went out: what comes of them moves nothing
        self.ticks: dict[str, list[Tick]] = {}
        self.updates: dict[str, list[Update]] = {one.id: [] for one in self._cadences}

    @property
    def incident(self) -> Incident:
        """Return the incident as far as the plan goes, at the times that are right."""
        assert self._state is not None, "a log begins with its declaration"
        return self._state

    def take(self, entry: Entry, at: datetime) -> None:
        """Take what moves the plan."""
        if entry.kind in _WORDS and entry.data["id"] in self._out:
            return
        before = self._state and replace(self._state, seq=entry.seq - 1)
        after = apply(before, replace(entry, at=at))
        self._state = after
        if before is None:
            return
        if entry.kind == "task.skipped":
            self.closed = Point(at, entry.seq)
        elif entry.kind == "task.done":
            self.done = self.closed = Point(at, entry.seq)
            self._ticked(before, entry.data["task"], self.done)
        elif entry.kind == "task.reopened" and (ticks := self.ticks.get(entry.data["task"])):
            ticks.pop()
        elif entry.kind == "statement.sent":
            self._spoken(before, after, entry)
        elif entry.kind == "incident.resolved":
            self.over = Point(at, entry.seq)

    def _ticked(self, before: Incident, name: str, point: Point) -> None:
        task = before.tasks[name]
        if task.repeat is not None and task.due_at is not None:
            self.ticks.setdefault(name, []).append(Tick(point, point.at <= task.due_at))

    def _spoken(self, before: Incident, after: Incident, entry: Entry) -> None:
        """Keep what went out where it was owed; else it is a word more than was due."""
        self._out.add(entry.data["id"])
        audience = after.statements[entry.data["id"]].audience
        sent = last_update(after, audience)
        if sent is not None and sent != last_update(before, audience):
            for cadence in self._cadences:
                due = next_update_at(before, cadence) if cadence.audience == audience else None
                if due is not None:
                    self.updates[cadence.id].append(Update(Point(sent, entry.seq), due))
        self._state = replace(after, statements=_of_use(after.statements))

    def missed(self, until: datetime) -> dict[str, datetime]:
        """Return the updates that were due before a moment and never went out, by cadence."""
        owed = {one.id: next_update_at(self.incident, one) for one in self._cadences}
        return {name: due for name, due in owed.items() if due is not None and due < until}


def _of_use(statements: dict[str, Words]) -> dict[str, Words]:
    """Return the statements that what is due depends on, so that a long night stays quick.

    Those not out yet, the first of each template, and the last to each audience.
    """
    first: dict[str, datetime] = {}
    last: dict[str, datetime] = {}
    for one in statements.values():
        if one.sent_at is not None:
            first[one.template] = min(first.get(one.template, one.sent_at), one.sent_at)
            last[one.audience] = max(last.get(one.audience, one.sent_at), one.sent_at)
    return {
        name: one
        for name, one in statements.items()
        if one.sent_at in (None, first.get(one.template), last.get(one.audience))
    }
