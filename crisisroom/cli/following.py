"""What is followed, as it is printed: where it begins, and what is said while the room is away."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from datetime import datetime

from crisisroom.cli.context import Context
from crisisroom.cli.output import complaint, flush, say
from crisisroom.cli.plain import At, in_zone
from crisisroom.report.contract import moment
from crisisroom.room.following import Turn

LAST = 10  # entries or posts before those that come, where nothing says with which to begin


def in_sentences(context: Context, args: Namespace) -> bool:
    """Return whether each line is a sentence: asked for, or for a pipe or a terminal that is dumb.

    Lists of what there is have columns there too, unless `--plain` asks for sentences.
    """
    if context.options.plain or not args.follow:
        return context.options.plain
    return not sys.stdout.isatty() or os.environ.get("TERM", "dumb") in ("dumb", "")


def beginning(context: Context, args: Namespace) -> int | None:
    """Return with how many of the newest to begin; None for all that fit.

    Lines begin with a few. JSON begins with all: a program goes on where it was, by `--after`.
    """
    if args.last is not None or not args.follow or context.options.json:
        return None if args.last is None else int(args.last)
    return None if args.after or args.since else LAST


class Times:
    """Shows times as of each moment: who follows for days reads no date of yesterday as today's."""

    def __init__(self, context: Context, zone: str) -> None:
        self._clock = context.clock
        self._zone = zone

    def __call__(self, moment: datetime) -> str:
        """Return `09:12` today, `2026-11-21 09:12` on other days."""
        return in_zone(self._zone, self._clock.now())(moment)


def say_turn(context: Context, turn: Turn, at: At) -> None:
    """Say that the room is away, or back; with `--json` beside the documents, on stderr."""
    if context.options.json:
        state = "away" if turn.away else "back"
        complaint({"room": {"state": state, "at": moment(turn.at)}})
    elif turn.away:
        say(f"{at(turn.at)}, the room is away: nothing new is heard until it is back")
    else:
        say(f"{at(turn.at)}, the room is back: what came meanwhile follows")
    flush()
