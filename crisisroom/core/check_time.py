"""The rules of time: cadences, deadlines, and what has grown old by today."""

from __future__ import annotations

from datetime import date, timedelta

from crisisroom.core.check_run import Run
from crisisroom.core.crossref import Path
from crisisroom.core.kinds import span, term_flaw
from crisisroom.core.playbook import Cadence, Deadline, SlowDown
from crisisroom.core.problems import shown

_A_YEAR = timedelta(days=365)


def check_time(run: Run) -> None:
    """Report updates and duties that could never be due, or are warned of too late."""
    for index, cadence in enumerate(run.plan.cadences):
        _cadence(run, ("cadences", index), cadence)
    for index, deadline in enumerate(run.plan.deadlines):
        _deadline(run, ("deadlines", index), deadline)
    run.refer(("review", "owner"), run.plan.review.owner, run.roles, "role")


def _cadence(run: Run, path: Path, cadence: Cadence) -> None:
    run.refer((*path, "statement"), cadence.statement, run.statements, "statement")
    if not cadence.every and cadence.after_news is None:
        hint = "write every:, or after_news:"
        run.add(path, "no later update would ever be due", hint, "cadence")
    for key in ("first_within", "after_news"):
        seconds = getattr(cadence, key)
        if seconds and key in run.keys(path) and cadence.warn > seconds:
            what = f"the warning, {cadence.warn}s before, is longer than this"
            run.add((*path, key), what, "write a shorter warn:", "range")
    for severity, every in cadence.every.items():
        place = (*path, "every", severity)
        run.refer(place, severity, run.severities, "severity", key=True)
        if 0 < every <= cadence.warn:
            what = f"the warning, {cadence.warn}s before, is not shorter than this"
            run.add(place, what, "write a shorter warn:", "range")
    before = cadence.every
    reached = 0
    for index, later in enumerate(cadence.then):
        place = (*path, "then", index)
        if 0 < later.after <= reached:
            what = "this comes before the one above it, or with it"
            run.add((*place, "after"), what, "put them in the order of time", "order")
        reached = max(reached, later.after)
        _slower(run, place, later, before)
        before = before | later.every


def _slower(run: Run, path: Path, later: SlowDown, before: dict[str, int]) -> None:
    for severity, every in later.every.items():
        place = (*path, "every", severity)
        run.refer(place, severity, run.severities, "severity", key=True)
        if severity in before and 0 < every < before[severity]:
            what = "updates would come faster with time, not slower"
            run.add(place, what, "write a longer time than above", "range")
        elif severity in run.severities and severity not in before:
            what = f"every: says nothing about {shown(severity)}"
            run.add_key(place, what, f"write {shown(severity)}: there first", "reference")


def _deadline(run: Run, path: Path, deadline: Deadline) -> None:
    run.refer((*path, "starts"), deadline.starts, run.facts, "fact")
    run.refer((*path, "role"), deadline.role, run.roles, "role")
    if deadline.warn and 0 < _seconds(deadline.within) <= deadline.warn:
        what = "the warning comes before the deadline starts"
        run.add((*path, "warn"), what, "warn: is shorter than within:", "range")


def _seconds(term: str) -> int:
    """Return how long a term lasts at least, 0 for what is none."""
    days = term.removesuffix("bd")
    return span(term) or (86400 * int(days) if days != term and not term_flaw(term) else 0)


def check_told(run: Run) -> None:
    """Report public updates of the worst hour whose delay nobody would be told of."""
    worst = run.plan.severities[0].id if run.plan.severities else ""
    for index, cadence in enumerate(run.plan.cadences):
        if cadence.audience == "public" and worst in cadence.every and not cadence.on_overdue:
            what = "nobody is told when an update to the public is late"
            hint = "write on_overdue: and - notify: with a role"
            run.add(("cadences", index), what, hint, "on_overdue")


def check_today(run: Run, today: date) -> None:
    """Report what has to be looked at again by now: it was right once, and grew old."""
    plan = run.plan
    if reviewed := _day(plan.reviewed):
        until = reviewed + timedelta(seconds=plan.review_every)
        if reviewed > today:
            run.add(("reviewed",), "this day is still to come", "", "stale")
        elif until < today:
            what = f"nobody has read this playbook again since {plan.reviewed}"
            hint = "read it aloud, call every number, then write today's date here"
            run.add(("reviewed",), what, hint, "stale")
    for index, contact in enumerate(plan.contacts):
        checked = _day(contact.checked)
        if checked and checked + _A_YEAR < today:
            what = f"nobody has made sure of {shown(contact.name)} since {contact.checked}"
            hint = "call them, then write today's date here"
            run.add(("contacts", index, "checked"), what, hint, "stale")
    for section in ("key_messages", "faq"):
        for index, word in enumerate(getattr(plan, section)):
            if (last := _day(word.expires)) and last < today:
                what = f"this expired on {word.expires}"
                hint = "read it again and write a later day, or take it out"
                run.add((section, index, "expires"), what, hint, "stale")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:  # reported where it was read
        return None
