"""Logs to test reports on: made like the room makes them, with times and salts that repeat."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.canonical import digest, text_hash
from crisisroom.core.playbook import (
    Approval,
    Cadence,
    Contact,
    Fact,
    Phase,
    Playbook,
    Reach,
    Role,
    Severity,
    StatementTemplate,
    Task,
)
from crisisroom.core.timeline import ERASED, GENESIS, Entry, Seal, masked, seal, stamp, unmasked
from crisisroom.report.model import Record, record

START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
UID = "01939f00-0000-7000-8000-000000000007"

PLAN = Playbook(
    schema=1,
    id="billing-error",
    title="Billing error",
    version=3,
    summary="an inner summary",
    severities=(Severity("sev1", "Serious"), Severity("sev2", "Bad")),
    facts=(
        Fact("affected", "Number of people affected", may_fill=True),
        Fact("cause", "Cause", ask="the inner question"),
        Fact("refund", "Refund date", may_fill=True),
    ),
    roles=(Role("lead", "Lead", required=True), Role("legal", "Legal", duties="inner duties")),
    contacts=(
        Contact("ceo", "Grace Hop", (Reach("phone", "+49301234567"),), note="inner contact note"),
    ),
    phases=(
        Phase(
            "first",
            "First minutes",
            (
                Task("pause", "Pause scheduled posts", role="lead", within=300, required=True),
                Task("numbers", "Get the numbers", role="lead", within=600, detail="inner detail"),
                Task("brief", "Brief the phone line", within=3600, needs=("numbers",)),
                Task("thank", "Thank the team"),
            ),
        ),
    ),
    statements=(
        StatementTemplate("holding", "holding", "Holding", "the inner template", approval="ok"),
    ),
    approvals=(Approval("ok", ("legal",)),),
    cadences=(Cadence("public", "public", "holding", 1800, {"sev1": 1800, "sev2": 3600}),),
)


class Log:
    """A log in the making; `minute` is minutes after the declaration, fractions allowed."""

    def __init__(self, title: str = "Customers charged twice", **opening: Any) -> None:
        self.entries: list[Entry] = []
        self._salts = itertools.count(1)
        plan: dict[str, Any] = msgspec.to_builtins(PLAN)
        plan = msgspec.json.decode(msgspec.json.encode(plan))
        data = {
            "id": "INC-7",
            "title": title,
            "severity": "sev1",
            "plan": plan,
            "playbook": {"id": PLAN.id, "version": PLAN.version, "sha256": digest(plan)},
            "drill": False,
            "zone": "Europe/Berlin",
            "brand": "Ferrow",
        }
        self.add("incident.declared", 0, f"declared {title}", data | opening)

    def add(
        self,
        kind: str,
        minute: float,
        text: str,
        data: dict[str, Any] | None = None,
        *,
        actor: str = "ada",
        role: str = "",
        recorded: float | None = None,
        corrects: int | None = None,
    ) -> Entry:
        """Append a sealed entry and return it."""
        at = START + timedelta(minutes=minute)
        last = self.entries[-1] if self.entries else None
        seq = len(self.entries) + 1
        entry = Entry(
            chain=UID,
            seq=seq,
            uid=f"01939f00-0000-7000-9000-{seq:012x}",
            kind=kind,
            at=at,
            recorded_at=at if recorded is None else START + timedelta(minutes=recorded),
            actor=actor,
            role=role,
            text=text,
            data=data or {},
            corrects=corrects,
            prev_hash=last.hash if last else GENESIS,
        )
        sealed = seal(entry, lambda: f"{next(self._salts):032x}")
        self.entries.append(sealed)
        return sealed

    def link(self, number: int, minute: float, **given: Any) -> str:
        """Link mention M-number, posted at `minute` and linked five minutes later; its uid."""
        uid = f"01939f00-0000-7000-a000-{number:012x}"
        data = {
            "mention": uid,
            "id": f"M-{number}",
            "source": "mastodon",
            "external_id": f"https://social.example/posts/{number}",
            "handle": f"@pat{number}@social.example",
            "name": f"Pat Doe{number}",
            "reach": 1200 + number,
            "seen_at": stamp(START + timedelta(minutes=minute + 1)),
            "revision": 1,
            "quote": "charged twice!",
            "url": f"https://social.example/@pat{number}/{number}",
            "posted_at": stamp(START + timedelta(minutes=minute)),
            "state": "new",
            "assignee": "",
        }
        data |= given
        self.add("mention.linked", minute + 5, f"linked {data['id']} by {data['handle']}", data)
        return uid

    def draft(self, words_id: str, minute: float, text: str, **given: Any) -> None:
        """Draft a statement (ST-n) or a reply (R-n)."""
        sort = _sort(words_id)
        data = {
            "id": words_id,
            "kind": "holding" if sort == "statement" else "reply",
            "words": text,
            "sha256": text_hash(text),
            "audience": "public",
            "template": "holding",
            "mention": "",
            "mention_id": "",
            "handle": "",
            "channel": "mastodon",
            "approval": "ok",
            "uses": ["km-1"],
        }
        self.add(f"{sort}.drafted", minute, f"drafted {words_id}", data | given)

    def edit(self, words_id: str, minute: float, text: str, version: int) -> None:
        """Write a new version."""
        data = {
            "id": words_id,
            "words": text,
            "sha256": text_hash(text),
            "version": version,
            "approval": "ok",
            "uses": [],
        }
        self.add(f"{_sort(words_id)}.edited", minute, f"edited {words_id}", data)

    def judge(
        self, words_id: str, minute: float, text: str, version: int, verdict: str, reason: str = ""
    ) -> None:
        """Submit a text two minutes before `minute` and have dee approve or reject it."""
        sort = _sort(words_id)
        self.add(f"{sort}.submitted", minute - 2, f"submitted {words_id}", {"id": words_id})
        data = {
            "id": words_id,
            "step": "ok",
            "verdict": verdict,
            "sha256": text_hash(text),
            "version": version,
            "words": reason,
        }
        text = f"{verdict} {words_id}: {reason}"
        self.add(f"{sort}.{verdict}", minute, text, data, actor="dee", role="legal")

    def send(self, words_id: str, minute: float, url: str = "", remote_id: str = "9") -> None:
        """Queue a text, try it and have it sent."""
        sort = _sort(words_id)
        base = {"id": words_id, "channel": "mastodon", "key": f"key-{words_id}", "words": ""}
        self.add(f"{sort}.queued", minute, f"queued {words_id}", base)
        tried = base | {"try": 1, "owner": "host:1:1"}
        self.add(f"{sort}.sending", minute, f"sending {words_id}", tried, actor="room")
        sent = base | {"remote_id": remote_id, "remote_url": url}
        self.add(f"{sort}.sent", minute, f"sent {words_id}", sent, actor="room")

    def done(self, task: str, minute: float, words: str = "") -> None:
        """Tick a task."""
        self.add("task.done", minute, f"done: {task}", {"task": task, "words": words})

    def fact(self, fact: str, minute: float, value: str, state: str = "known") -> None:
        """Set a fact."""
        data = {"fact": fact, "state": state, "value": value, "words": "inner source"}
        self.add("fact.set", minute, f"{fact}: {value}", data)

    @property
    def record(self) -> Record:
        """Return the record of the log so far."""
        return record(self.entries)


def _sort(words_id: str) -> str:
    return "statement" if words_id.startswith("ST-") else "reply"


HOLDING = "We see double charges.\nWe are on it."
REPLY = "Hello @pat1, sorry. We are on it."


def night(title: str = "Customers charged twice", **mention: Any) -> Log:
    """Return the log of a whole night: a little of everything, resolved at minute 140."""
    log = Log(title)
    log.add("role.taken", 1, "took Lead", {"role": "lead", "person": "ada", "was": ""})
    first = log.link(1, -9, **mention)
    log.link(2, 3)
    log.done("pause", 4, "https://internal.example/proof")
    log.fact("affected", 6, "about 40")
    log.fact("cause", 7, "a secret cause")
    log.draft("ST-1", 8, "We blame the vendor.")
    log.judge("ST-1", 12, "We blame the vendor.", 1, "rejected", "no blame, says counsel")
    log.edit("ST-1", 13, HOLDING, 2)
    log.judge("ST-1", 16, HOLDING, 2, "approved")
    log.send("ST-1", 17, "https://blog.example/holding")
    log.draft("R-1", 18, REPLY, mention=first, mention_id="M-1", handle="@pat1@social.example")
    log.send("R-1", 20, "https://social.example/@ferrow/77")
    log.done("numbers", 25, "late numbers")
    log.add("task.skipped", 26, "skipped", {"task": "brief", "words": "an inner reason"})
    log.add(
        "contact.called",
        27,
        "called Grace Hop",
        {"contact": "ceo", "name": "Grace Hop", "way": "phone", "reached": True, "words": "inner"},
    )
    decision = {"words": "an inner decision", "why": "the legal reason"}
    log.add("decision.made", 28, "decided", decision)
    note = log.add("note.added", 10, "inner note", {"words": "inner note"}, recorded=29)
    log.add("entry.corrected", 30, "meant 41", {"words": "meant 41"}, corrects=note.seq)
    log.draft("ST-2", 31, "An inner draft.", audience="internal", kind="internal")
    log.add("incident.severity", 60, "now sev2", {"severity": "sev2", "was": "sev1", "words": "x"})
    action = {
        "action": "A-1",
        "title": "Move the checkout hour",
        "owner": "bo",
        "due": "2026-12-01",
    }
    log.add("action.added", 130, "action A-1", action)
    log.add("incident.resolved", 140, "resolved", {"words": "inner closing words"})
    return log


def erased(entry: Entry) -> Entry:
    """Return an entry whose every personal text was erased, its hash kept."""
    blank = {path: Seal(held.digest) for path, held in entry.seals.items()}
    data = unmasked(masked(entry.data, entry.seals), dict.fromkeys(entry.seals, ERASED))
    return msgspec.structs.replace(entry, text=ERASED, data=data, seals=blank)
