"""From the command line into the screen: the room opened, a watcher looked after, the app run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import msgspec

from crisisroom import __version__, terminals
from crisisroom.config.notifying import Notices
from crisisroom.core.errors import Usage
from crisisroom.logbook import Logbook
from crisisroom.room import Room, programs
from crisisroom.tasks import spawn
from crisisroom.tui.hooks import Hooks
from crisisroom.watch.start import ensure_watcher

OFTEN, SELDOM = 10.0, 300.0  # seconds between two looks whether a watcher lives


class Taste(msgspec.Struct, frozen=True):
    """How the screen should look; None leaves it to what the terminal says."""

    ascii_only: bool = False
    mouse: bool = False
    light: bool | None = None
    contrast: bool = False
    wish: str = ""  # what of this the flags asked for: the first paint knows no more
    keys: dict[str, str] = {}  # ids of acts to keys
    notices: Notices = Notices()
    driver: str = ""  # stock: Textual's own; empty or lean: ours


def run_screen(
    open_room: Callable[[], Awaitable[Room]],
    *,
    incident: str = "",
    taste: Taste | None = None,
    hooks: Hooks | None = None,
    watch: bool = True,
    config_file: str = "",
    drill_note: str = "",
) -> int:
    """Open the room on this terminal and return the exit code once the person leaves.

    `drill_note` marks a drill. Usage for a terminal that can show no screen.
    """
    _refuse_unfit()
    given = hooks or Hooks()

    async def shown() -> tuple[int, str]:
        async with await open_room() as room:
            keeping = _keep_watched(room, config_file) if watch else None
            task = spawn(keeping, name="watcher", on_error=_noted(room)) if keeping else None
            try:
                await programs.begun(room, "screen", __version__)
                note = drill_note or ("a drill" if room.config.rehearses else "")
                return await _show(room, incident, taste or Taste(), given, note)
            finally:
                await programs.ended(room)
                if task is not None:
                    task.cancel()

    code, wish = asyncio.run(shown())
    afterwards = {"demo": given.demo, "init": given.init}.get(wish)
    return afterwards() if afterwards else code


def _refuse_unfit() -> None:
    """Refuse a terminal that can show no screen, and say what works on it."""
    terminal = terminals.here()
    if not terminal.screen:
        kind = f"TERM={terminal.name}" if terminal.name else "TERM is not set"
        raise Usage(
            "dumb-terminal",
            f"this terminal ({kind}) can show no screen",
            "crisisroom status and crisisroom timeline --follow work everywhere",
        )


async def _keep_watched(room: Room, config_file: str) -> None:
    """See to it that somebody listens and sends as long as the screen is open.

    A watcher that ends at once is started less and less often: its log says why it ends.
    """
    pause = OFTEN / 2
    while True:
        started = await ensure_watcher(room, config_file)
        pause = min(pause * 2, SELDOM) if started else OFTEN
        await asyncio.sleep(pause)


def _noted(room: Room) -> Callable[[str, BaseException], None]:
    log = Logbook.usual(room.clock)
    return lambda name, error: log.error(f"{name} is not looked after any more", error)


async def _show(
    room: Room, incident: str, taste: Taste, hooks: Hooks, drill_note: str
) -> tuple[int, str]:
    """Run the app; returns the exit code, and what is to run once the terminal is free."""
    from crisisroom.tui.app import RoomApp
    from crisisroom.tui.drawing import driver_for

    app = RoomApp(
        room,
        incident,
        drill_note=drill_note,
        ascii_only=taste.ascii_only or not terminals.here().utf8,
        mouse=taste.mouse,
        light=taste.light,
        contrast=taste.contrast,
        wish=taste.wish,
        keys=taste.keys,
        notices=taste.notices,
        hooks=hooks,
        driver=driver_for(taste.driver, os.environ),
    )
    code = await app.run_async(mouse=taste.mouse)
    return code if code is not None else app.return_code or 0, app.after_end


__all__ = ["Hooks", "Taste", "run_screen"]
