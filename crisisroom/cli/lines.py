"""The line for each story: set, cleared, listed."""

from __future__ import annotations

from argparse import Namespace
from typing import get_args

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.listing import narrative_id
from crisisroom.cli.options import arg, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, in_zone, one_line
from crisisroom.core.lines import LINES
from crisisroom.core.said import Line, StoryLine
from crisisroom.report.contract import Json, moment
from crisisroom.room import Acted, lines, reading


def _story(given: str) -> str:
    return lines.ALL if given.strip().lower() == lines.ALL else narrative_id(given)


def line_json(line: StoryLine) -> Json:
    """Return a story's line; without a narrative it holds for all others."""
    return {
        "narrative": line.id,
        "line": line.line,
        "by": line.by,
        "at": moment(line.at),
        "why": line.why,
    }


def _said(line: StoryLine, at: At) -> str:
    why = f": {one_line(line.why)}" if line.why else ""
    return f"{line.id or lines.ALL} {LINES[line.line]} ({line.by} {at(line.at)}){why}"


def _standing(acted: Acted) -> Json:
    state = acted.incident
    return {"incident": state.id, "lines": [line_json(one) for one in state.lines.values()]}


async def _set(context: Context, args: Namespace) -> int:
    room, why = await context.here(), words(args.why)
    story, command_id = _story(args.narrative), context.options.command_id
    acted = await lines.set_line(room, args.inc, story, args.line, why, command_id=command_id)
    return context.acted(acted, lambda: _standing(acted))


async def _clear(context: Context, args: Namespace) -> int:
    room, story = await context.here(), _story(args.narrative)
    acted = await lines.clear(room, args.inc, story, command_id=context.options.command_id)
    return context.acted(acted, lambda: _standing(acted))


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    at = in_zone(incident.zone, context.clock.now())
    held = [*incident.lines.values()]
    context.show(
        lambda: [line_json(one) for one in held],
        lambda: [_said(one, at) for one in held] or ["every story is answered"],
    )
    return 0


_STORY = arg("narrative", "the story's id, N-3, or all for those without a line of their own")

VERBS = {
    "line set": Verb(
        _set,
        takes(
            _STORY,
            arg("line", "how it is answered", choices=get_args(Line)),
            text("why", "why it is", optional=True),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "line clear": Verb(_clear, _STORY, incident=True, over_key=ACTS),
    "line list": Verb(_list, incident=True, over_key=READS),
}
