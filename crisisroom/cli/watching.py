"""`watch`: the watcher as a service, with its log, its signs of life and its figures."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crisisroom import __version__
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.cli.output import document, flush, say, say_all
from crisisroom.cli.vital import mode_of
from crisisroom.core.errors import Refused
from crisisroom.logbook import LEVELS, Logbook
from crisisroom.room import Room, programs, reading
from crisisroom.tasks import on_signal, spawn

if TYPE_CHECKING:
    from crisisroom.watch.service import Service
    from crisisroom.watch.watcher import Watcher


def _check_place(metrics: str | None) -> None:
    if metrics and not Path(metrics).absolute().parent.is_dir():
        raise Refused("file", f"cannot write {metrics}: no such folder", "make it first")


async def _watch(context: Context, args: argparse.Namespace) -> int:
    from crisisroom import library
    from crisisroom.watch.watcher import Watcher

    mode = mode_of(args.metrics_mode)
    _check_place(args.metrics)
    room = await context.room()
    log = Logbook.at(args.log, context.clock, "watch", level=args.log_level)
    folders = context.playbooks()
    watcher = Watcher(
        room, log, with_screens=args.with_screens, playbooks=lambda: library.every(folders)
    )
    if args.once:
        return await _once(context, room, watcher)
    await programs.begun(room, "watch", __version__)
    log.event("began", version=__version__, sources=len(room.config.sources))
    beside = _beside(room, watcher, log, args.metrics, mode)
    try:
        await _serve(context, room, watcher, log, with_screens=args.with_screens)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await programs.ended(room)
        log.event("ended")
    return 0


def _beside(
    room: Room, watcher: Watcher, log: Logbook, metrics: str, mode: int
) -> list[asyncio.Task[None]]:
    """Begin what goes on beside the watcher: its log of the room, and the figures."""
    from crisisroom.watch.chronicle import Chronicle
    from crisisroom.watch.metrics import keep_written

    begun = [
        spawn(
            Chronicle(room, log, lambda: watcher.leads).run(), name="chronicle", on_error=log.error
        )
    ]
    if metrics:
        writing = keep_written(room, Path(metrics).absolute(), mode, log.error)
        begun.append(spawn(writing, name="metrics", on_error=log.error))
    return begun


async def _serve(
    context: Context, room: Room, watcher: Watcher, log: Logbook, *, with_screens: bool
) -> None:
    """Let the watcher work, tell systemd how it does, and react to signals."""
    from crisisroom.watch.service import Service

    service = Service.of(os.environ, context.clock)
    _listen(watcher, service, log, ends_with_line=with_screens or sys.stdin.isatty())
    if not with_screens:
        say(await _words(room))
        flush()
    telling = spawn(
        service.tell(
            lambda: watcher.works, lambda: _alive(watcher, log), lambda: _doing(room, watcher)
        ),
        name="service",
        on_error=log.error,
    )
    try:
        await watcher.run(wait=not with_screens)
    finally:
        service.stopping()
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


def _alive(watcher: Watcher, log: Logbook) -> bool:
    stuck = watcher.stuck()
    for loop in stuck:
        log.event("stuck", "error", loop=loop)
    return not stuck


def _listen(watcher: Watcher, service: Service, log: Logbook, *, ends_with_line: bool) -> None:
    """React to signals: SIGHUP reads everything anew, or ends what hangs on a terminal's line."""

    async def anew() -> None:
        service.reloading()
        try:
            await watcher.anew()
            log.event("reloaded")
        finally:
            service.ready("reloaded")

    def reload() -> None:
        spawn(anew(), name="reload", on_error=log.error)

    for number in (signal.SIGTERM, signal.SIGINT):
        on_signal(number, watcher.stop)
    on_signal(signal.SIGHUP, watcher.stop if ends_with_line else reload)


def _doing(room: Room, watcher: Watcher) -> str:
    part = "leads" if watcher.leads else "stands by"
    return f"{part}; asks {watcher.asks} of {len(room.config.sources)} sources"


async def _words(room: Room) -> str:
    held = (await reading.status(room)).watcher
    many = f"watching {room.address}: {len(room.config.sources)} sources"
    if held is None:
        return many
    return f"{many}, shared with process {held.pid} on {held.host}"


async def _once(context: Context, room: Room, watcher: Watcher) -> int:
    before = await reading.count(room)
    failures = await watcher.once()
    heard = await reading.count(room) - before
    if context.options.json:
        document({"ok": not failures, "added": heard, "failures": failures})
    else:
        say(f"{heard} new mentions from {len(room.config.sources)} sources")
        say_all(f"failed: {line}" for line in failures)
    return 1 if failures else 0


VERBS = {
    "watch": Verb(
        _watch,
        takes(
            flag("--once", "ask every source once, then leave"),
            flag("--with-screens", "leave ten minutes after the last screen"),
            option("--log", "where the log goes: a file, - for stderr", metavar="FILE"),
            arg("--log-level", "what is logged (info)", choices=LEVELS, default="info"),
            option("--metrics", "keep a file for Prometheus fresh", metavar="FILE"),
            arg("--metrics-mode", "its rights (0600)", default="0600", metavar="MODE"),
        ),
        serves=True,
    )
}
