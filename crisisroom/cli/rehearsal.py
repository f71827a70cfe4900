"""The demo: a drill on a throw-away room, on the screen or as plain lines."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisisroom import channels
from crisisroom.channels import Channel
from crisisroom.cli.files import make_folder, write_files
from crisisroom.cli.output import document, say, say_all
from crisisroom.clock import Clock, ScaledClock, SystemClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry
from crisisroom.drill import CRISES, Play, Stage, drill_settings, scorecard, script
from crisisroom.drill.pace import SteppedClock
from crisisroom.drill.play import Beat
from crisisroom.drill.script import MINUTES, beats, title_of
from crisisroom.drill.stage import SOURCES
from crisisroom.fetch import Fetcher
from crisisroom.library import load
from crisisroom.report import record, verify_entries
from crisisroom.room import Actor, Room, reading
from crisisroom.room.checks import own, required
from crisisroom.room.papers import ALL, Order, files_of
from crisisroom.room.settings import apply_config
from crisisroom.watch.outbox import Outbox
from crisisroom.zones import local_zone_name

if TYPE_CHECKING:
    from crisisroom.tui.start import Taste

FASTER = 6.0  # the story's hour plays in ten minutes
OVER = "the drill is over: leave the room (q) to see what came late and where the export lies"


class Rehearsal:
    """One demo, from the empty folder to the export."""

    def __init__(self, person: str, brand: str, crisis: str, folder: Path | None) -> None:
        self._person = person
        self._brand = own(required(brand, "whose crisis is it?").strip(), "--brand")
        self._crisis = CRISES[crisis]
        self._folder = folder or Path(tempfile.mkdtemp(prefix="crisisroom-demo-"))
        self._playbook = _plan(self._crisis.playbook)

    @property
    def _file(self) -> Path:
        return self._folder / "room.db"

    async def headless(self, *, as_json: bool = False) -> int:
        """Play the whole crisis at once, print its timeline, write and verify its exports."""
        clock = SteppedClock(SystemClock().now() - timedelta(minutes=MINUTES))
        async with self._stage(clock) as (room, play, stage):
            printer = _Printer(silent=as_json)
            if not as_json:
                say(f"drill: {title_of(self._crisis)}, {self._brand}; nothing goes out")
            await play.run(self._beats(stage, clock))
            incident = await stage.incident()
            entries = await reading.timeline(room, "INC-1")
            printer.entries(entries, room.config.zone)
            problems = await self._close(room, printer)
            if as_json:
                document(
                    {
                        "ok": not problems,
                        "incident": incident.id if incident else None,
                        "entries": len(entries),
                        "mentions": await reading.count(room),
                        "folder": str(self._folder),
                        "problems": problems,
                    }
                )
        return 1 if problems else 0

    @asynccontextmanager
    async def _stage(self, clock: Clock) -> AsyncIterator[tuple[Room, Play, Stage]]:
        actor = Actor(self._person, via="drill")
        async with await Room.open(str(self._file), actor=actor, clock=clock) as room:
            settings = drill_settings(self._brand, self._person, self._playbook, local_zone_name())
            await apply_config(room, settings, "the drill's settings")
            stage = Stage(room, self._playbook, title_of(self._crisis))
            async with Fetcher() as fetch:
                outbox = Outbox(room, fetch, self._channels(clock))
                plans = (self._playbook,)
                play = Play(room, outbox, clock.now(), SOURCES, beside=stage.mind, plans=plans)
                yield room, play, stage

    def _channels(self, clock: Clock) -> Callable[[Incident, str], Channel | None]:
        made: dict[str, Channel] = {}

        def channel(incident: Incident, name: str) -> Channel:
            if name not in made:
                kept = self._folder / "sent.jsonl"
                options = {"path": str(kept)}
                made[name] = channels.make("stand-in", name, options, clock=clock)
            return made[name]

        return channel

    async def _close(self, room: Room, printer: _Printer) -> list[str]:
        """Write the exports, verify the log, and print what came late."""
        known = await reading.incidents(room)
        if not known:
            printer.lines(["nobody declared an incident: there is nothing to export"])
            return []
        incident = known[-1]
        entries = await reading.timeline(room, incident.id)
        problems = [str(problem) for problem in verify_entries(entries, incident.id)]
        page = self._export(entries, room.config.zone)
        verdict = "verified" if not problems else "broken"
        printer.lines(["", *scorecard(incident, entries), ""])
        printer.lines([f"log {verdict}: {len(entries)} entries, head {incident.head_hash[:16]}"])
        printer.lines([*problems, f"look at {page} first; every other format lies beside it"])
        return problems

    def _export(self, entries: tuple[Entry, ...], zone_name: str) -> Path:
        """Write every format there is a package for; returns the page to look at."""
        target = self._folder / "export"
        make_folder(target)
        made, _ = files_of(record(entries), Order(format=ALL, zone=zone_name))
        write_files({target / name: pieces for name, pieces in made.items()}, force=True)
        return next(target / name for name in made if name.endswith(".html"))

    def on_screen(self, speed: float, taste: Taste) -> int:
        """Play the crisis in the room, on a clock that runs faster; the person works along."""
        clock = ScaledClock(SystemClock().now(), FASTER * speed)

        async def perform(stage: Backstage) -> None:
            async with self._stage(clock) as (_, play, people):
                told = self._beats(people, clock)
                stage.ready.set()
                await stage.watched(self._played(play, people, told), play.linger)

        actor = Actor(self._person, via="drill")
        code = show(
            Backstage(perform),
            lambda: Room.open(str(self._file), actor=actor, clock=clock),
            taste=taste,
        )
        return asyncio.run(self._farewell(clock)) or code

    def _beats(self, stage: Stage, clock: Clock) -> list[Beat]:
        steps = script(self._crisis, self._playbook, self._brand, clock.now())
        return beats(steps, stage)

    async def _played(self, play: Play, stage: Stage, told: list[Beat]) -> None:
        await play.run(told)
        await stage.attempt(lambda: stage.note("dee", OVER))

    async def _farewell(self, clock: Clock) -> int:
        actor = Actor(self._person, via="drill")
        async with await Room.open(str(self._file), actor=actor, clock=clock) as room:
            say("that was a drill: nothing went out.")
            return 1 if await self._close(room, _Printer(silent=False)) else 0


class Backstage:
    """A drill that plays in a thread of its own while a person looks at the screen.

    `perform` sets `ready` once there is a room to open, and ends soon after `over`.
    """

    def __init__(self, perform: Callable[[Backstage], Awaitable[None]]) -> None:
        self._perform = perform
        self.ready = threading.Event()
        self.over = threading.Event()
        self._failure: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, name="drill", daemon=True)

    def begin(self) -> None:
        """Start, and wait until the room can be opened."""
        self._thread.start()
        if not self.ready.wait(30):
            raise Unavailable("drill", "the drill's room could not be set up")
        self._complain()

    def end(self) -> None:
        """Wait until it has ended, now that the screen is gone; raises what went wrong in it."""
        self.over.set()
        self._thread.join(30)
        self._complain()

    def _complain(self) -> None:
        if self._failure:
            raise self._failure[0]

    async def _performing(self) -> None:
        await self._perform(self)

    def _run(self) -> None:
        try:
            asyncio.run(self._performing())
        except BaseException as error:
            self._failure.append(error)  # raised when the screen is gone, not across it
            self.ready.set()

    async def watched(
        self,
        playing: Coroutine[Any, Any, None],
        linger: Callable[[Callable[[], bool]], Awaitable[None]],
    ) -> None:
        """Play until the end or until the person leaves; after the end, go on until they do."""
        task = asyncio.ensure_future(playing)
        while not task.done() and not self.over.is_set():
            await asyncio.wait([task], timeout=0.25)
        if task.done():
            task.result()
            await linger(self.over.is_set)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def show(
    stage: Backstage,
    open_room: Callable[[], Awaitable[Room]],
    *,
    taste: Taste,
    playbooks: tuple[Path, ...] = (),
) -> int:
    """Show a drill's room while the drill plays; returns the screen's exit code."""
    from crisisroom.tui.start import Hooks, run_screen

    stage.begin()
    code = run_screen(
        open_room,
        taste=taste,
        hooks=Hooks(playbooks=playbooks) if playbooks else None,
        watch=False,  # the drill itself listens and sends
        drill_note="a drill: nothing goes out",
    )
    stage.end()
    return code


class _Printer:
    """Prints a drill's plain lines, or nothing where JSON was asked for."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent

    def lines(self, lines: list[str]) -> None:
        """Print finished lines."""
        if not self._silent:
            say_all(lines)

    def entries(self, entries: tuple[Entry, ...], zone_name: str) -> None:
        """Print a timeline, a line an entry, in the case's zone."""
        here = zone_of(zone_name)
        self.lines(
            [
                f"{entry.at.astimezone(here):%H:%M}  {entry.actor:4}  {entry.text}"
                for entry in entries
            ]
        )


def _plan(name: str) -> Playbook:
    playbook, problems = load(name, ())
    if playbook is None:
        raise Refused("playbook", str(problems[0]))
    return playbook
