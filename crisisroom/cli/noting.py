"""What people write down: notes, decisions, and what they say of entries that stand."""

from __future__ import annotations

from argparse import Namespace

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import AT, arg, option, takes, text, words
from crisisroom.cli.overkey import ACTS
from crisisroom.cli.saidof import BESIDE, beside
from crisisroom.core.timefilter import VISIBILITIES
from crisisroom.report.contract import Json, entry_json
from crisisroom.report.contract_timeline import told_json
from crisisroom.room import Acted, correcting, record, timeline


def _written(context: Context, acted: Acted) -> int:
    def thing() -> Json:
        return entry_json(acted.entry, acted.incident.id)

    return context.acted(acted, thing)


async def _note(context: Context, args: Namespace) -> int:
    room = await context.here()
    said, command_id = words(args.words), context.options.command_id
    return _written(
        context,
        await record.note(room, args.inc, said, **beside(context, args), command_id=command_id),
    )


async def _decision(context: Context, args: Namespace) -> int:
    acted = await record.decide(
        await context.here(),
        args.inc,
        words(args.words),
        args.why,
        options=args.option,
        **beside(context, args),
        command_id=context.options.command_id,
    )
    return _written(context, acted)


async def _correct(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await correcting.correct(
        room,
        args.inc,
        args.entry,
        words(args.words),
        at=context.moment(args.at),
        command_id=context.options.command_id,
    )
    return _written(context, acted)


async def _pin(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await correcting.pin(room, args.inc, args.entry, command_id=command_id)
    return await _said_of(context, acted, args.entry)


async def _unpin(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await correcting.unpin(room, args.inc, args.entry, command_id=command_id)
    return await _said_of(context, acted, args.entry)


async def _mark(context: Context, args: Namespace) -> int:
    acted = await correcting.mark(
        await context.here(),
        args.inc,
        args.entry,
        args.readers,
        words(args.reason),
        command_id=context.options.command_id,
    )
    return await _said_of(context, acted, args.entry)


async def _said_of(context: Context, acted: Acted, seq: int) -> int:
    """Print the entry that was pinned or marked, as it stands now."""
    seen = await timeline.one(await context.here(), acted.incident.id, seq)
    return context.acted(acted, lambda: told_json(seen.entry, acted.incident, seen.called))


_ENTRY = arg("entry", "the number of the entry, as the timeline shows it", type=int)

VERBS = {
    "note": Verb(_note, takes(text("words", "the note"), BESIDE), incident=True, over_key=ACTS),
    "decision": Verb(
        _decision,
        takes(
            text("words", "what was decided"),
            option("--why", "the reason"),
            arg(
                "--option",
                "what else could have been done; may be repeated",
                action="append",
                default=[],
                metavar="WORDS",
            ),
            BESIDE,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "correct": Verb(
        _correct,
        takes(_ENTRY, text("words", "how it really was", optional=True), AT),
        incident=True,
        over_key=ACTS,
    ),
    "pin": Verb(_pin, _ENTRY, incident=True, over_key=ACTS),
    "unpin": Verb(_unpin, _ENTRY, incident=True, over_key=ACTS),
    "mark": Verb(
        _mark,
        takes(
            _ENTRY,
            arg("readers", "who may read it", choices=VISIBILITIES),
            text("reason", "why"),
        ),
        incident=True,
        over_key=ACTS,
    ),
}
