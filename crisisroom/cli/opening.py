"""Opening the room, and the demo."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, open_room
from crisisroom.cli.overkey import READS
from crisisroom.cli.stopping import until_stopped
from crisisroom.core.errors import Usage

if TYPE_CHECKING:
    from crisisroom.tui.start import Hooks, Taste


def on_terminal() -> bool:
    """Return whether stdin, stdout and stderr are all a terminal: the screen needs all three."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ascii", action="store_true", help="only signs every terminal has")
    parser.add_argument("--mouse", action="store_true", help="let the mouse work in the room")
    parser.add_argument("--light", action="store_true", help="for a light terminal")
    parser.add_argument(
        "--no-watch", action="store_true", help="do not start a watcher where none runs"
    )


def _open(context: Context, args: argparse.Namespace) -> int:
    if not on_terminal():
        raise Usage(
            "no-terminal",
            "the room needs a terminal on stdin, stdout and stderr",
            "crisisroom status, brief and timeline work without one",
        )
    from crisisroom.tui.start import run_screen

    path = context.config_file
    own = not context.confined  # else nothing but the screen runs, and no room is made
    return run_screen(
        lambda: open_room(context, context.actor(), create=own, settle=own),
        incident=args.inc,
        taste=taste(args, context),
        hooks=hooks(context),
        watch=own and not args.no_watch,
        config_file=str(path) if path else "",
    )


def taste(args: argparse.Namespace, context: Context) -> Taste:
    """Return how the screen was asked to look, and which keys this person wants."""
    from crisisroom.config.notifying import Notices
    from crisisroom.tui.start import Taste

    config = None if context.flaw else context.config()
    return Taste(
        ascii_only=args.ascii,
        mouse=args.mouse,
        light=True if args.light else None,
        keys=config.keys if config else {},
        notices=config.notices if config else Notices(),
    )


def hooks(context: Context) -> Hooks:
    """Return what the command line lends the screen: the demo, setting up."""
    from crisisroom.cli import run
    from crisisroom.tui.start import Hooks

    if context.confined:
        return Hooks(playbooks=context.playbooks())
    return Hooks(
        demo=lambda: run(["demo"]),
        init=lambda: run(["init"]),
        playbooks=context.playbooks(),
    )


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    from crisisroom.drill import CRISES

    parser.add_argument("--brand", default="Ferrow", help="whose crisis it is (default: Ferrow)")
    parser.add_argument(
        "--crisis", choices=tuple(CRISES), default="defect", help="which crisis (default: defect)"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="how many times as fast (default: 1, ten minutes)"
    )
    parser.add_argument("--headless", action="store_true", help="without the screen, as lines")
    parser.add_argument("--dir", default="", help="where the room and its export go")
    parser.add_argument("--ascii", action="store_true", help="only signs every terminal has")
    parser.add_argument("--mouse", action="store_true", help="let the mouse work in the room")
    parser.add_argument("--light", action="store_true", help="for a light terminal")


def _demo(context: Context, args: argparse.Namespace) -> int:
    from crisisroom.cli.rehearsal import Rehearsal

    if not 0.1 <= args.speed <= 1000:
        raise Usage("speed", f"--speed {args.speed:g} is too much", "from 0.1 to 1000")
    rehearsal = Rehearsal(
        person=context.actor().name,
        brand=args.brand,
        crisis=args.crisis,
        folder=Path(args.dir) if args.dir else None,
    )
    if args.headless or not on_terminal():
        return asyncio.run(until_stopped(rehearsal.headless(as_json=context.options.json)))
    return rehearsal.on_screen(args.speed, taste(args, context))


VERBS = {
    "open": Verb(_open, _open_arguments, incident=True, over_key=READS),
    "demo": Verb(_demo, _demo_arguments),
}
