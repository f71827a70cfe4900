"""Where we stand: what happened, what we know, said, promised and decided, who does what."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.briefs.base import ANYBODY, Writer, late
from crisisroom.core.clocks import minutes
from crisisroom.core.detect.reason import counted
from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import FactState
from crisisroom.core.ladder import stale
from crisisroom.core.promises import is_said, open_threads, owed, whom
from crisisroom.core.settle import KNOWN
from crisisroom.text import clip

LATEST = 5  # decisions and talks in private that are told; the timeline has the others
_SOME = 3  # facts in the sentences that say what happened
_VALUE = 60  # columns of a fact's value in them, and of what we said before the last
_SAID = 4  # statements that are told; the record has them all


class Standing(Writer):
    """The parts that say where an incident stands."""

    def happened(self) -> Iterator[str]:
        """Yield what happened in two sentences."""
        case = self.incident
        count = len(case.mentions)
        posts = "1 post is" if count == 1 else f"{count} posts are" if count else "no post is"
        waiting = self._waiting()
        unanswered = f", {waiting} of them unanswered" if waiting else ""
        began = self.at(case.declared_at)
        if case.resolved_at:
            span = f"From {began} to {self.at(case.resolved_at)} we handled"
        else:
            span = f"Since {began} we handle"
        title = " ".join(case.title.split())
        yield f'{span} "{title}" as {self._degree()}: {posts} linked{unanswered}.'
        yield self._knowledge()

    def _waiting(self) -> int:
        return sum(one.state in ("new", "claimed") for one in self.incident.mentions.values())

    def _degree(self) -> str:
        """Return how serious it is in the playbook's words, and how serious it was at its worst."""
        now, ranks = self.incident.severity, [one.id for one in self.incident.plan.severities]
        been = [one.severity for one in self.incident.severities if one.severity in ranks]
        worst = min(been, key=ranks.index, default=now)
        if now not in ranks or ranks.index(worst) >= ranks.index(now):
            return self._label(now)
        return f"{self._label(now)}, at its worst as {self._label(worst)}"

    def _label(self, severity: str) -> str:
        known = {one.id: one.label for one in self.incident.plan.severities}
        label = known.get(severity, "")
        return label[:1].lower() + label[1:] if label else severity

    def _knowledge(self) -> str:
        facts = [*self.incident.facts.values()]
        known = [
            f"{one.label}: {clip(' '.join(self._value(one).split()), _VALUE)}"
            for one in facts
            if one.state in KNOWN
        ]
        missing = [one.label for one in facts if one.state not in KNOWN]
        if not facts:
            return "There is no fact sheet."
        if not known:
            return f"Nothing is confirmed yet; open are {_some(missing, ', ')}."
        rest = f"; not known: {_some(missing, ', ')}" if missing else ", and nothing is open"
        return f"Known: {_some(known, '; ')}{rest}."

    def _value(self, fact: FactState) -> str:
        return said_value(fact, self.now, self.zone)

    def situation(self) -> Iterator[str]:
        case = self.incident
        span = minutes((case.resolved_at or self.now) - case.declared_at)
        age = "just now" if span == "now" else f"{span} old"
        yield (
            f"{case.id} {case.title}: {case.severity.upper()}, {case.status},"
            f" declared {self.at(case.declared_at)} by {case.declared_by}, {age}"
        )
        linked = counted(len(case.mentions), "post")
        yield f"{linked} linked, {self._waiting()} without an answer"
        asked = {one.id: one.ask for one in case.plan.questions}
        for name, said in case.answers.items():
            yield f"{asked.get(name, name)} {said}"

    def facts(self, *, known: bool) -> Iterator[str]:
        for fact in self.incident.facts.values():
            if (fact.state in KNOWN) is known:
                yield self._fact(fact)

    def _fact(self, fact: FactState) -> str:
        value = self._value(fact)
        source = f" ({fact.source})" if fact.source else ""
        if fact.state in KNOWN:
            return f"{fact.label}: {value}{source}" + _changed(fact)
        if fact.state == "unknown":
            return fact.label
        told = f", so far {value}{source}" if value else ""
        return f"{fact.label}: being checked{told}"

    def decided(self, *, legal: bool = False) -> Iterator[str]:
        """Yield the latest decisions; those marked for Legal only where Legal reads."""
        told = [one for one in self.incident.decisions if legal or not self.is_for_legal(one.entry)]
        for one in told[-LATEST:]:
            why = f", because {one.reason}" if one.reason else ""
            yield f"{self.at(one.at)} {one.by}: {one.words}{why}"

    def said(self) -> Iterator[str]:
        """Yield our words, the last first; whole the last and the last to everybody."""
        newest = [*reversed(self.out())]
        open_ = next((one for _, one in newest if one.audience in ANYBODY), None)
        told = [pair for at, pair in enumerate(newest) if at < _SAID or pair[1] is open_]
        for number, (when, words) in enumerate(told):
            gone = ", taken back" if words.retracted_at else ""
            head = f"{self.at(when)} {words.id} {words.kind} to {words.audience}{gone}: "
            text = " ".join(words.text.split())
            yield head + (clip(text, _VALUE) if number and words is not open_ else text)
        if rest := len(newest) - len(told):
            yield "and 1 more statement" if rest == 1 else f"and {rest} more statements"
        replies = sum(words.sent_at is not None for words in self.incident.replies.values())
        yield f"{replies} replies sent"

    def updates(self) -> Iterator[str]:
        for clock in self.running:
            if clock.kind == "cadence":
                snooze = self.incident.snoozes.get(clock.id.partition(":")[2])
                off = snooze is not None and snooze.until == clock.due_at
                note = f", put off by {snooze.by}: {snooze.reason}" if snooze and off else ""
                yield f"{clock.title} by {self.at(clock.due_at)}{late(clock)}{note}"

    def promised(self) -> Iterator[str]:
        for one in owed(self.incident):
            due = f" by {self.at(one.due_at)}" if one.due_at else ""
            over = ", late" if one.due_at and self.now >= one.due_at else ""
            unsaid = "" if is_said(self.incident, one) else f", {one.reply} is not out yet"
            head = f"{one.id} to {whom(self.incident, one)} ({self.seer(one.owner)}){due}"
            ticket = f" {one.ticket}" if one.ticket else ""
            yield f"{head}{over}{unsaid}: {one.words}{ticket}"

    def private(self) -> Iterator[str]:
        every = open_threads(self.incident)
        for one in every[:LATEST]:
            since = f" since {self.at(one.since)}" if one.since else ""
            reply = f", by {one.reply}" if one.reply else ""
            who = f"{one.handle or 'somebody'} ({one.by or 'nobody'})"
            yield f"{one.mention} of {who}{since}{reply}"
        if len(every) > LATEST:
            yield f"{len(every) - LATEST} more"

    def roles(self) -> Iterator[str]:
        for role in self.incident.roles.values():
            missing = ", required" if role.required else ""
            offer = self.incident.offers.get(role.id)
            offered = f", offered to {offer.person}" if offer else ""
            yield f"{role.title}: {role.holder or 'nobody' + missing}{offered}"

    def contacts(self) -> Iterator[str]:
        today = self.now.astimezone(self.zone).date()
        for contact in self.incident.plan.contacts:
            if why := stale(self.incident.plan, contact, today):
                yield f"{contact.name}: {why}"


def _changed(fact: FactState) -> str:
    return ", changed" if fact.state == "changed" else ""


def _some(words: list[str], between: str) -> str:
    more = f" and {len(words) - _SOME} more" if len(words) > _SOME else ""
    return between.join(words[:_SOME]) + more
