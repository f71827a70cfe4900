"""Corrective actions: added, changed, done, dropped, listed, also across incidents."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import action_line
from crisisroom.cli.saidof import BESIDE, beside
from crisisroom.core.corrective import days_left, is_late, late_words, owned_by, today_in
from crisisroom.core.errors import Usage
from crisisroom.core.incident import ActionItem, Incident
from crisisroom.report.contract import Json, action_json
from crisisroom.room import Acted, corrective, reading
from crisisroom.room.corrective import CLEARED, KINDS, Owned


async def _list(context: Context, args: Namespace) -> int:
    if args.inc and args.everywhere:
        raise Usage("usage", "--all-incidents lists those of every incident: leave INC-n out")
    room = await context.here()
    if args.everywhere:
        found: Iterable[Owned] = await corrective.everywhere(room)
    else:
        incident = await reading.incident(room, args.inc)
        found = [Owned(incident, one) for one in incident.actions.values()]
    chosen = [one for one in found if _wanted(context, args, one)]
    shown = paged(chosen, args, _reference if args.everywhere else _id)
    context.show(
        lambda: [owned_json(context, one) for one in shown],
        lambda: (
            [owned_line(context, one, named=args.everywhere) for one in shown]
            or ["no corrective actions"]
        ),
    )
    return 0


def _id(one: Owned) -> str:
    return one.action.id


def _reference(one: Owned) -> str:
    return f"{one.incident.id}/{one.action.id}"


def _wanted(context: Context, args: Namespace, one: Owned) -> bool:
    today = today_in(one.incident, context.clock.now())
    return (
        (not args.open or one.action.state == "open")
        and (not args.overdue or is_late(one.action, today))
        and (not args.owner or owned_by(one.incident, one.action, args.owner))
    )


def owned_json(context: Context, one: Owned) -> Json:
    """Return an action with its incident, and whether it is late by today."""
    today = today_in(one.incident, context.clock.now())
    return action_json(one.action) | {
        "incident": one.incident.id,
        "overdue": is_late(one.action, today),
        "days_left": days_left(one.action, today),
    }


def owned_line(context: Context, one: Owned, *, named: bool) -> str:
    """Return an action as a plain line, with how late it is; `named` says its incident too."""
    left = days_left(one.action, today_in(one.incident, context.clock.now()))
    when = f", {late_words(left)}" if left is not None and left <= 1 else ""
    head = f"{one.incident.id} " if named else ""
    return f"{head}{action_line(one.action)}{when}"


async def _add(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await corrective.add(
        room,
        args.inc,
        words(args.title),
        args.owner,
        args.due,
        kind=args.kind,
        link=args.link,
        narrative=args.narrative,
        **beside(context, args),
        command_id=context.options.command_id,
    )
    return _changed(context, acted, acted.entry.data["action"])


async def _change(context: Context, args: Namespace) -> int:
    fields = {name: getattr(args, name) for name in _FIELDS}
    named = {name: value for name, value in fields.items() if value}
    if not named:
        raise Usage("usage", "nothing to change is named", "crisisroom action change --help")
    room, command_id = await context.here(), context.options.command_id
    acted = await corrective.change(room, args.inc, args.action, command_id=command_id, **named)
    return _changed(context, acted, args.action)


async def _done(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    came = words(args.words)
    acted = await corrective.done(
        room, args.inc, args.action, came, at=context.moment(args.at), command_id=command_id
    )
    return _changed(context, acted, args.action)


async def _drop(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    why = words(args.words)
    acted = await corrective.drop(room, args.inc, args.action, why, command_id=command_id)
    return _changed(context, acted, args.action)


async def _reopen(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    why = words(args.words)
    acted = await corrective.reopen(room, args.inc, args.action, why, command_id=command_id)
    return _changed(context, acted, args.action)


def _changed(context: Context, acted: Acted, action_id: str) -> int:
    def thing() -> Json:
        incident: Incident = acted.incident
        action: ActionItem = incident.actions[action_id.upper()]
        return owned_json(context, Owned(incident, action))

    return context.acted(acted, thing)


_FIELDS = ("title", "owner", "due", "kind", "link", "narrative")
_ACTION = arg("action", "the action's id: A-1")
_WHOSE = takes(
    option("--owner", "who sees to it"),
    option("--due", "by which day", metavar="YYYY-MM-DD"),
    option("--link", "a ticket: https://…", metavar="URL"),
    option("--narrative", "the story that asked for it", metavar="N-3"),
)

VERBS = {
    "action list": Verb(
        _list,
        takes(
            arg(
                "--all-incidents",
                "of every incident but drills, open or not",
                action="store_true",
                dest="everywhere",
            ),
            flag("--open", "only those that are open"),
            flag("--overdue", "only those that should have been done before today"),
            option("--owner", "only those of this person or role", metavar="WHO"),
            PAGING,
        ),
        incident=True,
        over_key=READS,
    ),
    "action add": Verb(
        _add,
        takes(
            text("title", "what should change"),
            _WHOSE,
            arg("--kind", f"what it does: {', '.join(KINDS)}", choices=KINDS, default=""),
            BESIDE,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "action change": Verb(
        _change,
        takes(
            _ACTION,
            option("--title", "what should change"),
            _WHOSE,
            arg(
                "--kind",
                f"what it does: {', '.join(KINDS)}; {CLEARED} clears it, as it does the others",
                choices=(*KINDS, CLEARED),
                default="",
            ),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "action done": Verb(
        _done,
        takes(
            _ACTION,
            text("words", "what came of it", optional=True),
            option("--at", "when it was: -12m, 09:12 or RFC 3339", metavar="TIME"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "action drop": Verb(
        _drop, takes(_ACTION, text("words", "why it is not done")), incident=True, over_key=ACTS
    ),
    "action reopen": Verb(
        _reopen, takes(_ACTION, text("words", "why", optional=True)), incident=True, over_key=ACTS
    ),
}
