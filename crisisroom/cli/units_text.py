"""The text of systemd units and of cron lines, every word quoted for whoever reads it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from crisisroom.core.errors import Usage

_PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./%$~-]+", re.ASCII)
_NAME = "crisisroom"
WATCHDOG = 120  # seconds without a sign of life until systemd starts the watcher anew


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Something done at times: its name, what it is, the verb, and when, for systemd and cron."""

    name: str
    told: str
    words: tuple[str, ...]
    calendar: str
    cron: str
    fine: tuple[int, ...] = ()  # exit codes that are no failure of the unit


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the units are written from."""

    program: tuple[str, ...]  # absolute
    options: tuple[str, ...]  # --room, --config
    room: str  # as people call it
    user: str = ""  # the account of the service; empty: units of a person's own systemd
    folder: str  # in which the program runs
    writes: tuple[str, ...] = ()  # folders it has to write to
    optional: tuple[str, ...] = ()  # those that may not be there
    reads_home: bool = False
    meets_in_tmp: bool = False
    credentials: Mapping[str, str] = {}  # a name, and the file it comes from
    environment: Mapping[str, str] = {}
    watch: tuple[str, ...] = ("watch",)
    jobs: tuple[Job, ...] = ()

    @property
    def own(self) -> bool:
        """Whether the units are of a person's own systemd."""
        return not self.user


def quoted(word: str, *, command: bool = False) -> str:
    """Return a word as systemd reads it back; Usage for what no unit can hold.

    In a command `$` would begin a variable; `%` begins a specifier everywhere.
    """
    if any(not char.isprintable() for char in word):
        raise Usage("units", "a control sign in a path: no unit can hold it")
    safe = word.replace("%", "%%")
    if command:
        safe = safe.replace("$", "$$")
    if safe and _PLAIN.fullmatch(safe):
        return safe
    escaped = safe.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def units(plan: Plan) -> dict[str, str]:
    """Return the units by their file names."""
    found = {f"{_NAME}-watch.service": _text(_watch(plan))}
    for job in plan.jobs:
        found[f"{_NAME}-{job.name}.service"] = _text(_service(plan, job))
        found[f"{_NAME}-{job.name}.timer"] = _text(_timer(job))
    return found


def cron_lines(plan: Plan) -> Iterator[str]:
    """Yield a crontab for a host without systemd: the watcher at each start, jobs at their times.

    `%` ends a command in a crontab, so it is escaped; a watcher that ended is begun anew within
    five minutes, and one that finds another shares the work with it or leaves.
    """
    lock = f"{plan.folder}/.crisisroom-watch.lock"
    for name, value in plan.environment.items():
        yield f"{name}={value}"
    yield "# the watcher; flock keeps it to one a machine"
    command = _shell((*plan.program, *plan.options, *plan.watch))
    goes = f"cd {_shell((plan.folder,))} && umask 077 &&"
    begin = f"{goes} exec flock -n {_shell((lock,))} {command} >/dev/null"
    yield f"@reboot {begin}"
    yield f"*/5 * * * * {begin}"
    for job in plan.jobs:
        yield f"# {job.told}"
        command = _shell((*plan.program, *plan.options, *job.words))
        yield f"{job.cron} {goes} {command} >/dev/null"


def _shell(words: Sequence[str]) -> str:
    if any(not char.isprintable() for word in words for char in word):
        raise Usage("units", "a control sign in a path: no crontab can hold it")
    return shlex.join(words).replace("%", "\\%")


def _text(sections: Iterable[tuple[str, Iterable[str]]]) -> str:
    told = "\n\n".join("\n".join((f"[{name}]", *lines)) for name, lines in sections)
    return f"# written by crisisroom units; change it there or by systemctl edit\n{told}\n"


def _watch(plan: Plan) -> Iterator[tuple[str, Iterable[str]]]:
    wants = () if plan.own else ("Wants=network-online.target", "After=network-online.target")
    yield (
        "Unit",
        (f"Description=crisisroom: watches {_words(plan.room)}", *wants, "StartLimitIntervalSec=0"),
    )
    yield (
        "Service",
        (
            "Type=notify",
            "NotifyAccess=main",
            _command(plan, plan.watch),
            "ExecReload=/bin/kill -HUP $MAINPID",
            "Restart=always",
            "RestartSec=10",
            "RestartPreventExitStatus=2",
            f"WatchdogSec={WATCHDOG}",
            "TimeoutStopSec=60",
            *_shared(plan),
            *(
                f"LoadCredential={quoted(f'{key}:{path}')}"
                for key, path in plan.credentials.items()
            ),
        ),
    )
    yield "Install", (f"WantedBy={'default' if plan.own else 'multi-user'}.target",)


def _service(plan: Plan, job: Job) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Unit", (f"Description=crisisroom: {_words(job.told)}",)
    fine = (f"SuccessExitStatus={' '.join(map(str, job.fine))}",) if job.fine else ()
    yield (
        "Service",
        (
            "Type=oneshot",
            _command(plan, job.words),
            *fine,
            *_shared(plan),
            *(
                f"LoadCredential={quoted(f'{key}:{path}')}"
                for key, path in plan.credentials.items()
            ),
        ),
    )


def _timer(job: Job) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Unit", (f"Description=crisisroom: {_words(job.told)}",)
    often = job.name == "health"
    yield (
        "Timer",
        (
            f"OnCalendar={job.calendar}",
            *(("AccuracySec=5s",) if often else ("Persistent=yes", "RandomizedDelaySec=5min")),
        ),
    )
    yield "Install", ("WantedBy=timers.target",)


def _words(text: str) -> str:
    return " ".join(text.split()).replace("%", "%%")


def _command(plan: Plan, words: Sequence[str]) -> str:
    every = (*plan.program, *plan.options, *words)
    return "ExecStart=" + " ".join(quoted(word, command=True) for word in every)


def _shared(plan: Plan) -> Iterator[str]:
    """Yield who runs it, where, and what it may not do."""
    if plan.user:
        yield f"User={quoted(plan.user)}"
        yield "StateDirectory=crisisroom"
        yield "StateDirectoryMode=0700"
        yield "Environment=XDG_STATE_HOME=%S"
    for name, value in plan.environment.items():
        yield f"Environment={quoted(f'{name}={value}')}"
    yield f"WorkingDirectory={plan.folder.replace('%', '%%')}"
    yield "UMask=0077"
    yield from _HARDENED
    yield from () if plan.own else _locked_in(plan)


_HARDENED = (
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RestrictNamespaces=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    "LimitCORE=0",
)


def _locked_in(plan: Plan) -> Iterator[str]:
    yield "ProtectSystem=strict"
    yield f"ProtectHome={'read-only' if plan.reads_home else 'yes'}"
    if plan.writes or plan.optional:
        paths = [quoted(one) for one in plan.writes]
        paths += [quoted(f"-{one}") for one in plan.optional]
        yield f"ReadWritePaths={' '.join(paths)}"
    if not plan.meets_in_tmp:  # else screens and watcher could not wake each other
        yield "PrivateTmp=yes"
    yield from (
        "PrivateDevices=yes",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "CapabilityBoundingSet=",
        "KeyringMode=private",
    )


def in_home(path: str) -> bool:
    """Tell whether a path lies where ProtectHome shuts the door."""
    return any(Path(path).is_relative_to(one) for one in ("/home", "/root", "/run/user"))
