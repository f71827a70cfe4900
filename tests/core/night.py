"""A night told entry by entry through the same rules and clocks as the room's, without a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.canonical import text_hash
from crisisroom.core.engine import next_fire
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.rules import consequences
from crisisroom.core.timeline import GENESIS, Draft, Entry

START = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)  # Friday, 23:00 in Berlin

YAML = """
schema: 1
id: night
title: "A night"
version: 1
severities:
  - {id: sev1, label: "Crisis"}
  - {id: sev2, label: "Serious"}
facts:
  - {id: what, label: "what happened", may_fill: yes}
  - {id: data, label: "personal data", type: choice, options: [yes, no, unclear]}
  - {id: aware, label: "aware since", type: time}
  - {id: affected, label: "how many", type: number}
roles:
  - {id: lead, title: "Crisis lead", required: yes, backup: bo, within: 10m}
  - {id: legal, title: "Legal"}
contacts:
  - {id: ada, name: "Ada", roles: [lead], reach: [{by: phone, to: "+1"}]}
  - {id: bo, name: "Bo", reach: [{by: phone, to: "+2"}]}
  - {id: cy, name: "Cy", roles: [legal], reach: [{by: phone, to: "+3"}]}
escalations:
  - id: call-lead
    title: "Call the lead"
    rounds: 2
    steps:
      - {call: [lead], wait: 5m}
      - {call: [bo, legal], wait: 7m}
  - id: grave
    title: "Call everybody"
    steps: [{call: [bo]}]
    when: {is: {severity: sev1}}
phases:
  - id: assess
    title: "Assess"
    tasks:
      - id: pause
        title: "Pause posts"
        within: 5m
        required: yes
        on_done: [{note: "Scheduled posts rest"}]
        on_overdue:
          - {escalate: call-lead}
          - {notify: legal, after: 10m}
      - id: sheet
        title: "Fill the sheet"
        within: 15m
        done_when: {all: [{set: fact.what}, {set: fact.affected}]}
      - id: dpo
        title: "Call the DPO"
        within: 30m
        when: {is: {fact.data: [yes, unclear]}}
        on_overdue: [{escalate: grave}]
      - {id: count, title: "Count again", within: 20m, after: fact.affected}
      - {id: threads, title: "Look at the threads", within: 30m, repeat: 45m}
      - {id: press, title: "Morning call", at: "07:30"}
  - id: respond
    title: "Respond"
    tasks:
      - {id: holding, title: "Publish", within: 20m, after: phase.respond, needs: [sheet]}
      - {id: mass, title: "Ask for help", when: {at_least: {fact.affected: 100}}}
statements:
  - id: update
    kind: update
    title: "Update"
    approval: words
    text: "We know."
approvals:
  - {id: words, by: [legal], within: 10m, expires_after: 2h}
cadences:
  - id: public
    audience: public
    statement: update
    first_within: 30m
    every: {sev1: 20m, sev2: 1h}
    then: [{after: 2h, every: {sev1: 1h}}]
    on_overdue: [{notify: lead}, {escalate: grave, after: 10m}]
deadlines:
  - id: gdpr
    title: "Data protection authority"
    starts: aware
    within: 72h
    when: {is: {fact.data: yes}}
    role: legal
  - {id: stock, title: "Stock exchange", starts: what, within: 4bd}
review: {owner: lead, due: 5bd}
"""


def plan(text: str = YAML) -> Playbook:
    """Return the night's plan."""
    loaded, problems = load_playbook(text, "night.yaml")
    assert loaded is not None, problems
    return loaded


class Night:
    """An incident whose clocks and rules are followed as the room does it."""

    def __init__(
        self, playbook: Playbook | None = None, at: datetime | None = None, **data: Any
    ) -> None:
        self.entries: list[Entry] = []
        self.now = START
        opening: dict[str, Any] = {
            "id": "INC-1",
            "title": "A night",
            "severity": "sev2",
            "drill": False,
            "zone": "Europe/Berlin",
            "brand": "Kessel",
            "plan": msgspec.to_builtins(playbook or plan()),
            "playbook": {"id": "night", "version": 1, "sha256": "0" * 64},
            "moments": {"press": "2026-11-21T06:30:00.000Z"},
        }
        text = "declared"
        first = self._entry(Draft(kind="incident.declared", text=text, data=opening | data, at=at))
        self.state: Incident = apply(None, first)
        self._follow(None)

    def _entry(self, draft: Draft, actor: str = "ada") -> Entry:
        seq = len(self.entries) + 1
        entry = Entry(
            chain="c",
            seq=seq,
            uid=f"u{seq}",
            kind=draft.kind,
            at=draft.at or self.now,
            recorded_at=self.now,
            actor=draft.actor or actor,
            source=draft.source,
            text=draft.text,
            data=draft.data,
            corrects=draft.corrects,
            prev_hash=GENESIS,
            hash=f"h{seq}",
        )
        self.entries.append(entry)
        return entry

    def _write(self, drafts: Sequence[Draft], actor: str = "ada") -> None:
        for draft in drafts:
            self.state = apply(self.state, self._entry(draft, actor))

    def _follow(self, before: Incident | None) -> None:
        while True:
            drafts: Sequence[Draft] = (
                () if before is self.state else consequences(before, self.state)
            )
            before = self.state
            if not drafts:
                owed = next_fire(self.state, self.now)
                if owed is None:
                    return
                drafts = (owed,)
            self._write(drafts)

    def look(self, minutes: float | None = None) -> None:
        """Let a watcher look at the clocks, so many minutes after the declaration."""
        if minutes is not None:
            self.now = START + timedelta(minutes=minutes)
        self._follow(self.state)

    def tell(
        self,
        kind: str,
        /,
        minutes: float | None = None,
        actor: str = "ada",
        at: datetime | None = None,
        **data: Any,
    ) -> None:
        """Let somebody act, so many minutes after the declaration; `at` is when they did it."""
        self.look(minutes)
        before = self.state
        self._write([Draft(kind=kind, text=kind, data=data, at=at)], actor)
        self._follow(before)

    def fact(
        self, name: str, value: str, minutes: float | None = None, state: str = "known"
    ) -> None:
        """Let somebody fill a line of the fact sheet."""
        self.tell("fact.set", minutes, fact=name, state=state, value=value, words="")

    def done(self, task: str, minutes: float | None = None) -> None:
        """Let somebody tick a task."""
        self.tell("task.done", minutes, task=task, words="")

    def publish(self, number: int, minutes: float | None = None, **more: Any) -> None:
        """Let an update go out."""
        name = f"ST-{number}"
        drafted = {
            "id": name, "kind": "update", "words": name, "sha256": text_hash(name),
            "audience": "public", "template": "update", "mention": "", "mention_id": "",
            "handle": "", "channel": "", "approval": "words", "uses": [],
        }  # fmt: skip
        self.tell("statement.drafted", minutes, **drafted | more)
        way: dict[str, Any] = {"id": name, "channel": "web", "key": name, "words": ""}
        self.tell("statement.queued", **way)
        self.tell("statement.sent", **way, remote_id="", remote_url="")

    def kinds(self, *kinds: str) -> list[tuple[str, float]]:
        """Return the entries of these kinds, each with its minute."""
        return [
            (entry.text, (entry.at - START).total_seconds() / 60)
            for entry in self.entries
            if entry.kind in kinds
        ]

    def story(self) -> list[tuple[str, datetime, str, str]]:
        """Return what happened when, without when it was written down."""
        return [
            (one.kind, one.at, one.text, repr(sorted(one.data.items()))) for one in self.entries
        ]


def retold(entries: Sequence[Entry]) -> list[tuple[str, datetime, str]]:
    """Return what the rules and clocks make of what people did, told by nothing but the core.

    Every entry of a person is told at the time it was recorded; all others are worked out anew,
    by a look at the clocks whenever the room had one.
    """
    night = Night.__new__(Night)
    night.entries = []
    first = entries[0]
    night.now = first.recorded_at
    night.state = apply(None, msgspec.structs.replace(first, seq=1))
    night.entries.append(first)
    night._follow(None)
    for entry in entries[1:]:
        night.now = entry.recorded_at
        night.look()
        if entry.actor != "room":
            before = night.state
            draft = Draft(kind=entry.kind, text=entry.text, data=entry.data, at=entry.at)
            night._write([draft], entry.actor)
            night._follow(before)
    return [(one.kind, one.at, one.text) for one in night.entries]
