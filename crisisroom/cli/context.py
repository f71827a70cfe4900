"""What a verb works with: the room, who acts, and how to print."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from crisisroom.cli.output import document, say, say_all
from crisisroom.clock import Clock, SystemClock
from crisisroom.config import Config, data_home, find_config, load_config, room_address
from crisisroom.config import config_home as xdg_config
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.problems import Problem
from crisisroom.library import find, read
from crisisroom.room import Acted, Actor, Room
from crisisroom.room.settings import apply_config
from crisisroom.zones import zone


class Globals(msgspec.Struct, frozen=True):
    """The options of every verb."""

    room: str = ""
    config: str = ""
    person: str = ""
    command_id: str = ""
    json: bool = False
    plain: bool = False


class Context:
    """One run of the program: settings found once, the room opened when a verb asks for it."""

    def __init__(self, options: Globals, clock: Clock | None = None) -> None:
        self.options = options
        self.clock = clock or SystemClock()
        self._room: Room | None = None

    async def __aenter__(self) -> Context:
        return self

    async def __aexit__(self, *unused: object) -> None:
        if self._room is not None:
            await self._room.close()

    @property
    def config_file(self) -> Path | None:
        """Return the configuration in force, None where there is none."""
        home = xdg_config(os.environ, Path.home())
        return find_config(self.options.config or None, os.environ, Path.cwd(), home)

    def config(self) -> Config | None:
        """Read the configuration; Refused names every problem in it."""
        path = self.config_file
        return read_config(path) if path else None

    def address(self) -> str:
        """Return where the room lies, without opening it."""
        config, path = self.config(), self.config_file
        home = data_home(os.environ, Path.home())
        found = room_address(self.options.room or None, os.environ, config, home)
        own = not self.options.room and not os.environ.get("CRISISROOM_ROOM")
        if path and config and own and config.room.address and "://" not in found:
            return str(path.parent / found)
        return found

    def actor(self) -> Actor:
        """Return who acts: the UNIX user by uid, or the name given by --as."""
        uid = os.getuid()
        if self.options.person:
            return Actor(self.options.person, uid, "as")
        return Actor(_login(uid), uid)

    async def room(self, *, create: bool = True) -> Room:
        """Open the room, once; a new one takes the configuration in force by itself."""
        if self._room is None:
            self._room = await open_room(self, self.actor(), create=create)
        return self._room

    def playbooks(self) -> tuple[Path, ...]:
        """Return the folders in which playbooks are looked for, before the shipped ones."""
        path, config = self.config_file, self.config()
        if path and config:
            return (path.parent / config.playbooks,)
        return (Path("playbooks"),)

    def playbook(self, name: str) -> Playbook:
        """Load a playbook by id or file; Refused names every problem in it."""
        text, file = find(name, self.playbooks())
        loaded, problems = load_playbook(text, file)
        if loaded is None or problems:
            raise Refused("playbook", _listed(problems), "crisisroom check shows them all")
        return loaded

    def moment(self, text: str | None) -> datetime | None:
        """Return the time meant by `-12m`, `09:12` or RFC 3339; Usage for anything else."""
        zone_name = self._room.config.zone if self._room else "UTC"
        return parse_moment(text, self.clock.now(), zone_name) if text else None

    def show(self, value: Callable[[], Any], lines: Callable[[], Iterable[str]]) -> None:
        """Print a thing as JSON or as plain lines, whichever was asked for."""
        if self.options.json:
            document(value())
        else:
            say_all(lines())

    def acted(self, acted: Acted, thing: Callable[[], dict[str, Any]]) -> int:
        """Print what an act changed: the thing with its entry, or the entry's words."""
        if self.options.json:
            document(thing() | {"entry": acted.entries[-1].seq if acted.entries else None})
        for entry in () if self.options.json else acted.entries:
            say(f"{acted.incident.id} {entry.seq}: {entry.text}")
        return 0


async def open_room(context: Context, actor: Actor, *, create: bool) -> Room:
    """Open the room for somebody; `--as` is refused where a team says who people are."""
    room = await Room.open(context.address(), actor=actor, clock=context.clock, create=create)
    try:
        config = context.config()
        if config is not None and not room.config.name and not room.config.sources:
            await _take_first(room, config, context.config_file)
        _check_name(room, actor)
    except BaseException:
        await room.close()
        raise
    return room


async def _take_first(room: Room, config: Config, path: Path | None) -> None:
    from crisisroom.room.settings import is_new

    if await is_new(room):
        await apply_config(room, room_config(config), path.name if path else "crisisroom.yaml")


def room_config(config: Config) -> Any:
    """Return the part of a configuration that belongs to the room."""
    from crisisroom.config import room_from, room_part

    return room_from(room_part(config))


def _check_name(room: Room, actor: Actor) -> None:
    team = {member.id for member in room.config.team}
    if actor.via == "as" and team and not _drill(room):
        raise Refused(
            "as", "--as is not for this room: its team says who people are", "leave --as out"
        )
    if team and actor.name not in team and not _drill(room):
        raise Refused(
            "not-in-team",
            f"{actor.name} is not in this room's team",
            "add yourself under `team` in crisisroom.yaml, then crisisroom apply",
        )


def _drill(room: Room) -> bool:
    return room.config.name.startswith("drill:")


def _login(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"


def read_config(path: Path) -> Config:
    """Read a crisisroom.yaml; Refused names every problem in it."""
    config, problems = load_config(read(path), str(path))
    if config is None or problems:
        raise Refused("config", _listed(problems), "crisisroom check shows them all")
    return config


def _listed(problems: Iterable[Problem]) -> str:
    found = list(problems)
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    return "; ".join(str(problem) for problem in found[:3]) + more


def parse_moment(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the time meant by `-12m`, `-1h30m`, `09:12` (the last such) or RFC 3339."""
    from crisisroom.core.kinds import duration_seconds

    if text.startswith("-"):
        seconds = duration_seconds(text[1:])
        if seconds is None:
            raise Usage("time", f"{text} is no span of time", "write it as -12m or -1h30m")
        return now - timedelta(seconds=seconds)
    try:
        return _on_the_clock(text, now, zone_name)
    except ValueError:
        hint = "write it as -12m, 09:12 or 2026-11-22T03:07:00+01:00"
        raise Usage("time", f"{text} is no time", hint) from None


def _on_the_clock(text: str, now: datetime, zone_name: str) -> datetime:
    here = now.astimezone(zone(zone_name))
    if len(text) == 5 and text[2] == ":":
        at = here.replace(hour=int(text[:2]), minute=int(text[3:]), second=0, microsecond=0)
        return at if at <= here else at - timedelta(days=1)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=here.tzinfo)
