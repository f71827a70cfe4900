"""`doctor`: whether everything the room needs is there, and what to do where it is not."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crisisroom.cli import (
    health_anchors,
    health_db,
    health_here,
    health_net,
    health_rights,
    health_room,
    health_start,
    health_team,
    health_terminal,
    health_work,
    keyboard,
    notifying_health,
)
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, room_config
from crisisroom.cli.health import Check, Finding, Patient
from crisisroom.cli.health_paths import touched
from crisisroom.cli.options import arg, flag, takes
from crisisroom.cli.output import flush, say
from crisisroom.cli.unchanged import looked_at
from crisisroom.cli.unwaited import Unwaited, leave, within
from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused, Usage

SECTIONS: Mapping[str, tuple[Check, ...]] = {
    "config": (health_room.config, health_room.watched, health_room.playbooks, health_here.zone),
    "room": (health_room.file, health_rights.rights, health_room.retention),
    "database": (health_db.database,),
    "watcher": (health_room.watcher, health_work.leases, health_work.versions),
    "sources": (health_net.outside, health_net.unwatched),
    "tokens": (health_net.tokens, health_team.expiring),
    "team": (health_team.team, health_team.rota),
    "notifiers": (health_team.notifying, notifying_health.reached),
    "anchors": (health_anchors.anchors,),
    "host": (
        health_terminal.letters,
        health_terminal.terminal,
        keyboard.examined,
        health_here.tmux,
        health_here.extras,
        health_start.byte_code,
        health_work.installed,
    ),
}
"""What is examined side by side, and shown in this order."""

WHOLE = 8.5  # seconds for all of it, whatever hangs
OPENING = 3.5  # of them for the room
_SPARE = 1.0  # seconds: what did not answer is named before the time is over


async def _doctor(context: Context, args: Namespace) -> int:
    if args.paths:
        return _paths(context)
    sections = _sections(args.sections)
    loop = asyncio.get_running_loop()
    loop.set_default_executor(Unwaited())
    until = loop.time() + WHOLE
    patient, found = await _admitted(context, offline=args.offline)
    try:
        code = await _found(context, patient, found, sections, until)
    finally:
        if patient.room is not None:
            await patient.room.close()
    if patient.hangs:
        leave(code)
    return code


async def _found(
    context: Context,
    patient: Patient,
    found: list[Finding],
    sections: Sequence[str],
    until: float,
) -> int:
    """Examine section by section, and show each when it is complete."""
    loop = asyncio.get_running_loop()
    patient = msgspec.structs.replace(patient, patience=until - loop.time() - _SPARE)
    found = [msgspec.structs.replace(one, section="room") for one in found]
    begun = {
        name: [asyncio.ensure_future(_examined(check, patient, until)) for check in SECTIONS[name]]
        for name in sections
    }
    _show(context, "room", found)
    for name, examinations in begun.items():
        of_section = [one for part in await asyncio.gather(*examinations) for one in part]
        told = [msgspec.structs.replace(one, section=name) for one in of_section]
        _show(context, name, told)
        found += told
    return _ended(context, found)


def _sections(given: Sequence[str]) -> tuple[str, ...]:
    if strange := [one for one in given if one not in SECTIONS]:
        hint = f"there are {', '.join(SECTIONS)}"
        raise Usage("section", f"nothing here is called {strange[0][:40]}", hint)
    return tuple(name for name in SECTIONS if name in given) if given else tuple(SECTIONS)


async def _examined(check: Check, patient: Patient, until: float) -> list[Finding]:
    """Make one examination to its end, or until the time for all of them is over."""
    found: list[Finding] = []
    where = check.__name__.replace("_", " ")
    try:
        async with asyncio.timeout_at(until):
            async for one in check(patient):
                found.append(one)  # what was found before the time was over stays
    except TimeoutError:
        hint = "look at this alone: crisisroom doctor SECTION"
        found.append(Finding("fail", "timeout", where, "no answer in time", hint))
    except Refused as refused:
        found.append(Finding("fail", refused.code, where, refused.message, refused.hint))
    except Exception as error:
        why = f"a fault of the program ({type(error).__name__})"
        found.append(Finding("fail", "fault", where, why, "please tell its makers"))
    return found


def _ended(context: Context, found: Sequence[Finding]) -> int:
    broken = [one for one in found if one.level == "fail"]
    problems = [one.as_problem() for one in found if one.level != "ok"]
    context.show(
        lambda: {"ok": not broken, "problems": problems},
        lambda: [_summary(found)],
    )
    return 1 if broken else 0


def _paths(context: Context) -> int:
    found = list(touched(context))
    context.show(
        lambda: [{"path": path, "what": what} for path, what in found],
        lambda: [f"{path}  {what}" for path, what in found],
    )
    return 0


async def _admitted(context: Context, *, offline: bool) -> tuple[Patient, list[Finding]]:
    """Return what to examine; where the room cannot be opened, its file's configuration."""
    config = context.config() if not context.flaw else context.legible()
    of_file = room_config(config) if config else RoomConfig()
    patient = Patient(context=context, address="", room=None, config=of_file, offline=offline)
    try:
        patient = msgspec.structs.replace(patient, address=context.address())
        room = await within(looked_at(context), OPENING)
    except TimeoutError:
        why, hint = f"it does not open within {OPENING:g} s", "crisisroom doctor database"
        patient = msgspec.structs.replace(patient, hangs=True)
        return patient, [Finding("fail", "timeout", "room", why, hint)]
    except Refused as refused:
        if refused.code == "no-room" and "://" not in patient.address:
            return patient, []  # the look at its file says so
        level = "warn" if refused.code in ("older-room", "no-room") else "fail"
        one = Finding("fail", refused.code, "room", refused.message, refused.hint)
        return patient, [msgspec.structs.replace(one, level=level)]
    return msgspec.structs.replace(patient, room=room, config=room.config), []


def _show(context: Context, section: str, found: Sequence[Finding]) -> None:
    """Show a section as soon as it is complete: some take seconds."""
    if context.options.json or not found:
        return
    for line in _lines(section, found):
        say(line)
    flush()


def _lines(section: str, found: Sequence[Finding]) -> Iterator[str]:
    yield f"{section}:"
    yield from map(str, found)


def _summary(found: Sequence[Finding]) -> str:
    broken, doubtful = (sum(one.level == level for one in found) for level in ("fail", "warn"))
    if broken:
        return f"{broken} to mend, {doubtful} to look at"
    return f"nothing is broken; {doubtful} to look at" if doubtful else "all is well"


VERBS = {
    "doctor": Verb(
        _doctor,
        takes(
            arg("sections", f"only these: {', '.join(SECTIONS)}", nargs="*", metavar="SECTION"),
            flag("--offline", "ask nobody: only what is on this machine"),
            flag("--paths", "list every file the program touches, and do nothing else"),
        ),
        serves=True,
    ),
}
