"""The figures of an incident, each with the two entries it comes from.

A corrected time changes the figure by itself; what did not happen is never zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from crisisroom.report import tallies
from crisisroom.report.history import states
from crisisroom.report.model import Record
from crisisroom.report.moments import Moments, Point, Span
from crisisroom.report.tallies import Tally

MetricState = Literal["recorded", "pending", "not applicable", "invalid"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: `seconds` for a span, `met` of `of` for a count.

    `since` and `to` are the seq of the entries it runs between. `invalid` means that the end is
    before the start. Only time left is ever less than nothing: then it was late.
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


def metrics(record: Record) -> tuple[Metric, ...]:
    """Return the figures of an incident, always the same ones in the same order.

    In public those are left out that tell of duties, enquiries and calls, as they are themselves.
    """
    figures = _Figures(record)
    inner = () if record.profile == "public" else (*figures.enquiries(), *figures.duties())
    return (*figures.speed(), *figures.approvals(), *figures.promises(), *inner, *figures.end())


class _Figures:
    """Makes figures of moments and tallies; those of a kind stand together."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._open = record.incident.status == "open"
        self._moments = Moments(record)

    def speed(self) -> Iterator[Metric]:
        """Yield how fast we were there, and how fast we spoke."""
        found, between = self._moments, self._between
        declared, first, said = found.declared(), found.first_mention(), found.first_statement()
        yield between("time_to_declare", "first mention to declared", first, declared)
        yield between(
            "time_to_staff", "declared to all required roles held", declared, found.staffed()
        )
        yield between("first_statement", "declared to first statement", declared, said)
        yield between("public_wait", "first mention to first statement", first, said)
        waits = found.reply_waits()
        yield self._chosen("first_reply_median", "first reply, median", waits, 50)
        yield self._chosen("first_reply_p90", "first reply, nine in ten within", waits, 90)

    def approvals(self) -> Iterator[Metric]:
        """Yield how long words of ours waited for those who agree to them."""
        whole, steps = self._moments.approval_waits(), self._moments.step_waits()
        yield self._chosen("approval_wait", "longest wait for an approval", whole, 100)
        yield self._chosen("approval_step", "longest wait for one step of an approval", steps, 100)

    def promises(self) -> Iterator[Metric]:
        """Yield how often we were in time."""
        told = states(self._record.entries)
        on_time = tallies.tasks_on_time(self._record, told)
        kept = tallies.updates_kept(self._record, told)
        yield self._count("tasks_on_time", "tasks done on time", on_time)
        yield self._count("updates_kept", "updates sent on time", kept)

    def enquiries(self) -> Iterator[Metric]:
        """Yield how those were served who asked us."""
        waits = self._moments.enquiry_waits()
        asked = self._record.incident.enquiries.values()
        on_time = tallies.enquiries_on_time(self._record)
        more = self._open and any(one.state == "open" for one in asked)
        label = "longest wait for an answer to an enquiry"
        yield self._chosen("enquiry_wait", label, waits, 100, more=more)
        yield self._count("enquiries_on_time", "enquiries answered by their deadline", on_time)

    def duties(self) -> Iterator[Metric]:
        """Yield what became of legal duties and of calls."""
        yield self._count(
            "deadlines_met", "legal duties met in time", tallies.deadlines_met(self._record)
        )
        yield self._margin("deadline_margin", "least time left at a legal duty")
        waits = self._moments.acknowledge_waits()
        taken_up = tallies.escalations_acknowledged(self._record)
        yield self._count("escalations", "escalations acknowledged", taken_up)
        label = "longest call until somebody acknowledged"
        yield self._chosen("time_to_acknowledge", label, waits, 100, more=taken_up.more)

    def end(self) -> Iterator[Metric]:
        """Yield how long it lasted."""
        declared, resolved = self._moments.declared(), self._moments.resolved()
        yield self._between("time_to_resolve", "declared to resolved", declared, resolved)

    def _margin(self, id_: str, label: str) -> Metric:
        """Return the time that was left at the duty met with the least of it."""
        duties, met = self._record.incident.deadlines, self._moments.duties_met()
        left = {
            name: math.floor((due - span.end.at).total_seconds())
            for name, span in met.items()
            if (due := duties[name].due_at) is not None
        }
        if not left:
            more = any(duty.state in ("waiting", "running") for duty in duties.values())
            return self._without(id_, label, more)
        least = min(left, key=lambda name: (left[name], name))
        return Metric(
            id=id_,
            label=label,
            state="recorded",
            seconds=left[least],
            since=met[least].start.seq,
            to=met[least].end.seq,
        )

    def _chosen(
        self,
        id_: str,
        label: str,
        spans: Sequence[Span],
        percent: int,
        *,
        more: bool | None = None,
    ) -> Metric:
        """Return the span at a percentile (nearest rank), which is one that really happened.

        `more` says whether one may come where there is none yet: else while it is open.
        """
        if not spans:
            return self._without(id_, label, self._open if more is None else more)
        ordered = sorted(spans, key=lambda span: (span.seconds, span.end.seq))
        span = ordered[max(-(-len(ordered) * percent // 100), 1) - 1]
        return self._between(id_, label, span.start, span.end)

    def _between(self, id_: str, label: str, start: Point | None, end: Point | None) -> Metric:
        if start is None or end is None:
            return self._without(id_, label, self._open)
        seconds = Span(start, end).seconds
        sound = seconds >= 0
        return Metric(
            id=id_,
            label=label,
            state="recorded" if sound else "invalid",
            seconds=seconds if sound else None,
            since=start.seq,
            to=end.seq,
        )

    def _without(self, id_: str, label: str, more: bool) -> Metric:
        return Metric(id=id_, label=label, state="pending" if more else "not applicable")

    def _count(self, id_: str, label: str, tally: Tally) -> Metric:
        if tally.of == 0:
            return self._without(id_, label, tally.more)
        return Metric(
            id=id_,
            label=label,
            state="pending" if tally.more else "recorded",
            since=1,
            to=tally.last,
            met=tally.met,
            of=tally.of,
        )
