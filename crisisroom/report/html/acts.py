"""What is marked on the charts: the acts that turned the night, each with its entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from crisisroom.core.timeline import Entry
from crisisroom.report.html.blocks import Act
from crisisroom.report.html.pieces import Tone
from crisisroom.report.page import Page

_NEAR = timedelta(minutes=10)  # acts of one kind so near to one another are told as one
_MOST = 30


def acts(page: Page) -> tuple[Act, ...]:
    """Return what turned the night, oldest first: declared, severity, published, resolved …"""
    found: list[tuple[str, Act]] = []
    for entry in page.record.entries.of(tuple(_ACTS)):
        told = _ACTS[entry.kind](page, entry)
        if told is not None:
            key, words, tone = told
            found.append((key, Act(page.happened(entry), words, entry.seq, tone)))
    found.sort(key=lambda one: (one[1].at, one[1].seq))
    return tuple(_merged(found))


def _merged(found: list[tuple[str, Act]]) -> Iterator[Act]:
    """Leave out what says again what was just said, as the same words on one more channel."""
    last: dict[str, datetime] = {}
    for key, act in found:
        if key in last and act.at - last[key] <= _NEAR:
            continue
        last[key] = act.at
        yield act


def marked(every: Sequence[Act]) -> tuple[Act, ...]:
    """Return those for which a chart has room: the turns, and of the rest some all along it."""
    turns = [act for act in every if act.tone not in ("", "ok")]
    rest = [act for act in every if act.tone in ("", "ok")]
    some = _spread(turns, _MOST - 2)
    chosen = {act.seq for act in (*some, *_spread(rest, _MOST - len(some)))}
    return tuple(act for act in every if act.seq in chosen)


def _spread(every: Sequence[Act], most: int) -> Sequence[Act]:
    """Return at most so many (two or more), the first and the last among them."""
    if len(every) <= most:
        return every
    return [every[number * (len(every) - 1) // (most - 1)] for number in range(most)]


_Told = tuple[str, str, Tone] | None
"""What tells acts of one kind apart, the words, and the tone; None for nothing to mark."""


def _declared(page: Page, entry: Entry) -> _Told:
    return "declared", f"Declared, {page.severity(entry.data['severity'])}", "mine"


def _severity(page: Page, entry: Entry) -> _Told:
    severity = entry.data["severity"]
    return f"severity {severity}", f"Severity {page.severity(severity)}", tone_of(page, severity)


def _published(page: Page, entry: Entry) -> _Told:
    words = page.incident.statements.get(entry.data["id"])
    if words is None or words.kind == "internal":
        return None
    sort = words.kind.capitalize() or "Statement"
    return f"sent {words.id}", f"{sort} published, {words.id}", "ok"


def _retracted(page: Page, entry: Entry) -> _Told:
    return f"back {entry.data['id']}", f"{entry.data['id']} taken back", "late"


def _paused(page: Page, entry: Entry) -> _Told:
    if entry.data["state"] != "paused":
        return None
    return "paused", "Scheduled posts and ads paused", ""


def _stopped(page: Page, entry: Entry) -> _Told:
    return "stopped", "All outgoing words stopped", "late"


def _warned(page: Page, entry: Entry) -> _Told:
    return "warned", "Early warning", "warn"


def _resolved(page: Page, entry: Entry) -> _Told:
    return "resolved", "Resolved", "mine"


def _reopened(page: Page, entry: Entry) -> _Told:
    return "reopened", "Reopened", "warn"


_ACTS: dict[str, Callable[[Page, Entry], _Told]] = {
    "candidate.raised": _warned,
    "incident.declared": _declared,
    "incident.severity": _severity,
    "incident.resolved": _resolved,
    "incident.reopened": _reopened,
    "statement.sent": _published,
    "statement.retracted": _retracted,
    "pause.set": _paused,
    "outgoing.stopped": _stopped,
}


def tone_of(page: Page, severity: str) -> Tone:
    """Return how loud a severity is: the plan's first is the most serious."""
    tones: dict[int, Tone] = {0: "late", 1: "warn"}
    return tones.get(page.rank(severity), "quiet")
