"""Questions to colleagues about a text: asked, answered, listed."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, flag, option, paged, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.questions import Question, asked_of
from crisisroom.report.contract import plainly
from crisisroom.room import questions, reading


async def _ask(context: Context, args: Namespace) -> int:
    acted = await questions.ask(
        await context.here(),
        args.inc,
        words(args.question),
        words_id=args.id.upper(),
        whom=args.to,
        command_id=context.options.command_id,
    )
    return context.acted(acted, lambda: plainly(acted.thing))


async def _answer(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    name, said = args.id.upper(), words(args.words)
    acted = await questions.answer(room, args.inc, name, said, command_id=command_id)
    return context.acted(acted, lambda: plainly(acted.thing))


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    state = await reading.incident(room, args.inc)
    mine = room.actor.name
    every = asked_of(state, mine, state.holds(mine)) if args.mine else [*state.questions.values()]
    shown = paged([one for one in every if args.all or one.open], args, lambda one: one.id)
    at = in_zone(state.zone, context.clock.now())
    context.show(
        lambda: [plainly(one) for one in shown],
        lambda: [_line(one, at) for one in shown] or ["no question is open"],
    )
    return 0


def _line(one: Question, at: At) -> str:
    about = f" about {one.words}" if one.words else ""
    said = f"{one.id}  {one.by} asks {one.whom}{about} {at(one.at)}: {one_line(one.ask)}"
    if one.answered_at is None:
        return f"open     {said}"
    return f"answered {said} ({one.answered_by} {at(one.answered_at)}: {one_line(one.answer)})"


VERBS = {
    "question ask": Verb(
        _ask,
        takes(
            arg("id", "the text it is about: ST-1, R-1"),
            text("question", "what you want to know"),
            option("--to", "who is asked: a person or a role; else who wrote it", metavar="NAME"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "question answer": Verb(
        _answer,
        takes(arg("id", "the question's id: Q-1"), text("words", "the answer")),
        incident=True,
        over_key=ACTS,
    ),
    "question list": Verb(
        _list,
        takes(
            flag("--all", "those that are answered too"),
            flag("--mine", "only those to you"),
            PAGING,
        ),
        incident=True,
        over_key=READS,
    ),
}
