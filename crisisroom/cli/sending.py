"""The way out: released by a person, followed to its outcome, settled where it is in doubt."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes
from crisisroom.cli.outcome import followed
from crisisroom.cli.output import document, say, say_exactly
from crisisroom.cli.saying import CHANNEL
from crisisroom.cli.wording import as_json, id_of
from crisisroom.core.errors import OutcomeUnknown, Refused, Unavailable
from crisisroom.core.incident import Incident, Words
from crisisroom.room import Acted, Room, reading, sending
from crisisroom.room.desk import BY_HAND
from crisisroom.room.looked import Looked, look
from crisisroom.room.reading import OutboxItem
from crisisroom.room.words import words_of

Run = Callable[[Context, Namespace], Awaitable[int]]


def _send(sort: str) -> Run:
    async def send(context: Context, args: Namespace) -> int:
        room, words_id = await context.here(), id_of(sort, args.id)
        acted = await sending.send(
            room, args.inc, words_id, args.channel, command_id=context.options.command_id
        )
        inc, channel = acted.incident.id, args.channel or acted.entry.data["channel"]
        if channel != BY_HAND and not args.no_wait:
            await followed(room, inc, words_id, channel)
        looked = await look(room, inc, words_id)
        _print(context, acted, looked, channel)
        if not args.no_wait:
            _raise_unless_out(looked.words, channel)
        return 0

    return send


def _print(context: Context, acted: Acted, looked: Looked, channel: str) -> None:
    words, way = looked.words, looked.words.sends[channel]
    if context.options.json:
        document(as_json(looked) | {"entry": acted.entry.seq})
        return
    if channel == BY_HAND and way.state == "queued":
        say(f"{words.id} goes out by hand. Copy this, to the letter:")
        say()
        say_exactly(words.text)
        say()
        where = f"{looked.incident.id} {words.id}"
        say(f"When it is out: crisisroom {words.sort} confirm {where} --url LINK")
        return
    context.acted(acted, dict)
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
        command_id=context.options.command_id,
    )
    return await _closed(context, room, acted, words_id)


async def _closed(context: Context, room: Room, acted: Acted, words_id: str) -> int:
    looked = await look(room, acted.incident.id, words_id)
    return context.acted(acted, lambda: as_json(looked))


async def _outbox(context: Context, args: Namespace) -> int:
    room = await context.here()
    known = reversed(await reading.incidents(room))
    asked = [one for one in known if args.inc in ("", one.id)]
    if args.inc and not asked:
        asked = [await reading.incident(room, args.inc)]
    waiting = [(one, item) for one in asked for item in reading.outbox_of(one)]
    shown = paged(waiting, args, lambda pair: _place(pair[1]))
    context.show(
        lambda: [msgspec.to_builtins(item) for _, item in shown],
        lambda: list(_lines(shown)) or ["nothing is on its way"],
    )
    return 0


def _place(item: OutboxItem) -> str:
    return f"{item.incident}/{item.id}/{item.channel}"


def _lines(shown: Sequence[tuple[Incident, OutboxItem]]) -> Iterator[str]:
    for incident, item in shown:
        tries = f", {item.tries} tries" if item.tries > 1 else ""
        why = f": {item.reason}" if item.reason else ""
        to_do = _to_do(incident, item)
        yield f"{item.incident} {item.id} {item.state} on {item.channel}{tries}{why}{to_do}"


def _to_do(incident: Incident, item: OutboxItem) -> str:
    """Return the verb that a person owes these words, if there is one."""
    where = f"{item.incident} {item.id}"
    sort = words_of(incident, item.id).sort
    if item.state == "unknown":
        return f"; look, then: crisisroom outbox settle {where} sent|not-sent"
    if item.state == "queued" and item.channel == BY_HAND:
        return f"; when it is out: crisisroom {sort} confirm {where} --url LINK"
    return ""


_NO_WAIT = flag("--no-wait", "do not wait for the outcome")
_URL = option("--url", "the link to where it is now", metavar="LINK")
_REPLY = arg("id", "the reply's id: R-1")
_STATEMENT = arg("id", "the statement's id: ST-1")

VERBS = {
    "reply send": Verb(_send("reply"), takes(_REPLY, CHANNEL, _NO_WAIT), incident=True),
    "statement publish": Verb(
        _send("statement"), takes(_STATEMENT, CHANNEL, _NO_WAIT), incident=True
    ),
    "reply confirm": Verb(_confirm("reply"), takes(_REPLY, _URL), incident=True),
    "statement confirm": Verb(_confirm("statement"), takes(_STATEMENT, _URL), incident=True),
    "outbox list": Verb(_outbox, PAGING, incident=True),
    "outbox settle": Verb(
        _settle,
        takes(
            arg("id", "the statement or reply in doubt: ST-1 or R-1"),
            arg("outcome", "what you saw when you looked", choices=("sent", "not-sent")),
            _URL,
        ),
        incident=True,
    ),
}
