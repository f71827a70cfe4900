"""Who does what: roles, contacts, and what should change afterwards."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable

from crisisroom.cli.briefing import brief_lines
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, option, paged, takes, text, words
from crisisroom.cli.output import note, say_all
from crisisroom.cli.plain import action_line, in_zone, role_line
from crisisroom.cli.team import rung_lines
from crisisroom.core.incident import ActionItem, Incident, RoleState
from crisisroom.core.ladder import Rung, hours_words, ladder
from crisisroom.report.contract import Json, action_json, role_json
from crisisroom.report.contract_people import brief_json, rung_json
from crisisroom.room import Acted, reading, record, roles
from crisisroom.room.record import Outcome


async def _roles(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(list(incident.roles.values()), args, _role_id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [role_json(role) for role in shown],
        lambda: [role_line(role, at) for role in shown] or ["no roles"],
    )
    return 0


def _role_id(role: RoleState) -> str:
    return role.id


def _role_changed(context: Context, acted: Acted, role_id: str) -> int:
    return context.acted(acted, lambda: role_json(acted.incident.roles[role_id]))


async def _take(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await roles.take(room, args.inc, args.role, command_id=context.options.command_id)
    return _role_changed(context, acted, args.role)


async def _assign(context: Context, args: Namespace) -> int:
    room = await context.here()
    command_id = context.options.command_id
    acted = await roles.assign(room, args.inc, args.role, args.person, command_id=command_id)
    return _role_changed(context, acted, args.role)


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

    def thing() -> Json:
        role = acted.incident.roles[args.role]
        return role_json(role) | {"brief": brief_json(acted.thing, role.holder)}

    code = context.acted(acted, thing)
    if not context.options.json:
        say_all(brief_lines(context, acted.incident, acted.thing))
    return code


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
        acted = await record.called(
            await context.here(),
            args.inc,
            args.contact,
            args.by,
            outcome,
            words(args.words),
            command_id=context.options.command_id,
        )
        rungs = {rung.contact.id: rung for rung in _ladder(context, acted.incident)}
        return context.acted(acted, lambda: rung_json(rungs[args.contact]))

    return call


async def _actions(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(list(incident.actions.values()), args, _action_id)
    context.show(
        lambda: [action_json(action) for action in shown],
        lambda: [action_line(action) for action in shown] or ["no corrective actions"],
    )
    return 0


def _action_id(action: ActionItem) -> str:
    return action.id


async def _add(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await record.add_action(
        room,
        args.inc,
        words(args.title),
        args.owner,
        args.due,
        command_id=context.options.command_id,
    )
    return _action_changed(context, acted, acted.entry.data["action"])


async def _done(context: Context, args: Namespace) -> int:
    room = await context.here()
    action, command_id = args.action.upper(), context.options.command_id
    acted = await record.action_done(room, args.inc, action, command_id=command_id)
    return _action_changed(context, acted, action)


def _action_changed(context: Context, acted: Acted, action_id: str) -> int:
    return context.acted(acted, lambda: action_json(acted.incident.actions[action_id]))


_ROLE = arg("role", "the role's id, as crisisroom role list shows it")
_CALL = takes(
    arg("contact", "the contact's id, as crisisroom contact list shows it"),
    text("words", "what was said or heard", optional=True),
    option("--by", "the way: phone, email, signal …", metavar="WAY"),
)

VERBS = {
    "role list": Verb(_roles, PAGING, incident=True),
    "role take": Verb(_take, _ROLE, incident=True),
    "role assign": Verb(_assign, takes(_ROLE, arg("person", "who holds it")), incident=True),
    "role leave": Verb(_leave, _ROLE, incident=True),
    "role handover": Verb(
        _hand_over,
        takes(
            _ROLE,
            arg("person", "who takes it over"),
            text("words", "what they should know", optional=True),
        ),
        incident=True,
    ),
    "contact list": Verb(_contacts, PAGING, incident=True),
    "contact called": Verb(_call("no-answer"), _CALL, incident=True),
    "contact reached": Verb(_call("reached"), _CALL, incident=True),
    "contact message": Verb(_call("message"), _CALL, incident=True),
    "action list": Verb(_actions, PAGING, incident=True),
    "action add": Verb(
        _add,
        takes(
            text("title", "what should change"),
            option("--owner", "who sees to it"),
            option("--due", "by which day", metavar="YYYY-MM-DD"),
        ),
        incident=True,
    ),
    "action done": Verb(_done, arg("action", "the action's id: A-1"), incident=True),
}
