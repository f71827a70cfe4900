"""The brief: one page for whoever joins at three in the morning, or takes over a part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.approval import titles, waiting_on
from crisisroom.core.clocks import ClockState, clocks, minutes
from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import FactState, Incident, TaskState, Words
from crisisroom.core.ladder import stale
from crisisroom.core.pausing import keepers, loud
from crisisroom.core.promises import is_said, open_threads, owed, whom
from crisisroom.core.questions import asked_of
from crisisroom.core.settle import KNOWN
from crisisroom.core.terms import zone_of

LATEST = 5  # decisions and talks in private that are told; the timeline has the others


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """Where an incident stands; every field holds finished lines of plain words."""

    incident: str
    role: str
    situation: tuple[str, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    decided: tuple[str, ...]
    said: tuple[str, ...]
    promised: tuple[str, ...]
    private: tuple[str, ...]
    not_paused: tuple[str, ...]
    duties: tuple[str, ...]
    approvals: tuple[str, ...]
    enquiries: tuple[str, ...]
    escalations: tuple[str, ...]
    open: tuple[str, ...]
    needed_from_you: tuple[str, ...]
    roles: tuple[str, ...]
    contacts: tuple[str, ...]
    clocks: tuple[ClockState, ...]

    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the page but for its clocks: titles and lines, in the order of reading."""
        return (
            ("where it stands", self.situation),
            ("what we know", self.known),
            ("what we do not know", self.unknown),
            ("what was decided", self.decided),
            ("what we said", self.said),
            ("what we promised", self.promised),
            ("goes on in private", self.private),
            ("not paused yet", self.not_paused),
            ("legal duties", self.duties),
            ("waits for approval", self.approvals),
            ("enquiries", self.enquiries),
            ("nobody has acknowledged", self.escalations),
            ("what is open", self.open),
            ("needed from you", self.needed_from_you),
            ("who does what", self.roles),
            ("contacts to check", self.contacts),
        )


def brief(incident: Incident, now: datetime, person: str, role: str = "") -> Brief:
    """Return the brief for a person, in the given role or those they hold."""
    page = _Page(incident, now, person, role)
    return Brief(
        incident=incident.id,
        role=role,
        situation=tuple(page.situation()),
        known=tuple(page.facts(known=True)),
        unknown=tuple(page.facts(known=False)),
        decided=tuple(page.decided()),
        said=tuple(page.said()),
        promised=(*page.updates(), *page.promised()),
        private=tuple(page.private()),
        not_paused=tuple(page.not_paused()),
        duties=tuple(page.duties()),
        approvals=tuple(page.approvals()),
        enquiries=tuple(page.enquiries()),
        escalations=tuple(page.escalations()),
        open=tuple(page.open()),
        needed_from_you=tuple(page.needed()),
        roles=tuple(page.roles()),
        contacts=tuple(page.contacts()),
        clocks=page.running,
    )


class _Page:
    """One brief while it is written."""

    def __init__(self, incident: Incident, now: datetime, person: str, role: str) -> None:
        self.incident = incident
        self.now = now
        self.person = person
        self.mine = {role} if role else set(incident.holds(person))
        self.zone: tzinfo = zone_of(incident.zone)
        self.running = clocks(incident, now)

    def at(self, moment: datetime) -> str:
        """Return a time of today as 03:07, of another day with its date."""
        local = moment.astimezone(self.zone)
        today = local.date() == self.now.astimezone(self.zone).date()
        return f"{local:%H:%M}" if today else f"{local:%Y-%m-%d %H:%M}"

    def situation(self) -> Iterator[str]:
        case = self.incident
        age = minutes((case.resolved_at or self.now) - case.declared_at)
        yield (
            f"{case.id} {case.title}: {case.severity.upper()}, {case.status},"
            f" declared {self.at(case.declared_at)} by {case.declared_by}, {age} old"
        )
        waiting = sum(one.state in ("new", "claimed") for one in case.mentions.values())
        yield f"{len(case.mentions)} posts linked, {waiting} without an answer"
        asked = {one.id: one.ask for one in case.plan.questions}
        for name, said in case.answers.items():
            yield f"{asked.get(name, name)} {said}"

    def facts(self, *, known: bool) -> Iterator[str]:
        for fact in self.incident.facts.values():
            if (fact.state in KNOWN) is known:
                yield self._fact(fact)

    def _fact(self, fact: FactState) -> str:
        value = said_value(fact, self.now, self.zone)
        source = f" ({fact.source})" if fact.source else ""
        if fact.state in KNOWN:
            return f"{fact.label}: {value}{source}" + _changed(fact)
        if fact.state == "unknown":
            return fact.label
        told = f", so far {value}{source}" if value else ""
        return f"{fact.label}: being checked{told}"

    def decided(self) -> Iterator[str]:
        for one in self.incident.decisions[-LATEST:]:
            why = f", because {one.reason}" if one.reason else ""
            yield f"{self.at(one.at)} {one.by}: {one.words}{why}"

    def said(self) -> Iterator[str]:
        sent = [(one.sent_at, one) for one in self.incident.statements.values() if one.sent_at]
        for when, words in sorted(sent, key=lambda pair: pair[0]):
            yield f"{self.at(when)} {words.id} {words.kind} to {words.audience}: {words.text}"
        replies = sum(words.sent_at is not None for words in self.incident.replies.values())
        yield f"{replies} replies sent"

    def updates(self) -> Iterator[str]:
        for clock in self.running:
            if clock.kind == "cadence":
                snooze = self.incident.snoozes.get(clock.id.partition(":")[2])
                off = snooze is not None and snooze.until == clock.due_at
                note = f", put off by {snooze.by}: {snooze.reason}" if snooze and off else ""
                yield f"{clock.title} by {self.at(clock.due_at)}{_late(clock)}{note}"

    def promised(self) -> Iterator[str]:
        for one in owed(self.incident):
            due = f" by {self.at(one.due_at)}" if one.due_at else ""
            late = ", late" if one.due_at and self.now >= one.due_at else ""
            unsaid = "" if is_said(self.incident, one) else f", {one.reply} is not out yet"
            head = f"{one.id} to {whom(self.incident, one)} ({self._seer(one.owner)}){due}"
            ticket = f" {one.ticket}" if one.ticket else ""
            yield f"{head}{late}{unsaid}: {one.words}{ticket}"

    def _seer(self, owner: str) -> str:
        """Return who sees to something, a role by its holder."""
        return self._holder(owner) if owner in self.incident.roles else owner or "nobody"

    def private(self) -> Iterator[str]:
        every = open_threads(self.incident)
        for one in every[:LATEST]:
            since = f" since {self.at(one.since)}" if one.since else ""
            reply = f", by {one.reply}" if one.reply else ""
            who = f"{one.handle or 'somebody'} ({one.by or 'nobody'})"
            yield f"{one.mention} of {who}{since}{reply}"
        if len(every) > LATEST:
            yield f"{len(every) - LATEST} more"

    def not_paused(self) -> Iterator[str]:
        if self.incident.status != "open":
            return
        for one in loud(self.incident):
            why = f": failed, {one.words}" if one.state == "failed" else ""
            yield f"{one.title} ({keepers(one) or 'nobody'}){why}"

    def duties(self) -> Iterator[str]:
        for one in self.incident.deadlines.values():
            if one.state == "running" and one.due_at:
                late = ", late" if self.now >= one.due_at else ""
                yield f"{one.title} ({self._holder(one.role)}) by {self.at(one.due_at)}{late}"
            elif one.state == "waiting":
                yield f"{one.title}: waits for {one.waiting_for}"

    def _holder(self, role_id: str) -> str:
        role = self.incident.roles.get(role_id)
        return (role.holder or role.title) if role else "nobody"

    def _words(self) -> tuple[Words, ...]:
        return (*self.incident.statements.values(), *self.incident.replies.values())

    def approvals(self) -> Iterator[str]:
        for words in self._words():
            asked = waiting_on(self.incident, words, self.now)
            if asked:
                since = words.step_since or words.submitted_at
                when = f" since {self.at(since)}" if since else ""
                whom = " or ".join(titles(self.incident, asked))
                yield f"{words.id} {words.kind} by {words.author}: {whom}{when}"

    def enquiries(self) -> Iterator[str]:
        for one in self.incident.enquiries.values():
            if one.state == "open":
                due = f" by {self.at(one.due_at)}" if one.due_at else ""
                owner = one.owner or "nobody"
                yield f"{one.id} {one.outlet} ({one.sort}, {owner}){due}: {one.question}"

    def escalations(self) -> Iterator[str]:
        names = {contact.id: contact.name for contact in self.incident.plan.contacts}
        for run in self.incident.escalations.values():
            called = ", ".join(names.get(one, one) for one in run.called) or "nobody yet"
            if run.next_at is not None:
                yield f"{run.title}: called {called}, the next call is at {self.at(run.next_at)}"
            elif run.exhausted and not run.acknowledged_by:
                yield f"{run.title}: everybody was called, nobody answered"

    def open(self) -> Iterator[str]:
        dated = [clock for clock in self.running if clock.kind == "task"]
        for clock in dated:
            yield f"{clock.title} ({clock.who or 'free'}) by {self.at(clock.due_at)}{_late(clock)}"
        todo = [one for one in self.incident.tasks.values() if one.state in ("open", "waiting")]
        if more := len(todo) - len(dated):
            yield f"{more} more tasks without a time" if more > 1 else "1 more task without a time"
        for words in self._words():
            if words.state not in ("sent", "withdrawn"):
                yield f"{words.id} {words.kind}: {words.state}"

    def needed(self) -> Iterator[str]:
        for task in self.incident.tasks.values():
            if task.assignee == self.person or (not task.assignee and task.role in self.mine):
                yield from self._task(task)
        for words in self._words():
            if self.mine & set(waiting_on(self.incident, words, self.now)):
                yield f"approve {words.id} by {words.author}"
        for fact in self.incident.facts.values():
            if fact.state == "checking" and fact.confirm_by in self.mine:
                yield f"confirm: {fact.label}"
        for one in self.incident.enquiries.values():
            if one.state == "open" and one.owner == self.person:
                yield f"answer {one.id} of {one.outlet}"
        for duty in self.incident.deadlines.values():
            if duty.state == "running" and duty.role in self.mine:
                yield f"legal duty: {duty.title}"
        yield from self._personal()

    def _personal(self) -> Iterator[str]:
        """Yield what somebody counts on this person for."""
        for asked in asked_of(self.incident, self.person, self.mine):
            about = f" about {asked.words}" if asked.words else ""
            yield f"answer {asked.id} of {asked.by}{about}: {asked.ask}"
        for promise in owed(self.incident):
            if promise.owner == self.person or promise.owner in self.mine:
                due = f", by {self.at(promise.due_at)}" if promise.due_at else ""
                yield f"keep {promise.id} to {whom(self.incident, promise)}{due}"
        for thread in open_threads(self.incident):
            if thread.by == self.person:
                yield f"note what came of {thread.mention} in private"

    def _task(self, task: TaskState) -> Iterator[str]:
        due = f", by {self.at(task.due_at)}" if task.due_at else ""
        if task.state == "open":
            yield f"task: {task.title}{due}"
        elif task.state == "waiting" and task.waiting_for:
            yield f"task: {task.title}{due}, waits for {task.waiting_for}"

    def roles(self) -> Iterator[str]:
        for role in self.incident.roles.values():
            missing = ", required" if role.required else ""
            yield f"{role.title}: {role.holder or 'nobody' + missing}"

    def contacts(self) -> Iterator[str]:
        today = self.now.astimezone(self.zone).date()
        for contact in self.incident.plan.contacts:
            if why := stale(self.incident.plan, contact, today):
                yield f"{contact.name}: {why}"


def _late(clock: ClockState) -> str:
    return ", late" if clock.state == "overdue" else ""


def _changed(fact: FactState) -> str:
    return ", changed" if fact.state == "changed" else ""
