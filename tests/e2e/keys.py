"""What a terminal sends: its keys, and its answers to what programs ask it."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
} | {f"ctrl+{chr(code + 96)}": chr(code) for code in range(1, 27)}

ANSWERS: Mapping[str, str] = {
    "\x1b[c": "\x1b[?62;22c",
    "\x1b[0c": "\x1b[?62;22c",
    "\x1b[5n": "\x1b[0n",
    "\x1b[6n": "\x1b[1;1R",  # where the cursor is; terminal.py answers with its own place
    "\x1b[?2026$p": "\x1b[?2026;2$y",  # synchronised output: known, and off
    "\x1b[?2048$p": "\x1b[?2048;0$y",  # size reports in band: not known
}
