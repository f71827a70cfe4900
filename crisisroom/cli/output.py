"""What the command line prints: one JSON document or plain lines, nothing that drives a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from crisisroom.text import clean


def prepare_streams() -> None:
    """Let a terminal that is not UTF-8 show `?` for what it cannot, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(line: str = "") -> None:
    """Print one plain line, or several; control signs can not pass, whoever wrote them."""
    sys.stdout.write(f"{clean(line, limit=1_000_000)}\n")


def say_all(lines: Iterable[str]) -> None:
    """Print plain lines."""
    for line in lines:
        say(line)


def document(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(_ascii_safe(msgspec.json.encode(value).decode()) + "\n")


def _ascii_safe(text: str) -> str:
    """Escape what a terminal could act on; a JSON reader gets the same value."""
    return "".join(
        char if char.isprintable() or char == " " else _escape(char) for char in text
    )


def _escape(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def fail(code: str, message: str, hint: str = "", *, as_json: bool = False) -> None:
    """Print one error line on stderr."""
    if as_json:
        error = {"error": {"code": code, "message": message, "hint": hint}}
        sys.stderr.write(_ascii_safe(msgspec.json.encode(error).decode()) + "\n")
        return
    shown = f"crisisroom: {message}" + (f" ({hint})" if hint else "")
    sys.stderr.write(clean(" ".join(shown.split())) + "\n")
