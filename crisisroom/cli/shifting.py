"""Shift change: what one holds, handing all of it over, taking it over; and what happened since."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, option, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.cli.who import person_json, person_lines
from crisisroom.core.errors import Usage
from crisisroom.report.contract import Json, entry_json, moment
from crisisroom.report.contract_team import hand_json
from crisisroom.room import shift
from crisisroom.room.meanwhile import Meanwhile, meanwhile, since_when, told
from crisisroom.room.shift import Shift


async def _handover(context: Context, args: Namespace) -> int:
    room = await context.here()
    if not args.person:
        mine, at = await shift.holdings(room), in_zone(room.config.zone, context.clock.now())
        told = await shift.needed(room)
        context.show(
            lambda: person_json(mine) | {"needed": list(told)},
            lambda: [*person_lines(mine, at), *_needed_lines(told)],
        )
        return 0
    if args.take:
        done = await shift.take_all(room, args.person)
    else:
        done = await shift.offer_all(room, args.person, words(args.words))
    told = await shift.needed(room) if args.take else ()
    context.show(
        lambda: _json(done) | ({"needed": list(told)} if args.take else {}),
        lambda: [*_lines(done, taken=args.take), *_needed_lines(told)],
    )
    return 1 if done.left and not (done.hands or done.claims) else 0


def _json(done: Shift) -> Json:
    return {
        "from": done.giver,
        "to": done.taker,
        "hands": [hand_json(one) for one in done.hands],
        "claims": [post.id for post in done.claims],
        "left": [hand_json(one) | {"why": why} for one, why in done.left],
        "drafts": list(done.drafts),
    }


def _lines(done: Shift, *, taken: bool) -> Iterator[str]:
    for thing in done.hands:
        verb = "took over" if taken else "offered" if thing.kind == "role" else "goes with it"
        yield f"{verb}: {thing.kind} {thing.id}, {thing.incident}: {one_line(thing.title)}"
    for post in done.claims:
        yield f"{'took over' if taken else 'goes with it'}: {post.id}"
    for thing, why in done.left:
        yield f"stays with {done.giver}: {thing.kind} {thing.id}, {thing.incident}: {one_line(why)}"
    for draft in done.drafts:
        yield f"draft to go on from: {draft}"
    if not taken:
        yield f"parts stay yours until {done.taker} takes over, which also works in the room (u):"
        yield f"  crisisroom handover {done.giver} --take"


def _needed_lines(told: Sequence[str]) -> Iterator[str]:
    if told:
        yield "needed next:"
    yield from (f"  {one_line(one)}" for one in told)


async def _since(context: Context, args: Namespace) -> int:
    room = await context.here()
    since = context.moment(args.since) if args.since else await since_when(room)
    if since is None:
        hint = "crisisroom brief tells where it stands; --since -8h how it came to it"
        raise Usage("newcomer", "you have not been in this room before", hint)
    found = await meanwhile(room, since, args.inc)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: {"since": moment(since), "incidents": [_since_json(one) for one in found]},
        lambda: (
            [f"since {at(since)}:", *(line for one in found for line in _since_lines(one, at))]
            if found
            else [f"nothing happened since {at(since)}"]
        ),
    )
    return 0


def _since_json(one: Meanwhile) -> Json:
    return {
        "incident": one.incident.id,
        "for_you": [entry.seq for entry in one.for_me],
        "entries": [entry_json(entry, one.incident.id) for entry in one.entries],
    }


def _since_lines(one: Meanwhile, at: At) -> Iterator[str]:
    yield f"{one.incident.id} {one_line(one.incident.title)}: {told(one)}"
    for entry in one.entries:
        mine = "for you: " if entry in one.for_me else ""
        yield f"  {at(entry.recorded_at)} {entry.actor}: {mine}{one_line(entry.text)}"


VERBS = {
    "handover": Verb(
        _handover,
        takes(
            arg("person", "who takes over; without one: what you hold", nargs="?", default=""),
            text("words", "what they should know", optional=True),
            flag("--take", "take over everything this person holds"),
        ),
        over_key=ACTS,
    ),
    "since": Verb(
        _since,
        takes(option("--since", "from then on, not since you were here: -8h, 14:00", metavar="T")),
        incident=True,
        over_key=READS,
    ),
}
