"""Figures across incidents: how it usually goes, how it went at worst, and whether it gets better.

Only what was recorded counts: what is pending, invalid or does not apply is never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from crisisroom.report.figures.catalogue import FIGURES, MARGIN, Better, Unit, figure_of
from crisisroom.report.metrics import Metric

Trend = Literal["better", "worse", "same"]

FEW = 3  # incidents below which there are no percentiles


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One incident with its figures."""

    id: str
    uid: str
    title: str
    declared_at: datetime
    drill: bool
    metrics: tuple[Metric, ...]


class Worst(msgspec.Struct, frozen=True):
    """The worst value, and the incident it is of."""

    incident: str
    value: int


class Across(msgspec.Struct, frozen=True, kw_only=True):
    """One figure across incidents: seconds, a share in percent, or a count, as `unit` says.

    `n` incidents have it; `met` and `of` are those of all of them together. `before` is the median
    of the span before, of `before_n` incidents.
    """

    id: str
    label: str
    unit: Unit
    n: int
    median: int | None = None
    p90: int | None = None
    worst: Worst | None = None
    met: int | None = None
    of: int | None = None
    pending: int = 0
    not_applicable: int = 0
    invalid: int = 0
    before_n: int = 0
    before: int | None = None
    trend: Trend | None = None
    note: str = ""


def across(cases: Iterable[Case], earlier: Iterable[Case] = ()) -> tuple[Across, ...]:
    """Return every figure across incidents, each incident once, beside those of an earlier span."""
    now, before = _once(cases), _once(earlier)
    return tuple(_across(*named, now, before) for named in _named((*now, *before)))


def _once(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple({case.uid: case for case in cases}.values())


def _named(cases: Iterable[Case]) -> Sequence[tuple[str, str]]:
    """Return the figures' ids and labels in their order, those of single duties by their id."""
    labels = {one.id: one.label for case in cases for one in case.metrics}
    duties = sorted(name for name in labels if name not in FIGURES)
    names: list[str] = []
    for name in FIGURES:
        names += [name, *duties] if name == MARGIN else [name]
    return [(name, labels[name]) for name in names if name in labels]


def _across(name: str, label: str, now: Sequence[Case], before: Sequence[Case]) -> Across:
    figure = figure_of(name, label)
    found = [(case, one) for case in now for one in case.metrics if one.id == name]
    known = [(value(one), case, one) for case, one in found if one.state == "recorded"]
    values, earlier = sorted(number for number, _, _ in known), _values(before, name)
    median, was = _percentile(values, 50), _percentile(earlier, 50)
    pooled = [one for _, _, one in known if one.of is not None]
    states = [one.state for _, one in found]
    return Across(
        id=name,
        label=label,
        unit=figure.unit,
        n=len(values),
        median=median,
        p90=_percentile(values, 90 if figure.better == "less" else 10),
        worst=_worst([(number, case) for number, case, _ in known], figure.better),
        met=sum(one.met or 0 for one in pooled) if pooled else None,
        of=sum(one.of or 0 for one in pooled) if pooled else None,
        pending=states.count("pending"),
        not_applicable=states.count("not applicable") + len(now) - len(found),
        invalid=states.count("invalid"),
        before_n=len(earlier),
        before=was,
        trend=_trend(was, median, figure.better),
        note=_note(len(values)),
    )


def value(metric: Metric) -> int:
    """Return the number of a recorded figure: seconds, a share in whole percent, or a count."""
    if metric.seconds is not None:
        return metric.seconds
    met, of = metric.met or 0, metric.of or 1
    return met if metric.unit == "count" else (200 * met + of) // (2 * of)


def _values(cases: Sequence[Case], name: str) -> list[int]:
    return sorted(
        value(one)
        for case in cases
        for one in case.metrics
        if one.id == name and one.state == "recorded"
    )


def _percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Return a percentile by nearest rank, which is a value that happened; None of a few."""
    if len(ordered) < FEW:
        return None
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def _worst(known: Sequence[tuple[int, Case]], better: Better) -> Worst | None:
    if not known:
        return None
    sign = 1 if better == "less" else -1
    number, case = max(known, key=lambda one: (sign * one[0], one[1].declared_at, one[1].uid))
    return Worst(case.id, number)


def _trend(was: int | None, now: int | None, better: Better) -> Trend | None:
    if was is None or now is None:
        return None
    if was == now:
        return "same"
    return "better" if (now < was) == (better == "less") else "worse"


def _note(number: int) -> str:
    """Say plainly where there are too few to speak of what is usual."""
    if number == 0 or number >= FEW:
        return "" if number else "no incident has it"
    return f"{number} incident{'s' if number > 1 else ''}: no percentiles"
