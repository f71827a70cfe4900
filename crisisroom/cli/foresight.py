"""A playbook looked at before it is needed, and beside a run that follows an older one."""

from __future__ import annotations

import difflib
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from datetime import timedelta

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, parse_moment
from crisisroom.cli.options import Adder, arg, option, takes
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import At, clock_line, fact_line, in_zone, one_line, task_line
from crisisroom.core.clocks import clocks
from crisisroom.core.errors import Usage
from crisisroom.core.foresee import Foreseen, Supposed, foresee
from crisisroom.core.incident import Incident
from crisisroom.core.kinds import span
from crisisroom.core.plan_diff import Change, plan_diff
from crisisroom.core.playbook import Playbook
from crisisroom.core.timeline import stamp
from crisisroom.core.yamlwrite import duration
from crisisroom.report.contract import Json, clock_json, fact_json, plainly, task_json
from crisisroom.report.contract_people import escalation_json
from crisisroom.room import reading

_LATER = re.compile(r"(.*)@([0-9][0-9dhms]*)", re.DOTALL)
_SHORT = 90  # characters of both sides of a difference that stand on one line


def _preview(context: Context, args: Namespace) -> int:
    plan = context.playbook(args.playbook)
    zone, now = context.team_zone(), context.clock.now()
    start = parse_moment(args.declared, now, zone) if args.declared else now
    supposed = [
        *(_supposed("fact", given) for given in args.set),
        *(_supposed("role", given) for given in args.role),
        *(_supposed("task", given) for given in args.done),
    ]
    after = _seconds(args.at.removeprefix("+") or "0s", "--at")
    seen = foresee(
        plan,
        start,
        timedelta(seconds=after),
        severity=args.severity.lower(),
        zone=zone,
        supposed=supposed,
    )
    context.show(lambda: _seen_json(seen), lambda: _seen_lines(plan, seen, after))
    return 0


def _seconds(given: str, option: str) -> int:
    seconds = 0 if given == "0" else span(given)
    if seconds is None:
        raise Usage("time", f"{option}: {given[:40]} is no span of time", "write it like +25m")
    return seconds


def _supposed(sort: str, given: str) -> Supposed:
    """Return what `harm=yes`, `lead=ada@3m` or `pause-posts@5m` says."""
    match = _LATER.fullmatch(given)
    words, after = (match[1], _seconds(match[2], given)) if match else (given, 0)
    if sort == "task":
        return Supposed(sort="task", id=words, after=after)
    id_, sign, value = words.partition("=")
    if not sign or not value.strip():
        name, example = ("--set", "harm=yes") if sort == "fact" else ("--role", "lead=ada")
        raise Usage("usage", f"{name} {given[:40]} has no value", f"write {name} {example}")
    if sort == "role":
        return Supposed(sort="role", id=id_, value=value, after=after)
    return Supposed(sort="fact", id=id_, value=value, after=after)


def _seen_json(seen: Foreseen) -> Json:
    incident, now = seen.incident, seen.now
    return {
        "playbook": incident.plan.id,
        "severity": incident.severity,
        "declared_at": stamp(incident.declared_at),
        "at": stamp(now),
        "tasks": [task_json(incident, task, now) for task in incident.tasks.values()],
        "facts": [fact_json(fact) for fact in incident.facts.values()],
        "clocks": [clock_json(clock) for clock in clocks(incident, now)],
        "entries": [
            {"at": stamp(one.at), "kind": one.kind, "actor": one.actor, "text": one.text}
            for one in seen.entries
        ],
        "escalations": [escalation_json(incident, one) for one in incident.plan.escalations],
    }


def _seen_lines(plan: Playbook, seen: Foreseen, after: int) -> Iterator[str]:
    incident, now = seen.incident, seen.now
    at = in_zone(incident.zone, now)
    yield f"{plan.id}: a preview, nothing is declared"
    yield (
        f"declared {incident.severity.upper()} {at(incident.declared_at)}; now it is {at(now)}"
        f" ({incident.zone}), {duration(after)} later"
    )
    told = (f"{at(one.at)}  {one_line(one.text)}" for one in seen.entries)
    yield from _part("what stands on the timeline by then", told)
    for phase in plan.phases:
        tasks = (incident.tasks[task.id] for task in phase.tasks)
        yield from _part(phase.title, (task_line(incident, task, at, now) for task in tasks))
    running = (one for one in clocks(incident, now) if one.kind not in ("task", "escalation"))
    yield from _part("clocks besides the tasks'", (clock_line(one, at, now) for one in running))
    yield from _part("duties by law that do not run", _asleep(incident))
    yield from _part("who is being called", _called(incident, at))
    known = [fact for fact in incident.facts.values() if fact.state != "unknown"]
    yield from _part("facts", (fact_line(fact, at) for fact in known))
    open_ones = [fact.label for fact in incident.facts.values() if fact.state == "unknown"]
    yield from _part("not known yet", [", ".join(open_ones)] if open_ones else [])


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield f"{one_line(title)}:"
        yield from (f"  {line}" for line in found)


def _asleep(incident: Incident) -> Iterator[str]:
    for one in incident.deadlines.values():
        if one.state == "waiting":
            yield f"{one.title}: waits for {one.waiting_for}"
        elif one.state == "not_needed":
            yield f"{one.title}: does not apply"


def _called(incident: Incident, at: At) -> Iterator[str]:
    contacts = {one.id: one for one in incident.plan.contacts}
    for run in incident.escalations.values():
        if run.next_at is None:
            yield f"{run.title}: everybody was called, nobody answered"
            continue
        yield f"{run.title}, round {run.round}; the next call is at {at(run.next_at)}"
        for name in run.called:
            one = contacts.get(name)  # a role that no contact can hold is called by its holder
            ways = ", ".join(f"{way.by} {way.to}" for way in one.reach) if one else "no contact"
            yield f"  {one.name if one else name}: {ways}"


async def _diff(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    plan = context.playbook(args.file or incident.playbook.id)
    changes = plan_diff(incident.plan, plan)
    head = f"{incident.id} follows {incident.playbook.id}, version {incident.playbook.version}"
    context.show(
        lambda: {
            "incident": incident.id,
            "playbook": plainly(incident.playbook),
            "file": {"id": plan.id, "version": plan.version},
            "changes": [plainly(one) for one in changes],
        },
        lambda: (
            f"{head}; the file is {plan.id}, version {plan.version}",
            *(line for one in changes for line in _change_lines(one)),
            *([] if changes else ["nothing differs"]),
        ),
    )
    return 0


def _change_lines(one: Change) -> Iterator[str]:
    """Yield a difference: on one line where both sides fit, else line by line."""
    said = {"order": "in another order"}.get(one.change, one.change)
    if "\n" not in one.was + one.now and len(one.was + one.now) <= _SHORT:
        both = " -> ".join(side for side in (one.was, one.now) if side)
        yield f"{said}: {one.path}: {both}" if both else f"{said}: {one.path}"
        return
    yield f"{said}: {one.path}:"
    lines = difflib.ndiff(one.was.splitlines(), one.now.splitlines())
    yield from (f"  {line}".rstrip() for line in lines if line[0] != "?")


def _preview_arguments(parser: ArgumentParser) -> None:
    takes(
        arg("playbook", "the playbook's id or file"),
        option("--at", "how long after the declaration: +25m, +3h", metavar="+TIME"),
        option("--severity", "its severity; without it the gravest"),
        option("--declared", "when it is declared: 22:30, -2h; without it now", metavar="TIME"),
        _several("--set", "a fact that is known, from the beginning or @ later", "FACT=VALUE[@5m]"),
        _several("--done", "a task that is done", "TASK[@5m]"),
        _several("--role", "who takes a role", "ROLE=PERSON[@5m]"),
    )(parser)


def _several(name: str, help: str, metavar: str) -> Adder:
    return arg(name, help, action="append", default=[], metavar=metavar)


VERBS = {
    "playbook preview": Verb(_preview, _preview_arguments, over_key=READS.by_id("playbook")),
    "playbook diff": Verb(
        _diff,
        arg("file", "a playbook's id or file; else the run's own", nargs="?", default=""),
        incident=True,
        over_key=READS.by_id("file"),
    ),
}
