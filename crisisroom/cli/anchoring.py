"""Anchors: where every log ends, noted down elsewhere, so that a cut end shows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import write_files
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.output import document, note
from crisisroom.cli.overkey import A_HOST_FILE, READS, prints
from crisisroom.cli.plain import At, in_zone
from crisisroom.config.anchors import Place
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import ROOM
from crisisroom.report.anchor import Anchor, encode, in_words
from crisisroom.report.contract import Json, moment
from crisisroom.room import Room, anchoring
from crisisroom.room.anchoring import BY_HAND, Standing
from crisisroom.room.verifying import short
from crisisroom.store.anchors import SENT, Sending

_LISTED = 20


def place_json(one: Standing) -> Json:
    """Return a place that anchors go to; `state` is new, ok, due, stale or failing."""
    return {
        "id": one.place.id,
        "to": whither(one.place),
        "every": one.place.every,
        "incidents": one.place.incidents,
        "state": one.state,
        "last_at": moment(one.last_at),
        "sha256": one.sha256,
        "reason": one.reason,
    }


def whither(place: Place) -> str:
    """Return where a place is, in words."""
    if place.file:
        return f"file {place.file}"
    return f"{place.account}{f' to {place.to}' if place.to else ''}"


def place_line(one: Standing, at: At) -> str:
    """Return how a place does, on one line."""
    last = f"last {at(one.last_at)}" if one.last_at else "never yet"
    why = f": {one.reason}" if one.reason else ""
    return f"{one.place.id} {one.state}, {last}, {whither(one.place)}{why}"


async def _make(context: Context, args: Namespace) -> int:
    room = await context.here()
    made = await _signed(await anchoring.make(room), args)
    line = encode(made) + b"\n"
    if args.output:
        write_files({Path(args.output): line}, force=args.force)
    entry = await anchoring.note(room, BY_HAND, made, state=SENT)
    if not args.output:
        document(msgspec.json.decode(line))
        if not context.options.json:
            note(in_words(made))
        return 0
    context.show(
        lambda: {"file": args.output, "sha256": made.sha256, "entry": entry.seq},
        lambda: [f"wrote {args.output}", in_words(made)],
    )
    return 0


async def _signed(made: Anchor, args: Namespace) -> Anchor:
    """Return the anchor with a signature in it, where one was asked for."""
    if not (args.sign or args.key):
        return made
    import asyncio

    from crisisroom.watch.anchoring import signed

    return await asyncio.to_thread(signed, made, args.key)


async def _send(context: Context, args: Namespace) -> int:
    from crisisroom.fetch import Fetcher

    room = await context.here()
    asked = (anchoring.place(room, args.place),) if args.place else anchoring.places(room)
    if not asked:
        hint = "add anchors: in crisisroom.yaml and apply it; anchor make writes one by hand"
        raise Refused("anchor", "there is no place to send anchors to", hint)
    async with Fetcher() as fetch:
        sent = [await _sent(room, one, args, fetch) for one in asked]
    context.show(lambda: sent, lambda: [_sent_line(one) for one in sent])
    return 1 if any(one["state"] != SENT for one in sent) else 0


async def _sent(room: Room, place: Place, args: Namespace, fetch: Any) -> Json:
    """Send one anchor now, whether there is news or not, and put it on record."""
    from crisisroom.watch.anchoring import NotSent, deliver, note_failure

    made = await _signed(await anchoring.make(room, place), args)
    told: Json = {"place": place.id, "to": whither(place), "sha256": made.sha256}
    try:
        await deliver(room, place, made, fetch)
    except NotSent as failure:
        await note_failure(room, place, made, failure)
        state = "failed" if failure.certain else "unknown"
        return told | {"state": state, "reason": failure.reason, "entry": None}
    entry = await anchoring.note(room, place.id, made, state=SENT)
    return told | {"state": SENT, "reason": "", "entry": entry.seq}


def _sent_line(one: Json) -> str:
    why = f": {one['reason']}" if one["reason"] else f", sha256 {one['sha256']}"
    return f"{one['place']} {one['state']}, {one['to']}{why}"


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    known, sent = await anchoring.standing(room), await anchoring.sent(room, _LISTED)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: {
            "places": [place_json(one) for one in known],
            "anchors": [_sending_json(one) for one in sent],
        },
        lambda: (
            [place_line(one, at) for one in known] + [_sending_line(one, at) for one in sent]
            or ["no anchor was made, and there is no place to send one to"]
        ),
    )
    return 0


def _sending_json(one: Sending) -> Json:
    known = anchoring.body_of(one).anchors
    return {
        "at": moment(one.at),
        "place": one.place,
        "state": one.state,
        "reason": one.reason,
        "anchor": msgspec.json.decode(encode(known[0])) if known else None,
    }


def _sending_line(one: Sending, at: At) -> str:
    known = anchoring.body_of(one).anchors
    told = in_words(known[0]) if known else one.reason
    return f"{at(one.at)}  {one.place} {one.state}: {told}"


def late_places(places: Iterable[Standing], at: At) -> Iterator[str]:
    """Yield a line for `status` for every place that was not given its anchors."""
    for one in places:
        if one.state in ("stale", "failing"):
            yield f"anchor: {place_line(one, at)}: crisisroom doctor"


def head_json(incident: Incident) -> Json:
    """Return the hash of an incident's newest entry, as lists of incidents have it."""
    return {"head": incident.head_hash}


def heads_line(heads: Mapping[str, str], incidents: Iterable[Incident]) -> str:
    """Return the first digits of the newest hash of the room's log and of its open incidents."""
    shown = [ROOM, *(one.id for one in incidents)]
    told = ", ".join(f"{name} {short(heads[name])}" for name in shown if name in heads)
    return f"log heads: {told}"


def _output(parser: ArgumentParser) -> None:
    parser.add_argument(
        "-o", "--output", default="", metavar="FILE", help="the file it goes to; else stdout"
    )


_SIGN = takes(
    flag("--sign", "sign it with your SSH key"),
    option("--key", "the key to sign with; else the usual one, or the agent's", metavar="PATH"),
)

VERBS = {
    "anchor make": Verb(
        _make,
        takes(
            _output,
            _SIGN,
            flag("--force", "write over what is there"),
        ),
        over_key=READS.without(
            output=prints("-o"), sign=A_HOST_FILE, key=A_HOST_FILE, force=prints("--force")
        ),
    ),
    "anchor send": Verb(
        _send,
        takes(arg("place", "its id in the settings; else all", nargs="?", default=""), _SIGN),
        serves=True,
    ),
    "anchor list": Verb(_list, over_key=READS),
}
