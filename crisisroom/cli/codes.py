"""Approvers without a terminal: asked by message, their word put down with the code they read out.

The code is typed at a prompt without echo or comes on stdin: on a command line everybody on the
machine could read it.
"""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, option, paged, takes, text, words
from crisisroom.cli.output import say
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone
from crisisroom.cli.wording import id_of, print_act
from crisisroom.core.approval import titles
from crisisroom.core.codes import AskState, state_of
from crisisroom.core.errors import OutcomeUnknown, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.said import Asked
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json
from crisisroom.room import asking, entering, reading

Run = Callable[[Context, Namespace], Awaitable[int]]

_LONGEST = 200  # characters of a line with a code


def _ask(sort: str) -> Run:
    async def ask(context: Context, args: Namespace) -> int:
        from crisisroom.fetch import Fetcher
        from crisisroom.notifiers.messages import Messengers

        room, words_id = await context.here(), id_of(sort, args.id)
        async with Fetcher() as fetch:
            acted = await asking.ask(
                room,
                args.inc,
                words_id,
                args.contact,
                way=args.way,
                messengers=Messengers(room.config, fetch),
                command_id=context.options.command_id,
            )
        sent: asking.Sent = acted.thing
        context.acted(acted, lambda: ask_json(sent.ask, "open"))
        inc = acted.incident.id
        if not sent.sure:
            hint = f"a code that arrives is good; else crisisroom asks void {inc} {sent.ask.id}"
            why = f": {sent.why}" if sent.why else ""
            raise OutcomeUnknown("unknown", f"the message may not have arrived{why}", hint)
        if not context.options.json:
            until = in_zone(acted.incident.zone, context.clock.now())(sent.ask.expires_at)
            say(f"{sent.ask.name} has the text and a code, good until {until}; when you hear it:")
            say(f"next: crisisroom {sort} code {inc} {words_id}")
        return 0

    return ask


def _code(sort: str) -> Run:
    async def code(context: Context, args: Namespace) -> int:
        room, words_id = await context.here(), id_of(sort, args.id)
        typed = _typed()
        command_id = context.options.command_id
        acted = await entering.enter(room, args.inc, words_id, typed, command_id=command_id)
        return await print_act(context, room, acted, words_id)

    return code


def _typed() -> str:
    """Return the code: asked for where somebody sits at a terminal, else a line of stdin."""
    try:
        typed = getpass.getpass("Code: ") if sys.stdin.isatty() else sys.stdin.readline(_LONGEST)
    except (EOFError, UnicodeDecodeError):
        typed = ""
    if typed.strip():
        return typed
    raise Usage("code", "the code comes on stdin", "echo 7F3K-92QD | crisisroom statement code …")


async def _asks(context: Context, args: Namespace) -> int:
    room = await context.here()
    shown = paged(await asking.asks(room, args.inc), args, _ask_id)
    incident = await reading.incident(room, args.inc)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [ask_json(one, state) for one, state in shown],
        lambda: (
            [ask_line(incident, one, state, at) for one, state in shown] or ["nobody was asked"]
        ),
    )
    return 0


def _ask_id(listed: tuple[Asked, AskState]) -> str:
    return listed[0].id


async def _void(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    why = words(args.reason)
    acted = await entering.void(room, args.inc, args.ask, why, command_id=command_id)
    one, now = acted.thing, context.clock.now()
    state = state_of(one, acted.incident.words(one.words), now)
    return context.acted(acted, lambda: ask_json(one, state))


async def _refused(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    why = words(args.reason)
    acted = await entering.refused(room, args.inc, args.ask, why, command_id=command_id)
    return await print_act(context, room, acted, acted.thing.id)


def ask_json(one: Asked, state: AskState) -> Json:
    """Return who was asked about which text, and whether their code holds; never what it is."""
    return {
        "id": one.id,
        "words": one.words,
        "sha256": one.sha256,
        "contact": one.contact,
        "name": one.name,
        "roles": [*one.roles],
        "way": one.way,
        "by": one.by,
        "at": stamp(one.at),
        "expires_at": stamp(one.expires_at),
        "state": state,
        "wrong": one.wrong,
    }


def ask_line(incident: Incident, one: Asked, state: AskState, at: At) -> str:
    """Return who was asked about which text, and how it stands."""
    as_what = " or ".join(titles(incident, one.roles)) or "a colleague"
    until = f" until {at(one.expires_at)}" if state == "open" else ""
    wrong = f", {one.wrong} wrong" if one.wrong else ""
    asked = f"{one.name} ({as_what}) about {one.words} by {one.way}"
    return f"{state:7} {one.id}  {asked}, asked by {one.by} {at(one.at)}{until}{wrong}"


def _family(sort: str) -> dict[str, Verb]:
    this = arg("id", f"the {sort}'s id: {'ST-1' if sort == 'statement' else 'R-1'}")
    who = arg("contact", "the contact's id, as crisisroom contact list shows it")
    way = option("--way", "how: email, ntfy, sms …; else the first way that is served")
    return {
        f"{sort} ask": Verb(_ask(sort), takes(this, who, way), incident=True, over_key=ACTS),
        f"{sort} code": Verb(_code(sort), this, incident=True, over_key=ACTS),
    }


_ASK = arg("ask", "who was asked, as crisisroom asks shows it: K-1")

VERBS = {
    **_family("statement"),
    **_family("reply"),
    "asks list": Verb(_asks, PAGING, incident=True, over_key=READS),
    "asks void": Verb(
        _void,
        takes(_ASK, text("reason", "why, if it helps", optional=True)),
        incident=True,
        over_key=ACTS,
    ),
    "asks refused": Verb(
        _refused, takes(_ASK, text("reason", "what they said")), incident=True, over_key=ACTS
    ),
}
