"""The figures of an incident, each with the two entries it comes from.

A corrected time changes the figure by itself; what did not happen is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from crisisroom.report.calls import Runs
from crisisroom.report.figures import crowd, tallies
from crisisroom.report.figures.alarm import Alarm
from crisisroom.report.figures.approving import Approving
from crisisroom.report.figures.catalogue import FIGURES, MARGIN, Figure, of_duty, part_of
from crisisroom.report.figures.course import Course
from crisisroom.report.figures.crowd import Crowd
from crisisroom.report.figures.metric import Metric, MetricState, made, pending
from crisisroom.report.figures.owed import Owed
from crisisroom.report.figures.points import Point, Span, read
from crisisroom.report.figures.posts import Posts
from crisisroom.report.figures.tallies import Tally
from crisisroom.report.figures.targets import targets
from crisisroom.report.figures.voice import Voice
from crisisroom.report.model import Record

__all__ = ["Metric", "MetricState", "in_parts", "metrics"]


def metrics(record: Record, target: int | None = None) -> tuple[Metric, ...]:
    """Return the figures of an incident, always the same ones in the same order.

    `target` is within how many seconds a first reply should be out, where the playbook does not
    say it or not so. In public those are left out that tell of duties, enquiries and calls, as
    they are themselves, and what the playbook asks.
    """
    plan = record.incident.plan
    wanted = plan.review.first_reply if target is None else target
    figures = _Figures(record, wanted)
    whole = (
        *figures.alarm(),
        *figures.words(),
        *figures.promises(),
        *figures.duties(),
        *figures.calls(),
        *figures.crowd(),
    )
    if record.profile != "public":
        asked = targets(plan, wanted)
        return tuple(msgspec.structs.replace(one, target=asked.get(one.id)) for one in whole)
    return tuple(one for one in whole if one.id in FIGURES and FIGURES[one.id].public)


def in_parts(found: Iterable[Metric]) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    """Yield figures by what they are about, each under its title."""
    for title, ones in groupby(found, key=lambda one: part_of(one.id)):
        yield title, tuple(ones)


class _Figures:
    """Makes figures of moments and tallies; those of a kind stand together."""

    def __init__(self, record: Record, target: int | None) -> None:
        incident = record.incident
        self._record, self._incident, self._target = record, incident, target
        self._open = incident.status == "open"
        self._posts, self._alarm, self._voice = Posts(incident), Alarm(incident), Voice(incident)
        self._approving, self._owed, self._runs = Approving(), Owed(), Runs()
        self._course = Course(incident)
        self._crowd = Crowd(incident, self._posts.linked)
        takers = (self._posts, self._alarm, self._voice, self._approving, self._owed, self._runs)
        read(record, (*takers, self._course, self._crowd))

    def alarm(self) -> Iterator[Metric]:
        """Yield how fast we saw it, and how fast we were there."""
        found, first = self._alarm, self._posts.first
        triaged, warned, declared = self._posts.triaged, found.warned, found.declared
        sign = min((one for one in (first, found.impact) if one), default=None)
        noticed = min(one for one in (warned, triaged, declared) if one)
        alert = min(one for one in (found.alerted, declared) if one)
        yield self._since_seen("time_to_detect", sign, noticed)
        yield self._of_alert("time_to_triage", warned, triaged)
        yield self._of_alert("alert_acknowledged", found.alerted, found.acknowledged)
        yield self._between("alert_to_lead", alert, found.led)
        yield self._of_alert("alert_to_declare", warned, declared)
        yield self._since_seen("time_to_declare", first, declared)
        yield self._between("time_to_staff", declared, found.staffed)

    def words(self) -> Iterator[Metric]:
        """Yield how fast we spoke, and how long our words waited."""
        said = self._voice.first
        yield self._between("first_statement", self._alarm.declared, said)
        yield self._since_seen("public_wait", self._posts.first, said)
        waits = self._voice.waits(self._posts.linked)
        yield self._chosen("first_reply_median", waits, 50)
        yield self._chosen("first_reply_p90", waits, 90)
        yield self._count("first_reply_in_time", self._in_time(waits))
        yield self._chosen("approval_wait", self._approving.whole, 100)
        yield self._chosen("approval_step", self._approving.steps, 100)

    def _in_time(self, waits: Sequence[Span]) -> Tally:
        if self._target is None:
            return Tally()
        met = sum(0 <= one.seconds <= self._target for one in waits)
        last = tallies.newest(one.end for one in waits)
        return Tally(met, len(waits), last, self._open)

    def promises(self) -> Iterator[Metric]:
        """Yield how often we were in time, and how long we said nothing."""
        record, course = self._record, self._course
        yield self._count("tasks_on_time", tallies.tasks_on_time(record, course))
        yield self._count("required_on_time", tallies.required_on_time(record, course))
        yield self._count("tasks_skipped", tallies.tasks_skipped(record, course))
        yield self._count("updates_kept", tallies.updates_kept(record, course))
        yield self._lateness()
        yield self._silence()

    def _lateness(self) -> Metric:
        """Return how late the late updates were on average, in whole seconds rounded down."""
        late = tallies.late_updates(self._record, self._course)
        figure = FIGURES["update_lateness"]
        if not late:
            return self._without(figure, self._open and bool(self._course.updates))
        ends = sorted((one.point for one in late), key=lambda point: point.seq)
        mean = sum(one.late for one in late) // len(late)
        return made(figure, "recorded", Span(ends[0], ends[-1]), seconds=mean)

    def _silence(self) -> Metric:
        figure, now = FIGURES["longest_silence"], tallies.head(self._record)
        known = [(Span(since, to or now), to) for since, to in self._voice.silences()]
        if not known:
            return self._without(figure, self._open)
        span, end = max(known, key=lambda one: (one[0].seconds, -one[0].start.seq))
        if self._open:
            return pending(figure, span.start, span.seconds, end)
        return made(figure, "recorded", span, seconds=span.seconds)

    def duties(self) -> Iterator[Metric]:
        """Yield how those were served who asked us, and what became of legal duties."""
        incident, owed = self._incident, self._owed
        asked, duties = incident.enquiries, incident.deadlines
        waits, closed = [*owed.spans("enquiry").values()], owed.closed("enquiry")
        more = self._open and any(one.state == "open" for one in asked.values())
        yield self._chosen("enquiry_wait", waits, 100, more=more)
        yield self._count("enquiries_on_time", tallies.by_time(self._record, asked, closed))
        met = tallies.by_time(self._record, duties, owed.closed("deadline"))
        yield self._count("deadlines_met", met)
        yield from self._margins()

    def _margins(self) -> Iterator[Metric]:
        """Yield the least time that was left at a duty, then that at each that there was."""
        spans = self._owed.spans("deadline")
        each = [
            self._margin(of_duty(one.id, one.title), one.due_at, spans.get(one.id), one.state)
            for one in self._incident.deadlines.values()
            if one.state != "not_needed"
        ]
        left = [one for one in each if one.seconds is not None]
        if left:
            least = min(left, key=lambda one: (one.seconds, one.id))
            figure = FIGURES[MARGIN]
            yield msgspec.structs.replace(least, id=figure.id, label=figure.label)
        else:
            yield self._without(FIGURES[MARGIN], any(one.state == "pending" for one in each))
        yield from each

    def _margin(
        self, figure: Figure, due: datetime | None, span: Span | None, state: str
    ) -> Metric:
        if due is None or span is None:
            return self._without(figure, state in ("waiting", "running"))
        left = int((due - span.end.at).total_seconds() // 1)
        return made(figure, "recorded", span, seconds=left)

    def calls(self) -> Iterator[Metric]:
        """Yield what became of calls."""
        runs = self._runs.known
        taken_up = tallies.escalations_acknowledged(self._record, runs)
        yield self._count("escalations", taken_up)
        climbed = tallies.steps_climbed(self._record, runs)
        start = Point(climbed[0].at, climbed[0].seq) if climbed else None
        tally = climbed[1] if climbed else Tally(more=taken_up.more)
        yield self._count("escalation_steps", tally, start)
        waits = [
            Span(Point(run.at, run.seq), Point(run.acknowledged_at, run.acknowledged_seq))
            for run in runs
            if run.acknowledged_at and run.acknowledged_seq
        ]
        yield self._chosen("time_to_acknowledge", waits, 100, more=taken_up.more)
        yield self._of_alert("human_contact", self._alarm.rang, self._alarm.answered)

    def crowd(self) -> Iterator[Metric]:
        """Yield how many were served, how loud they were, and how long it lasted."""
        posts, declared, resolved = self._posts, self._alarm.declared, self._alarm.resolved
        first = min(posts.linked.values(), key=lambda point: point.seq, default=None)
        last, of = tallies.head(self._record), len(self._incident.mentions)
        asking = len(posts.asking)
        yield self._count("mentions_triaged", Tally(posts.seen, of, last, self._open), first)
        answered = Tally(posts.answered, asking, last, self._open)
        yield self._count("mentions_answered", answered, first)
        yield from self._loudness()
        yield self._between("time_to_resolve", declared, resolved)

    def _loudness(self) -> Iterator[Metric]:
        hours = self._crowd.hours
        top, after = crowd.peak(hours), crowd.usual_again(hours)
        of = sum(one.mentions for one in hours)
        counted = top is not None and top.usual is not None
        until = tallies.ended(self._record, self._course)
        calm = crowd.calm_from(hours, self._incident.plan.resolve.calm, until)
        if top is None:
            yield self._without(FIGURES["peak_hour"], self._open)
        else:
            state: MetricState = "pending" if self._open else "recorded"
            yield made(FIGURES["peak_hour"], state, top.span, met=top.mentions, of=of)
        start = top.span.start if top and (counted or self._open) else None
        yield self._between("decay", start, after.span.start if after else None)
        yield self._between("time_to_calm", self._alarm.declared, calm)

    def _chosen(
        self, id_: str, spans: Sequence[Span], percent: int, *, more: bool | None = None
    ) -> Metric:
        """Return the span at a percentile (nearest rank), which is one that really happened.

        `more` says whether one may come where there is none yet: else while it is open. Spans that
        end before they begin count only where there are no others.
        """
        if not spans:
            return self._without(FIGURES[id_], self._open if more is None else more)
        sound = [span for span in spans if span.seconds >= 0] or spans
        ordered = sorted(sound, key=lambda span: (span.seconds, span.end.seq))
        span = ordered[max(-(-len(ordered) * percent // 100), 1) - 1]
        return self._between(id_, span.start, span.end)

    def _since_seen(self, id_: str, sign: Point | None, end: Point | None) -> Metric:
        """Return a span since the public saw it: where we were there before, nobody waited."""
        if sign and end and end.at < sign.at:
            return self._without(FIGURES[id_], False)
        return self._between(id_, sign, end)

    def _of_alert(self, id_: str, start: Point | None, end: Point | None) -> Metric:
        """Return a span that begins with an alert: without one there is nothing to wait for."""
        return self._between(id_, start, end) if start else self._without(FIGURES[id_], False)

    def _between(self, id_: str, start: Point | None, end: Point | None) -> Metric:
        figure = FIGURES[id_]
        if start is None or end is None:
            if start is None or not self._open:
                return self._without(figure, self._open)
            so_far = Span(start, tallies.head(self._record)).seconds
            return pending(figure, start, so_far)
        span = Span(start, end)
        if span.seconds < 0:
            return made(figure, "invalid", span)
        return made(figure, "recorded", span, seconds=span.seconds)

    def _without(self, figure: Figure, more: bool) -> Metric:
        state: MetricState = "pending" if more else "not applicable"
        return Metric(id=figure.id, label=figure.label, unit=figure.unit, state=state)

    def _count(self, id_: str, tally: Tally, start: Point | None = None) -> Metric:
        figure = FIGURES[id_]
        if tally.of == 0:
            return self._without(figure, tally.more)
        state: MetricState = "pending" if tally.more else "recorded"
        last = tally.last or tallies.head(self._record)
        span = Span(start or self._alarm.declared, last)
        return made(figure, state, span, met=tally.met, of=tally.of)
