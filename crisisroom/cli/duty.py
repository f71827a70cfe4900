"""The rota: who is on duty now and over the weekend, and how to reach them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from pathlib import Path

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.overkey import READS
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.ladder import contact_of
from crisisroom.core.later import later
from crisisroom.core.playbook import Contact, Playbook
from crisisroom.core.rota import Shift
from crisisroom.core.terms import DAY, at_local
from crisisroom.library import SUFFIXES
from crisisroom.report.contract import Json
from crisisroom.report.contract_people import shift_json
from crisisroom.room import Room, oncall, reading

MOST_DAYS = 92
_SATURDAY = 5


class Told(msgspec.Struct, frozen=True):
    """What was asked: who is on duty at a moment, and in the time after it."""

    at: datetime
    now: Shift | None
    span: str  # weekend, or so many days
    shifts: tuple[Shift, ...]


async def _oncall(context: Context, args: Namespace) -> int:
    room = await context.here()
    now = context.clock.now()
    at = later(args.at, now, room.config.zone) if args.at else now
    if args.days is not None and not 1 <= args.days <= MOST_DAYS:
        raise Usage("days", f"--days is from 1 to {MOST_DAYS}")
    current = await oncall.current(room, at)
    if args.days:
        span, ends = f"the next {args.days} days", (at, at + args.days * DAY)
    else:
        span, ends = "over the weekend", weekend(room, at)
    told = Told(at, current, span, await oncall.duty(room, *ends))
    plans = await _plans(context, room)
    context.show(
        lambda: _json(room, told, plans),
        lambda: _lines(room, told, plans, only_then=args.weekend),
    )
    return 0


def weekend(room: Room, at: datetime) -> tuple[datetime, datetime]:
    """Return the weekend that runs or comes next, in the rota's zone."""
    zone = oncall.duty_zone(room)
    day = at.astimezone(zone).date()
    saturday = day + (_SATURDAY - day.weekday()) * DAY  # of this week, whose Sunday is its end
    return at_local(saturday, time(), zone), at_local(saturday + 2 * DAY, time(), zone)


async def _plans(context: Context, room: Room) -> list[Playbook]:
    """Return the plans in which a phone number may stand: those that run, then the team's own.

    The shipped ones are examples: nobody answers their phones.
    """
    running = [one.plan for one in await reading.incidents(room) if one.status == "open"]
    return [*running, *_own(context)]


def _own(context: Context) -> Iterator[Playbook]:
    for folder in context.playbooks():
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix in SUFFIXES:
                yield from _sound(context, path)


def _sound(context: Context, path: Path) -> Iterator[Playbook]:
    try:
        yield context.playbook(str(path))
    except Refused:
        return  # crisisroom check says what is wrong with it; its contacts are not to be trusted


def _contact(plans: Sequence[Playbook], person: str, name: str) -> Contact | None:
    known = (contact_of(plan, person) or contact_of(plan, name) for plan in plans)
    return next((contact for contact in known if contact), None)


def _name(room: Room, person: str) -> str:
    return next((one.name for one in room.config.team if one.id == person), person)


def _json(room: Room, told: Told, plans: Sequence[Playbook]) -> Json:
    def shift(one: Shift) -> Json:
        name = _name(room, one.person)
        return shift_json(one, name, _contact(plans, one.person, name))

    rota = room.config.oncall
    return {
        "role": rota.role if rota else "",
        "zone": str(oncall.duty_zone(room)),
        "now": shift(told.now) if told.now else None,
        "shifts": [shift(one) for one in told.shifts],
    }


def _lines(room: Room, told: Told, plans: Sequence[Playbook], *, only_then: bool) -> Iterator[str]:
    zone = oncall.duty_zone(room)

    def when(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"

    if not only_then:
        ends = f", until {when(told.now.end)}" if told.now else ""
        who = _name(room, told.now.person) if told.now else "nobody"
        yield f"on duty {when(told.at)}: {who}{ends}"
        yield from _ways(room, told.now, plans) if told.now else ()
    yield f"{told.span} ({zone}):"
    for one in told.shifts:
        swap = ", a swap" if one.swap else ""
        yield f"  {when(one.start)} to {when(one.end)}: {_name(room, one.person)}{swap}"
        yield from (f"  {line}" for line in _ways(room, one, plans))
    if not told.shifts:
        yield "  nobody"


def _ways(room: Room, shift: Shift, plans: Sequence[Playbook]) -> Iterator[str]:
    contact = _contact(plans, shift.person, _name(room, shift.person))
    if contact is None:
        yield f"  no playbook has a contact for {shift.person}"
    else:
        yield from (f"  {way.by}: {way.to}" for way in contact.reach)


VERBS = {
    "oncall": Verb(
        _oncall,
        takes(
            option("--at", "at another time: 17:30, +2d or '2026-12-24 18:00'", metavar="TIME"),
            flag("--weekend", "only over the weekend"),
            arg("--days", "over the next so many days instead", type=int, metavar="N"),
        ),
        over_key=READS,
    ),
}
