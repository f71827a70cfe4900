"""`health`: whether the room works as a service, for systemd, containers and monitoring."""

from __future__ import annotations

import asyncio
import re
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, option, takes
from crisisroom.cli.output import fail, say
from crisisroom.cli.unchanged import looked_at
from crisisroom.cli.unwaited import leave, within
from crisisroom.core.errors import Refused, Unavailable, Usage
from crisisroom.room.troubles import SUBJECTS, Trouble, troubles
from crisisroom.room.vitals import Vitals, vitals_of
from crisisroom.watch.metrics import nothing_read, place

_PATIENCE = 8.0  # seconds: what answers later is not healthy
_MODE = re.compile(r"0?[0-7]{3}", re.ASCII)
_SPAN = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


async def _health(context: Context, args: Namespace) -> int:
    wanted = _subjects(args.subjects)
    oldest = _span(args.backup_within)
    mode = mode_of(args.mode)
    try:
        vitals = await within(_taken(context, full=bool(args.prometheus)), _PATIENCE)
    except TimeoutError:
        await _written(nothing_read(context.clock), args.prometheus, mode)
        told = f"the room did not answer within {_PATIENCE:g} s"
        fail("timeout", told, as_json=context.options.json)
        leave(3)
    except Refused as error:
        await _written(nothing_read(context.clock), args.prometheus, mode)
        raise _unavailable(error) from error
    await _written(_text(context, vitals), args.prometheus, mode)
    found = [one for one in troubles(vitals, backup_within=oldest) if one.subject in wanted]
    if args.prometheus != "-":
        context.show(
            lambda: {"ok": not found, "problems": [_json(one) for one in found]},
            lambda: [f"{one.subject}: {one.message}" for one in found] or [_well(vitals)],
        )
    return 1 if found else 0


def _subjects(given: Sequence[str]) -> frozenset[str]:
    if strange := [one for one in given if one not in SUBJECTS]:
        raise Usage("subject", f"there is nothing called {strange[0][:40]}", ", ".join(SUBJECTS))
    return frozenset(given or SUBJECTS)


def _span(text: str) -> timedelta | None:
    if not text:
        return None
    match = _SPAN.fullmatch(text)
    if match is None:
        raise Usage("span", f"{text[:40]} is no span of time", "26h, 90m, 7d")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def mode_of(text: str) -> int:
    """Return the rights that a file is to have; Usage for what is none."""
    if not _MODE.fullmatch(text):
        raise Usage("mode", f"{text[:40]} are no rights of a file", "--mode 0644")
    return int(text, 8)


async def _taken(context: Context, *, full: bool) -> Vitals:
    async with await looked_at(context) as room:
        return await vitals_of(room, full=full)


def _unavailable(error: Refused) -> Refused:
    """Return what kept us from looking, as what to try again: that is no verdict on the room."""
    if isinstance(error, Usage | Unavailable):
        return error
    return Unavailable(error.code, error.message, error.hint)


def _text(context: Context, vitals: Vitals) -> str:
    from crisisroom.room.metrics_text import metrics_text

    return metrics_text(vitals, up=True, at=context.clock.now())


async def _written(text: str, where: str, mode: int) -> None:
    if where == "-":
        for line in text.splitlines():
            say(line)
    elif where:
        await asyncio.to_thread(place, Path(where), text, mode)


def _json(one: Trouble) -> dict[str, str]:
    hint = "crisisroom doctor says what to do"
    return {"code": one.code, "where": one.where, "message": one.message, "hint": hint}


def _well(vitals: Vitals) -> str:
    return f"well: {', '.join(_facts(vitals))}"


def _facts(vitals: Vitals) -> Iterator[str]:
    watcher, told = vitals.watcher, vitals.telling
    if watcher:
        yield f"process {watcher.pid} on {watcher.host} watches"
    yield f"{_heard([one.state for one in vitals.sources])} heard"
    if told.messengers:
        yield _many(len(told.messengers), "messenger")
    if called := [one.id for one in told.outside if one.state == "ok"]:
        yield f"{' and '.join(called)} called"
    if servers := vitals.link.servers:
        yield f"PostgreSQL {servers.version} in {vitals.link.seconds * 1000:.0f} ms"
        yield _SYNCHRONOUS[servers.synchronous]


def _heard(states: Sequence[str]) -> str:
    """Return how many sources are heard: not all of them are where one looked for other things."""
    every, heard = _many(len(states), "source"), states.count("ok")
    return every if heard == len(states) else f"{heard} of {every}"


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


_SYNCHRONOUS = {
    True: "a synchronous standby",
    False: "no synchronous standby",
    None: "its standby not to be seen by this role",
}


VERBS = {
    "health": Verb(
        _health,
        takes(
            arg(
                "subjects",
                f"look at these only: {', '.join(SUBJECTS)}",
                nargs="*",
                metavar="SUBJECT",
            ),
            option("--prometheus", "write the figures too, - for stdout", metavar="FILE"),
            arg("--mode", "the rights of that file (0600)", default="0600", metavar="MODE"),
            option("--backup-within", "how old the last backup may be: 26h", metavar="SPAN"),
        ),
        serves=True,
    )
}
