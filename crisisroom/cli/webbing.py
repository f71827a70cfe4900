"""`web`: the room in a browser of this machine, to look on unless acting was asked for."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from argparse import Namespace

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context, open_room
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.output import document, flush, say_all
from crisisroom.config import ROOM_VARIABLE
from crisisroom.core.errors import Usage
from crisisroom.tasks import on_signal

PORT = 8000


async def _web(context: Context, args: Namespace) -> int:
    from crisisroom.web import needs_textual_serve

    needs_textual_serve()
    from crisisroom.web.door import refuse_afar
    from crisisroom.web.serving import served

    host, port = refuse_afar(args.host), _port(args.port)
    if args.act and context.options.read_only:
        raise Usage("usage", "--act lets the page act, --read-only does not: use one of them")
    context = context if args.act else _looking_on(context)
    async with await open_room(context, context.actor()):
        pass  # whether the room is there, and open to this person, is told before a page is
    os.environ[ROOM_VARIABLE] = context.address()  # not an argument: it may hold a password
    ended = asyncio.Event()
    on_signal(signal.SIGTERM, ended.set)
    async with served(_command(context, args), host, port) as url:
        _tell(context, args, url)
        await ended.wait()
    return 0


def _port(given: int) -> int:
    if not 0 <= given <= 65535:
        raise Usage("port", f"--port {given} is none", "from 1 to 65535, or 0 for a free one")
    return given


def _looking_on(context: Context) -> Context:
    options = msgspec.structs.replace(context.options, read_only=True)
    return Context(options, context.clock)


def _command(context: Context, args: Namespace) -> list[str]:
    """Return the command that shows one browser its room."""
    options = context.options
    words = [sys.executable, "-P", "-m", "crisisroom", "open"]
    words += [args.inc] if args.inc else []
    words += ["--read-only"] if options.read_only else []
    words += ["--as", options.person] if options.person else []
    words += ["--config", options.config] if options.config else []
    words += [
        f"--{name}" for name in ("ascii", "contrast", "light", "mouse") if getattr(args, name)
    ]
    return words


def _tell(context: Context, args: Namespace, url: str) -> None:
    port = url.split("/")[2].rpartition(":")[2]
    ssh = f"ssh -L {port}:{'[::1]' if '[' in url else '127.0.0.1'}:{port} THIS-HOST"
    may = "to read only" if context.options.read_only else "to act in it as you"
    if context.options.json:
        document({"url": url, "read_only": context.options.read_only, "ssh": ssh})
    else:
        say_all(
            (
                f"the room, {may}: {url}",
                "whoever has this whole address, on this machine, sees the room: show it nobody",
                f"from another machine: {ssh}, then the same address there",
                "ctrl+c ends it",
            )
        )
    flush()


def _arguments(parser: argparse.ArgumentParser) -> None:
    takes(
        arg("--port", f"where to listen (default: {PORT}); 0 takes a free one", type=int,
            default=PORT, metavar="N"),
        option("--host", "127.0.0.1, localhost or ::1 (default: 127.0.0.1)",
               metavar="ADDRESS"),
        flag("--act", "let whoever opens the page act as you; without it they only look on"),
        flag("--ascii", "only signs every terminal has"),
        flag("--mouse", "let the mouse work in the room"),
        flag("--light", "for a light page"),
        flag("--contrast", "black and white, easy to tell"),
    )(parser)  # fmt: skip
    parser.set_defaults(host="127.0.0.1")


VERBS = {"web": Verb(_web, _arguments, incident=True)}
