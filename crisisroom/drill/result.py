"""The report of a drill: in plain lines, as Markdown, and as values for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec

from crisisroom.core.clocks import minutes
from crisisroom.drill.outcome import Called, Item, Outcome, Told, Verdict
from crisisroom.drill.team import Slip
from crisisroom.report.contract import plainly
from crisisroom.report.md import cell, code, section, table
from crisisroom.report.plain import one_line

WIDE = 110  # columns of a line of the report
_KINDS = {"cadence": "update", "deadline": "legal deadline", "enquiry": "enquiry"}
_USUAL = ("role", "approval")  # counted, not listed, where they came in time
_HEADINGS: tuple[tuple[Verdict, str], ...] = (
    ("late", "Late"),
    ("never", "Never done"),
    ("on time", "In time"),
    ("running", "Open when it ended"),
    ("left out", "Left out, with a reason"),
)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say of a drill; `outcome` is None where nobody declared an incident."""

    playbook: str
    version: int
    title: str
    brand: str
    played_by: tuple[str, ...]  # `role: person`, as it was at the end
    headless: bool
    start: datetime
    end: datetime
    steps: int
    played: int
    outcome: Outcome | None
    slips: tuple[Slip, ...] = ()
    stand_ins: tuple[str, ...] = ()
    left_open: str = ""
    problems: tuple[str, ...] = ()
    checked: int = 0  # entries of the room's chains
    head_hash: str = ""
    folder: str

    @property
    def ended(self) -> bool:
        """Whether the script was played to its end."""
        return self.played == self.steps

    @property
    def ok(self) -> bool:
        """Whether it was played to its end, and its log holds."""
        return self.ended and not self.problems

    def json(self) -> dict[str, Any]:
        """Return the report as values for programs."""
        values: dict[str, Any] = {"ok": self.ok, "ended": self.ended} | plainly(self)
        return values


def plain(result: Result, zone: tzinfo) -> list[str]:
    """Return the report as plain lines."""
    page = _Page(result, zone)
    lines = [f"DRILL: {one_line(result.title)}", *map(one_line, page.head()), ""]
    for heading, rows in page.sections():
        lines += [heading, *(line for row in rows for line in _plain_row(row)), ""]
    return [*lines, *map(one_line, page.foot())]


def _plain_row(row: Sequence[str]) -> list[str]:
    """Return a row as one line, or as two where what is to be said of it is long."""
    when, sort, what, remark = map(one_line, row)
    line = f"  {when:8}{sort:17}{what}".rstrip()
    if not remark or len(line) + len(remark) < WIDE:
        return [f"{line}  {remark}".rstrip()]
    return [line, f"{'':27}{remark}"]


def markdown(result: Result, zone: tzinfo) -> str:
    """Return the report as Markdown."""
    page = _Page(result, zone)
    lines = [f"# Drill: {cell(result.title)}", "", "**DRILL: this did not happen.**", ""]
    lines += [f"- {cell(line)}" for line in page.head()] + [""]
    for heading, rows in page.sections():
        body = table(("When", "What", "Which", ""), [[cell(text) for text in row] for row in rows])
        lines += section(heading, body)
    lines += [f"- {cell(line)}" for line in page.foot()]
    if result.head_hash:
        lines.append(f"- Newest entry: {code(result.head_hash)}")
    return "\n".join([*lines, ""])


class _Page:
    """A report in the making: what stands in it, whatever it is written as."""

    def __init__(self, result: Result, zone: tzinfo) -> None:
        self._result = result
        self._zone = zone
        self._from = result.outcome.declared_at if result.outcome else result.start

    def head(self) -> list[str]:
        """Return what was played, by whom, and the result in short."""
        one = self._result
        how = "by the script alone" if one.headless else "by people"
        start, end = (at.astimezone(self._zone) for at in (one.start, one.end))
        lines = [
            f"Playbook {one.playbook} version {one.version}, {one.brand}, played {how}",
            f"{start:%Y-%m-%d %H:%M} to {end:%H:%M}, {minutes(one.end - one.start)} of the"
            f" drill's time; nothing went out",
            *self._ending(),
        ]
        if one.played_by:
            lines.append(f"Roles: {', '.join(one.played_by)}")
        if one.stand_ins:
            lines.append(f"Played by a stand-in, as nobody else may: {', '.join(one.stand_ins)}")
        return [*lines, *self._figures()]

    def _ending(self) -> Iterator[str]:
        one = self._result
        if not one.ended:
            yield f"Left after {one.played} of {one.steps} steps of the script"
        if one.outcome is None:
            yield "Nobody declared an incident"
        elif one.left_open:
            yield f"{one.outcome.incident} was left open: {one.left_open}"
        else:
            yield f"{one.outcome.incident} was resolved"

    def _figures(self) -> Iterator[str]:
        made = self._result.outcome
        if made is None:
            return
        begun = took(int((made.declared_at - self._result.start).total_seconds()))
        yield f"Declared after {begun}: the times below count from there"
        yield f"Due: {_tally(made)}"
        yield f"First statement: {_first(made)}"
        yield f"Replies: {_replies(made)}"
        if made.injects:
            answered = sum(told.answered_at is not None for told in made.injects)
            yield f"Injects: {answered} of {len(made.injects)} taken up"

    def sections(self) -> Iterator[tuple[str, list[list[str]]]]:
        """Yield each section's heading with its rows; those without rows are left out."""
        made = self._result.outcome
        if made:
            for verdict, heading in _HEADINGS:
                if rows := self._rows(made, verdict):
                    yield heading, rows
            if made.injects:
                yield "Injects", [self._inject(told) for told in made.injects]
            if made.calls:
                yield "Escalations", [self._call(call) for call in made.calls]
        if self._result.slips:
            yield "What the script asked for in vain", [self._slip(s) for s in self._result.slips]

    def _rows(self, made: Outcome, verdict: Verdict) -> list[list[str]]:
        items = made.of(verdict)
        if verdict != "on time":
            return [self._row(item) for item in items]
        rows = [self._row(item) for item in items if item.kind not in _USUAL]
        usual = [(kind, sum(item.kind == kind for item in items)) for kind in _USUAL]
        return rows + [["", f"{kind}s", f"{count} in time", ""] for kind, count in usual if count]

    def _call(self, call: Called) -> list[str]:
        said = "nobody acknowledged"
        if call.waited is not None:
            said = f"{call.by} acknowledged after {took(call.waited)}"
        return [self._after(call.at), "escalation", f"{call.title} ({call.why})", said]

    def _row(self, item: Item) -> list[str]:
        kind = _KINDS.get(item.kind, item.kind)
        who = f" ({item.who})" if item.who else ""
        due = f"due {self._after(item.due_at)}" if item.due_at else ""
        done = f"done {self._after(item.done_at)}" if item.done_at else ""
        late = f"{took(item.late)} late" if item.verdict == "late" else ""
        waits = f"waits for {item.waits_for}" if item.waits_for else ""
        when = self._after(item.done_at or item.due_at)
        remarks = ", ".join(filter(None, (due, done, late, waits)))
        return [when, kind, f"{item.title}{who}", remarks]

    def _inject(self, told: Told) -> list[str]:
        to = f"to {told.to}" if told.to else "to everybody"
        if told.answered_at is None:
            return [self._after(told.at), to, told.words, "nobody took it up"]
        waited = took(int((told.answered_at - told.at).total_seconds()))
        return [
            self._after(told.at),
            to,
            told.words,
            f"after {waited}, {told.by}: {told.answer}",
        ]

    def _slip(self, slip: Slip) -> list[str]:
        at = self._result.start + timedelta(seconds=slip.second)
        return [self._after(at), "script", slip.what, slip.why]

    def _after(self, at: datetime | None) -> str:
        """Return a time as the minutes since the declaration."""
        if at is None:
            return ""
        seconds = int((at - self._from).total_seconds())
        sign = "-" if seconds < 0 else "+"
        return f"{sign}{took(abs(seconds))}"

    def foot(self) -> Iterator[str]:
        """Yield whether the log holds, and where everything lies."""
        one = self._result
        yield from one.problems
        verdict = "broken" if one.problems else "verified"
        yield f"Log {verdict}: {one.checked} entries"
        where = "report.md, the room, its exports in export/: look at the .html first"
        yield f"Everything lies in {one.folder}: {where}"


def _tally(made: Outcome) -> str:
    counts = [(len(made.of(verdict)), heading) for verdict, heading in _HEADINGS]
    return (
        ", ".join(f"{count} {heading.lower()}" for count, heading in counts if count) or "nothing"
    )


def _first(made: Outcome) -> str:
    spoken = made.spoken
    if spoken.first is None:
        return "none went out"
    allowed = f", {took(spoken.allowed)} allowed" if spoken.allowed is not None else ""
    late = spoken.allowed is not None and spoken.first >= spoken.allowed
    return f"after {took(spoken.first)}{allowed}{': late' if late else ''}"


def _replies(made: Outcome) -> str:
    spoken = made.spoken
    posts = "post" if spoken.unanswered == 1 else "posts"
    waiting = f"{spoken.unanswered} {posts} without an answer"
    if spoken.median is None or spoken.slowest is None:
        return f"none, {waiting}"
    half, slowest = took(spoken.median), took(spoken.slowest)
    return f"{spoken.replies}, half of them within {half}, the slowest after {slowest}, {waiting}"


def took(seconds: int) -> str:
    """Return a span by its whole minutes, one under a minute in seconds."""
    return minutes(timedelta(seconds=seconds)) if seconds >= 60 else f"{seconds}s"
