"""A team that can be told, by ways that do as they are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from room.people import WITH_TEAM

from crisisroom.clock import ManualClock
from crisisroom.config import Member, OnCall
from crisisroom.config.notifying import Notify, Notifying
from crisisroom.config.settings import Messenger
from crisisroom.core.playbook import Reach
from crisisroom.fetch import Fetcher
from crisisroom.notifiers.messages import Answer, InDoubt, Message, NotDelivered
from crisisroom.room import Room
from crisisroom.room.settings import apply_config
from crisisroom.store import pages
from crisisroom.store.pages import Page
from crisisroom.watch.notifying import Notifier

AGAIN = 300


def reach(person: str) -> tuple[Reach, ...]:
    """Return a person's ways: a push message first, then mail."""
    return (Reach("ntfy", f"crisis-{person}"), Reach("email", f"{person}@acme.example"))


TOLD = msgspec.structs.replace(
    WITH_TEAM,
    team=(
        Member("ada", "Ada", ("social",), reach=reach("ada")),
        Member("bo", "Bo", ("social", "lead"), reach=reach("bo")),
        Member("cy", "Cy", ("legal",), reach=reach("cy"), notify=Notify(quiet="22:00-07:00")),
        Member("dee", "Dee", ("lead", "legal"), reach=reach("dee")),
    ),
    oncall=OnCall(people=("bo", "dee"), start="2026-11-16"),
    messengers=(
        Messenger(id="pings", type="ntfy", replies="answers-0123456789ab"),
        Messenger(id="letters", type="mail", account="post"),
    ),
    notifying=Notifying(again=AGAIN),
)


class Died(BaseException):
    """The process ended here."""


@dataclass
class Way:
    """One way to people: what it took, what it shall do, and who answers."""

    id: str
    taken: list[tuple[str, Message]] = field(default_factory=list)
    fails: Exception | None = None
    dies: str = ""  # before or after it took a message
    looks: bool = False
    answering: list[Answer] = field(default_factory=list)
    well: bool = True

    async def carry(self, to: str, message: Message) -> str:
        if self.dies == "before":
            raise Died
        if self.fails is not None:
            raise self.fails
        self.taken.append((to, message))
        if self.dies == "after":
            raise Died
        return f"{self.id}-{len(self.taken)}"

    async def seen(self, to: str, message: Message) -> str | None:
        if not self.looks:
            raise NotDelivered("it shows nothing")
        return next((one.id for there, one in self.taken if (there, one) == (to, message)), None)

    async def answers(self, sent: list[tuple[str, str]], since: datetime) -> list[Answer]:
        return self.answering

    async def prove(self) -> None:
        if not self.well:
            raise NotDelivered("it is broken")

    @property
    def people(self) -> list[str]:
        """Whom it told, in order."""
        return [to.removeprefix("crisis-").partition("@")[0] for to, _ in self.taken]

    @property
    def texts(self) -> list[str]:
        return [message.text for _, message in self.taken]


class Ground:
    """A room with both ways, and a notifier that works when it is told to."""

    def __init__(self, room: Room, clock: ManualClock, fetch: Fetcher) -> None:
        self.room = room
        self.clock = clock
        self.pings = Way("pings")
        self.letters = Way("letters")
        self._fetch = fetch
        self.notifier = self.fresh()

    def fresh(self) -> Notifier:
        """Return the notifier of another process."""
        ways = {"pings": self.pings, "letters": self.letters}
        return Notifier(self.room.for_machine(), self._fetch, carriers=ways.get)

    async def work(self, seconds: float = 0.0) -> None:
        """Let time go by, and take every step that is due then."""
        self.clock.advance(seconds)
        await self.notifier.work()

    async def pages(self, *states: str) -> list[Page]:
        """Return the pages, the oldest first."""
        found = await self.room.for_machine().store.read(lambda tx: pages.recent(tx, 100))
        return [one for one in reversed(found) if one.state in states or not states]

    async def state(self, person: str) -> list[tuple[str, str]]:
        """Return kind and state of a person's pages."""
        return [(one.kind, one.state) for one in await self.pages() if one.person == person]

    async def entries(self, kind: str) -> list[str]:
        """Return the texts of a kind of entry, on the incident's timeline and the room's."""
        from crisisroom.room import reading

        known = await reading.incidents(self.room.for_machine())
        found = [one for state in known for one in await reading.timeline(self.room, state.id)]
        found += await reading.room_log(self.room)
        return [one.text for one in found if one.kind == kind]


async def ground(room: Room, clock: ManualClock, fetch: Fetcher) -> Ground:
    """Return a room whose settings are in force."""
    await apply_config(room, TOLD, "crisisroom.yaml")
    return Ground(room, clock, fetch)


__all__ = [
    "AGAIN",
    "TOLD",
    "Answer",
    "Died",
    "Ground",
    "InDoubt",
    "NotDelivered",
    "Way",
    "ground",
    "reach",
]
