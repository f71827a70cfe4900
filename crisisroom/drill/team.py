"""The team of a drill that nobody sits at: it does what the script says, each in their role."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.playbook import DrillPost, DrillStep, Playbook, StatementTemplate
from crisisroom.core.query import Query
from crisisroom.core.truth import corrections_due
from crisisroom.core.wordings import words_of
from crisisroom.drill.casting import Cast
from crisisroom.drill.director import Director
from crisisroom.room import (
    Acted,
    Actor,
    Room,
    approvals,
    deadlines,
    facts,
    lifecycle,
    reading,
    record,
    roles,
    sending,
    statements,
    tasks,
    triage,
    words,
)
from crisisroom.room.addressing import BY_HAND
from crisisroom.room.desk import at_desk

SOURCE = "the drill's script"
ALREADY = frozenset({"done", "held", "same", "resolved"})  # refusals that cost nothing
NO_CALM = "a drill does not wait until it is quiet"
AT_ONCE = 3  # answers written at one look
STEPS = 10  # of an approval, at most
LINK = "https://www.example.org/drill"


class Slip(msgspec.Struct, frozen=True):
    """What the script asked for and the room did not do: at which second, what, and why."""

    second: float
    what: str
    why: str


class Team:
    """Plays the acts of a script; what the room refuses is kept in `slips`."""

    def __init__(self, room: Room, director: Director, cast: Cast) -> None:
        self._room = room
        self._director = director
        self._plan = director.playbook
        self._cast = cast
        self._parts = dict(cast.parts)
        self._spoke = False  # a public statement is out: from now on people get answers
        self._looked_at: set[str] = set()
        self.slips: list[Slip] = []

    async def prepare(self) -> None:
        """Approve the words of replies, as a team does in calm weather."""
        ready = _ready_words(self._plan)
        if ready:
            await approvals.approve_words(self._approver(), self._plan, ready)

    async def play(self, step: DrillStep) -> None:
        """Play one act of the script."""
        try:
            await self._act(step)
        except Refused as refusal:
            if refusal.code not in ALREADY:
                self.slips.append(Slip(step.at, told(step), refusal.message))

    async def _act(self, step: DrillStep) -> None:
        state = await self._declared(step)
        if step.done:
            await self._do(state, step)
        for fact_id, value in step.fact.items():
            await self._find_out(state.id, step.by, fact_id, value)
        if step.met:
            await self._meet(state, step)
        if step.publish:
            await self._publish(state.id, step)

    async def _declared(self, step: DrillStep) -> Incident:
        """Return the incident, declared by this step if it is not yet."""
        if await self._director.incident() is None:
            await self._director.declare(step.declare, self._in(step.by if step.declare else ""))
            await self._gather()
            await self._director.catch_up()
        state = await self._director.incident()
        assert state is not None
        return state

    async def _gather(self) -> None:
        """Let everybody come in and take their part; who is on duty has theirs already."""
        state = await self._director.incident()
        assert state is not None
        self._parts |= {role.id: role.holder for role in state.roles.values() if role.holder}
        for person in dict.fromkeys(self._parts.values()):
            await lifecycle.join(self._as(person), state.id)
        for role, person in self._parts.items():
            if not state.roles[role].holder:
                await roles.take(self._as(person), state.id, role)

    async def hear(self, post: DrillPost) -> None:
        """Let a post arrive, and link it where there is something to link it to."""
        await self._director.hear(post)
        state = await self._director.incident()
        if state is None:
            return
        heard = await reading.mentions(self._room, Query(states=("new",), limit=50))
        fresh = [mention.id for mention in heard if not mention.incident]
        if fresh:
            await triage.link(self._speaker(), state.id, fresh)

    async def _do(self, state: Incident, step: DrillStep) -> None:
        task = state.tasks.get(step.done)
        room = self._in(step.by or (task.role if task else ""))
        given = step.given or (evidence(state, task.evidence) if task else "")
        await tasks.done(room, state.id, step.done, given)

    async def _meet(self, state: Incident, step: DrillStep) -> None:
        duty = state.deadlines.get(step.met)
        room = self._in(step.by or (duty.role if duty else ""))
        words = step.given or "told in the drill, file number 0"
        await deadlines.met(room, state.id, step.met, words)

    async def _find_out(self, inc: str, by: str, fact_id: str, value: str) -> None:
        """Set a fact, and have it confirmed by whoever the plan asks."""
        fact = next((one for one in self._plan.facts if one.id == fact_id), None)
        confirmer = fact.confirm_by if fact else ""
        room = self._in(by or confirmer)
        acted = await facts.set_fact(room, inc, fact_id, value, "known", SOURCE)
        if acted.incident.facts[fact_id].state == "checking":
            await facts.set_fact(self._in(confirmer), inc, fact_id)

    async def _publish(self, inc: str, step: DrillStep) -> None:
        template = next((one for one in self._plan.statements if one.id == step.publish), None)
        room = self._in(step.by or self._writer(template))
        channel = await self._way(room, inc, template)
        acted = await self._drafted(room, inc, step.publish, template, channel)
        if acted.thing.approval:
            await words.submit(room, inc, acted.thing.id)
            await self._agree(inc, acted.thing)
        await sending.send(room, inc, acted.thing.id, channel)
        if channel == BY_HAND:
            await sending.confirm(room, inc, acted.thing.id)
        if template and template.audience == "public":
            self._spoke = True

    async def _drafted(
        self,
        room: Room,
        inc: str,
        template_id: str,
        template: StatementTemplate | None,
        channel: str,
    ) -> Acted:
        """Draft a statement; where a correction is due, of the words that owe it."""
        state = await reading.incident(room, inc)
        owing = [one.words for one in corrections_due(state)]
        said = [one for one in owing if one in state.statements]
        if template is not None and template.kind == "correction" and said:
            return await statements.correct(room, inc, said[0])
        return await statements.draft(room, inc, template_id, channel=channel)

    async def _way(self, room: Room, inc: str, template: StatementTemplate | None) -> str:
        """Return where a statement goes: for everybody on our first account, where it fits."""
        if template is None or template.audience != "public":
            return BY_HAND
        account = self._room.config.accounts[0].id
        desk = await at_desk(room, inc, template_id=template.id, channel=account)
        found = desk.review(desk.first_text()).blocking
        return BY_HAND if any(problem.code == "too_long" for problem in found) else account

    async def _agree(self, inc: str, submitted: Words) -> None:
        """Have a text approved, step after step, by people who may."""
        for _ in range(STEPS):
            state = await reading.incident(self._room, inc)
            one = state.words(submitted.id)
            if one is None or one.state != "submitted":
                return
            if not await self._approved_by_somebody(inc, one):
                raise Refused("unapproved", f"nobody may approve {one.id} but {one.author}")

    async def _approved_by_somebody(self, inc: str, one: Words) -> bool:
        for person in self._judges(one):
            try:
                await words.approve(self._as(person), inc, one.id, one.sha256)
            except Refused:
                continue  # not theirs to approve, or not again: the next one may
            return True
        return False

    def _judges(self, one: Words) -> Iterator[str]:
        """Yield who could approve a text, those first whom its approval names."""
        rule = self._plan.approval(one.approval)
        named = [role for step in rule.ladder for role in step.by] if rule else []
        people = [self._parts[role] for role in named if role in self._parts]
        for person in dict.fromkeys([*people, *self._parts.values()]):
            if person != one.author or not self._cast.team:
                yield person

    async def _answer(self, inc: str) -> None:
        """Answer those to whom approved words fit; nobody writes free words here."""
        waiting = await reading.mentions(self._room, Query(states=("new",), incident=inc))
        fresh = [one for one in reversed(waiting) if one.id not in self._looked_at]
        for mention in fresh[:AT_ONCE]:
            self._looked_at.add(mention.id)
            try:
                await self._reply(inc, mention)
            except Refused:
                continue  # somebody else's, or an author who has had enough answers

    async def _reply(self, inc: str, mention: Mention) -> None:
        room = self._speaker()
        opened = await words.prefill(room, inc, mention.id)
        review = opened.desk.review(opened.text)
        ours = {one.id for one in self._plan.key_messages} | {one.id for one in self._plan.faq}
        if review.blocking or review.approval or not ours & set(review.check.used):
            return
        acted = await words.save_reply(room, inc, mention.id, opened.text)
        await sending.send(room, inc, acted.thing.id)
        if acted.thing.channel == BY_HAND:
            await sending.confirm(room, inc, acted.thing.id)

    async def mind(self) -> None:
        """Do what no script says: reach whom an escalation calls, and answer people."""
        state = await self._director.incident()
        if state is None or state.status == "resolved":
            return
        for run in state.escalations.values():
            if run.next_at is not None and run.called:
                await record.called(self._in(""), state.id, run.called[0], "phone", True)
        if self._spoke:
            await self._answer(state.id)

    async def resolve(self) -> str:
        """Close the incident; returns why that cannot be, empty once it is closed."""
        state = await self._director.incident()
        if state is None:
            return "nobody declared an incident"
        try:
            room = self._in("")
            await lifecycle.resolve(room, state.id, "the drill is over", anyway=NO_CALM)
        except Refused as refusal:
            known = refusal.message.removeprefix(f"{state.id} cannot be resolved yet: ")
            return "" if refusal.code in ALREADY else known
        return ""

    def _as(self, person: str) -> Room:
        return self._room.as_actor(Actor(person, via="drill"))

    def _in(self, role: str) -> Room:
        """Return the room as whoever plays a role sees it, the lead where none is named."""
        lead = self._plan.owner or next(iter(self._parts), "")
        person = self._parts.get(role) or self._parts.get(lead)
        return self._as(person or self._room.actor.name)

    def _writer(self, template: StatementTemplate | None) -> str:
        """Return a role that need not approve what it writes itself."""
        rule = self._plan.approval(template.approval) if template else None
        judges = {role for step in rule.ladder for role in step.by} if rule else set()
        return next((role for role in self._parts if role not in judges), "")

    def _speaker(self) -> Room:
        public = next((one for one in self._plan.statements if one.audience == "public"), None)
        return self._in(self._writer(public))

    def _approver(self) -> Room:
        rule = self._plan.approval(self._plan.reply_approval)
        steps = rule.ladder if rule else tuple(s for a in self._plan.approvals for s in a.ladder)
        return self._in(next((role for step in steps for role in step.by), ""))


def told(step: DrillStep) -> str:
    """Return an act of the script in words."""
    parts = [f"declare {step.declare}"] if step.declare else []
    parts += [f"task {step.done}"] if step.done else []
    parts += [f"fact {one}" for one in step.fact]
    parts += [f"duty {step.met}"] if step.met else []
    parts += [f"publish {step.publish}"] if step.publish else []
    return ", ".join(parts)


def _ready_words(plan: Playbook) -> list[str]:
    """Return the ids of the words replies are made of, and of statements approved beforehand."""
    before = {one for approval in plan.approvals for one in approval.preapproved}
    return [one.id for one in words_of(plan) if one.kind != "statement" or one.base in before]


def evidence(state: Incident, kind: str) -> str:
    """Return evidence of the kind a task asks for, where the script gives none."""
    mention = next((one.id for one in state.mentions.values()), "")
    sent = [one.id for one in state.statements.values() if one.sent_at]
    known = next((fact.id for fact in state.facts.values() if fact.state == "known"), "")
    given = {
        "note": "done in the drill",
        "link": state.plan.source_of_truth or LINK,
        "mention": mention,
        "statement": sent[-1] if sent else "",
        "fact": known,
    }
    return given.get(kind, "")
