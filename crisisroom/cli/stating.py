"""Statements already written: compared, put right, taken back, said otherwise on a channel."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import Adder, arg, flag, takes, text
from crisisroom.cli.options import words as given
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import in_zone
from crisisroom.cli.wording import id_of, print_act
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.said import Owed
from crisisroom.core.textdiff import diff, marked
from crisisroom.core.truth import corrections_due
from crisisroom.report.contract import plainly
from crisisroom.room import Acted, Room, reading, statements, stopping, versions
from crisisroom.room.leading import lead_of, leader

Run = Callable[[Context, Namespace], Awaitable[int]]


def _diff(sort: str) -> Run:
    async def show(context: Context, args: Namespace) -> int:
        room, words_id = await context.here(), id_of(sort, args.id)
        first, second = await versions.two(room, args.inc, words_id, args.first, args.second)
        zone = (await reading.incident(room, args.inc)).zone
        at = in_zone(zone, context.clock.now())
        pieces = diff(first.text, second.text)
        context.show(
            lambda: {
                "id": words_id,
                "from": plainly(first),
                "to": plainly(second),
                "pieces": [plainly(piece) for piece in pieces],
            },
            lambda: (
                [
                    f"{words_id}: v{one.version} by {one.by} {at(one.at)}"
                    + "".join(f"; {said}" for said in one.verdicts)
                    for one in (first, second)
                ]
                + ["", *marked(pieces).split("\n")]
            ),
        )
        return 0

    return show


async def _variant(context: Context, args: Namespace) -> int:
    room, words_id = await context.here(), id_of("statement", args.id)
    text = "" if args.off else given(args.text)
    if not args.off and not text.strip():
        raise Usage("empty", "say which words", "or take them off the channel: --off")
    command_id = context.options.command_id
    acted = await statements.vary(
        room, args.inc, words_id, args.channel, text, command_id=command_id
    )
    return await print_act(context, room, acted, words_id)


async def _correct(context: Context, args: Namespace) -> int:
    room, words_id = await context.here(), id_of("statement", args.id)
    acted = await statements.correct(
        room,
        args.inc,
        words_id,
        given(args.text) if args.text else None,
        command_id=context.options.command_id,
    )
    return await print_act(context, room, acted, acted.thing.id)


async def _translate(context: Context, args: Namespace) -> int:
    room, words_id = await context.here(), id_of("statement", args.id)
    acted = await statements.translate(
        room,
        args.inc,
        words_id,
        args.language,
        given(args.text) if args.text else None,
        command_id=context.options.command_id,
    )
    return await print_act(context, room, acted, acted.thing.id)


def _act(sort: str, do: Callable[..., Awaitable[Acted]]) -> Run:
    """Return a verb for an act on one text that takes a reason."""

    async def act(context: Context, args: Namespace) -> int:
        room, words_id = await context.here(), id_of(sort, args.id)
        more = {"channels": tuple(args.channel)} if "channel" in args else {}
        acted = await do(
            room,
            args.inc,
            words_id,
            given(args.reason),
            command_id=context.options.command_id,
            **more,
        )
        return await print_act(context, room, acted, words_id)

    return act


async def _uphold_wording(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await statements.uphold_wording(
        room, args.inc, args.id, given(args.reason), command_id=context.options.command_id
    )
    return context.acted(acted, lambda: {"id": args.id})


async def _owed(context: Context, args: Namespace) -> int:
    room = await context.here()
    state = await reading.incident(room, args.inc)
    at = in_zone(state.zone, context.clock.now())
    shown = state.owed.values() if args.all else corrections_due(state)
    context.show(
        lambda: [plainly(one) for one in shown],
        lambda: (
            [_owed_line(state.id, one, at(one.at)) for one in shown] or ["no correction is due"]
        ),
    )
    return 0


def _owed_line(inc: str, one: Owed, at: str) -> str:
    said = f"{at} {one.words} says {one.was}; {one.label} is {one.now or 'not known any more'}"
    if one.settled_at is not None:
        return f"{said}: {one.how} by {one.settled_by}" + (f", {one.why}" if one.why else "")
    sort = "reply" if one.words.startswith("R-") else "statement"
    verb = f"crisisroom {sort}"
    ways = f"{verb} retract {inc} {one.words} REASON, or {verb} stands {inc} {one.words} REASON"
    return (
        f"{said}; {verb} correct {inc} {one.words}, {ways}"
        if sort == "statement"
        else (f"{said}; {ways}")
    )


async def _stop(context: Context, args: Namespace) -> int:
    room = await context.here()
    held = await stopping.stop(
        room, given(args.why), inc=args.inc, command_id=context.options.command_id
    )
    gone = await stopping.stopped(room) is None
    since = "; they were let go again since" if gone else ""
    return await _stopped(context, room, f"{held.by} stopped all outgoing words{since}")


async def _resume(context: Context, args: Namespace) -> int:
    room = await context.here()
    await stopping.resume(room, given(args.why), command_id=context.options.command_id)
    return await _stopped(context, room, "words go out again")


async def _status(context: Context, args: Namespace) -> int:
    return await _stopped(context, await context.here(), "")


async def _stopped(context: Context, room: Room, said: str) -> int:
    held, states = await stopping.halted(room)
    at = in_zone(room.config.zone, context.clock.now())
    if held is None:
        context.show(lambda: {"stopped": False}, lambda: [said or "words go out"])
        return 0
    why = f": {held.why}" if held.why else ""
    told = f"{held.by} stopped all outgoing words {at(held.at)}{why}"
    context.show(
        lambda: {
            "stopped": True,
            **plainly(held),
            "may_resume": [_decider(state) for state in states],
        },
        lambda: [said or told, _who_may(states)],
    )
    return 0


def _decider(state: Incident) -> dict[str, str]:
    role = lead_of(state)
    return {
        "incident": state.id,
        "role": role.id if role else "",
        "holder": role.holder if role else "",
    }


def _who_may(states: Sequence[Incident]) -> str:
    """Return who lets words go again, in a line that also says how."""
    who = " or ".join(f"{leader(state)} of {state.id}" for state in states) or "anybody"
    return f"{who} lets them go again: crisisroom outgoing resume REASON"


_ID = arg("id", "the statement's id: ST-1")
_WHY = text("reason", "why")
_WHERE = arg(
    "--channel", "only there; again for another one", action="append", default=[], metavar="ID"
)
_VERSIONS = takes(
    arg("first", "the version to begin from", nargs="?", type=int),
    arg("second", "the version to compare it with", nargs="?", type=int),
)


def _shared(sort: str) -> dict[str, Verb]:
    this = arg("id", f"the {sort}'s id: {'ST-1' if sort == 'statement' else 'R-1'}")
    acts: dict[str, tuple[Callable[..., Awaitable[Acted]], Adder]] = {
        "retract": (statements.retract, takes(this, _WHY, _WHERE)),
        "uphold": (statements.uphold, takes(this, _WHY)),
        "stands": (statements.settle_owed, takes(this, _WHY)),
    }
    verbs = {
        f"{sort} diff": Verb(_diff(sort), takes(this, _VERSIONS), incident=True, over_key=READS)
    }
    return verbs | {
        f"{sort} {name}": Verb(_act(sort, do), arguments, incident=True, over_key=ACTS)
        for name, (do, arguments) in acts.items()
    }


VERBS = {
    **_shared("statement"),
    **_shared("reply"),
    "statement variant": Verb(
        _variant,
        takes(
            _ID,
            arg("channel", "the account that gets words of its own"),
            flag("--off", "it gets the text again"),
            text("text", "its words", optional=True),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "statement correct": Verb(
        _correct,
        takes(_ID, text("text", "the words; without them the playbook's", optional=True)),
        incident=True,
        over_key=ACTS,
    ),
    "statement translate": Verb(
        _translate,
        takes(
            _ID,
            arg("language", "the language: de"),
            text("text", "the words; without them the playbook's", optional=True),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "statement owed": Verb(
        _owed, flag("--all", "those that are settled too"), incident=True, over_key=READS
    ),
    "wording uphold": Verb(
        _uphold_wording,
        takes(arg("id", "the key message's, answer's or statement's id"), _WHY),
        incident=True,
        over_key=ACTS,
    ),
    "outgoing stop": Verb(_stop, text("why", "why", optional=True), incident=True, over_key=ACTS),
    "outgoing resume": Verb(_resume, text("why", "why words may go out again"), over_key=ACTS),
    "outgoing status": Verb(_status, takes(), over_key=READS),
}
