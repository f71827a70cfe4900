"""Figures: of one incident with the entries they come from, and across incidents."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, option, takes
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import in_zone, one_line
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.kinds import span as seconds_of
from crisisroom.core.terms import zone_of
from crisisroom.report.contract import Json, moment
from crisisroom.report.figures.catalogue import figure_of, part_of
from crisisroom.report.metrics import Metric, in_parts
from crisisroom.report.plain import figure, local, span, zone_or_utc
from crisisroom.report.stats import Across, Case
from crisisroom.room import statistics
from crisisroom.room.statistics import Statistics, Wanted

_DRILLS = ("without", "with", "only")


async def _metrics(context: Context, args: Namespace) -> int:
    room = await context.here()
    told = await statistics.figures_of(room, args.inc, _target(args))
    incident, found = told.incident, told.metrics
    now = context.clock.now()
    context.show(
        lambda: [one.json() for one in found],
        lambda: _metric_lines(incident, found, Moments(incident.zone, now)),
    )
    return 0


def _target(args: Namespace) -> int | None:
    if not args.target:
        return None
    seconds = seconds_of(args.target)
    if seconds is None:
        raise Usage("target", f"--target {args.target[:40]} is no span of time", "like 30m, 1h")
    return seconds


class Moments:
    """Says when something was: short, and with the offset where clocks changed in between."""

    def __init__(self, zone: str, now: datetime) -> None:
        self._zone, self._at = zone_of(zone), in_zone(zone, now)

    def told(self, one: Metric) -> str:
        """Return which entries a figure comes from, and the moments it counts from and to."""
        ends = ((one.since, one.since_at), (one.to, one.to_at))
        known = [(seq, at) for seq, at in ends if seq is not None and at is not None]
        offsets = {self._offset(at) for _, at in known}
        said = [
            f"entry {seq} ({self._at(at)}{self._offset(at) if len(offsets) > 1 else ''})"
            for seq, at in known
        ]
        return f", from {' to '.join(said)}" if said else ""

    def _offset(self, at: datetime) -> str:
        digits = f"{at.astimezone(self._zone):%z}"
        return f" {digits[:3]}:{digits[3:5]}"


def _metric_lines(incident: Incident, found: tuple[Metric, ...], moments: Moments) -> Iterator[str]:
    drill = " DRILL" if incident.drill else ""
    yield f"{incident.id}{drill} {one_line(incident.title)}: figures as of entry {incident.seq}"
    for title, ones in in_parts(one for one in found if one.state != "not applicable"):
        yield f"{title}:"
        for one in ones:
            yield f"  {one_line(one.label)}: {_said(one)}{moments.told(one)}"
    if beside := [one_line(one.label) for one in found if one.state == "not applicable"]:
        yield f"Not applicable: {'; '.join(beside)}"


def _said(one: Metric) -> str:
    if one.target is None:
        return figure(one)
    return f"{figure(one)}, {'over' if one.missed else 'of'} the {span(one.target)} asked"


async def _stats(context: Context, args: Namespace) -> int:
    room = await context.here()
    wanted = Wanted(
        since=context.moment(args.since),
        until=context.moment(args.until),
        playbook=args.playbook,
        severity=args.severity,
        brand=args.brand,
        drills=args.drills,
    )
    found = await statistics.statistics(room, wanted, _target(args))
    zone = zone_or_utc(room.config.zone)
    context.show(lambda: _stats_json(found), lambda: _stats_lines(found, zone))
    return 0


def _stats_json(found: Statistics) -> Json:
    wanted = found.wanted
    return {
        "since": moment(wanted.since),
        "until": moment(wanted.until),
        "drills": wanted.drills,
        "incidents": [_case_json(one) for one in found.cases],
        "before": found.before
        and {
            "since": moment(found.before[0]),
            "until": moment(found.before[1]),
            "incidents": [_case_json(one) for one in found.earlier],
        },
        "metrics": [_across_json(one) for one in found.figures],
    }


def _case_json(one: Case) -> Json:
    return {
        "id": one.id,
        "uid": one.uid,
        "title": one.title,
        "declared_at": moment(one.declared_at),
        "drill": one.drill,
    }


def _across_json(one: Across) -> Json:
    return {
        "id": one.id,
        "label": one.label,
        "unit": "percent" if one.unit == "share" else one.unit,
        "n": one.n,
        "median": one.median,
        "p90": one.p90,
        "worst": one.worst and {"incident": one.worst.incident, "value": one.worst.value},
        "met": one.met,
        "of": one.of,
        "pending": one.pending,
        "not_applicable": one.not_applicable,
        "invalid": one.invalid,
        "before": {"n": one.before_n, "median": one.before},
        "trend": one.trend,
        "note": one.note,
    }


def _stats_lines(found: Statistics, zone: ZoneInfo) -> Iterator[str]:
    yield f"{_number(len(found.cases))}{_span(found, zone)}, {_DRILL_WORDS[found.wanted.drills]}"
    if not found.cases:
        return
    if found.before:
        begun = local(found.before[0], zone)
        yield f"the span before, from {begun}: {_number(len(found.earlier))}"
    else:
        yield "no trend: --since says from when on, the span before it is as long"
    told = [one for one in found.figures if one.n or one.pending or one.invalid]
    for title, ones in groupby(told, key=lambda one: part_of(one.id)):
        yield f"{title}:"
        yield from (f"  {one_line(one.label)}: {', '.join(_parts(one))}" for one in ones)


_DRILL_WORDS = {"without": "without drills", "with": "with drills", "only": "drills only"}


def _number(number: int) -> str:
    return f"{number} incident{'' if number == 1 else 's'}"


def _span(found: Statistics, zone: ZoneInfo) -> str:
    since, until = found.wanted.since, found.wanted.until
    begun = f" from {local(since, zone)}" if since else ""
    return begun + (f" until {local(until, zone)}" if until else "")


def _parts(one: Across) -> Iterator[str]:
    """Yield what is said of one figure: how many, what is usual, the worst, how it was before."""
    yield one.note or _number(one.n)
    if one.median is not None:
        yield f"median {_value(one, one.median)}"
    if one.p90 is not None:
        yield f"nine in ten {_reach(one)} {_value(one, one.p90)}"
    if one.worst:
        yield f"worst {_value(one, one.worst.value)} {one.worst.incident}"
    if one.unit == "share" and one.of is not None:
        yield f"together {one.met} of {one.of}"
    if one.pending:
        yield f"{one.pending} pending"
    if one.invalid:
        yield f"{one.invalid} invalid"
    if one.trend and one.before is not None:
        yield f"before {_value(one, one.before)}: {one.trend}"


def _reach(one: Across) -> str:
    return "within" if figure_of(one.id, one.label).better == "less" else "at least"


def _value(one: Across, value: int) -> str:
    if one.unit == "seconds":
        return f"{span(abs(value))}{' late' if value < 0 else ''}"
    return f"{value} %" if one.unit == "share" else f"{value}"


_TARGET = option("--target", "within how long a first reply should be out: 30m", metavar="SPAN")

VERBS = {
    "metrics": Verb(_metrics, _TARGET, incident=True, over_key=READS),
    "stats": Verb(
        _stats,
        takes(
            option("--since", "declared since: -90d, 2026-01-01", metavar="TIME"),
            option("--until", "declared before", metavar="TIME"),
            option("--playbook", "that ran by this playbook", metavar="ID"),
            option("--severity", "that had this severity, if only for a while", metavar="S"),
            option("--brand", "of this brand", metavar="B"),
            arg("--drills", "without, if not said otherwise", choices=_DRILLS, default="without"),
            _TARGET,
        ),
        over_key=READS,
    ),
}
