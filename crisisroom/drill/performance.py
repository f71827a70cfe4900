"""One drill from its first second to its report: the room, whoever plays, and the way it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from crisisroom import channels
from crisisroom.channels import Channel
from crisisroom.clock import Clock
from crisisroom.config import RoomConfig
from crisisroom.core.apply import replay
from crisisroom.core.clocks import clocks
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.timeline import Entry
from crisisroom.drill.casting import Cast, settings
from crisisroom.drill.director import Director
from crisisroom.drill.outcome import outcome
from crisisroom.drill.play import TICK, Beat, Play
from crisisroom.drill.result import Result
from crisisroom.drill.scenario import beats, length, steps_of
from crisisroom.drill.team import Team
from crisisroom.fetch import Fetcher
from crisisroom.room import Actor, Room, reading
from crisisroom.room.settings import apply_config
from crisisroom.room.verifying import verify
from crisisroom.watch.outbox import Outbox

RUN_OUT = 600  # seconds after the script's end in which what is due still counts
LOOK = 60.0  # seconds of the drill between two looks where nobody sits at the screen
OVER = "the drill is over: leave the room (q) to read what came in time and what did not"

Heard = Callable[[Beat], Awaitable[object]]


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """What is drilled, by whom: `headless` lets the script play the team's acts too."""

    playbook: Playbook
    cast: Cast
    real: RoomConfig
    person: str
    headless: bool
    seed: int | None = None
    speed: float = 1.0

    @property
    def seconds(self) -> int:
        """Return how long the drill may last, in seconds of its own time."""
        return length(steps_of(self.playbook, self.seed)) + RUN_OUT


class Performance:
    """A drill under way in a room."""

    def __init__(self, room: Room, drill: Drill, fetch: Fetcher) -> None:
        self.room = room
        self._drill = drill
        self._start = room.clock.now()
        self._director = Director(room, drill.playbook)
        self._team = Team(room, self._director, drill.cast) if drill.headless else None
        self._steps = steps_of(drill.playbook, drill.seed)
        self._played = 0
        self._left_open = ""
        self._over_at: datetime | None = None  # what comes after it counts no more
        beside = self._team.mind if self._team else self._director.catch_up
        self._play = Play(
            room,
            Outbox(room, fetch, _StandIns(room)),
            self._start,
            tuple(source.id for source in room.config.sources),
            LOOK if drill.headless else max(TICK, drill.speed),
            beside,
            (drill.playbook,),
        )

    async def run(self, heard: Heard | None = None) -> None:
        """Play the script to its end, let what is due soon run out, and close the incident."""

        async def counted(beat: Beat) -> None:
            self._played += 1
            if heard:
                await heard(beat)

        if self._team:
            await self._team.prepare()
        await self._play.run(beats(self._steps, self._director, self._team), counted)
        await self._end(self._team)
        self._over_at = self.room.clock.now()

    async def _end(self, team: Team | None) -> None:
        if team is None:
            await self._play.until(self._play.second + await self._more())
            await self._director.note(OVER)
            return
        self._left_open = await team.resolve()
        if self._left_open:
            await self._play.until(self._play.second + await self._more())
            self._left_open = await team.resolve()

    async def _more(self) -> float:
        """Return for how many seconds there is still something due that has to be done."""
        state = await self._director.incident()
        now = self.room.clock.now()
        due = [one.due_at - now for one in clocks(state, now)] if state else []
        soon = [left for left in due if timedelta(0) < left <= timedelta(seconds=RUN_OUT)]
        return max(soon, default=timedelta(0)).total_seconds()

    async def linger(self, over: Callable[[], bool]) -> None:
        """Keep clocks and outbox going until the person leaves."""
        await self._play.linger(over)

    async def result(self, folder: Path) -> Result:
        """Return the report of the drill as it stands; the room's log is checked for it."""
        drill, now = self._drill, self._over_at or self.room.clock.now()
        checked = await verify(self.room)
        entries = await self._entries(now)
        state = replay(entries)
        team = self._team
        return Result(
            playbook=drill.playbook.id,
            version=drill.playbook.version,
            title=drill.playbook.title,
            brand=self.room.config.brand.name,
            played_by=_held(state),
            headless=drill.headless,
            start=self._start,
            end=now,
            steps=len(self._steps),
            played=self._played,
            outcome=outcome(entries, now) if entries else None,
            slips=tuple(team.slips) if team else (),
            stand_ins=drill.cast.stand_ins,
            left_open=self._left_open if team else _open_words(state),
            problems=tuple(str(one) for chain in checked for one in chain.problems),
            checked=sum(chain.entries for chain in checked),
            head_hash=state.head_hash if state else "",
            folder=str(folder),
        )

    async def _entries(self, until: datetime) -> tuple[Entry, ...]:
        state = await self._director.incident()
        known = await reading.timeline(self.room, state.id) if state else ()
        return tuple(entry for entry in known if entry.recorded_at <= until)


def _open_words(state: Incident | None) -> str:
    return "nobody resolved it" if state and state.status == "open" else ""


def _held(state: Incident | None) -> tuple[str, ...]:
    known = state.roles.values() if state else ()
    return tuple(f"{role.title}: {role.holder}" for role in known if role.holder)


class _StandIns:
    """The ways out of a drill: whatever the room's settings say, nothing leaves this machine."""

    def __init__(self, room: Room) -> None:
        self._clock = room.clock
        self._kept = room.store.here.with_name("sent.jsonl")
        self._made: dict[str, Channel] = {}

    def __call__(self, incident: Incident, name: str) -> Channel:
        if name not in self._made:
            self._made[name] = channels.make(
                "stand-in", name, {"path": str(self._kept)}, clock=self._clock
            )
        return self._made[name]


@asynccontextmanager
async def performance(file: Path, drill: Drill, clock: Clock) -> AsyncIterator[Performance]:
    """Open the drill's own room, with its settings in force, ready to run."""
    actor = Actor(drill.person, via="drill")
    async with await Room.open(str(file), actor=actor, clock=clock) as room:
        config = settings(drill.playbook, drill.cast, drill.real)
        await apply_config(room, config, "the drill's settings")
        async with Fetcher() as fetch:
            yield Performance(room, drill, fetch)
