"""Working through it: the checklist and the fact sheet."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import get_args

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, Adder, arg, flag, option, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, fact_line, in_zone, task_line
from crisisroom.cli.saidof import BESIDE, beside
from crisisroom.core.evidence import how_to_settle, waits_on
from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import FactState, FactStatus, Incident, TaskState
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry, stamp
from crisisroom.report.contract import Json, fact_json, task_json
from crisisroom.room import Acted, facts, reading, tasks


def _task_changed(context: Context, acted: Acted, task_id: str) -> int:
    def thing() -> Json:
        return task_json(acted.incident, acted.incident.tasks[task_id], context.clock.now())

    return context.acted(acted, thing)


async def _tasks(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    every = [task for task in incident.tasks.values() if _wanted(task, args)]
    shown = paged(every, args, _task_id)
    now = context.clock.now()
    context.show(
        lambda: [task_json(incident, task, now) for task in shown],
        lambda: _task_lines(context, incident, list(shown)),
    )
    return 0


def _wanted(task: TaskState, args: Namespace) -> bool:
    """Tell whether a list shows a task: what is not needed only when all are asked for."""
    if args.open:
        return task.state in ("open", "waiting")
    return task.state != "not_needed" or bool(args.all)


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
    waited = dict.fromkeys(name for task in shown for name in waits_on(incident, task))
    for name in waited:
        if name.startswith("fact."):
            yield f"waited for: {how_to_settle(incident, name)}"


async def _done(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await tasks.done(
        room,
        args.inc,
        args.task,
        words(args.evidence),
        **beside(context, args),
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
    now = context.clock.now()
    at, zone = in_zone(incident.zone, now), zone_of(incident.zone)
    context.show(
        lambda: [fact_json(fact) for fact in shown],
        lambda: [_fact_line(fact, at, now, zone) for fact in shown] or ["no facts"],
    )
    return 0


def _fact_line(fact: FactState, at: At, now: datetime, zone: tzinfo) -> str:
    return fact_line(msgspec.structs.replace(fact, value=said_value(fact, now, zone)), at)


def _fact_id(fact: FactState) -> str:
    return fact.id


async def _set(context: Context, args: Namespace) -> int:
    return await _set_to(context, args, words(args.value), args.state)


async def _confirm(context: Context, args: Namespace) -> int:
    return await _set_to(context, args, "", "known")


async def _set_to(context: Context, args: Namespace, value: str, state: str) -> int:
    room = await context.here()
    acted = await facts.set_fact(
        room,
        args.inc,
        args.fact,
        value,
        state,
        args.source,
        **beside(context, args),
        command_id=context.options.command_id,
    )
    return context.acted(acted, lambda: fact_json(acted.incident.facts[args.fact]))


async def _history(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    entries = await facts.history(room, incident.id, args.fact)
    fact, now = incident.facts[args.fact], context.clock.now()
    at, zone = in_zone(incident.zone, now), zone_of(incident.zone)

    def line(entry: Entry) -> str:
        data = entry.data
        said = msgspec.structs.replace(fact, state=data["state"], value=data["value"], at=None)
        told = _fact_line(msgspec.structs.replace(said, source=data["words"]), at, now, zone)
        return f"{at(entry.at)} {entry.actor}: {told}"

    context.show(
        lambda: [_said_json(entry) for entry in entries],
        lambda: [line(entry) for entry in entries] or [f"nobody said anything of {fact.label}"],
    )
    return 0


def _said_json(entry: Entry) -> Json:
    data = entry.data
    return {
        "seq": entry.seq,
        "at": stamp(entry.at),
        "by": entry.actor,
        "state": data["state"],
        "value": data["value"],
        "source": data["words"],
    }


def _sets_state(state: str, help: str) -> Adder:
    more = {"action": "store_const", "const": state, "dest": "state"}
    return arg(f"--{state}", help, **more)


_FACT = arg("fact", "the fact's id, as crisisroom fact list shows it")
_SOURCE = option("--source", "who says so")
_TASK = arg("task", "the task's id, as crisisroom task list shows it")

VERBS = {
    "task list": Verb(
        _tasks,
        takes(
            flag("--open", "only what is not done or skipped"),
            flag("--all", "also what is not needed by what the fact sheet says"),
            PAGING,
        ),
        incident=True,
        over_key=READS,
    ),
    "task done": Verb(
        _done,
        takes(
            _TASK,
            text("evidence", "what it asks for: a note, a link, M-12, ST-3, a fact", optional=True),
            BESIDE,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "task skip": Verb(
        _skip, takes(_TASK, text("reason", "why it is left out")), incident=True, over_key=ACTS
    ),
    "task reopen": Verb(_reopen, _TASK, incident=True, over_key=ACTS),
    "task assign": Verb(
        _assign, takes(_TASK, arg("person", "who takes it")), incident=True, over_key=ACTS
    ),
    "fact list": Verb(_facts, PAGING, incident=True, over_key=READS),
    "fact set": Verb(
        _set,
        takes(
            _FACT,
            text("value", "what is known, so that it fits the playbook's sentences", optional=True),
            arg(
                "--state",
                "known (as without it), changed, checking or unknown",
                choices=get_args(FactStatus),
                default="known",
            ),
            _sets_state("checking", "somebody looks at it"),
            _sets_state("unknown", "nobody knows, or not any more"),
            _sets_state("changed", "it was something else before"),
            _SOURCE,
            BESIDE,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "fact confirm": Verb(_confirm, takes(_FACT, _SOURCE, BESIDE), incident=True, over_key=ACTS),
    "fact history": Verb(_history, _FACT, incident=True, over_key=READS),
}
