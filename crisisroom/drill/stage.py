"""The stage of a drill: the throw-away room, and what a simulated colleague can do on it.

A colleague works through the same use cases as a person. What the person at the screen has done
already is refused to them, and they go on with something else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crisisroom.config import Account, Brand, Member, RoomConfig, Source
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Incoming, Mention
from crisisroom.core.playbook import Playbook
from crisisroom.core.query import Query
from crisisroom.drill.team import NO_CALM, evidence
from crisisroom.room import (
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
from crisisroom.room.desk import BY_HAND
from crisisroom.room.warnings import waiting

CAST = ("bo", "cy", "dee", "eli")
SOURCES = ("masto", "forum", "stars", "press")
CHANNEL = "masto"
NOT_HERE = "not needed in this drill"


def drill_settings(brand: str, person: str, playbook: Playbook, zone: str) -> RoomConfig:
    """Return the settings of a drill's room: everybody may hold every role, nothing is real."""
    every = tuple(role.id for role in playbook.roles)
    people = tuple(Member(name, name.title(), every) for name in (person, *CAST))
    return RoomConfig(
        name=f"drill: {brand}",
        zone=zone,
        brand=Brand(brand, (brand,), (CHANNEL,)),
        accounts=(Account(id=CHANNEL, type="mastodon", server="https://social.example"),),
        sources=tuple(
            Source(id=name, type="demo", account=CHANNEL if name == CHANNEL else "")
            for name in SOURCES
        ),
        team=people,
    )


class Stage:
    """A drill's room, with everybody in it."""

    def __init__(self, room: Room, playbook: Playbook, title: str) -> None:
        self._room = room
        self.playbook = playbook
        self._title = title
        self.passed_over = 0  # acts that somebody else had done already

    def as_(self, who: str) -> Room:
        """Return the room as a colleague sees it."""
        return self._room.as_actor(Actor(who, via="drill"))

    async def incident(self) -> Incident | None:
        """Return the drill's incident, None before it is declared."""
        known = await reading.incidents(self._room)
        return known[-1] if known else None

    async def _here(self) -> str:
        """Return the drill's incident by its id, also when the person declared another one."""
        state = await self.incident()
        return state.id if state else ""

    async def attempt(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do something unless the room refuses it, because it is done or makes no sense now."""
        try:
            await act()
        except Refused:
            self.passed_over += 1

    async def hear(self, items: list[Incoming]) -> None:
        """Let posts arrive."""
        await triage.ingest(self._room, items)

    async def declare(self, who: str) -> None:
        """Declare the incident with all that came in so far, unless somebody did."""
        if await self.incident():
            return
        heard = await reading.mentions(self._room, Query(limit=40))
        await lifecycle.declare(
            self.as_(who),
            self._title,
            playbook=self.playbook,
            severity="sev2",
            drill=True,
            candidate=await waiting(self._room),
            mentions=[mention.id for mention in heard],
        )

    async def join(self, who: str) -> None:
        """Come into the room."""
        await lifecycle.join(self.as_(who), await self._here())

    async def take_role(self, who: str, role: str) -> None:
        """Take a role that nobody holds yet."""
        state = await self.incident()
        if state and role in state.roles and not state.roles[role].holder:
            await roles.take(self.as_(who), state.id, role)

    async def approve_playbook(self, who: str) -> None:
        """Approve the playbook's words."""
        await approvals.approve_words(self.as_(who), self.playbook)

    async def task(self, who: str, task_id: str, given: str = "") -> None:
        """Do a task of the checklist, with some evidence of the kind it asks for."""
        state = await self.incident()
        task = state.tasks.get(task_id) if state else None
        shown = given or (evidence(state, task.evidence) if state and task else "")
        await tasks.done(self.as_(who), await self._here(), task_id, shown)

    async def mind(self) -> None:
        """Reach whom an escalation calls."""
        state = await self.incident()
        for run in state.escalations.values() if state and state.status == "open" else ():
            if state and run.next_at is not None and run.called:
                await record.called(self.as_("dee"), state.id, run.called[0], "phone", True)

    async def fact(self, who: str, fact_id: str, value: str, state: str = "known") -> None:
        """Find something out."""
        await facts.set_fact(
            self.as_(who), await self._here(), fact_id, value, state, "the people on site"
        )

    async def link_new(self, who: str) -> None:
        """Link what came in since to the incident."""
        state = await self.incident()
        if state is None:
            return
        heard = await reading.mentions(self._room, Query(states=("new",), limit=120))
        fresh = [mention.id for mention in heard if not mention.incident]
        if fresh:
            await triage.link(self.as_(who), state.id, fresh)

    async def answer(self, who: str, count: int, own_words: str = "") -> None:
        """Answer some of the posts that most people see, with approved words first."""
        for mention in await self._free(count):
            await self.attempt(lambda mention=mention: self._answer(who, mention, own_words))  # type: ignore[misc]

    async def _free(self, count: int) -> list[Mention]:
        free = await reading.mentions(
            self._room, Query(states=("new",), sources=(CHANNEL,), limit=200)
        )
        linked = [one for one in free if one.incident]
        return sorted(linked, key=lambda one: -(one.author.reach or 0))[:count]

    async def _answer(self, who: str, mention: Mention, own_words: str) -> None:
        room = self.as_(who)
        opened = await words.prefill(room, mention.incident, mention.id)
        text = f"{opened.text}\n{own_words}" if own_words else opened.text
        if opened.desk.review(text).blocking:
            return
        acted = await words.save_reply(room, mention.incident, mention.id, text)
        reply: Words = acted.thing
        if reply.approval:
            await words.submit(room, mention.incident, reply.id)
        else:
            await sending.send(room, mention.incident, reply.id)

    async def draft(self, who: str, template: str, own_words: str = "") -> None:
        """Draft a statement from the facts and hand it to whoever approves it."""
        room, inc = self.as_(who), await self._here()
        acted = await statements.draft(room, inc, template, channel=CHANNEL)
        if own_words:
            text = f"{acted.thing.text}\n\n{own_words}"
            acted = await words.edit(room, inc, acted.thing.id, text)
        if acted.thing.approval:
            await words.submit(room, inc, acted.thing.id)

    async def write_to_colleagues(self, who: str) -> None:
        """Send colleagues their own words, by hand."""
        room, inc = self.as_(who), await self._here()
        acted = await statements.draft(room, inc, "colleagues", channel=BY_HAND)
        await sending.send(room, inc, acted.thing.id)
        await sending.confirm(room, inc, acted.thing.id)

    async def object_once(self, who: str, reason: str, worse: str, better: str) -> None:
        """Send the statement that says it worse back, and let its author say it better."""
        inc = await self._here()
        for one in await self._waiting(who, "statement"):
            if worse not in one.text:
                continue
            await words.reject(self.as_(who), inc, one.id, reason)
            author = self.as_(one.author)
            await words.edit(author, inc, one.id, one.text.replace(worse, better))
            await words.submit(author, inc, one.id)

    async def approve_waiting(self, who: str) -> None:
        """Approve what waits for it, except one's own words."""
        inc = await self._here()
        for one in await self._waiting(who):
            await self.attempt(
                lambda one=one: words.approve(self.as_(who), inc, one.id, one.sha256)  # type: ignore[misc]
            )

    async def _waiting(self, who: str, sort: str = "") -> list[Words]:
        state = await self.incident()
        if state is None:
            return []
        every = [*state.statements.values(), *state.replies.values()]
        return [
            one
            for one in every
            if one.state == "submitted" and one.author != who and sort in ("", one.sort)
        ]

    async def release(self, who: str) -> None:
        """Send what is approved, or needs nobody's approval, and has not gone out."""
        state = await self.incident()
        if state is None:
            return
        inc = state.id
        for one in (*state.statements.values(), *state.replies.values()):
            ready = one.state == "approved" or (one.state == "draft" and not one.approval)
            if ready and one.author in (*CAST, who):
                await self.attempt(
                    lambda one=one: sending.send(self.as_(one.author), inc, one.id, CHANNEL)  # type: ignore[misc]
                )

    async def dismiss(self, who: str, count: int) -> None:
        """Put aside posts that need no answer."""
        heard = await reading.mentions(
            self._room, Query(states=("new",), sources=("stars",), limit=count)
        )
        for mention in heard:
            await triage.dismiss(self.as_(who), mention.id)

    async def offline(self, who: str) -> None:
        """Move one conversation to private."""
        heard = await reading.mentions(
            self._room, Query(states=("new",), sources=("forum",), limit=1)
        )
        for mention in heard:
            await triage.offline(self.as_(who), mention.id)

    async def severity(self, who: str, level: str, reason: str) -> None:
        """Change the severity."""
        await lifecycle.severity(self.as_(who), await self._here(), level, reason)

    async def note(self, who: str, text: str) -> None:
        """Write a note."""
        await record.note(self.as_(who), await self._here(), text)

    async def decision(self, who: str, text: str, why: str) -> None:
        """Record a decision."""
        await record.decide(self.as_(who), await self._here(), text, why)

    async def call(self, who: str, index: int, reached: bool, said: str) -> None:
        """Call one of the playbook's contacts."""
        contact = self.playbook.contacts[index]
        await record.called(self.as_(who), await self._here(), contact.id, "phone", reached, said)

    async def action(self, who: str, title: str, owner: str) -> None:
        """Write down what should change."""
        await record.add_action(self.as_(who), await self._here(), title, owner)

    async def resolve(self, who: str) -> None:
        """Close the incident, leaving out what is no longer needed."""
        state = await self.incident()
        if state is None or state.status == "resolved":
            return
        for task in state.tasks.values():
            if task.required and task.state in ("open", "waiting"):
                await tasks.skip(self.as_(who), state.id, task.id, NOT_HERE)
        for duty in state.deadlines.values():
            if duty.state in ("waiting", "running"):
                waits = duty.state == "waiting"
                await deadlines.waive(
                    self.as_(who), state.id, duty.id, NOT_HERE, not_applicable=waits
                )
        said = "people have what they need"
        await lifecycle.resolve(self.as_(who), state.id, said, anyway=NO_CALM)
