"""Who does what: roles, handed on and accepted, and contacts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable

from crisisroom.cli.briefing import brief_lines
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, option, paged, takes, text, words
from crisisroom.cli.output import note, say, say_all
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import in_zone, role_line
from crisisroom.cli.saidof import BESIDE, beside
from crisisroom.cli.team import rung_lines
from crisisroom.core.incident import Incident, RoleState
from crisisroom.core.ladder import Rung, hours_words, ladder
from crisisroom.report.contract import Json, role_json
from crisisroom.report.contract_people import brief_json, rung_json
from crisisroom.report.contract_record import offer_json
from crisisroom.room import Acted, reading, record, roles
from crisisroom.room.record import Outcome


async def _roles(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(list(incident.roles.values()), args, _role_id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [_role_json(incident, role.id) for role in shown],
        lambda: (
            [f"{role_line(role, at)}{_offered(incident, role)}" for role in shown] or ["no roles"]
        ),
    )
    return 0


def _role_id(role: RoleState) -> str:
    return role.id


def _role_json(incident: Incident, role_id: str) -> Json:
    """Return a role with the offer of it to a successor, null where there is none."""
    offer = incident.offers.get(role_id)
    return role_json(incident.roles[role_id]) | {"offer": offer and offer_json(offer)}


def _offered(incident: Incident, role: RoleState) -> str:
    offer = incident.offers.get(role.id)
    return f", offered to {offer.person}, who has not accepted it" if offer else ""


def _role_changed(context: Context, acted: Acted, role_id: str) -> int:
    return context.acted(acted, lambda: _role_json(acted.incident, role_id))


async def _take(context: Context, args: Namespace) -> int:
    room = await context.here()
    why, command_id = words(args.words), context.options.command_id
    acted = await roles.take(room, args.inc, args.role, why, command_id=command_id)
    return _given(context, acted, args.role)


async def _assign(context: Context, args: Namespace) -> int:
    room = await context.here()
    why, command_id = words(args.words), context.options.command_id
    acted = await roles.assign(room, args.inc, args.role, args.person, why, command_id=command_id)
    return _given(context, acted, args.role)


def _given(context: Context, acted: Acted, role_id: str) -> int:
    """Say beside what was done that nobody handed the part over, and which page tells of it."""
    code, data = _role_changed(context, acted, role_id), acted.entry.data
    if not context.options.json and acted.entry.kind != "role.handed" and data.get("was"):
        say(f"{data['was']} has not handed it over: the page for whoever has it now is")
        say(f"  crisisroom brief {acted.incident.id} --role {role_id}")
    return code


async def _leave(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await roles.leave(room, args.inc, args.role, command_id=context.options.command_id)
    if not context.options.json:
        _call_backup(context, acted.incident, acted.incident.roles[args.role])
    return _role_changed(context, acted, args.role)


def _call_backup(context: Context, incident: Incident, role: RoleState) -> None:
    """Say whom to call now that nobody fills a required part."""
    if role.required and not role.holder:
        backup = [one for one in _ladder(context, incident) if one.contact.id == role.backup]
        told = "; ".join(f"call {_ways(rung)}" for rung in backup)
        note(f"crisisroom: nobody is {role.title} now, and somebody has to be. {told}")


def _ways(rung: Rung) -> str:
    ways = ", ".join(f"{way.by} {way.to}" for way in rung.contact.reach)
    return f"{rung.contact.name}: {ways} ({hours_words(rung)})"


def _ladder(context: Context, incident: Incident) -> tuple[Rung, ...]:
    return ladder(incident.plan, context.clock.now(), incident, incident.zone)


async def _hand_over(context: Context, args: Namespace) -> int:
    acted = await roles.hand_over(
        await context.here(),
        args.inc,
        args.role,
        args.person,
        words(args.words),
        command_id=context.options.command_id,
    )
    code = _briefed(context, acted, args.role)
    if not context.options.json and (offer := acted.incident.offers.get(args.role)):
        say(f"{offer.by} stays responsible until {offer.person} accepts:")
        say(f"  crisisroom role accept {acted.incident.id} {args.role}")
    return code


async def _accept(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await roles.accept(room, args.inc, args.role, command_id=command_id)
    code = _briefed(context, acted, args.role)
    if not context.options.json:
        say_all(brief_lines(acted.thing))
    return code


def _briefed(context: Context, acted: Acted, role_id: str) -> int:
    """Print a role that goes on with the brief for its successor."""
    whom = acted.entry.data["person"]
    brief = {"brief": brief_json(acted.thing, whom)}
    return context.acted(acted, lambda: _role_json(acted.incident, role_id) | brief)


async def _decline(context: Context, args: Namespace) -> int:
    room, why = await context.here(), words(args.words)
    command_id = context.options.command_id
    acted = await roles.decline(room, args.inc, args.role, why, command_id=command_id)
    return _role_changed(context, acted, args.role)


async def _keep(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await roles.keep(room, args.inc, args.role, command_id=command_id)
    return _role_changed(context, acted, args.role)


async def _contacts(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(_ladder(context, incident), args, _contact_id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [rung_json(rung) for rung in shown],
        lambda: [line for rung in shown for line in rung_lines(rung, at)] or ["no contacts"],
    )
    return 0


def _contact_id(rung: Rung) -> str:
    return rung.contact.id


def _call(outcome: Outcome) -> Callable[[Context, Namespace], Awaitable[int]]:
    """Return the verb that records a call with this outcome."""

    async def call(context: Context, args: Namespace) -> int:
        room = await context.here()
        acted = await record.called(
            room,
            args.inc,
            args.contact,
            args.by,
            outcome,
            words(args.words),
            **beside(context, args),
            command_id=context.options.command_id,
        )
        rungs = {rung.contact.id: rung for rung in _ladder(context, acted.incident)}
        return context.acted(acted, lambda: rung_json(rungs[args.contact]))

    return call


_ROLE = arg("role", "the role's id, as crisisroom role list shows it")
_FORCED = text("words", "why, where its holder has not handed it over", optional=True)
_CALL = takes(
    arg("contact", "the contact's id, as crisisroom contact list shows it"),
    text("words", "what was said or heard", optional=True),
    option("--by", "the way: phone, email, signal …", metavar="WAY"),
    BESIDE,
)

VERBS = {
    "role list": Verb(_roles, PAGING, incident=True, over_key=READS),
    "role take": Verb(_take, takes(_ROLE, _FORCED), incident=True, over_key=ACTS),
    "role assign": Verb(
        _assign, takes(_ROLE, arg("person", "who holds it"), _FORCED), incident=True, over_key=ACTS
    ),
    "role leave": Verb(_leave, _ROLE, incident=True, over_key=ACTS),
    "role handover": Verb(
        _hand_over,
        takes(
            _ROLE,
            arg("person", "who takes it over"),
            text("words", "what they should know", optional=True),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "role accept": Verb(_accept, _ROLE, incident=True, over_key=ACTS),
    "role decline": Verb(
        _decline,
        takes(_ROLE, text("words", "why, so that somebody else can be asked")),
        incident=True,
        over_key=ACTS,
    ),
    "role keep": Verb(_keep, _ROLE, incident=True, over_key=ACTS),
    "contact list": Verb(_contacts, PAGING, incident=True, over_key=READS),
    "contact called": Verb(_call("no-answer"), _CALL, incident=True, over_key=ACTS),
    "contact reached": Verb(_call("reached"), _CALL, incident=True, over_key=ACTS),
    "contact message": Verb(_call("message"), _CALL, incident=True, over_key=ACTS),
}
