"""Factors that contributed, and what should change in the programme."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, takes, text, words
from crisisroom.cli.output import note
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import action_line, one_line
from crisisroom.core.incident import Incident
from crisisroom.core.programme import Change
from crisisroom.core.recorded import Factor
from crisisroom.report.contract_record import factor_json
from crisisroom.report.contract_review import change_json
from crisisroom.room import reading, reviewing
from crisisroom.room.reviewing import SORTS


def factor_line(factor: Factor) -> str:
    """Return a factor as a plain line."""
    return f"{factor.id} {factor.sort}: {one_line(factor.words)} ({factor.by})"


def gently(context: Context, asks: Sequence[str]) -> None:
    """Say beside what was done that names of people stand in it."""
    if not context.options.json:
        for ask in filter(None, asks):
            note(f"crisisroom: {ask}")


async def _programme(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    found = await reviewing.programme(room, incident.id)
    nothing = "no story is linked, nothing is promised: narrative link adds what people complain of"
    context.show(
        lambda: [change_json(one) for one in found],
        lambda: [line for one in found for line in _change_lines(incident, one)] or [nothing],
    )
    return 0


def _change_lines(incident: Incident, change: Change) -> Iterator[str]:
    if change.narrative:
        sources = len(change.sources)
        posts = "1 post" if change.mentions == 1 else f"{change.mentions} posts"
        told = posts if change.complaints is None else f"{change.complaints} of {posts} complain"
        on = f" on {sources} sources" if sources > 1 else ""
        yield f"{change.narrative} {one_line(change.title)}: {told}{on}"
    else:
        yield f"of no story: {one_line(change.title)}"
    for promise in change.promised:
        yield f"  we promised ({promise.id}, {promise.state}): {one_line(promise.words)}"
    for action in change.actions:
        yield f"  {action_line(action)}"
    if change.unowned:
        what = f"--owner WHO --narrative {change.narrative}"
        yield f"  nobody owns it: crisisroom action add {incident.id} 'WHAT' {what}"


async def _factors(context: Context, args: Namespace) -> int:
    incident = await reading.incident(await context.here(), args.inc)
    shown = incident.factors.values()
    prompts = [f"  {one_line(one)}" for one in incident.plan.review.factors]
    context.show(
        lambda: [factor_json(one) for one in shown],
        lambda: [factor_line(one) for one in shown] or ["no factor is written down", *prompts],
    )
    return 0


async def _add_factor(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await reviewing.add_factor(
        room, args.inc, words(args.words), args.sort, command_id=command_id
    )
    gently(context, [acted.thing])
    made = acted.incident.factors[acted.entry.data["factor"]]
    return context.acted(acted, lambda: factor_json(made) | {"ask": acted.thing})


async def _drop_factor(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await reviewing.drop_factor(
        room, args.inc, args.factor, words(args.words), command_id=command_id
    )
    return context.acted(acted, lambda: {"id": acted.entry.data["factor"], "dropped": True})


VERBS = {
    "review programme": Verb(_programme, incident=True, over_key=READS),
    "factor list": Verb(_factors, incident=True, over_key=READS),
    "factor add": Verb(
        _add_factor,
        takes(
            text("words", "what it was: a thing, never a person"),
            arg("--sort", "contributed, well, badly or lucky", choices=SORTS, default=SORTS[0]),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "factor drop": Verb(
        _drop_factor,
        takes(arg("factor", "F-1"), text("words", "why", optional=True)),
        incident=True,
        over_key=ACTS,
    ),
}
