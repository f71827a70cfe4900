"""A first paint on the terminal before Textual is there, and the way from it to the application.

Whoever begins early writes a frame, turns the echo off and gives the frame here; the driver takes
it for what the terminal shows. Where no driver comes to take it, `put_back` undoes it. Nothing here
is slow to import: no Textual, no typing, no dataclasses.
"""

from __future__ import annotations

import os
import termios

INPUT, OUTPUT = 0, 2  # Textual reads from stdin and writes to stderr
ENTER = "\x1b[?1049h\x1b[?25l\x1b[H"
LEAVE = "\x1b[m\x1b[?1049l\x1b[?25h"
# What a driver may have turned on since: mouse, focus, paste, sizes and keys told in other ways.
_PLAIN = "\x1b[<u\x1b[?1000;1002;1003;1004;1006;1015;2004;2048l\x1b[?2026l\x1b[r"
_IFLAG, _LFLAG, _CC = 0, 3, 6  # places in what tcgetattr returns


class FirstPaint:
    """What stands on the alternate screen: the characters written there, and how large it was.

    The frame holds CSI H, C and K, SGR, line ends and text, and scrolls nothing. `size` is columns
    and rows, `attributes` the terminal's as they were before.
    """

    __slots__ = ("attributes", "frame", "size")

    def __init__(self, frame: str, size: tuple[int, int], attributes: list[object] | None) -> None:
        self.frame = frame
        self.size = size
        self.attributes = attributes


class _State:
    """Where the one terminal of this process is between the first paint and the end."""

    given: FirstPaint | None = None  # on the screen, and nobody has taken it yet
    attributes: list[object] | None = None  # to be set again at the end


def quieted() -> list[object] | None:
    """Turn echo and lines off on stdin as Textual does; returns the attributes before, or None.

    Only ctrl+c stays a signal until a driver has taken over: one can leave what does not open.
    """
    try:
        before = termios.tcgetattr(INPUT)
        quiet = termios.tcgetattr(INPUT)
        quiet[_IFLAG] &= ~(
            termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
        )
        quiet[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        signs = quiet[_CC]
        signs[termios.VMIN], signs[termios.VTIME] = 1, 0
        off = bytes([os.fpathconf(INPUT, "PC_VDISABLE") & 0xFF])  # what no key is
        signs[termios.VQUIT] = signs[termios.VSUSP] = off
        termios.tcsetattr(INPUT, termios.TCSANOW, quiet)
    except (termios.error, OSError):
        return None
    return before


def give(paint: FirstPaint) -> None:
    """Hand over what stands on the screen now."""
    _State.given = paint
    _State.attributes = paint.attributes


def take() -> FirstPaint | None:
    """Return the first paint, once: from now on the screen is the taker's to leave."""
    paint, _State.given = _State.given, None
    return paint


def put_back() -> None:
    """Leave a first paint that nobody has taken: the screen and the keys are as they were."""
    if take() is not None:
        _write(LEAVE)
        end()


def abandon() -> None:
    """Leave the screen and the keys as they were, whoever has them: the program ends at once."""
    if _State.given is not None:
        put_back()
    elif _State.attributes is not None:
        _write(f"{_PLAIN}{LEAVE}")
        end()


def end() -> None:
    """Set the terminal's attributes as they were before the first paint, whoever took it."""
    attributes, _State.attributes = _State.attributes, None
    if attributes is not None:
        try:
            termios.tcsetattr(INPUT, termios.TCSANOW, attributes)  # type: ignore[arg-type]
        except termios.error:
            return


def shown(frame: str, size: tuple[int, int]) -> bool:
    """Write a frame on the alternate screen, echo off, and give it; False where that cannot be."""
    attributes = quieted()
    if attributes is None:
        return False
    give(FirstPaint(frame, size, attributes))
    if not _write(f"{ENTER}{frame}"):
        put_back()
        return False
    return True


def _write(text: str) -> bool:
    """Write all of a text to the terminal; say whether it went out."""
    data = text.encode("utf-8", "replace")
    try:
        while data:
            data = data[os.write(OUTPUT, data) :]
    except OSError:
        return False
    return True
