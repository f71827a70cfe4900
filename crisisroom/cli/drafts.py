"""Unfinished words, one's own and the team's: listed, looked through, brought back."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, takes
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import in_zone
from crisisroom.core.errors import Usage
from crisisroom.report.contract import plainly
from crisisroom.room import drafting


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    at = in_zone(room.config.zone, context.clock.now())
    if args.gone:
        gone = await drafting.thrown_away(room)
        context.show(
            lambda: [plainly(one) for one in gone],
            lambda: (
                [f"{one.draft} {at(one.at)}: {_first(one.text)}" for one in gone]
                or ["no draft is gone"]
            ),
        )
        return 0
    kept = await drafting.saved_drafts(room, everybody=not args.mine)
    context.show(
        lambda: [plainly(one) for one in kept],
        lambda: (
            [f"{one.id} {at(one.updated_at)}: {_first(one.text)}" for one in kept]
            or ["nothing is unfinished"]
        ),
    )
    return 0


def _first(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 60 else f"{line[:59]}…"


async def _history(context: Context, args: Namespace) -> int:
    room = await context.here()
    at = in_zone(room.config.zone, context.clock.now())
    states = await drafting.history(room, args.draft)
    context.show(
        lambda: [plainly(one) for one in states],
        lambda: (
            [
                line
                for one in states
                for line in (f"{one.number} by {one.actor} {at(one.at)}", *_indented(one.text))
            ]
            or ["it has no earlier state"]
        ),
    )
    return 0


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.split("\n")]


async def _back(context: Context, args: Namespace) -> int:
    room = await context.here()
    mine = await drafting.bring_back(room, args.draft, args.number or 0)
    context.show(lambda: plainly(mine), lambda: [f"{mine.id} is yours again"])
    return 0


async def _discard(context: Context, args: Namespace) -> int:
    room = await context.here()
    kept = await drafting.saved_drafts(room, everybody=True)
    if all(one.id != args.draft for one in kept):
        raise Usage("unknown-draft", f"there is no draft {args.draft}", "crisisroom draft list")
    await drafting.discard(room, args.draft)
    told = f"{args.draft} is thrown away; draft back {args.draft} brings it back"
    context.show(lambda: {"discarded": args.draft}, lambda: [told])
    return 0


_DRAFT = arg("draft", "the draft's id, as draft list prints it")

VERBS = {
    "draft list": Verb(
        _list,
        takes(
            flag("--mine", "only one's own"),
            flag("--gone", "what drafts said that were sent or thrown away, for a month"),
        ),
        over_key=READS,
    ),
    "draft history": Verb(_history, _DRAFT, over_key=READS),
    "draft back": Verb(
        _back,
        takes(_DRAFT, arg("number", "which state; without it the newest", nargs="?", type=int)),
        over_key=ACTS,
    ),
    "draft discard": Verb(_discard, _DRAFT, over_key=ACTS),
}
