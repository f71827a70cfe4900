"""How a room would look some time into a crisis, by the same rules and clocks, without a room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.canonical import digest
from crisisroom.core.engine import next_fire
from crisisroom.core.errors import Usage
from crisisroom.core.factvalue import read_value
from crisisroom.core.incident import Incident
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_kept import snapshot
from crisisroom.core.rules import MACHINE, consequences
from crisisroom.core.terms import moment_at, zone_of
from crisisroom.core.timeline import GENESIS, Draft, Entry, stamp

LONGEST = timedelta(days=30)
NOBODY = "somebody"  # who does what the preview supposes


class Supposed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody does, so many seconds after the declaration."""

    sort: Literal["fact", "task", "role"]
    id: str
    value: str = ""  # of a fact; for a role, who takes it
    after: int = 0


class Foreseen(msgspec.Struct, frozen=True):
    """The incident at that minute, and what stands on its timeline by then."""

    incident: Incident
    entries: tuple[Entry, ...]
    now: datetime


def foresee(
    plan: Playbook,
    declared_at: datetime,
    after: timedelta,
    *,
    severity: str = "",
    zone: str = "UTC",
    supposed: Sequence[Supposed] = (),
) -> Foreseen:
    """Return the incident so long `after` its declaration, if nothing is done but what is supposed.

    Without a severity it is the gravest. Usage for names that the plan does not have.
    """
    if not timedelta() <= after <= LONGEST:
        raise Usage("at", f"a preview goes up to {LONGEST.days} days ahead")
    night = _Night(plan, declared_at, _severity(plan, severity), zone)
    for one in sorted(supposed, key=lambda one: one.after):
        _known(plan, one)
        if timedelta(seconds=one.after) <= after:
            night.go_to(declared_at + timedelta(seconds=one.after))
            night.tell(one)
    night.go_to(declared_at + after)
    return Foreseen(night.state, tuple(night.entries), night.now)


def _severity(plan: Playbook, severity: str) -> str:
    known = [level.id for level in plan.severities]
    if severity and severity not in known:
        raise Usage("severity", f"there is no severity {severity}", f"one of {', '.join(known)}")
    return severity or known[0]


def _known(plan: Playbook, one: Supposed) -> None:
    things: dict[str, list[str]] = {
        "fact": [fact.id for fact in plan.facts],
        "task": [task.id for _, task in plan.tasks()],
        "role": [role.id for role in plan.roles],
    }
    if one.id not in things[one.sort]:
        hint = did_you_mean(one.id, things[one.sort], "there is")
        raise Usage(f"unknown-{one.sort}", f"{plan.id} has no {one.sort} {one.id}", hint)


class _Night:
    """The incident entry by entry, as a room would write it."""

    def __init__(self, plan: Playbook, start: datetime, severity: str, zone: str) -> None:
        self.entries: list[Entry] = []
        self.now = start
        values = snapshot(plan)
        opening: dict[str, Any] = {
            "id": "INC-0",
            "title": plan.title,
            "severity": severity,
            "drill": False,
            "zone": zone,
            "brand": "",
            "plan": values,
            "playbook": {"id": plan.id, "version": plan.version, "sha256": digest(values)},
            "moments": {
                task.id: stamp(moment_at(task.at, start, zone_of(zone)))
                for _, task in plan.tasks()
                if task.at
            },
        }
        words = f"declared {severity.upper()}, {plan.id}"
        first = self._entry(Draft(kind="incident.declared", text=words, data=opening))
        self.state: Incident = apply(None, first)
        self._follow(None)

    def go_to(self, moment: datetime) -> None:
        """Let the time pass, and the clocks write what they owe."""
        self.now = moment
        self._follow(self.state)

    def tell(self, one: Supposed) -> None:
        """Let somebody do what is supposed."""
        before = self.state
        self._write(self._draft(one))
        self._follow(before)

    def _draft(self, one: Supposed) -> Draft:
        if one.sort == "task":
            title = self.state.tasks[one.id].title
            return Draft(
                kind="task.done", text=f"done: {title}", data={"task": one.id, "words": ""}
            )
        if one.sort == "role":
            data = {"role": one.id, "person": one.value, "was": ""}
            title = self.state.roles[one.id].title
            return Draft(kind="role.assigned", text=f"made {one.value} {title}", data=data)
        fact = self.state.facts[one.id]
        value = read_value(fact, one.value, self.now, zone_of(self.state.zone))
        data = {"fact": fact.id, "state": "known", "value": value, "words": ""}
        return Draft(kind="fact.set", text=f"known: {fact.label}: {value}", data=data)

    def _follow(self, before: Incident | None) -> None:
        while True:
            drafts = consequences(before, self.state) if before is not self.state else ()
            before = self.state
            if not drafts:
                owed = next_fire(self.state, self.now)
                if owed is None:
                    return
                drafts = (owed,)
            for draft in drafts:
                self._write(draft)

    def _write(self, draft: Draft) -> None:
        self.state = apply(self.state, self._entry(draft))

    def _entry(self, draft: Draft) -> Entry:
        seq = len(self.entries) + 1
        entry = Entry(
            chain="preview",
            seq=seq,
            uid=f"preview-{seq}",
            kind=draft.kind,
            at=draft.at or self.now,
            recorded_at=self.now,
            actor=draft.actor or (NOBODY if draft.source == "person" else MACHINE),
            source=draft.source,
            text=draft.text,
            data=draft.data,
            prev_hash=GENESIS,
        )
        self.entries.append(entry)
        return entry
