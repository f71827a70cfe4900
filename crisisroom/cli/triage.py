"""Mentions one by one: shown, added by hand, claimed, linked."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator
from typing import get_args

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.ingesting import INGEST
from crisisroom.cli.listing import MENTIONS
from crisisroom.cli.options import arg, flag, option, takes, text, words
from crisisroom.cli.output import document, say
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, mention_line, mention_lines
from crisisroom.core.errors import Usage
from crisisroom.core.mention import Mention, MentionKind
from crisisroom.report.contract import Json, mention_json, moment
from crisisroom.room import Acted, Room, reading, triage

_MENTION = re.compile(r"M-[0-9]+", re.IGNORECASE | re.ASCII)


def mention_id(given: str) -> str:
    """Return the id of a mention as it was typed; Usage for anything else."""
    if not _MENTION.fullmatch(given):
        raise Usage("mention", f"{given[:40]} is no mention's id", "they look like M-12")
    return given.upper()


def _at(context: Context, room: Room) -> At:
    return in_zone(room.config.zone, context.clock.now())


async def _show(context: Context, args: Namespace) -> int:
    room = await context.here()
    mention = await reading.mention(room, mention_id(args.mention))
    thread = [one for one in await reading.thread(room, mention) if one.id != mention.id]
    original = await reading.raw(room, mention.id) if args.raw else ""
    versions = await reading.history(room, mention.id) if args.raw else ()

    def whole() -> Json:
        more: Json = {"thread": [mention_json(one) for one in thread]}
        if args.raw:
            more["raw"] = original
            more["versions"] = [{"at": moment(at), "raw": literal} for at, literal in versions]
        return mention_json(mention) | more

    at = _at(context, room)
    context.show(whole, lambda: _lines(mention, thread, original, at))
    return 0


def _lines(mention: Mention, thread: list[Mention], original: str, at: At) -> Iterator[str]:
    yield from mention_lines(mention, at)
    if original:
        yield f"  original: {original}"
    if thread:
        yield "in the same conversation:"
        yield from (f"  {mention_line(one, at)}" for one in thread)


async def _add(context: Context, args: Namespace) -> int:
    room = await context.room()
    mention = await triage.add_by_hand(
        room,
        words(args.text),
        url=args.url,
        handle=args.author,
        source=args.source,
        kind=args.kind,
        posted_at=context.moment(args.at),
        command_id=context.options.command_id,
    )
    return await marked(context, room, mention)


async def marked(context: Context, room: Room, mention: Mention) -> int:
    """Print a mention after an act, with the entry that says so where it is in an incident."""
    if not context.options.json:
        say(mention_line(mention, _at(context, room)))
        return 0
    document(mention_json(mention) | {"entry": await _entry_of(room, mention)})
    return 0


async def _entry_of(room: Room, mention: Mention) -> int | None:
    if not mention.incident:
        return None
    entries = await reading.timeline(room, mention.incident)
    about = (entry.seq for entry in reversed(entries) if entry.data.get("mention") == mention.uid)
    return next(about, None)


Mark = Callable[[Room, str, str], Awaitable[Mention]]


def _mark(mark: Mark) -> Callable[[Context, Namespace], Awaitable[int]]:
    """Return a verb that sets a mention's triage."""

    async def act(context: Context, args: Namespace) -> int:
        room = await context.here()
        found = await mark(room, mention_id(args.mention), context.options.command_id)
        return await marked(context, room, found)

    return act


async def _claim(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    chosen = mention_id(args.mention)
    mention = await triage.claim(
        room, chosen, take=args.take, reason=args.reason, command_id=command_id
    )
    return await marked(context, room, mention)


async def _assign(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    chosen = mention_id(args.mention)
    mention = await triage.assign(room, chosen, args.person, command_id=command_id)
    return await marked(context, room, mention)


async def _release(room: Room, chosen: str, command_id: str) -> Mention:
    return await triage.release(room, chosen, command_id=command_id)


async def _dismiss(room: Room, chosen: str, command_id: str) -> Mention:
    return await triage.dismiss(room, chosen, command_id=command_id)


async def _restore(room: Room, chosen: str, command_id: str) -> Mention:
    return await triage.restore(room, chosen, command_id=command_id)


async def _offline(room: Room, chosen: str, command_id: str) -> Mention:
    return await triage.offline(room, chosen, command_id=command_id)


async def _link(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    chosen = [mention_id(one) for one in args.mentions]
    acted = await triage.link(room, args.inc, chosen, command_id=command_id)
    linked = [await reading.mention(room, one) for one in chosen]
    return _linked(context, acted, linked)


async def _unlink(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    chosen = mention_id(args.mention)
    acted = await triage.unlink(room, args.inc, chosen, command_id=command_id)
    return _linked(context, acted, [await reading.mention(room, chosen)])


def _linked(context: Context, acted: Acted, mentions: list[Mention]) -> int:
    def thing() -> Json:
        return {
            "incident": acted.incident.id,
            "mentions": [mention_json(one) for one in mentions],
        }

    return context.acted(acted, thing)


_ONE = arg("mention", "the mention's id: M-12")

VERBS = {
    "ingest": INGEST,
    "mentions": MENTIONS,
    "mention show": Verb(
        _show,
        takes(_ONE, flag("--raw", "the original too, as a literal: nothing in it can act")),
        over_key=READS,
    ),
    "mention add": Verb(
        _add,
        takes(
            text("text", "what was said", optional=True),
            option("--url", "the link to it", metavar="LINK"),
            option("--author", "who said it, as the network calls them", metavar="HANDLE"),
            arg("--source", "where it was seen", default="by-hand", metavar="ID"),
            arg("--kind", "what it is", choices=get_args(MentionKind), default="post"),
            option("--at", "when it was said: -12m, 09:12 or RFC 3339", metavar="TIME"),
        ),
        over_key=ACTS,
    ),
    "mention claim": Verb(
        _claim,
        takes(
            _ONE,
            flag("--take", "take it over from whoever is on it"),
            option("--reason", "why, where their reply waits for its approval", metavar="WHY"),
        ),
        over_key=ACTS,
    ),
    "mention release": Verb(_mark(_release), _ONE, over_key=ACTS),
    "mention assign": Verb(_assign, takes(_ONE, arg("person", "who answers it")), over_key=ACTS),
    "mention dismiss": Verb(_mark(_dismiss), _ONE, over_key=ACTS),
    "mention restore": Verb(_mark(_restore), _ONE, over_key=ACTS),
    "mention offline": Verb(_mark(_offline), _ONE, over_key=ACTS),
    "mention link": Verb(
        _link,
        arg("mentions", "the mentions' ids: M-12 M-13", nargs="+"),
        incident=True,
        over_key=ACTS,
    ),
    "mention unlink": Verb(_unlink, _ONE, incident=True, over_key=ACTS),
}
