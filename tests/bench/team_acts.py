"""What a team does in a crisis, one act after the other: every kind, each with words of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from random import Random

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Author, Incoming
from crisisroom.room import (
    Actor,
    Room,
    cadences,
    corrective,
    enquiries,
    facts,
    holding,
    lifecycle,
    plan,
    questions,
    reading,
    record,
    reviewing,
    roles,
    statements,
    tasks,
    triage,
    words,
)

PEOPLE = ("ada", "bo", "cy", "dee", "eli", "fay", "gus", "hal")
POSTS = 12
SHOWN = 8  # posts that may come beside them: all fit on the screen
Act = Callable[[Room, str], Awaitable[object]]


@dataclass
class Script:
    """Acts on one incident, by several people in turn; the same seed gives the same acts."""

    room: Room
    inc: str = "INC-1"
    seed: int = 1
    prefix: str = "zq"  # of the words of this run
    made: dict[str, list[str]] = field(default_factory=dict)  # ids of what acts made, by kind

    def acts(self, count: int) -> Iterator[tuple[str, str, Callable[[], Awaitable[object]]]]:
        """Yield what is done, its own word, and how to do it."""
        random = Random(self.seed)
        people = cycle(PEOPLE)
        kinds: list[tuple[str, Act]] = []
        for number in range(count):
            if not kinds:
                kinds = list(self._kinds().items())
                random.shuffle(kinds)
            name, act = kinds.pop()
            who = self.room.as_actor(Actor(next(people)))
            word = f"{self.prefix}{number:03}"
            yield name, word, partial(self._done, act, who, word)

    async def _done(self, act: Act, who: Room, word: str) -> object:
        """Act; where the room refuses it by now, as an update put off for too long, say so."""
        try:
            return await act(who, word)
        except Refused:
            return await record.note(who, self.inc, word)

    def _kinds(self) -> dict[str, Act]:
        inc = self.inc
        return {
            "note": lambda room, word: record.note(room, inc, word),
            "decision": lambda room, word: record.decide(room, inc, word, "it is time"),
            "fact": lambda room, word: facts.set_fact(room, inc, "affected", word, "known", "log"),
            "fact checking": lambda room, word: facts.set_fact(
                room, inc, "amount", word, "checking"
            ),
            "task added": self._add_task,
            "task done": self._tick,
            "task reopened": self._reopen,
            "task given": self._give,
            "severity": self._severity,
            "title": lambda room, word: lifecycle.retitle(room, inc, word),
            "role": self._role,
            "enquiry": self._enquiry,
            "answer": self._answer,
            "action": self._action,
            "action done": self._action_done,
            "question": lambda room, word: questions.ask(room, inc, word, whom="ada"),
            "call": lambda room, word: record.called(room, inc, "ops", "phone", False, word),
            "put off": lambda room, word: cadences.snooze(room, inc, "public", 900, word),
            "hold": self._hold,
            "review": lambda room, word: reviewing.write(room, inc, "summary", word, add=True),
            "factor": lambda room, word: reviewing.add_factor(room, inc, word),
            "statement": self._statement,
            "statement edited": self._edit,
            "statement withdrawn": self._withdraw,
            "post": self._post,
            "post linked": self._link,
            "post claimed": self._claim,
        }

    def _last(self, kind: str) -> str:
        """Take the newest of what acts made; empty where there is none left."""
        held = self.made.get(kind, [])
        return held.pop() if held else ""

    def _keep(self, kind: str, name: str) -> None:
        self.made.setdefault(kind, []).append(name)

    async def _add_task(self, room: Room, word: str) -> object:
        acted = await plan.add_task(room, self.inc, word)
        self._keep("task", acted.thing)
        return acted

    async def _tick(self, room: Room, word: str) -> object:
        name = self._last("task") or (await plan.add_task(room, self.inc, f"{word} first")).thing
        self._keep("ticked", name)
        return await tasks.done(room, self.inc, name, word)

    async def _reopen(self, room: Room, word: str) -> object:
        name = self._last("ticked")
        if not name:
            return await self._add_task(room, word)
        self._keep("task", name)
        return await tasks.reopen(room, self.inc, name)

    async def _give(self, room: Room, word: str) -> object:
        name = (await plan.add_task(room, self.inc, word)).thing
        self._keep("task", name)
        return await tasks.assign(room, self.inc, name, "bo")

    async def _severity(self, room: Room, word: str) -> object:
        now = "sev2" if self._last("severity") else "sev1"
        if now == "sev1":
            self._keep("severity", now)
        return await lifecycle.severity(room, self.inc, now, word)

    async def _role(self, room: Room, word: str) -> object:
        holder = self._last("pay")
        name = "eli" if holder != "eli" else "fay"
        self._keep("pay", name)
        return await roles.assign(room, self.inc, "pay", name, word if holder else "")

    async def _enquiry(self, room: Room, word: str) -> object:
        acted = await enquiries.add(room, self.inc, "media", word, "what happened?")
        self._keep("enquiry", acted.thing.id if hasattr(acted.thing, "id") else acted.thing)
        return acted

    async def _answer(self, room: Room, word: str) -> object:
        if not (name := self._last("enquiry")):
            return await self._enquiry(room, word)
        return await enquiries.answer(room, self.inc, name, word)

    async def _action(self, room: Room, word: str) -> object:
        acted = await corrective.add(room, self.inc, word, "bo")
        self._keep("action", acted.thing.id if hasattr(acted.thing, "id") else acted.thing)
        return acted

    async def _action_done(self, room: Room, word: str) -> object:
        if not (name := self._last("action")):
            return await self._action(room, word)
        return await corrective.done(room, self.inc, name, word)

    async def _hold(self, room: Room, word: str) -> object:
        if self._last("hold"):
            return await holding.lift(room, self.inc, word)
        self._keep("hold", "held")
        return await holding.set_hold(room, self.inc, word)

    async def _statement(self, room: Room, word: str) -> object:
        acted = await statements.draft(room, self.inc, "update", f"{word} We are refunding.")
        self._keep("statement", acted.thing.id)
        return acted

    async def _edit(self, room: Room, word: str) -> object:
        if not (name := self._last("statement")):
            return await self._statement(room, word)
        self._keep("statement", name)
        return await words.edit(room, self.inc, name, f"{word} We are refunding all of it.")

    async def _withdraw(self, room: Room, word: str) -> object:
        if not (name := self._last("statement")):
            return await self._statement(room, word)
        return await words.withdraw(room, self.inc, name, word)

    async def _post(self, room: Room, word: str) -> object:
        if len(self.made.setdefault("seen", [])) >= SHOWN:  # more would push others off the screen
            return await record.note(room, self.inc, word)
        self._keep("seen", word)
        return await triage.add_by_hand(room, "it happens here too", handle=word)

    async def _link(self, room: Room, word: str) -> object:
        free = [one for one in await reading.mentions(room) if not one.incident]
        if not free:
            return await record.note(room, self.inc, word)
        post = free[-1]
        self._keep("post", post.id)
        return await triage.link(room, self.inc, [post.id])

    async def _claim(self, room: Room, word: str) -> object:
        if not (name := self._last("post")):
            return await self._link(room, word)
        return await triage.claim(room, name, take=True)


def first_posts(sources: Sequence[str] = ("masto", "forum")) -> list[Incoming]:
    """Return the posts that are there before anybody acts."""
    return [
        Incoming(
            text=f"charged twice, post {number}",
            source=sources[number % len(sources)],
            external_id=f"p{number}",
            author=Author(f"rider{number}", "", 10 * number),
        )
        for number in range(POSTS)
    ]
