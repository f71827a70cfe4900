"""What is needed from whoever reads, the soonest first, and what else is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from crisisroom.core.approval import step_due, titles, waiting_on
from crisisroom.core.briefs.base import NOBODY, late
from crisisroom.core.briefs.standing import Standing
from crisisroom.core.corrective import day_of, days_left, is_late, late_words, today_in
from crisisroom.core.handing import offers_by, offers_to, titled
from crisisroom.core.incident import TaskState, Words
from crisisroom.core.pausing import keepers, loud, paused
from crisisroom.core.promises import open_threads, owed, whom
from crisisroom.core.questions import asked_of
from crisisroom.core.terms import at_local
from crisisroom.core.truth import corrections_due

Need = tuple[datetime | None, str]
SOON = 7  # days before its day from which a corrective action is asked for


class Needing(Standing):
    """The parts that say what is to be done."""

    def needed(self) -> Iterator[str]:
        """Yield what is needed from this person, the soonest first, undated things at the end."""
        every = [*self._handed(), *self._vacant(), *self._work(), *self._owed_updates()]
        every += [*self._personal(), *self._actions()]
        for _, line in sorted(every, key=lambda need: (need[0] is None, need[0] or self.now)):
            yield line

    def _due(self, moment: datetime | None) -> str:
        return f", by {self.at(moment)}" if moment else ""

    def _handed(self) -> Iterator[Need]:
        """Yield the parts this person is asked to take over, and those offered in vain so far."""
        for offer in offers_to(self.incident, self.person):
            title = titled(self.incident, offer.role)
            note = f": {offer.words}" if offer.words else ""
            how = f"role accept {self.incident.id} {offer.role}"
            yield offer.at, f"take {title} over from {offer.by}, or decline ({how}){note}"
        for offer in offers_by(self.incident, self.person):
            title = titled(self.incident, offer.role)
            yield None, f"{title} is still yours: {offer.person} has not accepted it yet"

    def _vacant(self) -> Iterator[Need]:
        """Yield for whoever has no part yet that the incident lacks somebody in one."""
        case = self.incident
        if self.mine or self.person == NOBODY or case.status != "open":
            return
        empty = [role for role in case.roles.values() if role.required and not role.holder]
        if empty:
            titles_ = ", ".join(role.title for role in empty)
            yield case.declared_at, f"nobody is {titles_} (role take {case.id} {empty[0].id})"

    def _work(self) -> Iterator[Need]:
        for task in self.incident.tasks.values():
            if task.assignee == self.person or (not task.assignee and task.role in self.mine):
                yield from self._task(task)
        for words in self.words():
            if self.mine & set(waiting_on(self.incident, words, self.now)):
                due = step_due(self.incident, words)
                yield due, f"approve {words.id} of {words.author}{self._due(due)}"
        for fact in self.incident.facts.values():
            if fact.state == "checking" and fact.confirm_by in self.mine:
                yield None, f"confirm: {fact.label}"
        for one in self.incident.enquiries.values():
            if one.state == "open" and one.owner == self.person:
                yield one.due_at, f"answer {one.id} of {one.outlet}{self._due(one.due_at)}"
        for duty in self.incident.deadlines.values():
            if duty.state == "running" and duty.role in self.mine:
                yield duty.due_at, f"legal duty: {duty.title}{self._due(duty.due_at)}"

    def _owed_updates(self) -> Iterator[Need]:
        """Yield the updates that this person is told of when they are late."""
        told = {
            f"cadence:{one.id}": {follows.notify for follows in one.on_overdue}
            for one in self.incident.plan.cadences
        }
        for clock in self.running:
            if self.mine & told.get(clock.id, set()):
                yield clock.due_at, f"{clock.title}{self._due(clock.due_at)}{late(clock)}"

    def _task(self, task: TaskState) -> Iterator[Need]:
        if task.state == "open":
            yield task.due_at, f"task: {task.title}{self._due(task.due_at)}"
        elif task.state == "waiting" and task.waiting_for:
            waits = f", waits for {task.waiting_for}"
            yield task.due_at, f"task: {task.title}{self._due(task.due_at)}{waits}"

    def _personal(self) -> Iterator[Need]:
        """Yield what somebody counts on this person for."""
        for asked in asked_of(self.incident, self.person, self.mine):
            about = f" about {asked.words}" if asked.words else ""
            yield None, f"answer {asked.id} of {asked.by}{about}: {asked.ask}"
        for promise in owed(self.incident):
            if promise.owner == self.person or promise.owner in self.mine:
                to = whom(self.incident, promise)
                yield promise.due_at, f"keep {promise.id} to {to}{self._due(promise.due_at)}"
        for thread in open_threads(self.incident):
            if thread.by == self.person:
                yield None, f"note what came of {thread.mention} in private"

    def _actions(self) -> Iterator[Need]:
        """Yield the corrective actions of this person that are late, or due within the week."""
        today = today_in(self.incident, self.now)
        for action in self.incident.actions.values():
            left, due = days_left(action, today), day_of(action)
            mine = action.owner == self.person or action.owner in self.mine
            if mine and due is not None and left is not None and left <= SOON:
                moment = at_local(due, time(), self.zone)
                yield moment, f"do {action.id}, {late_words(left)}: {action.title}"

    def open(self) -> Iterator[str]:
        dated = [clock for clock in self.running if clock.kind == "task"]
        for clock in dated:
            yield f"{clock.title} ({clock.who or 'free'}) by {self.at(clock.due_at)}{late(clock)}"
        todo = [one for one in self.incident.tasks.values() if one.state in ("open", "waiting")]
        if rest := len(todo) - len(dated):
            more = f"{rest} more " if dated else f"{rest} "
            still = " without a time" if self.incident.status == "open" else " never done"
            yield f"{more}{'task' if rest == 1 else 'tasks'}{still}"
        for words in self.words():
            if words.state not in ("sent", "withdrawn"):
                yield f"{words.id} {words.kind}: {self._way(words)}"
        yield from self._late_actions()

    def _way(self, words: Words) -> str:
        """Return how far a text is; one that was handed in may need nobody any more."""
        ready = words.state == "submitted" and not waiting_on(self.incident, words, self.now)
        return "approved, not out" if ready else words.state

    def _late_actions(self) -> Iterator[str]:
        today = today_in(self.incident, self.now)
        for action in self.incident.actions.values():
            left = days_left(action, today)
            if left is not None and is_late(action, today):
                owner = self.seer(action.owner)
                yield f"{action.id} ({owner}), {late_words(left)}: {action.title}"

    def not_paused(self) -> Iterator[str]:
        if self.incident.status != "open":
            return
        for one in loud(self.incident):
            why = f": failed, {one.words}" if one.state == "failed" else ""
            yield f"{one.title} ({keepers(one) or 'nobody'}){why}"

    def paused(self) -> Iterator[str]:
        for one in paused(self.incident):
            since = f" since {self.at(one.at)}" if one.at else ""
            yield f"{one.title} ({keepers(one) or 'nobody'}){since}"

    def duties(self) -> Iterator[str]:
        for one in self.incident.deadlines.values():
            if one.state == "running" and one.due_at:
                over = ", late" if self.now >= one.due_at else ""
                yield f"{one.title} ({self.holder(one.role)}) by {self.at(one.due_at)}{over}"
            elif one.state == "waiting":
                yield f"{one.title}: waits for {one.waiting_for}"

    def approvals(self) -> Iterator[str]:
        for words in self.words():
            asked = waiting_on(self.incident, words, self.now)
            if asked:
                since = words.step_since or words.submitted_at
                when = f" since {self.at(since)}" if since else ""
                who = " or ".join(titles(self.incident, asked))
                yield f"{words.id} {words.kind} by {words.author}: {who}{when}"

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

    def corrections(self) -> Iterator[str]:
        """Yield what is out and no longer true."""
        for one in corrections_due(self.incident):
            now = f"it is {one.now}" if one.now else "that is not known any more"
            yield f"{one.words} says {one.label} {one.was}; {now}, since {self.at(one.at)}"
