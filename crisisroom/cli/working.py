"""Working through it: the checklist and the fact sheet."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import get_args

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import AT, PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.plain import fact_line, in_zone, task_line
from crisisroom.core.errors import Usage
from crisisroom.core.incident import FactState, FactStatus, Incident, TaskState
from crisisroom.report.contract import Json, fact_json, task_json
from crisisroom.room import Acted, facts, reading, tasks


def _task_changed(context: Context, acted: Acted, task_id: str) -> int:
    def thing() -> Json:
        return task_json(acted.incident, acted.incident.tasks[task_id], context.clock.now())

    return context.acted(acted, thing)


async def _tasks(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    every = [task for task in incident.tasks.values() if not args.open or _is_open(task)]
    shown = paged(every, args, _task_id)
    now = context.clock.now()
    context.show(
        lambda: [task_json(incident, task, now) for task in shown],
        lambda: _task_lines(context, incident, list(shown)),
    )
    return 0


def _is_open(task: TaskState) -> bool:
    return task.state in ("open", "waiting")


def _task_id(task: TaskState) -> str:
    return task.id


def _task_lines(context: Context, incident: Incident, shown: list[TaskState]) -> Iterator[str]:
    now = context.clock.now()
    at = in_zone(incident.zone, now)
    titles = {phase.id: phase.title for phase in incident.plan.phases}
    phase = ""
    for task in shown:
        if task.phase != phase:
            phase = task.phase
            yield f"{titles.get(phase, phase)}:"
        yield f"  {task_line(incident, task, at, now)}"
    if not shown:
        yield "no tasks"


async def _done(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await tasks.done(
        room,
        args.inc,
        args.task,
        words(args.evidence),
        at=context.moment(args.at),
        command_id=context.options.command_id,
    )
    return _task_changed(context, acted, args.task)


async def _skip(context: Context, args: Namespace) -> int:
    room = await context.here()
    reason, command_id = words(args.reason), context.options.command_id
    acted = await tasks.skip(room, args.inc, args.task, reason, command_id=command_id)
    return _task_changed(context, acted, args.task)


async def _reopen(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await tasks.reopen(room, args.inc, args.task, command_id=context.options.command_id)
    return _task_changed(context, acted, args.task)


async def _assign(context: Context, args: Namespace) -> int:
    room = await context.here()
    command_id = context.options.command_id
    acted = await tasks.assign(room, args.inc, args.task, args.person, command_id=command_id)
    return _task_changed(context, acted, args.task)


async def _facts(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = paged(list(incident.facts.values()), args, _fact_id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(
        lambda: [fact_json(fact) for fact in shown],
        lambda: [fact_line(fact, at) for fact in shown] or ["no facts"],
    )
    return 0


def _fact_id(fact: FactState) -> str:
    return fact.id


async def _set(context: Context, args: Namespace) -> int:
    value = words(args.value)
    if value and args.state == "unknown":
        raise Usage("state", "an unknown fact has no value", "leave the value out, or --state")
    room = await context.here()
    acted = await facts.set_fact(
        room,
        args.inc,
        args.fact,
        value,
        args.state,
        args.source,
        command_id=context.options.command_id,
    )
    return context.acted(acted, lambda: fact_json(acted.incident.facts[args.fact]))


_TASK = arg("task", "the task's id, as crisisroom task list shows it")

VERBS = {
    "task list": Verb(
        _tasks, takes(flag("--open", "only what is not done or skipped"), PAGING), incident=True
    ),
    "task done": Verb(
        _done,
        takes(_TASK, text("evidence", "the note or link it asks for", optional=True), AT),
        incident=True,
    ),
    "task skip": Verb(_skip, takes(_TASK, text("reason", "why it is left out")), incident=True),
    "task reopen": Verb(_reopen, _TASK, incident=True),
    "task assign": Verb(_assign, takes(_TASK, arg("person", "who takes it")), incident=True),
    "fact list": Verb(_facts, PAGING, incident=True),
    "fact set": Verb(
        _set,
        takes(
            arg("fact", "the fact's id, as crisisroom fact list shows it"),
            text("value", "what is known, so that it fits the playbook's sentences", optional=True),
            arg(
                "--state",
                "known (as without it), changed, checking or unknown",
                choices=get_args(FactStatus),
                default="known",
            ),
            option("--source", "who says so"),
        ),
        incident=True,
    ),
}
