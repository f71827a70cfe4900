"""What the command line prints: JSON or plain lines, and nothing that drives a terminal."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from crisisroom.term import handover
from crisisroom.text import check_own, clean

_LONGEST = 1_000_000  # characters of one thing that is printed
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]")


def prepare_streams() -> None:
    """Let a terminal that is not UTF-8 show `?` for what it cannot, instead of failing.

    A stream that was closed goes nowhere: else the room's file would be given its number.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, number)
            if nowhere != number:
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(line: str = "") -> None:
    """Print one plain line, or several; control signs can not pass, whoever wrote them."""
    sys.stdout.write(f"{clean(line, limit=_LONGEST)}\n")


def say_all(lines: Iterable[str]) -> None:
    """Print plain lines."""
    for line in lines:
        say(line)


def say_exactly(words: str) -> None:
    """Print our own words byte for byte, as they were approved; cleaned if they are not sound."""
    sys.stdout.write(f"{clean(words, limit=_LONGEST) if check_own(words) else words}\n")


def note(line: str) -> None:
    """Print a remark on stderr, beside the thing that goes to stdout."""
    handover.put_back()
    sys.stderr.write(clean(" ".join(line.split())) + "\n")


def flush() -> None:
    """Hand what was printed to whoever reads along."""
    sys.stdout.flush()


def document(value: Any) -> None:
    """Print one JSON document on one line."""
    sys.stdout.write(_harmless(value) + "\n")


def element(value: Any, *, first: bool) -> None:
    """Print one element of a JSON array that is written as it is read."""
    sys.stdout.write(("[" if first else ",\n") + _harmless(value))


def end_of_elements(*, empty: bool) -> None:
    """Close the array that `element` opened."""
    sys.stdout.write("[]\n" if empty else "]\n")


def complaint(value: Any) -> None:
    """Print what is no part of the document that was asked for, as JSON on one line of stderr."""
    sys.stderr.write(_harmless(value) + "\n")


def _harmless(value: Any) -> str:
    """Return JSON in which what a terminal could act on is escaped; a reader gets the same."""
    text = msgspec.json.encode(value).decode()
    return _BEYOND_ASCII.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char.isprintable():
        return char
    code = ord(char)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def fail(code: str, message: str, hint: str = "", *, as_json: bool = False) -> None:
    """Print one error line on stderr."""
    handover.put_back()
    if as_json:
        complaint({"error": {"code": code, "message": message, "hint": hint}})
        return
    shown = f"crisisroom: {message}" + (f" ({hint})" if hint else "")
    sys.stderr.write(clean(" ".join(shown.split())) + "\n")
