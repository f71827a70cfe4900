"""The figures of an incident, each with the two entries it comes from.

A corrected time changes the figure by itself; what did not happen is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from crisisroom.core.timeline import Entry, unstamp, upcast
from crisisroom.report.model import Record
from crisisroom.report.tallies import Tally, tasks_on_time, updates_kept

MetricState = Literal["recorded", "pending", "not applicable", "invalid"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: `seconds` for a span, `met` of `of` for a count.

    `since` and `to` are the seq of the entries it runs between. `invalid` means that the end is
    before the start.
    """

    id: str
    label: str
    state: MetricState
    seconds: int | None = None
    since: int | None = None
    to: int | None = None
    met: int | None = None
    of: int | None = None

    def json(self) -> dict[str, Any]:
        """Return the figure as the JSON contract has it."""
        whole: dict[str, Any] = msgspec.to_builtins(self)
        whole["from"] = whole.pop("since")
        return whole


class _Point(msgspec.Struct, frozen=True):
    """A moment, and the entry that knows of it."""

    at: datetime
    seq: int


class _Span(msgspec.Struct, frozen=True):
    start: _Point
    end: _Point

    @property
    def seconds(self) -> int:
        return int((self.end.at - self.start.at).total_seconds() // 1)


def metrics(record: Record) -> tuple[Metric, ...]:
    """Return the figures of an incident, always the same ones in the same order."""
    seen = _Seen(record)
    declared, first = seen.declared, seen.first_mention()
    statement = seen.first_statement()
    waits, approvals = seen.reply_waits(), seen.approval_waits()
    between, count = seen.between, seen.count
    return (
        between("time_to_declare", "first mention to declared", first, declared),
        between("time_to_staff", "declared to all required roles held", declared, seen.staffed()),
        between("first_statement", "declared to first statement", declared, statement),
        between("public_wait", "first mention to first statement", first, statement),
        seen.chosen("first_reply_median", "first reply, median", waits, 50),
        seen.chosen("first_reply_p90", "first reply, nine in ten within", waits, 90),
        seen.chosen("approval_wait", "longest wait for an approval", approvals, 100),
        count("tasks_on_time", "tasks done on time", tasks_on_time(record)),
        count("updates_kept", "updates sent on time", updates_kept(record)),
        between("time_to_resolve", "declared to resolved", declared, seen.resolved()),
    )


class _Seen:
    """The moments that figures are made of."""

    def __init__(self, record: Record) -> None:
        self._incident = record.incident
        self._entries = tuple(map(upcast, record.entries))
        self._open = record.incident.status == "open"

    @property
    def declared(self) -> _Point:
        return _Point(self._incident.declared_at, 1)

    def first_mention(self) -> _Point | None:
        return min(self._linked().values(), key=lambda point: (point.at, point.seq), default=None)

    def _linked(self) -> dict[str, _Point]:
        """Return when each linked mention was posted, and the entry that linked it."""
        return {
            entry.data["mention"]: _Point(unstamp(entry.data["posted_at"]), entry.seq)
            for entry in self._of("mention.linked")
            if entry.data["mention"] in self._incident.mentions
        }

    def _of(self, kind: str) -> Iterator[Entry]:
        return (entry for entry in self._entries if entry.kind == kind)

    def first_statement(self) -> _Point | None:
        return next(
            (
                _Point(entry.at, entry.seq)
                for entry in self._of("statement.sent")
                if self._incident.statements[entry.data["id"]].kind != "internal"
            ),
            None,
        )

    def staffed(self) -> _Point | None:
        """Return when every required role was held for the first time."""
        missing = {role.id for role in self._incident.roles.values() if role.required}
        held: set[str] = set()
        for entry in self._entries:
            if entry.kind in ("role.taken", "role.assigned"):
                held.add(entry.data["role"])
            elif entry.kind == "role.left":
                held.discard(entry.data["role"])
            if missing and missing <= held:
                return _Point(entry.at, entry.seq)
        return None

    def resolved(self) -> _Point | None:
        if self._open:
            return None
        last = [*self._of("incident.resolved")][-1]
        return _Point(last.at, last.seq)

    def reply_waits(self) -> list[_Span]:
        """Return how long each mention waited for its first answer."""
        linked, waits = self._linked(), {}
        for entry in self._of("reply.sent"):
            mention = self._incident.replies[entry.data["id"]].mention
            if mention in linked and mention not in waits:
                waits[mention] = _Span(linked[mention], _Point(entry.at, entry.seq))
        return [*waits.values()]

    def approval_waits(self) -> list[_Span]:
        """Return how long each submitted text waited for a verdict."""
        asked: dict[str, _Point] = {}
        waits = []
        for entry in self._entries:
            act = entry.kind.partition(".")[2]
            if act == "submitted":
                asked[entry.data["id"]] = _Point(entry.at, entry.seq)
            elif act in ("approved", "rejected") and entry.data["id"] in asked:
                waits.append(_Span(asked.pop(entry.data["id"]), _Point(entry.at, entry.seq)))
        return waits

    def chosen(self, id_: str, label: str, spans: Sequence[_Span], percent: int) -> Metric:
        """Return the span at a percentile (nearest rank), which is one that really happened."""
        if not spans:
            return self._without(id_, label)
        ordered = sorted(spans, key=lambda span: (span.seconds, span.end.seq))
        span = ordered[max(-(-len(ordered) * percent // 100), 1) - 1]
        return self.between(id_, label, span.start, span.end)

    def between(self, id_: str, label: str, start: _Point | None, end: _Point | None) -> Metric:
        if start is None or end is None:
            return self._without(id_, label)
        seconds = _Span(start, end).seconds
        sound = seconds >= 0
        return Metric(
            id=id_,
            label=label,
            state="recorded" if sound else "invalid",
            seconds=seconds if sound else None,
            since=start.seq,
            to=end.seq,
        )

    def _without(self, id_: str, label: str) -> Metric:
        return Metric(id=id_, label=label, state="pending" if self._open else "not applicable")

    def count(self, id_: str, label: str, tally: Tally) -> Metric:
        if tally.of == 0:
            state: MetricState = "pending" if self._open and tally.more else "not applicable"
            return Metric(id=id_, label=label, state=state)
        return Metric(
            id=id_,
            label=label,
            state="pending" if self._open and tally.more else "recorded",
            since=1,
            to=tally.last,
            met=tally.met,
            of=tally.of,
        )
