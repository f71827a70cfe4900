"""The way out: released by a person, followed to its outcome, settled where it is in doubt."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes
from crisisroom.cli.outcome import followed
from crisisroom.cli.output import document, say, say_exactly
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.wording import as_json, id_of
from crisisroom.core.errors import OutcomeUnknown, Refused, Unavailable
from crisisroom.core.incident import Words
from crisisroom.core.terms import zone_of
from crisisroom.report.contract import plainly
from crisisroom.room import Acted, Room, sending
from crisisroom.room.desk import BY_HAND
from crisisroom.room.looked import Looked, look
from crisisroom.room.waiting import OnItsWay, Shown, shown, waiting

Run = Callable[[Context, Namespace], Awaitable[int]]


def _send(sort: str) -> Run:
    async def send(context: Context, args: Namespace) -> int:
        room, words_id = await context.here(), id_of(sort, args.id)
        acted = await sending.publish(
            room,
            args.inc,
            words_id,
            tuple(one for one in args.channel if one),
            command_id=context.options.command_id,
        )
        inc = acted.incident.id
        queued = [one for one in acted.entries if one.kind.endswith(".queued")]
        channels = tuple(args.channel) or tuple(one.data["channel"] for one in queued)
        for channel in channels:
            if channel != BY_HAND and not args.no_wait:
                await followed(room, inc, words_id, channel)
        looked = await look(room, inc, words_id)
        _print(context, acted, looked, channels)
        if not args.no_wait:
            for channel in channels:
                _raise_unless_out(looked.words, channel)
        return 0

    return send


def _print(context: Context, acted: Acted, looked: Looked, channels: Sequence[str]) -> None:
    if context.options.json:
        document(as_json(looked) | {"entry": acted.entry.seq})
        return
    if any(channel != BY_HAND for channel in channels):
        context.acted(acted, dict)
    for channel in channels:
        _print_way(looked, channel)


def _print_way(looked: Looked, channel: str) -> None:
    words, way = looked.words, looked.words.sends[channel]
    if channel == BY_HAND and way.state == "queued":
        say(f"{words.id} goes out by hand. Copy this, to the letter:")
        say()
        say_exactly(words.text_on(BY_HAND))
        say()
        where = f"{looked.incident.id} {words.id}"
        say(f"When it is out: crisisroom {words.sort} confirm {where} --url LINK")
    if way.state == "sent":
        say(f"{words.id} is out on {channel}" + (f": {way.remote_url}" if way.remote_url else ""))


def _raise_unless_out(words: Words, channel: str) -> None:
    """Turn what a text came to into the exit code that says so."""
    way = words.sends[channel]
    why = f": {way.reason}" if way.reason else ""
    if way.state == "unknown":
        hint = "look at the thread, then: crisisroom outbox settle"
        raise OutcomeUnknown("unknown", f"{words.id} may be out on {channel}{why}", hint)
    if way.state == "failed":
        raise Refused("failed", f"{words.id} did not go out on {channel}{why}")
    if way.state in ("queued", "sending") and channel != BY_HAND:
        hint = "crisisroom outbox shows when it is out; nothing goes out twice"
        raise Unavailable("waiting", f"{words.id} is still on its way to {channel}{why}", hint)


def _confirm(sort: str) -> Run:
    async def confirm(context: Context, args: Namespace) -> int:
        room, words_id = await context.here(), id_of(sort, args.id)
        command_id = context.options.command_id
        acted = await sending.confirm(room, args.inc, words_id, args.url, command_id=command_id)
        return await _closed(context, room, acted, words_id)

    return confirm


async def _settle(context: Context, args: Namespace) -> int:
    room, words_id = await context.here(), args.id.upper()
    acted = await sending.settle(
        room,
        args.inc,
        words_id,
        args.outcome == "sent",
        args.url,
        channel=args.channel,
        command_id=context.options.command_id,
    )
    return await _closed(context, room, acted, words_id)


async def _closed(context: Context, room: Room, acted: Acted, words_id: str) -> int:
    looked = await look(room, acted.incident.id, words_id)
    return context.acted(acted, lambda: as_json(looked))


async def _outbox(context: Context, args: Namespace) -> int:
    room = await context.here()
    shown = paged(await waiting(room, args.inc), args, _place)
    context.show(
        lambda: [plainly(item) for item in shown],
        lambda: [_line(item, room) for item in shown] or ["nothing is on its way"],
    )
    return 0


def _place(item: OnItsWay) -> str:
    return f"{item.incident}/{item.id}/{item.channel}"


def _line(item: OnItsWay, room: Room) -> str:
    """Return one text's way as a line: how it stands, why, what follows, what a person owes."""
    said = [f"{item.incident} {item.id} {item.state} on {item.channel}{_tries(item)}"]
    if item.parts:
        said.append(f"{len(item.parts)} of {item.posts} posts are out")
    why = f": {item.reason}" if item.reason else ""
    told = "; ".join([", ".join(said) + why, *_next(item, room)])
    return f"{told}; {item.to_do}" if item.to_do else told


def _tries(item: OnItsWay) -> str:
    return f", {item.tries} tries" if item.tries > 1 else ""


def _next(item: OnItsWay, room: Room) -> Iterator[str]:
    """Yield why nothing happens now, or when the next try is where nothing says so yet."""
    if item.waits:
        yield item.waits
    elif item.state == "queued" and item.next_try is not None:
        yield f"next try at {item.next_try.astimezone(zone_of(room.config.zone)):%H:%M:%S}"


async def _shown(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = await shown(room, args.inc, args.id)
    if not found:
        hint = "its draft and its approvals: crisisroom reply show, statement show"
        raise Refused("not-sent", f"nobody sent {args.id.upper()} anywhere yet", hint)
    context.show(
        lambda: [_way_json(one) for one in found],
        lambda: [line for one in found for line in _way_lines(one, room)],
    )
    return 0


def _way_json(one: Shown) -> dict[str, Any]:
    """Return a way as the outbox lists it, with its words, its times and its entries' numbers."""
    send = one.send
    times = ("first_try_at", "tried_at", "not_before", "at")
    item: dict[str, Any] = plainly(one.item)
    more = {name: getattr(send, name) for name in times} | {
        "key": send.key,
        "owner": send.owner,
        "remote_id": send.remote_id,
        "remote_url": send.remote_url,
        "words": one.words,
        "entries": [entry.seq for entry in one.entries],
    }
    told: dict[str, Any] = plainly(more)
    return item | told


def _way_lines(one: Shown, room: Room) -> Iterator[str]:
    zone = zone_of(room.config.zone)
    yield _line(one.item, room)
    if one.send.remote_url:
        yield f"  at {one.send.remote_url}"
    for number, part in enumerate(one.send.parts, 1):
        yield f"  post {number}: {part.remote_url or part.remote_id}"
    for entry in one.entries:
        yield f"  {entry.at.astimezone(zone):%H:%M:%S} {entry.text}"
    yield from ("", *(f"    {line}" for line in one.words.split("\n")), "")


_CHANNEL = arg(
    "--channel", "the account it goes out on, or by-hand", nargs=1, default=[], metavar="ID"
)
_CHANNELS = arg(
    "--channel",
    "an account it goes out on, or by-hand; again for each further one",
    action="append",
    default=[],
    metavar="ID",
)
_NO_WAIT = flag("--no-wait", "do not wait for the outcome")
_URL = option("--url", "the link to where it is now", metavar="LINK")
_REPLY = arg("id", "the reply's id: R-1")
_STATEMENT = arg("id", "the statement's id: ST-1")

VERBS = {
    "reply send": Verb(
        _send("reply"), takes(_REPLY, _CHANNEL, _NO_WAIT), incident=True, over_key=ACTS
    ),
    "statement publish": Verb(
        _send("statement"), takes(_STATEMENT, _CHANNELS, _NO_WAIT), incident=True, over_key=ACTS
    ),
    "reply confirm": Verb(_confirm("reply"), takes(_REPLY, _URL), incident=True, over_key=ACTS),
    "statement confirm": Verb(
        _confirm("statement"), takes(_STATEMENT, _URL), incident=True, over_key=ACTS
    ),
    "outbox list": Verb(_outbox, PAGING, incident=True, over_key=READS),
    "outbox show": Verb(
        _shown,
        takes(arg("id", "the statement or reply: ST-1 or R-1")),
        incident=True,
        over_key=READS,
    ),
    "outbox settle": Verb(
        _settle,
        takes(
            arg("id", "the statement or reply in doubt: ST-1 or R-1"),
            arg("outcome", "what you saw when you looked", choices=("sent", "not-sent")),
            _URL,
            option("--channel", "where, when several are in doubt", metavar="ID"),
        ),
        incident=True,
        over_key=ACTS,
    ),
}
