"""Statements: a template filled from the fact sheet, and what it still waits for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from crisisroom.core.factvalue import written_value
from crisisroom.core.incident import FactState
from crisisroom.core.placeholders import Blank, fill, label_of, refill, usable
from crisisroom.core.playbook import StatementTemplate, Variant

UNMISTAKABLE = timedelta(hours=12)  # so far ahead an hour of the day needs no date

_TIMES = re.compile(
    r"(?<![\d:])(?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}(?![\d:])", re.ASCII
)

_STATES = {"unknown": "unknown", "checking": "being checked"}


class StatementDraft(msgspec.Struct, frozen=True):
    """A statement as the fact sheet makes it: its text, open blanks, and facts it has to wait for.

    `missing` holds the labels of the facts the template needs before it may go out.
    """

    template: str
    kind: str
    audience: str
    approval: str
    text: str
    blanks: tuple[Blank, ...] = ()
    missing: tuple[str, ...] = ()


def variant(template: StatementTemplate, channel: str, kind: str) -> Variant | None:
    """Return a template's own words for a channel, or for its kind; None where it has none."""
    return template.variants.get(channel) or template.variants.get(kind)


def draft(
    template: StatementTemplate,
    facts: Iterable[FactState],
    values: Mapping[str, str],
    other: Variant | None = None,
    zone: tzinfo = UTC,
) -> StatementDraft:
    """Fill a template, or `other` words of it, from the fact sheet.

    `values` holds brand, next_update and the like; `zone` is the case's.
    """
    sheet = tuple(facts)
    text = other.text if other else template.text
    filled = fill(text, {**values, **fact_values(sheet, zone)}, _labels(sheet))
    return StatementDraft(
        template=template.id,
        kind=template.kind,
        audience=template.audience,
        approval=template.approval,
        text=filled.text,
        blanks=filled.blanks,
        missing=missing(template, sheet),
    )


def fill_in(
    text: str, facts: Iterable[FactState], values: Mapping[str, str], zone: tzinfo = UTC
) -> str:
    """Return a text begun earlier with those blanks filled that are known by now.

    A label that two facts share is left alone: only a person can tell which one is meant.
    """
    sheet = tuple(facts)
    labels = _labels(sheet)
    known = {**values, **fact_values(sheet, zone)}
    shared = Counter(label_of(name, labels) for name in {*labels, *values})
    by_label = {label_of(name, labels): value for name, value in known.items()}
    only = {label: value for label, value in by_label.items() if shared[label] == 1}
    return refill(fill(text, known, labels).text, only)


def missing(template: StatementTemplate, facts: Iterable[FactState]) -> tuple[str, ...]:
    """Return the labels of the facts that a template needs and nobody has settled yet."""
    sheet = {fact.id: fact for fact in facts}
    needed = (sheet.get(id_) or FactState(id=id_, label=id_) for id_ in template.needs_facts)
    return tuple(fact.label for fact in needed if not _settled(fact))


def fact_values(facts: Iterable[FactState], zone: tzinfo = UTC) -> dict[str, str]:
    """Return what the settled facts fill in: `fact.<id>` to value, times as clocks in `zone`."""
    return {f"fact.{fact.id}": written_value(fact, zone) for fact in facts if _settled(fact)}


def may_fill(facts: Iterable[FactState]) -> frozenset[str]:
    """Return the ids of the facts that may vary inside approved words.

    They are known and marked for it; a changed one is looked at by a person first.
    """
    return frozenset(
        fact.id for fact in facts if fact.may_fill and fact.state == "known" and usable(fact.value)
    )


def fact_line(fact: FactState) -> str:
    """Return a fact as one line of words: its label and what is known of it."""
    value = _STATES.get(fact.state, fact.value)
    words = f"{value} (changed)" if fact.state == "changed" else value
    return f"{fact.label}: {words}"


def due_words(due: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a due time as a text promises it: `04:00`; half a day on, `2026-10-21 07:10`."""
    there = due.astimezone(zone)
    return f"{there:%H:%M}" if due - now < UNMISTAKABLE else f"{there:%Y-%m-%d %H:%M}"


def over_words(promised: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Return a promised time that is past, in words; empty for none or one to come."""
    if promised is None or promised > now:
        return ""
    return due_words(promised, promised, zone)


def promised(
    text: str, times: Iterable[datetime | None], now: datetime, zone: tzinfo
) -> datetime | None:
    """Return the first of these times that a text names, as `due_words` does or with its date."""
    spelt = _spelt(text)
    for due in times:
        if due is not None:
            dated = f"{due.astimezone(zone):%Y-%m-%d %H:%M}"
            if {due_words(due, now, zone), dated} & spelt:
                return due
    return None


def _spelt(text: str) -> frozenset[str]:
    """Return the times and dates a text names, as they are spelt."""
    return frozenset(_TIMES.findall(text))


def _settled(fact: FactState) -> bool:
    return fact.state in ("known", "changed") and usable(fact.value)


def _labels(facts: Iterable[FactState]) -> dict[str, str]:
    return {f"fact.{fact.id}": fact.label for fact in facts}
