"""A night with every kind of entry there is, in which every personal text can be told apart.

Acts come in blocks that do not need one another, so that any order of them is a night too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from report.whole_plan import Secret
from report.whole_record import Recorded

from crisisroom.core.naming import new_id
from crisisroom.core.playbook import Answer, KeyMessage, Task
from crisisroom.core.timeline import stamp


class WholeNight(Recorded):
    """A night with every kind of entry, block by block."""

    def staff(self) -> None:
        self.act("person.joined", 1)
        self.act("role.taken", 0, role="lead", person=self.people[0], was="")
        self.act("role.assigned", 0, role="legal", person=self.people[2], was="")
        self.act("task.assigned", 0, task="pause", person=self.people[0])
        self.act(
            "role.handed",
            0,
            role="lead",
            person=self.people[1],
            was=self.people[0],
            words=self.secret(),
            tasks=["pause", "dpo"],
        )
        self.act("role.left", 2, role="legal", person=self.people[2])
        self.act("role.taken", 3, role="social", person=self.people[3], was="")
        self.act("role.taken", 2, role="legal", person=self.people[2], was="")

    def facts(self) -> None:
        self._fact("count", "40")
        self._fact("what", "the kettle burns")
        self._fact("data", "yes", "checking")
        self._fact("data", "yes")
        self._fact("aware", stamp(self.now - timedelta(hours=1)))
        self._fact("count", "70", "changed")

    def _fact(self, fact: str, value: str, state: str = "known") -> None:
        self.act("fact.set", fact=fact, state=state, value=value, words=self.secret())

    def change_of_mind(self) -> None:
        self._fact("data", "no", "changed")

    def tasks(self) -> None:
        self.act("task.done", task="pause", words=self.secret())
        self.act("task.done", task="threads", words=self.secret())
        self.act("task.done", task="threads", words="")
        self.act("task.reopened", task="threads")
        self.act("task.skipped", task="sworn", words=self.secret())

    def own_task(self) -> None:
        title = self.secret()
        task = Task(id=new_id(title, "t", self.state.tasks), title=title, within=600)
        added = {"task": msgspec.to_builtins(task), "phase": "assess", "words": title}
        self.act("task.added", **added)
        self.act("task.assigned", task=task.id, person=self.people[2])
        self.act("task.done", task=task.id, words=self.secret())

    def records(self) -> None:
        self.act("note.added", words=self.secret())
        self.act("note.added", words=self.secret(), visibility="legal", about=["T:pause", "E:1"])
        options = [{"words": self.secret()}, {"words": self.secret()}]
        self.act("decision.made", words=self.secret(), why=self.secret(), options=options)
        self.right(self.right(2, self.secret()), self.secret())
        self.right(1, at=self.state.declared_at - timedelta(minutes=1))
        self.act("drill.inject", to="lead", words=self.secret())
        self.act("incident.severity", severity="sev1", was="sev2", words=self.secret())
        self.act("incident.retitled", title=f"More trouble with {self.plan.contacts[0].name}")
        name = f"A-{next(self._numbers)}"
        title = f"Thank {self.people[2]}"
        self.act("action.added", action=name, title=title, owner=self.people[1], due="")
        self.act("action.done", action=name)

    def calls(self) -> None:
        self.act("escalation.started", escalation="wake", why=self.secret())
        self.act("note.added", 0, 1200, words=self.secret())  # nobody answers
        self.act("escalation.started", escalation="law", why=self.secret())
        self.act("escalation.acknowledged", 2, escalation="law", words=self.secret())
        self.act("escalation.started", escalation="wake", why=self.secret())
        contact = self.plan.contacts[0]
        called = {"contact": contact.id, "name": contact.name, "way": self.secret()}
        self.act("contact.called", reached=False, outcome="message", words=self.secret(), **called)
        self.act("contact.called", reached=True, outcome="reached", words=self.secret(), **called)

    def duties(self) -> None:
        self._fact("what", "smoke comes out of it", "changed")
        self.act("deadline.met", deadline="nis", words=self.secret())
        self.act("deadline.waived", deadline="stock", words=self.secret())

    def enquiries(self) -> None:
        for sort, hours in (("media", 1), ("authority", 0), ("partner", 2)):
            name = f"EQ-{len(self.state.enquiries) + 1}"
            due = {"due_at": stamp(self.now + timedelta(hours=hours))} if hours else {}
            asked = {"enquiry": name, "sort": sort, "outlet": self.secret(), "name": self.secret()}
            self.act("enquiry.added", to=self.secret(), quote=self.secret(), **asked, **due)
            self.act("enquiry.assigned", enquiry=name, person=self.people[3])
            if sort != "partner":
                self.act("enquiry.answered", 3, enquiry=name, words=self.secret())
            if sort == "authority":
                self.act("enquiry.closed", 3, enquiry=name, words=self.secret())

    def growth(self) -> None:
        message = KeyMessage(new_id(text := self.secret(), "m", ()), text, text)
        self.act("message.added", message=msgspec.to_builtins(message))
        answer = Answer(new_id(text := self.secret(), "q", ()), text, self.secret())
        self.act("answer.added", answer=msgspec.to_builtins(answer))
        number = len(self.state.playbooks) + 1
        self.act(
            "playbook.added",
            playbook={"id": "other", "version": number, "sha256": f"{number:064}"},
            plan=msgspec.to_builtins(self.state.plan),
            moments={},
            switched=bool(number % 2),
            words=self.secret(),
        )

    def put_off(self) -> None:
        for cadence in ("public", "users"):
            until = stamp(self.now + timedelta(minutes=50))
            self.act("update.snoozed", cadence=cadence, until=until, words=self.secret())

    def mentions(self) -> None:
        uid, other = self.mention(), self.mention()
        self.act("mention.edited", mention=uid, quote=self.secret())
        self.act("mention.triaged", mention=uid, state="claimed", assignee=self.people[2])
        self.act("mention.tagged", mention=uid, tags=["troll"], off=False)
        self.act("mention.sorted", mention=uid, verdict="restore")
        self.act("mention.unlinked", mention=other)

    def heard(self) -> None:
        self.act(
            "candidate.raised",
            candidate="c-uid",
            id="C-3",
            level="early",
            reason="9 in 20 min, usual 0.4",
            observed=9,
            expected_hundredths=40,
            window_minutes=20,
            authors=9,
            sources=3,
            narratives=["N-1"],
            suggested_playbook="kettle",
            raised_at=stamp(self.now),
        )
        for number in (1, 2):
            self.act(
                "narrative.linked",
                narrative=f"n-uid-{number}",
                id=f"N-{number}",
                quote=self.secret(),
                mentions=9,
                authors=8,
                sources=["masto"],
                first_at=stamp(self.now),
                last_at=stamp(self.now),
            )
        self.act("narrative.unlinked", narrative="n-uid-2", id="N-2")

    def end(self) -> None:
        """Let it be over, and begin again, and be over."""
        anyway = {"words": self.secret()}
        self.act("incident.resolved", words=self.secret(), anyway=anyway)
        self.act("incident.reopened", words=self.secret())
        self.act("incident.resolved", words=self.secret(), anyway=anyway)


BLOCKS = (
    "staff",
    "tasks",
    "facts",
    "own_task",
    "records",
    "calls",
    "duties",
    "enquiries",
    "mentions",
    "heard",
    "growth",
    "put_off",
    "statements",
    "replies",
    "lines",
    "promises",
    "pauses",
    "many",
    "questions",
    "asked",
    "stop",
    "moves",
    "change_of_mind",
    "entries_",
    "evidence",
    "volumes",
    "offers",
    "paged",
    "looked_at",
    "access",
)


def whole_night(
    blocks: Sequence[str] = BLOCKS, secret: Secret | None = None, pace: Sequence[int] = ()
) -> WholeNight:
    """Return a night of these blocks, to its end."""
    night = WholeNight(secret, pace)
    for block in blocks:
        getattr(night, block)()
    night.end()
    return night
