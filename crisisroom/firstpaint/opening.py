"""The first paint itself: from the words of the command line to the terminal, within 20 ms."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Mapping, Sequence

from crisisroom.firstpaint.asked import Asked, asked
from crisisroom.term import handover


def paint(argv: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Paint the room that is being opened as it was last known; say whether that was done.

    It never fails, and changes nothing where anything is in doubt: the usual way follows it.
    """
    wish = asked(argv, environ)
    if wish is None or environ.get("TEXTUAL_DRIVER") or not _on_terminal():
        return False
    gc.disable()  # what is imported now stays to the end
    try:
        shown = _painted(wish, environ)
    except Exception:  # whatever it is, opening the room says it better
        handover.put_back()
        return False
    if shown:
        _leave_on_signals()
    return shown


def _on_terminal() -> bool:
    """Tell whether the screen would be shown: on a terminal that listens to us."""
    try:
        return all(map(os.isatty, (0, 1, 2))) and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _painted(wish: Asked, environ: Mapping[str, str]) -> bool:
    from crisisroom.firstpaint import memo

    how = memo.painting(wish.kept, environ, wish.wish)
    size = _size(environ)
    if how is None or size is None:
        return False
    how.plain |= wish.plain
    from crisisroom.firstpaint.cells import Zone, is_far, tint
    from crisisroom.firstpaint.picture import LEAST, Layout, picture
    from crisisroom.store import firstlook

    if size[0] < LEAST[0] or size[1] < LEAST[1]:
        return False
    usual = Layout(size, 1)
    comer = firstlook.Comer(wish.person, usual.posts, wide=usual.wide)
    comer.by_name, comer.confined = wish.by_name, wish.confined
    comer.key, comer.incident = wish.key, wish.incident
    seen = firstlook.look(wish.room, comer, int(time.time()))  # noqa: TID251 (the clock imports asyncio)
    if seen is None:
        return False
    zone = Zone(seen.incident["zone"] if seen.incident is not None else seen.zone)
    try:
        if not zone.known:
            return False
        reach = tint(far=is_far(environ))
        frame = picture(seen, wish.person, Layout(size, seen.view), how, time.monotonic(), reach)
    finally:
        zone.leave()
    return handover.shown(frame, size)


def _size(environ: Mapping[str, str]) -> tuple[int, int] | None:
    """Return columns and rows; None where variables say something else than the terminal."""
    try:
        size = os.get_terminal_size(1)
    except OSError:
        return None
    told = (environ.get("COLUMNS") or f"{size.columns}", environ.get("LINES") or f"{size.lines}")
    return (size.columns, size.lines) if told == (f"{size.columns}", f"{size.lines}") else None


def _leave_on_signals() -> None:
    """Put the terminal back should the program be told to end before the room is open."""
    import signal

    def leave(number: int, _: object) -> None:
        handover.abandon()
        os._exit(128 + number)

    # ctrl+c too: an exception would be lost where it meets a callback of the import system
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, leave)


def ended() -> None:
    """Put the terminal back, whoever had it last: the program ends, or the screen is over."""
    handover.put_back()
    handover.end()
    gc.enable()
