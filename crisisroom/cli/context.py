"""What a verb works with: the room, who acts, and how to print."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.cli.output import document, note, say, say_all
from crisisroom.core.errors import Refused, Usage
from crisisroom.zones import local_zone_name

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.config import Config, RoomConfig
    from crisisroom.core.playbook import Playbook
    from crisisroom.core.problems import Problem
    from crisisroom.core.timeline import Entry
    from crisisroom.room import Acted, Actor, Room


_NAMES_A_ROOM = re.compile(r"^[^#\n]*\baddress\s*:", re.MULTILINE)


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
        from crisisroom.clock import SystemClock

        self.options = options
        self.clock: Clock = clock or SystemClock()
        self.doing = ""  # the act that the command id stands for, where there is one
        self._room: Room | None = None

    async def __aenter__(self) -> Context:
        return self

    async def __aexit__(self, *unused: object) -> None:
        if self._room is not None:
            await self._room.close()

    @cached_property
    def config_file(self) -> Path | None:
        """Return the configuration in force, None where there is none."""
        from crisisroom.config import config_home, find_config

        home = config_home(os.environ, Path.home())
        return find_config(self.options.config or None, os.environ, Path.cwd(), home)

    @cached_property
    def _config(self) -> Config | None:
        return read_config(self.config_file) if self.config_file else None

    def config(self) -> Config | None:
        """Read the configuration; Refused names every problem in it."""
        return self._config

    @cached_property
    def flaw(self) -> Refused | None:
        """Return why the configuration in force cannot be used, None where it can."""
        if self.config_file is None:
            return None
        try:
            read_config(self.config_file)
        except Refused as refused:
            return refused
        return None

    def legible(self) -> Config | None:
        """Return the configuration, of a broken one what can be read."""
        return salvaged(self.config_file) if self.flaw and self.config_file else self.config()

    def address(self) -> str:
        """Return where the room lies, without opening it."""
        from crisisroom.config import ROOM_VARIABLE, data_home, room_address

        home = data_home(os.environ, Path.home())
        named = self.options.room or os.environ.get(ROOM_VARIABLE)
        config = None if named else self.legible()
        return room_address(self.options.room or None, os.environ, config, home)

    def actor(self) -> Actor:
        """Return who acts: the UNIX user by uid, or the name given by --as."""
        from crisisroom.room import Actor

        uid = os.getuid()
        if self.options.person:
            return Actor(_sound_name(self.options.person), uid, "as")
        return Actor(_login(uid), uid)

    async def room(self, *, create: bool = True, settle: bool = True) -> Room:
        """Open the room, once; a new one takes the configuration in force if it shall settle."""
        if self._room is None:
            self._room = await open_room(self, self.actor(), create=create, settle=settle)
        return self._room

    async def here(self) -> Room:
        """Open a room that is there already; Refused where there is none."""
        return await self.room(create=False)

    def playbooks(self) -> tuple[Path, ...]:
        """Return the folders in which playbooks are looked for, before the shipped ones."""
        config = self.legible()
        return (Path((config and config.playbooks) or "playbooks"),)

    def playbook(self, name: str) -> Playbook:
        """Load a playbook with all it includes, by id or file; Refused names its problems."""
        from crisisroom.library import load

        loaded, problems = load(name, self.playbooks())
        if loaded is None or problems:
            raise Refused("playbook", _listed(problems), "crisisroom check shows them all")
        return loaded

    def team_zone(self) -> str:
        """Return the team's time zone by the configuration in force, else this machine's."""
        config = self.legible()
        return config.room.zone if config else local_zone_name()

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
        """Print what an act changed: the thing with its entry, or the entries' words."""
        if self.options.json:
            document(thing() | {"entry": acted.entry.seq})
            return 0
        if not acted.changed:
            say(f"{acted.incident.id}: nothing changed, this stood already")
            return 0
        for entry in acted.entries:
            say(f"{acted.incident.id} {entry.seq}{self._times(entry, acted)}: {entry.text}")
        return 0

    def _times(self, entry: Entry, acted: Acted) -> str:
        """Return both times of what is written down later than it happened."""
        from crisisroom.cli.plain import in_zone
        from crisisroom.core.corrected import back_dated

        if not back_dated(entry):
            return ""
        at = in_zone(acted.incident.zone, self.clock.now())
        return f" of {at(entry.at)}, written down {at(entry.recorded_at)}"


async def open_room(
    context: Context, actor: Actor, *, create: bool = True, settle: bool = True
) -> Room:
    """Open the room for somebody; `--as` is refused where a team says who people are."""
    from crisisroom.cli.resuming import end_erasure
    from crisisroom.room import Room

    address = context.address()
    _refuse_to_begin_with(context.flaw, address)
    room = await Room.open(address, actor=actor, clock=context.clock, create=create)
    room.store.doing = context.doing
    try:
        if context.flaw:
            _left_aside(context.flaw, context)
        elif settle:
            await _take_first(room, context)
        _check_name(room, actor)
        await end_erasure(room)
    except BaseException:
        await room.close()
        raise
    return room


def _refuse_to_begin_with(flaw: Refused | None, address: str) -> None:
    if flaw and not Path(address).exists():
        raise flaw


def _left_aside(flaw: Refused, context: Context) -> None:
    """Say that a broken configuration stops nobody: the room has its own, of sounder days."""
    if not context.options.json:
        note(f"crisisroom: {flaw.message}; left aside, the room goes on as it is ({flaw.hint})")


async def _take_first(room: Room, context: Context) -> None:
    """Put the configuration in force into a room that never had one."""
    from crisisroom.room.settings import apply_config, is_new

    config = context.config()
    if config is not None and await is_new(room):
        name = context.config_file.name if context.config_file else "crisisroom.yaml"
        await apply_config(room, room_config(config), name)


def room_config(config: Config) -> RoomConfig:
    """Return the part of a configuration that belongs to the room."""
    from crisisroom.config import room_from, room_part

    return room_from(room_part(config))


def _check_name(room: Room, actor: Actor) -> None:
    team = {member.id for member in room.config.team}
    if not team or _drill(room):
        return
    if actor.via == "as":
        raise Refused(
            "as", "--as is not for this room: its team says who people are", "leave --as out"
        )
    if actor.name not in team:
        raise Refused(
            "not-in-team",
            f"{actor.name} is not in this room's team",
            "somebody of the team adds you under `team` in crisisroom.yaml and applies it",
        )


def _drill(room: Room) -> bool:
    return room.config.name.startswith("drill:")


def _sound_name(name: str) -> str:
    from crisisroom.text import check_own

    if check_own(name) or not name.strip() or len(name) > 64 or "\n" in name:
        raise Usage("as", "--as takes a name of up to 64 characters, on one line")
    return name.strip()


def _login(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"


def read_config(path: Path) -> Config:
    """Read a crisisroom.yaml; Refused names every problem in it."""
    from crisisroom.config import load_config
    from crisisroom.library import read

    config, problems = load_config(read(path), str(path))
    if config is None or problems:
        raise Refused("config", _listed(problems), "crisisroom check shows them all")
    return config


def salvaged(path: Path) -> Config | None:
    """Read what is legible of a broken crisisroom.yaml; Refused if it may hide the room's place."""
    from crisisroom.config import legible_part
    from crisisroom.library import read

    text = read(path)
    config = legible_part(text, str(path))
    if _NAMES_A_ROOM.search(text) and not (config and config.room.address):
        hint = "crisisroom check shows why; --room names the room meanwhile"
        raise Refused("config", f"{path} is broken, and it says where the room is", hint)
    return config


def _listed(problems: Sequence[Problem]) -> str:
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return "; ".join(str(problem) for problem in problems[:3]) + more


def parse_moment(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the time meant by `-12m`, `-1h30m`, `09:12` (the last such) or RFC 3339, in UTC."""
    from crisisroom.core.earlier import earlier

    return earlier(text, now, zone_name)
