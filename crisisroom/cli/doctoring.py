"""`doctor`: whether everything the room needs is there, and what to do where it is not."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from crisisroom.cli import health_anchors, health_here, health_net, health_room
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, room_config
from crisisroom.cli.health import Check, Finding, Patient
from crisisroom.cli.health_paths import touched
from crisisroom.cli.options import flag, takes
from crisisroom.cli.output import flush, say
from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused

CHECKS: Sequence[Check] = (
    health_room.config,
    health_room.file,
    health_room.watched,
    health_room.playbooks,
    health_room.watcher,
    health_room.retention,
    health_net.tokens,
    health_net.outside,
    health_net.unwatched,
    health_anchors.anchors,
    health_here.zone,
    health_here.spoken,
    health_here.terminal,
    health_here.tmux,
    health_here.extras,
)
"""In this order they are made and shown."""


async def _doctor(context: Context, args: Namespace) -> int:
    if args.paths:
        return _paths(context)
    patient, found = await _admitted(context, offline=args.offline)
    for one in found:
        _shown(context, one)
    for check in CHECKS:
        async for one in check(patient):
            found.append(one)
            _shown(context, one)
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
    try:
        room = await context.here()
    except Refused as refused:
        patient = Patient(context=context, room=None, config=of_file, offline=offline)
        if refused.code == "no-room" or refused is context.flaw:
            return patient, []
        return patient, [Finding("fail", refused.code, "room", refused.message, refused.hint)]
    return Patient(context=context, room=room, config=room.config, offline=offline), []


def _shown(context: Context, one: Finding) -> None:
    """Show a finding at once: some take seconds."""
    if not context.options.json:
        say(str(one))
        flush()


def _summary(found: Sequence[Finding]) -> str:
    broken, doubtful = (sum(one.level == level for one in found) for level in ("fail", "warn"))
    if broken:
        return f"{broken} to mend, {doubtful} to look at"
    return f"nothing is broken; {doubtful} to look at" if doubtful else "all is well"


VERBS = {
    "doctor": Verb(
        _doctor,
        takes(
            flag("--offline", "ask nobody: only what is on this machine"),
            flag("--paths", "list every file the program touches, and do nothing else"),
        ),
    ),
}
