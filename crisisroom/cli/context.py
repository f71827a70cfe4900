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
    from crisisroom.room.overtaking import Attention


_NAMES_A_ROOM = re.compile(r"^[^#\n]*\baddress\s*:", re.MULTILINE)


class Globals(msgspec.Struct, frozen=True):
    """The options of every verb."""

    room: str = ""
    config: str = ""
    person: str = ""
    command_id: str = ""
    json: bool = False
    plain: bool = False
    read_only: bool = False  # nothing is written to the room, whatever is asked for
    key: str = ""  # the fingerprint of the SSH key by which somebody came


class Context:
    """One run of the program: settings found once, the room opened when a verb asks for it."""

    def __init__(
        self,
        options: Globals,
        clock: Clock | None = None,
        *,
        confined: bool = False,
        acts: bool = True,
        serves: bool = False,
    ) -> None:
        from crisisroom.clock import SystemClock

        self.options = options
        self.confined = confined  # an SSH key says who and where, and nothing of the host is read
        self.acts = acts  # whether the verb changes the room
        self.serves = serves  # whether the verb is for the room's own account too
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

        if self.confined:
            return Path(self.options.config) if self.options.config else None
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
        """Return who acts: the UNIX user by uid, whom an SSH key is of, or the name by --as."""
        from crisisroom.room import SHELL, Actor

        uid = os.getuid()
        if self.confined:
            return Actor(_sound_name(self.options.person), uid, SHELL, self.options.key)
        if self.options.person:
            return Actor(_sound_name(self.options.person), uid, "as")
        return Actor(_login(uid), uid)

    async def room(self, *, create: bool = True, settle: bool = True) -> Room:
        """Open the room, once; a new one takes the configuration in force if it shall settle."""
        if self._room is None:
            create, settle = create and not self.confined, settle and not self.confined
            self._room = await open_room(self, self.actor(), create=create, settle=settle)
            self._room.attention = _of_now()
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
            before = {"replaced": [one.seq for one in acted.replaced]} if acted.replaced else {}
            document(thing() | {"entry": acted.entry.seq} | before)
            return 0
        if not acted.changed:
            say(f"{acted.incident.id}: nothing changed, this stood already")
            return 0
        for entry in acted.entries:
            say(f"{acted.incident.id} {entry.seq}{self._times(entry, acted)}: {entry.text}")
        self._tell_replaced(acted)
        return 0

    def _tell_replaced(self, acted: Acted) -> None:
        """Say what a colleague had done to the same thing a moment ago: they see it too."""
        from crisisroom.room.overtaking import ago

        for entry in acted.replaced:
            when = ago(entry.recorded_at, self.clock.now())
            note(f"crisisroom: {entry.actor} was there before you, {when}: {entry.text}")

    def _times(self, entry: Entry, acted: Acted) -> str:
        """Return both times of what is written down later than it happened."""
        from crisisroom.cli.plain import in_zone
        from crisisroom.core.corrected import back_dated

        if not back_dated(entry):
            return ""
        at = in_zone(acted.incident.zone, self.clock.now())
        return f" of {at(entry.at)}, written down {at(entry.recorded_at)}"


def _of_now() -> Attention:
    """Return the attention of a command line: it saw nothing, and is told what just happened."""
    from crisisroom.room.overtaking import Attention

    return Attention()


async def open_room(
    context: Context, actor: Actor, *, create: bool = True, settle: bool = True
) -> Room:
    """Open the room for somebody; `--as` is refused where a team says who people are.

    With `--read-only` it is opened as it is, and nothing can be written through it.
    """
    from crisisroom.cli.admitting import admit, named_by_server
    from crisisroom.cli.resuming import end_erasure
    from crisisroom.room import Room

    if context.options.read_only:
        from crisisroom.cli.unchanged import looked_on

        return await looked_on(context)
    address = context.address()
    _refuse_to_begin(context, actor, address, settle=settle)
    room = await Room.open(
        address, actor=actor, clock=context.clock, create=create and not context.flaw
    )
    room.store.doing = context.doing
    named_by_server(room)
    try:
        if context.flaw:
            _left_aside(context.flaw, context)
        elif settle:
            await _take_first(room, context)
        admit(room, context, address)
        await end_erasure(room)
    except BaseException:
        await room.close()
        raise
    return room


def _refuse_to_begin(context: Context, actor: Actor, address: str, *, settle: bool) -> None:
    """Refuse to begin a room with settings that are broken, or that would not let us in."""
    if "://" in address or Path(address).exists():
        return
    if context.flaw:
        raise context.flaw
    config = context.config() if settle else None
    team = {member.id for member in config.team} if config else set()
    if team and actor.name not in team and not context.serves:
        hint = "add yourself under `team`; crisisroom watch only runs the room"
        message = f"{actor.name} is not in the team of {context.config_file}"
        raise Refused("not-in-team", message, hint)


def _left_aside(flaw: Refused, context: Context) -> None:
    """Say that a broken configuration stops nobody: the room has its own, of sounder days."""
    if not (context.options.json or context.confined):
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
    from crisisroom.config.load import load_config
    from crisisroom.library import read

    config, problems = load_config(read(path), str(path))
    if config is None or problems:
        raise Refused("config", _listed(problems), "crisisroom check shows them all")
    return config


def salvaged(path: Path) -> Config | None:
    """Read what is legible of a broken crisisroom.yaml; Refused if it may hide the room's place."""
    from crisisroom.config.load import legible_part
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
