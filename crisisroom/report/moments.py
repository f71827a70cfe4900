"""The moments that figures run between, each with the entry that knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import Entry, unstamp, upcast
from crisisroom.report.calls import runs
from crisisroom.report.history import GIVEN, PLANS
from crisisroom.report.model import Record

_TAKEN_BACK = ("revoked",)  # the approval begins anew
_DECIDED = ("approved", "rejected", "released")
_OVER = ("edited", "withdrawn", "lapsed")  # nobody is asked any more


class Point(msgspec.Struct, frozen=True):
    """A moment, and the entry that knows of it."""

    at: datetime
    seq: int


class Span(msgspec.Struct, frozen=True):
    """From one moment to another, in whole seconds."""

    start: Point
    end: Point

    @property
    def seconds(self) -> int:
        """Return how long it was; less than nothing where the end is before the start."""
        return int((self.end.at - self.start.at).total_seconds() // 1)


class Moments:
    """Finds them in a log; what did not happen is None, or in no list."""

    def __init__(self, record: Record) -> None:
        self._incident = record.incident
        self._entries = tuple(map(upcast, record.entries))

    def declared(self) -> Point:
        """Return when the incident was declared."""
        return Point(self._incident.declared_at, 1)

    def first_mention(self) -> Point | None:
        """Return when the first of the linked mentions was posted."""
        return min(self._linked().values(), key=lambda point: (point.at, point.seq), default=None)

    def _linked(self) -> dict[str, Point]:
        """Return when each linked mention was posted, and the entry that linked it."""
        return {
            entry.data["mention"]: Point(unstamp(entry.data["posted_at"]), entry.seq)
            for entry in self._of("mention.linked")
            if entry.data["mention"] in self._incident.mentions
        }

    def _of(self, kind: str) -> Iterator[Entry]:
        return (entry for entry in self._entries if entry.kind == kind)

    def first_statement(self) -> Point | None:
        """Return when words of ours first went out to others than colleagues."""
        return next(
            (
                _point(entry)
                for entry in self._of("statement.sent")
                if self._incident.statements[entry.data["id"]].kind != "internal"
            ),
            None,
        )

    def staffed(self) -> Point | None:
        """Return when every role that was required by then was held for the first time."""
        required: set[str] = set()
        held: set[str] = set()
        for entry in self._entries:
            if entry.kind in PLANS:
                required = _required(entry.data["plan"])
            elif entry.kind in GIVEN:
                held.add(entry.data["role"])
            elif entry.kind == "role.left":
                held.discard(entry.data["role"])
            if required and required <= held:
                return _point(entry)
        return None

    def resolved(self) -> Point | None:
        """Return when it was resolved for the last time, None while it is open."""
        if self._incident.status == "open":
            return None
        return _point([*self._of("incident.resolved")][-1])

    def reply_waits(self) -> list[Span]:
        """Return how long each mention waited for its first answer."""
        linked, waits = self._linked(), {}
        for entry in self._of("reply.sent"):
            mention = self._incident.replies[entry.data["id"]].mention
            if mention in linked and mention not in waits:
                waits[mention] = Span(linked[mention], _point(entry))
        return [*waits.values()]

    def approval_waits(self) -> list[Span]:
        """Return how long each submitted text waited until it was decided on."""
        return [*self._waits(whole=True)]

    def step_waits(self) -> list[Span]:
        """Return how long each step of an approval waited for its verdict."""
        return [*self._waits(whole=False)]

    def _waits(self, *, whole: bool) -> Iterator[Span]:
        asked: dict[str, Point] = {}
        for entry in self._entries:
            sort, _, act = entry.kind.partition(".")
            if sort not in ("statement", "reply"):
                continue
            name = entry.data.get("id", "")
            if act == "submitted" or act in _TAKEN_BACK:
                asked[name] = _point(entry)
            elif act in _OVER:
                asked.pop(name, None)
            elif act in _DECIDED and name in asked and (decided := _decided(entry, whole=whole)):
                yield Span(asked.pop(name), _point(entry))
                if decided == "step":
                    asked[name] = _point(entry)

    def enquiry_waits(self) -> list[Span]:
        """Return how long each enquiry waited for its answer."""
        asked = {entry.data["enquiry"]: _point(entry) for entry in self._of("enquiry.added")}
        return [
            Span(asked[entry.data["enquiry"]], _point(entry))
            for entry in self._of("enquiry.answered")
        ]

    def acknowledge_waits(self) -> list[Span]:
        """Return how long each escalation called until somebody had it."""
        return [
            Span(Point(run.at, run.seq), Point(run.acknowledged_at, run.acknowledged_seq))
            for run in runs(self._entries)
            if run.acknowledged_at and run.acknowledged_seq
        ]

    def duties_met(self) -> dict[str, Span]:
        """Return from when to when each legal duty ran that was met, by its id."""
        begun = {entry.data["deadline"]: _point(entry) for entry in self._of("deadline.started")}
        return {
            entry.data["deadline"]: Span(begun[entry.data["deadline"]], _point(entry))
            for entry in self._of("deadline.met")
            if entry.data["deadline"] in begun
        }


def _point(entry: Entry) -> Point:
    return Point(entry.at, entry.seq)


def _required(plan: dict[str, Any]) -> set[str]:
    return {role["id"] for role in plan.get("roles", ()) if role.get("required")}


def _decided(entry: Entry, *, whole: bool) -> str:
    """Return whether a verdict ended the wait, or only that of one step; empty for neither."""
    if entry.data.get("complete", True):
        return "whole"
    return "step" if not whole and entry.data.get("step_done", True) else ""
