"""Setting a room up: the first files, their check, a change put into force."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crisisroom import __version__
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, read_config, room_config
from crisisroom.cli.keyboard import key_problems
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.overkey import READS
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.problems import Problem
from crisisroom.report.contract import plainly

if TYPE_CHECKING:
    from crisisroom.config import Config, RoomConfig
    from crisisroom.room import Room

_CONFIG_KEYS = frozenset(
    {"room", "brand", "accounts", "sources", "team", "oncall", "playbooks", "terms"}
)
_TOP_KEY = re.compile(r"^\ufeff?([a-z_]+):", re.MULTILINE)
_ENDINGS = (".yaml", ".yml")


def _check(context: Context, args: Namespace) -> int:
    files = list(_named(args.files) if args.files else _usual(context))
    if not files:
        hint = "crisisroom init writes a first set; or name a file"
        raise Usage("nothing", "there is no crisisroom.yaml and no playbook here", hint)
    today = context.clock.now().date()
    problems = list(dict.fromkeys(one for file in files for one in _problems(file, today)))
    context.show(
        lambda: {"ok": not problems, "problems": [plainly(one) for one in problems]},
        lambda: [str(one) for one in problems] or [f"{file}: ok" for file in files],
    )
    return 1 if problems else 0


def _named(names: Sequence[str]) -> Iterator[Path]:
    for name in names:
        if os.path.isdir(name):
            yield from _in_folder(Path(name))
        elif os.path.exists(name):  # unlike Path.exists it says no where a folder is shut
            yield Path(name)
        else:
            raise Usage("file", f"there is no file {name}")


def _usual(context: Context) -> Iterator[Path]:
    """Yield the configuration in force and the playbooks beside it."""
    file = context.config_file
    if file is not None:
        yield file
    try:
        folders = context.playbooks()
    except Refused:  # its problems are reported anyway
        folders = (file.parent / "playbooks",) if file else ()
    for folder in folders:
        yield from _in_folder(folder)


def _in_folder(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.suffix in _ENDINGS)


def _problems(path: Path, today: date) -> list[Problem]:
    from crisisroom.config.load import load_config
    from crisisroom.core.playbook_include import check_shared
    from crisisroom.library import NoText, load_file, read

    try:
        text = read(path)
    except NoText as refusal:
        return [refusal.problem]
    except Refused as refusal:
        if refusal.code == "unreadable":
            raise Usage(refusal.code, refusal.message, refusal.hint) from refusal
        return [Problem(str(path), 1, 1, refusal.message, refusal.hint, refusal.code)]
    sort = _sort(path, text)
    if sort == "config":
        config, problems = load_config(text, str(path))
        if config is None:
            return problems
        return [*_strange(config, text, path), *key_problems(text, str(path), config.keys)]
    if sort == "shared":
        return check_shared(text, str(path))
    return load_file(path, text, today=today)[1]


def _strange(config: Config, text: str, path: Path) -> list[Problem]:
    """Return the roles and approvals of the team that no playbook has, if all can be read."""
    from crisisroom.config.load import team_problems
    from crisisroom.config.team_rules import Known
    from crisisroom.library import every, list_ids

    folders = (Path(config.playbooks),)
    plans = every(folders) if config.team else ()
    if len(plans) != len(list_ids(folders)):
        return []
    known = Known(
        {role.id for plan in plans for role in plan.roles},
        {approval.id for plan in plans for approval in plan.approvals},
    )
    return team_problems(text, str(path), known)


def _sort(path: Path, text: str) -> Literal["config", "playbook", "shared"]:
    """Tell a configuration, a playbook and what playbooks share by the name, else by the keys."""
    from crisisroom.config import FILE
    from crisisroom.core.playbook_include import SECTIONS

    if path.name == FILE:
        return "config"
    keys = {*_TOP_KEY.findall(text)}
    if keys and keys <= {*SECTIONS}:
        return "shared"
    of_playbook = keys & {"id", "title", "phases", "facts", "roles"}
    return "config" if len(keys & _CONFIG_KEYS) > len(of_playbook) else "playbook"


def _init(context: Context, args: Namespace) -> int:
    from crisisroom.cli.beginning import beginning, begun
    from crisisroom.config import FILE
    from crisisroom.library import SUFFIXES, shipped_dir, starter

    folder = Path(args.dir)
    beside = ("README.md", "playbook.schema.json")  # how to write one, for people and editors
    shipped = [
        path
        for path in sorted(shipped_dir().iterdir())
        if path.suffix in SUFFIXES or path.name in beside
    ]
    first = None if (folder / FILE).exists() else beginning(context, args)
    files = {folder / FILE: (begun(starter(), first) if first else starter()).encode()}
    files |= {folder / "playbooks" / path.name: path.read_bytes() for path in shipped}
    written = [path for path, data in files.items() if _write_new(path, data)]
    kept = [path for path in files if path not in written]
    context.show(
        lambda: {"written": [str(one) for one in written], "kept": [str(one) for one in kept]},
        lambda: _init_lines(folder, written, kept, listens=first is not None),
    )
    return 0


def _write_new(path: Path, data: bytes) -> bool:
    """Write a file where there is none; never over one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return False
    except OSError as error:
        raise Refused("file", f"cannot write {path}: {error.strerror}") from error
    return True


def _init_lines(
    folder: Path, written: Sequence[Path], kept: Sequence[Path], *, listens: bool
) -> Iterator[str]:
    yield from (f"wrote {path}" for path in written)
    yield from (f"kept {path}, it was there" for path in kept)
    here = "" if str(folder) == "." else f"cd {folder}, then "
    if listens:
        yield f"next: {here}crisisroom doctor, which asks each source and says what is missing"
        yield "then: crisisroom watch --once, then crisisroom mentions: what people say now"
    else:
        yield f"next: {here}say in crisisroom.yaml who you are and what to watch; crisisroom check"
        yield "then: crisisroom doctor, which asks each source and says what is missing"
    yield "then: read the playbooks aloud, make them yours; crisisroom playbook approve ID"
    yield "then: crisisroom opens the room; crisisroom demo shows one at work"


def _init_arguments(parser: ArgumentParser) -> None:
    takes(
        arg("dir", "the folder; without it this one", nargs="?", default="."),
        option("--brand", "who you are: the file then listens already", metavar="NAME"),
        option("--terms", "what to listen for, as a query; else the brand's name", metavar="QUERY"),
        option("--site", "your own site: links to it count too", metavar="URL"),
    )(parser)


def _existing(name: str) -> Path:
    """Return a file's absolute path, from which relative ones in it are taken."""
    path = Path(name).absolute()
    if not path.is_file():
        raise Usage("file", f"there is no file {name}", "crisisroom init writes one")
    return path


async def _apply(context: Context, args: Namespace) -> int:
    from crisisroom.room.settings import apply_config

    path = _existing(args.file)
    config = room_config(read_config(path))
    room = await _room_for(context, config, args)
    _refuse_lock_out(room.actor.name, room.config, config, args)
    changes = await apply_config(room, config, path.name)
    context.show(
        lambda: {"file": args.file, "changes": list(changes)},
        lambda: [*changes, f"in force: {args.file}"] if changes else ["nothing differs: in force"],
    )
    return 0


async def _room_for(context: Context, config: RoomConfig, args: Namespace) -> Room:
    """Open the room; one that is not there yet is begun only for settings that will be taken."""
    from crisisroom.config import RoomConfig

    try:
        return await context.room(create=False, settle=False)
    except Refused as refused:
        if refused.code != "no-room":
            raise
    _refuse_lock_out(context.actor().name, RoomConfig(), config, args)
    return await context.room(settle=False)


def _refuse_lock_out(who: str, before: RoomConfig, config: RoomConfig, args: Namespace) -> None:
    """Refuse settings by which whoever puts them into force would not be let in any more."""
    from crisisroom.config import member_of

    team = {member.id for member in config.team}
    inside = not before.team or member_of(before.team, who) is not None
    if team and who not in team and inside and not args.service:
        hint = f"add {who} under team; or --service, if this account only runs the room"
        raise Refused("lock-out", f"{who} is not in the team of {args.file}", hint)


def _version(context: Context, args: Namespace) -> int:
    context.show(_versions, lambda: [f"crisisroom {__version__}"])
    return 0


def _versions() -> dict[str, str | int]:
    """Return what a report of a fault needs: this program, and what it stands on."""
    import platform
    from importlib.metadata import version

    from crisisroom.store.peeking import engine_version
    from crisisroom.store.schema import SCHEMA

    return {
        "version": __version__,
        "schema": SCHEMA,
        "python": platform.python_version(),
        "sqlite": engine_version(),
        "textual": version("textual"),
        "system": platform.platform(terse=True),
    }


VERBS = {
    "check": Verb(
        _check,
        arg(
            "files",
            "files or folders; without them the configuration in force and its playbooks",
            nargs="*",
            metavar="FILE",
        ),
    ),
    "init": Verb(_init, _init_arguments),
    "apply": Verb(
        _apply,
        takes(
            arg("file", "the changed crisisroom.yaml"),
            flag("--service", "this account runs the room, and is nobody of the team"),
        ),
        serves=True,
    ),
    "version": Verb(_version, over_key=READS),
}
