"""One figure of an incident: what it says, and the two entries it comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from crisisroom.core.timeline import stamp
from crisisroom.report.figures.catalogue import Figure, Unit, figure_of
from crisisroom.report.figures.points import Point, Span

MetricState = Literal["recorded", "pending", "not applicable", "invalid"]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: `seconds` for a span, `met` of `of` for a share or a count.

    `since` and `to` are the seq of the entries it runs between, `since_at` and `to_at` the moments
    it counts from and to. `so_far` is how many seconds a pending span has lasted, `target` how many
    it should take at most. `invalid` means that the end is before the start. Only time left is ever
    less than nothing: then it was late.
    """

    id: str
    label: str
    state: MetricState
    unit: Unit = "seconds"
    seconds: int | None = None
    so_far: int | None = None
    since: int | None = None
    to: int | None = None
    since_at: datetime | None = None
    to_at: datetime | None = None
    met: int | None = None
    of: int | None = None
    target: int | None = None

    @property
    def missed(self) -> bool:
        """Tell whether it is worse than asked: late, not all of what should be, over its target."""
        if self.unit == "share":
            more = figure_of(self.id, self.label).better == "more"
            short = self.of is not None and (self.met or 0) < self.of
            return more and short and self.state == "recorded"
        took = self.seconds if self.seconds is not None else self.so_far
        return took is not None and (took < 0 or (self.target is not None and took > self.target))

    def json(self) -> dict[str, Any]:
        """Return the figure as the JSON contract has it."""
        return {
            "id": self.id,
            "label": self.label,
            "state": self.state,
            "unit": self.unit,
            "seconds": self.seconds,
            "so_far": self.so_far,
            "from": self.since,
            "to": self.to,
            "from_at": self.since_at and stamp(self.since_at),
            "to_at": self.to_at and stamp(self.to_at),
            "met": self.met,
            "of": self.of,
            "target": self.target,
        }


def made(figure: Figure, state: MetricState, span: Span, **numbers: int | None) -> Metric:
    """Return a figure that comes from a span, with its `seconds`, or `met` and `of`."""
    return Metric(
        id=figure.id,
        label=figure.label,
        unit=figure.unit,
        state=state,
        since=span.start.seq,
        to=span.end.seq,
        since_at=span.start.at,
        to_at=span.end.at,
        **numbers,
    )


def pending(figure: Figure, start: Point, so_far: int, end: Point | None = None) -> Metric:
    """Return a figure that is not over yet, with how many seconds it has been so far."""
    return Metric(
        id=figure.id,
        label=figure.label,
        unit=figure.unit,
        state="pending",
        so_far=max(0, so_far),
        since=start.seq,
        since_at=start.at,
        to=end.seq if end else None,
        to_at=end.at if end else None,
    )
