"""Opening the room, and the demo."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, open_room
from crisisroom.cli.output import note
from crisisroom.cli.overkey import READS
from crisisroom.cli.stopping import until_stopped
from crisisroom.core.errors import Usage
from crisisroom.firstpaint import memo
from crisisroom.logbook import state_folder
from crisisroom.web import in_browser

if TYPE_CHECKING:
    from crisisroom.config import Config
    from crisisroom.config.notifying import Notices
    from crisisroom.core.problems import Problem
    from crisisroom.room import Room
    from crisisroom.tui.start import Hooks, Taste


_LIGHT = {"light": True, "contrast-light": True, "dark": False, "contrast-dark": False}


def on_terminal() -> bool:
    """Return whether stdin, stdout and stderr are all a terminal: the screen needs all three."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _open_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ascii", action="store_true", help="only signs every terminal has")
    parser.add_argument("--mouse", action="store_true", help="let the mouse work in the room")
    parser.add_argument("--light", action="store_true", help="for a light terminal")
    parser.add_argument("--contrast", action="store_true", help="black and white, easy to tell")
    driver_argument(parser)
    parser.add_argument(
        "--no-watch", action="store_true", help="do not start a watcher where none runs"
    )


def driver_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--driver",
        choices=("lean", "stock"),
        default="lean",
        help="what draws: lean sends only what changed (default), stock is Textual's own",
    )


def _open(context: Context, args: argparse.Namespace) -> int:
    if not (on_terminal() or in_browser()):
        raise Usage(
            "no-terminal",
            "the room needs a terminal on stdin, stdout and stderr",
            "crisisroom status, brief and timeline work without one",
        )
    from crisisroom.tui.start import run_screen

    path = context.config_file
    # else nothing but the screen runs, and no room is made
    own = not (context.confined or context.options.read_only)
    code = run_screen(
        lambda: _opened(context, own=own),
        incident=args.inc,
        taste=taste(args, context),
        hooks=hooks(context),
        watch=own and not args.no_watch,
        config_file=str(path) if path else "",
    )
    for clash in _clashes(context):  # the screen said so in short; these lines stay
        note(str(clash))
    return code


def _clashes(context: Context) -> Sequence[Problem]:
    """Return what is wrong with this person's own keys; hardly anybody has any."""
    config = None if context.flaw else context.config()
    if config is None or not config.keys:
        return ()
    from crisisroom.cli.keyboard import own_problems

    return own_problems(context)


async def _opened(context: Context, *, own: bool) -> Room:
    """Open the room, and keep which one the configuration names for the next first paint."""
    room = await open_room(context, context.actor(), create=own, settle=own)
    path = None if context.confined or context.flaw else context.config_file
    config = context.config() if path else None
    if path is not None and config is not None:
        memo.keep_room(str(state_folder()), f"{path}", config.room.address)
    return room


def taste(args: argparse.Namespace, context: Context) -> Taste:
    """Return how the screen was asked to look, and which keys this person wants."""
    from crisisroom.tui.start import Taste

    config = None if context.flaw else context.config()
    return Taste(
        ascii_only=args.ascii,
        mouse=args.mouse,
        light=True if args.light else _LIGHT.get(config.look) if config else None,
        contrast=args.contrast or bool(config and config.look.startswith("contrast")),
        wish=memo.wish(light=args.light, contrast=args.contrast),
        driver=args.driver,
        keys=config.keys if config else {},
        notices=_notices(context, config),
    )


def _notices(context: Context, config: Config | None) -> Notices:
    """Return how a person is called: not before a screen that only looks on, nor by a host."""
    from crisisroom.config.notifying import Notices

    if context.options.read_only or in_browser():
        return Notices(bell=False, desktop=False, osc="off")
    return config.notices if config else Notices()


def hooks(context: Context) -> Hooks:
    """Return what the command line lends the screen: the demo, setting up."""
    from crisisroom.cli import run
    from crisisroom.tui.start import Hooks

    if context.confined or context.options.read_only:
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
    parser.add_argument("--contrast", action="store_true", help="black and white, easy to tell")
    driver_argument(parser)


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
