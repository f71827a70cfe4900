"""Who does what: roles, contacts, and what should change afterwards."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, option, paged, takes, text, words
from crisisroom.cli.plain import action_line, contact_lines, in_zone, role_line
from crisisroom.core.incident import ActionItem, RoleState
from crisisroom.core.playbook import Contact
from crisisroom.report.contract import Json, action_json, contact_json, role_json
from crisisroom.room import Acted, reading, record, roles


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
    return _role_changed(context, acted, args.role)


async def _contacts(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(incident.plan.contacts, args, _contact_id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [contact_json(contact, incident.calls) for contact in shown],
        lambda: (
            [line for contact in shown for line in contact_lines(incident, contact, at)]
            or ["no contacts"]
        ),
    )
    return 0


def _contact_id(contact: Contact) -> str:
    return contact.id


async def _called(context: Context, args: Namespace) -> int:
    return await _call(context, args, reached=False)


async def _reached(context: Context, args: Namespace) -> int:
    return await _call(context, args, reached=True)


async def _call(context: Context, args: Namespace, *, reached: bool) -> int:
    room = await context.here()
    acted = await record.called(
        room,
        args.inc,
        args.contact,
        args.by,
        reached,
        words(args.words),
        command_id=context.options.command_id,
    )

    def thing() -> Json:
        contact = next(one for one in acted.incident.plan.contacts if one.id == args.contact)
        return contact_json(contact, acted.incident.calls)

    return context.acted(acted, thing)


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
    "contact list": Verb(_contacts, PAGING, incident=True),
    "contact called": Verb(_called, _CALL, incident=True),
    "contact reached": Verb(_reached, _CALL, incident=True),
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
