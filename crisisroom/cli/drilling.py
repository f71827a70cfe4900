"""A playbook's own drill: with people at the screen, or headless; a report at its end."""

from __future__ import annotations

import asyncio
import shlex
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, room_config
from crisisroom.cli.files import make_folder, write_files
from crisisroom.cli.output import flush, say
from crisisroom.cli.stopping import until_stopped
from crisisroom.clock import ScaledClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook import Playbook
from crisisroom.core.problems import Problem
from crisisroom.report.contract import plainly

if TYPE_CHECKING:
    from crisisroom.config import RoomConfig
    from crisisroom.drill.performance import Drill, Performance
    from crisisroom.drill.play import Beat
    from crisisroom.drill.result import Result

BRAND = "Example"  # where no configuration says whose crisis it is
ROOM = "room.db"
WIDE = 160  # columns of a line of progress
NO_DRILL = (
    "write one at its end, in a few lines: `drill:`, then steps like"
    ' `- {at: 2m, mention: {text: "It smokes!"}}`, `- {at: 5m, declare: sev1}`,'
    ' `- {at: 9m, inject: "A reporter calls.", to: lead}`, `- {at: 12m, done: a-task}`'
)


def _arguments(parser: ArgumentParser) -> None:
    from crisisroom.cli.opening import driver_argument

    parser.add_argument("playbook", metavar="PLAYBOOK", help="the playbook's id or file")
    parser.add_argument(
        "--speed",
        type=float,
        default=None,
        metavar="N",
        help="how many times as fast; without it 1 on the screen, headless as fast as it goes",
    )
    parser.add_argument(
        "--headless", action="store_true", help="nobody plays: the script's acts too, as lines"
    )
    parser.add_argument(
        "--seed", type=int, default=None, metavar="N", help="move posts and injects a little"
    )
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--with-team", action="store_true", help="with the team, each in their role")
    who.add_argument("--alone", action="store_true", help="one person does everything")
    parser.add_argument(
        "-o", "--output", default="", metavar="DIR", help="the folder for room, report and exports"
    )
    parser.add_argument("--ascii", action="store_true", help="only signs every terminal has")
    parser.add_argument("--mouse", action="store_true", help="let the mouse work in the room")
    parser.add_argument("--light", action="store_true", help="for a light terminal")
    parser.add_argument("--contrast", action="store_true", help="black and white, easy to tell")
    driver_argument(parser)


def _drill(context: Context, args: Namespace) -> int:
    from crisisroom.cli.opening import on_terminal
    from crisisroom.library import load

    _check_speed(args)
    playbook, problems = load(args.playbook, context.playbooks())
    if playbook is None or problems:
        return _with_problems(context, problems)
    if not playbook.drill:
        raise Refused("no-drill", f"{playbook.id} has no drill", NO_DRILL)
    headless = args.headless or not on_terminal()
    drill = _cast(context, args, playbook, headless=headless)
    folder = _folder(args.output)
    if headless:
        return asyncio.run(until_stopped(_headless(context, drill, folder, args.speed)))
    return _on_screen(context, args, drill, folder)


def _check_speed(args: Namespace) -> None:
    if args.speed is not None and not 0.1 <= args.speed <= 100_000:
        raise Usage("speed", f"--speed {args.speed:g} is out of range", "from 0.1 to 100000")


def _with_problems(context: Context, problems: list[Problem]) -> int:
    """List what is wrong, as `check` does."""
    context.show(
        lambda: {"ok": False, "problems": [plainly(one) for one in problems]},
        lambda: [*map(str, problems), "no drill was held: mend these first"],
    )
    return 1


def _cast(context: Context, args: Namespace, playbook: Playbook, *, headless: bool) -> Drill:
    from crisisroom.drill.casting import alone, cast, with_person
    from crisisroom.drill.performance import Drill

    person, real = context.actor().name, _real(context)
    teamed = args.with_team or (not args.alone and (headless or bool(real.team)))
    if not teamed:
        players = alone(playbook, person)
    else:
        players = cast(playbook, real.team)
        players = players if headless else with_person(players, playbook, person)
    speed = args.speed or 1.0
    if teamed and not headless and speed != 1:
        raise Usage(
            "speed",
            "with a team everybody's clock runs alike: --speed is for one person or --headless",
            "leave --speed out, or drill --alone",
        )
    return Drill(
        playbook=playbook,
        cast=players,
        real=real,
        person=person,
        headless=headless,
        seed=args.seed,
        speed=speed,
    )


def _real(context: Context) -> RoomConfig:
    """Return the settings in force: team, brand and zone are ours where we have any."""
    from crisisroom.config import Brand, RoomConfig
    from crisisroom.zones import local_zone_name

    config = context.config()
    real = room_config(config) if config else RoomConfig(zone=local_zone_name())
    if not real.brand.name:
        real = msgspec.structs.replace(real, brand=Brand(BRAND, (BRAND,)))
    return real


def _folder(given: str) -> Path:
    """Return the folder of the drill; Refused where another drill lies in it."""
    if not given:
        return Path(tempfile.mkdtemp(prefix="crisisroom-drill-"))
    folder = Path(given)
    if (folder / ROOM).exists():
        raise Refused("exists", f"there is a drill in {folder} already", "name another folder")
    make_folder(folder)
    return folder


async def _headless(context: Context, drill: Drill, folder: Path, speed: float | None) -> int:
    from crisisroom.drill.pace import SteppedClock
    from crisisroom.drill.performance import performance

    start = context.clock.now() - timedelta(seconds=drill.seconds)
    clock = SteppedClock(start.replace(microsecond=0), speed)
    quiet = context.options.json
    async with performance(folder / ROOM, drill, clock) as played:
        if not quiet:
            say(f"DRILL: {drill.playbook.title}; nothing goes out")
            flush()
        progress = None if quiet else Progress(played)
        await played.run(progress.tell if progress else None)
        if progress:
            await progress.tell()
            say()
        return await _report(context, played, folder)


async def _report(context: Context, played: Performance, folder: Path) -> int:
    """Write report and exports, print the report, and return the exit code."""
    from crisisroom.core.terms import zone_of
    from crisisroom.drill.result import markdown, plain

    here = zone_of(played.room.config.zone)
    await _export(played, folder / "export")
    result = await played.result(folder)
    lines = plain(result, here)
    _write(folder, result, lines, markdown(result, here))
    context.show(result.json, lambda: lines)
    return 0 if result.ok else 1


def _write(folder: Path, result: Result, lines: list[str], text: str) -> None:
    files = {
        "report.md": text.encode(),
        "report.txt": "".join(f"{line}\n" for line in lines).encode(),
        "report.json": msgspec.json.encode(result.json()) + b"\n",
    }
    write_files({folder / name: data for name, data in files.items()}, force=True)


async def _export(played: Performance, target: Path) -> None:
    """Write the incident in every format there is a package for, where there is an incident."""
    from crisisroom.report import record
    from crisisroom.room import reading
    from crisisroom.room.papers import ALL, Order, files_of

    for incident in (await reading.incidents(played.room))[-1:]:
        told = record(await reading.timeline(played.room, incident.id))
        make_folder(target)
        made, _ = files_of(told, Order(format=ALL))
        write_files({target / name: pieces for name, pieces in made.items()}, force=True)


class Progress:
    """Prints what happens in a drill, at the drill's own time, as it happens."""

    def __init__(self, played: Performance) -> None:
        self._played = played
        self._start = played.room.clock.now()
        self._seen = 0

    async def tell(self, beat: Beat | None = None) -> None:
        """Print a beat that the timeline does not tell of, and what is new on the timeline."""
        from crisisroom.room import reading
        from crisisroom.text import clip

        if beat and beat.said:
            say(f"{_clock(timedelta(seconds=beat.second))}  {clip(beat.said, WIDE)}")
        for incident in (await reading.incidents(self._played.room))[-1:]:
            fresh = await reading.timeline(self._played.room, incident.id, self._seen)
            for entry in fresh:
                text = clip(" ".join(entry.text.split()), WIDE)
                say(f"{_clock(entry.at - self._start)}  {entry.actor}: {text}")
                self._seen = entry.seq
        flush()


def _clock(after: timedelta) -> str:
    whole = max(0, int(after.total_seconds()))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _on_screen(context: Context, args: Namespace, drill: Drill, folder: Path) -> int:
    from crisisroom.cli.opening import taste
    from crisisroom.cli.rehearsal import Backstage, show
    from crisisroom.drill.performance import performance
    from crisisroom.room import Actor, Room

    clock = ScaledClock(context.clock.now(), drill.speed)
    shown: list[int] = []

    async def perform(stage: Backstage) -> None:
        async with performance(folder / ROOM, drill, clock) as played:
            stage.ready.set()
            await stage.watched(played.run(), played.linger)
            say("that was a drill: nothing went out.")
            shown.append(await _report(context, played, folder))

    if drill.cast.team:
        say("colleagues join once it has begun, on this machine:")
        say(f"  crisisroom --room {shlex.quote(str((folder / ROOM).absolute()))} --as NAME")
        say("press enter to begin")
        flush()
        sys.stdin.readline()
    code = show(
        Backstage(perform),
        lambda: Room.open(str(folder / ROOM), actor=Actor(drill.person, via="drill"), clock=clock),
        taste=taste(args, context),
        playbooks=(*_beside(args.playbook), *context.playbooks()),
    )
    return code or (shown or [1])[0]


def _beside(name: str) -> tuple[Path, ...]:
    """Return the folder of a playbook given as a file, so that the screen offers it too."""
    path = Path(name)
    return (path.parent,) if path.is_file() else ()


VERBS = {"drill": Verb(_drill, _arguments)}
