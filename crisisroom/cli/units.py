"""`units`: what keeps the room running on its host, as systemd units or a crontab."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import write_files
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.units_text import Job, Plan, cron_lines, in_home, units
from crisisroom.cli.vital import mode_of
from crisisroom.config import Config
from crisisroom.config.every_key import credentials
from crisisroom.core.errors import Refused, Usage
from crisisroom.room.keeping import KEPT

_OUTPUT = {"dest": "output", "default": "", "metavar": "DIR"}
_ACCOUNT = re.compile(r"[a-z_][a-z0-9_.-]{0,30}\$?", re.ASCII)


def _units(context: Context, args: Namespace) -> int:
    if args.cron and args.output:
        raise Usage(
            "units", "--cron prints lines for crontab", "crisisroom units --cron | crontab -"
        )
    plan = _plan(context, args)
    if args.cron:
        lines = list(cron_lines(plan))
        context.show(lambda: {"crontab": lines}, lambda: lines)
        return 0
    made = units(plan)
    if args.output:
        folder = Path(args.output)
        folder.mkdir(parents=True, exist_ok=True)
        files = {folder / name: text.encode() for name, text in made.items()}
        write_files(files, force=args.force)
        for path in files:
            path.chmod(0o644)  # no secret is in them, and systemd wants to be asked of them
    context.show(
        lambda: (
            made if not args.output else {"written": [str(Path(args.output) / n) for n in made]}
        ),
        lambda: _written(made, args.output, plan) if args.output else _printed(made),
    )
    return 0


def _printed(made: Mapping[str, str]) -> Iterator[str]:
    for name, text in made.items():
        yield f"# {name}"
        yield text


def _written(made: Mapping[str, str], folder: str, plan: Plan) -> Iterator[str]:
    yield from (f"wrote {Path(folder) / name}" for name in made)
    yield from (f"first: {step}" for step in _made_first(plan))
    own = " --user" if plan.own else ""
    home = "~/.config/systemd/user" if plan.own else "/etc/systemd/system"
    wanted = [name for name in made if name.endswith(".timer") or "watch" in name]
    yield f"next: copy them to {home}, then systemctl{own} daemon-reload"
    yield f"then: systemctl{own} enable --now {' '.join(wanted)}"
    if plan.own:
        me = pwd.getpwuid(os.getuid()).pw_name
        yield f"and: loginctl enable-linger {me}, so that it runs while nobody is logged in"
    for name, path in plan.credentials.items():
        yield f"the credential {name} is read from {path}: put it there, root's and 0600"


def _made_first(plan: Plan) -> Iterator[str]:
    """Yield how folders are made ready that the units write to: systemd starts nothing without."""
    owner = f" -o {plan.user}" if plan.user else ""
    for folder in map(Path, plan.writes):
        if not folder.is_dir():
            yield f"install -d -m 0700{owner} {shlex.quote(str(folder))}"
        elif plan.user and not _writes(plan.user, folder):
            yield f"setfacl -m u:{plan.user}:rwx {shlex.quote(str(folder))}"


def _writes(user: str, folder: Path) -> bool:
    """Tell whether an account may make files in a folder, by its mode and owner alone."""
    seen = folder.stat()
    if not _known(user):
        return True
    account = pwd.getpwnam(user)
    if account.pw_uid in (0, seen.st_uid):
        return True
    groups = os.getgrouplist(user, account.pw_gid)
    return bool(seen.st_mode & (0o002 | (0o020 if seen.st_gid in groups else 0)))


def _plan(context: Context, args: Namespace) -> Plan:
    address = context.address()
    room = None if "://" in address else Path(address).absolute()
    config = context.config_file.absolute() if context.config_file else None
    settings = context.config()  # a broken one says so: units of half of it would be wrong
    user = "" if args.user else _account(args.account, room)
    uid = pwd.getpwnam(user).pw_uid if _known(user) else os.getuid()
    home = _state(args)
    kept = str(Path(args.backup_to).absolute()) if args.backup_to else ""
    backup = kept or (f"{home}/backups" if room else "")
    program, written = _program(), tuple(_folders(room, settings, args))
    seen = [*program, *written, *map(str, filter(None, (room, config)))]
    beside = config or room
    return Plan(
        program=program,
        options=(*_address(address, room), *(("--config", str(config)) if config else ())),
        room=str(room) if room else urlsplit(address).path.lstrip("/") or "the room",
        user=user,
        folder=str(beside.parent) if beside else home,
        writes=tuple(dict.fromkeys(written)),
        optional=(f"/run/user/{uid}", "/tmp") if room else (),
        reads_home=any(in_home(one) for one in seen),
        meets_in_tmp=room is not None,
        credentials=_credentials(settings, args.credentials, own=args.user),
        environment={"XDG_RUNTIME_DIR": f"/run/user/{uid}"} if room and user else {},
        watch=("watch", *_figures(args, "--metrics", "--metrics-mode")),
        jobs=tuple(_jobs(settings, args, backup, is_file=room is not None)),
    )


def _folders(room: Path | None, settings: Config | None, args: Namespace) -> Iterator[str]:
    """Yield the folders that have to be writable."""
    if room:
        yield str(room.parent)
    if args.backup_to:
        yield str(Path(args.backup_to).absolute())
    if args.metrics:
        yield str(Path(args.metrics).absolute().parent)
    for place in settings.anchors if settings else ():
        if place.file:
            yield str(Path(place.file).absolute().parent)


def _figures(args: Namespace, file: str, rights: str) -> tuple[str, ...]:
    """Return the options by which a verb writes the figures, none where nobody wants them."""
    mode_of(args.mode)
    if not args.metrics:
        return ()
    return (file, str(Path(args.metrics).absolute()), rights, args.mode)


def _jobs(settings: Config | None, args: Namespace, backup: str, *, is_file: bool) -> Iterator[Job]:
    if is_file:
        yield Job(
            name="backup",
            told="copies the room each night",
            words=("backup", "--to", backup, "--keep", str(args.keep)),
            calendar="*-*-* 02:40:00",
            cron="40 2 * * *",
        )
    if settings and settings.anchors:
        yield Job(
            name="anchor",
            told="notes elsewhere, once a day, how the logs end",
            words=("anchor", "send"),
            calendar="*-*-* 03:10:00",
            cron="10 3 * * *",
        )
    if settings and (settings.retention.mentions or settings.retention.incidents):
        yield Job(
            name="purge",
            told="lets go of what is older than the room keeps it",
            words=("purge",),
            calendar="Sun *-*-* 03:40:00",
            cron="40 3 * * 0",
        )
    yield Job(
        name="health",
        told="looks whether the room works",
        words=("health", *_figures(args, "--prometheus", "--mode")),
        calendar="*:0/1",
        cron="* * * * *",
        fine=(1,),
    )


def _program() -> tuple[str, ...]:
    """Return the installed program: its script, else Python with its module."""
    beside = Path(sys.executable).parent / "crisisroom"
    if os.access(beside, os.X_OK):
        return (str(beside.absolute()),)
    return (str(Path(sys.executable).absolute()), "-P", "-m", "crisisroom")


def _address(address: str, room: Path | None) -> tuple[str, str]:
    """Return the address as an option; Refused with a password in it: everybody can read units."""
    if room:
        return ("--room", str(room))
    if urlsplit(address).password:
        raise Refused(
            "password",
            "the room's address holds a password, which everybody could read in a unit",
            "leave it out, and put it into ~/.pgpass (0600) of the service's account",
        )
    return ("--room", address)


def _account(given: str, room: Path | None) -> str:
    """Return the account of the service: the one named, else the room's owner, else us."""
    if given:
        if not _ACCOUNT.fullmatch(given):
            raise Usage("account", f"{given[:40]} is no name of an account")
        return given
    uid = room.stat().st_uid if room and room.exists() else os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _state(args: Namespace) -> str:
    if not (args.user or args.cron):
        return "/var/lib/crisisroom"  # which systemd makes
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return f"{base}/crisisroom"


def _credentials(settings: Config | None, folder: str, *, own: bool) -> dict[str, str]:
    """Return the credentials that accounts and messengers name, and where each is kept."""
    usual = str(Path.home() / ".config/crisisroom/credentials") if own else "/etc/crisisroom"
    base = str(Path(folder).absolute()) if folder else usual
    named = credentials(settings) if settings else set[str]()
    return {name: f"{base}/{name}" for name in sorted(named)}


VERBS = {
    "units": Verb(
        _units,
        takes(
            option(
                "-o",
                "write them into this folder; else they are printed",
                dest="output",
                metavar="DIR",
            ),
            flag("--user", "for your own systemd, without root"),
            flag("--cron", "lines for a crontab instead, for hosts without systemd"),
            flag("--force", "write over what is there"),
            option("--account", "whose rights it has: the room's owner", metavar="NAME"),
            option("--backup-to", "where the nightly copies go", metavar="DIR"),
            arg("--keep", f"so many of them: {KEPT}", type=int, default=KEPT, metavar="N"),
            option("--metrics", "the file for Prometheus", metavar="FILE"),
            arg("--mode", "its rights (0600)", default="0600", metavar="MODE"),
            option("--credentials", "where the files of tokens lie", metavar="DIR"),
        ),
    )
}
