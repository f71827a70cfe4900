"""The kinds of text that only the configuration has: addresses, names of variables, hashtags."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from crisisroom.core.kinds import Rule, Span, date_flaw, moment_flaw, zone_flaw

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HASHTAG = re.compile(r"\w+")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def variable_flaw(text: str) -> str:
    """Say what keeps a text from being an environment variable's name, without repeating it."""
    if not text or _VARIABLE.fullmatch(text):
        return ""
    return "this is no variable's name: write the name here, and the token in the environment"


def hashtag_flaw(text: str) -> str:
    """Say what keeps a text from being a hashtag without its #."""
    return "" if _HASHTAG.fullmatch(text) else "a hashtag is one word, written without its #"


def url_flaw(text: str) -> str:
    """Say what keeps a text from being an http(s) address without a password in it."""
    parts = _split(text)
    if not text:
        return ""
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "an address is written like https://example.org/feed.xml"
    if parts.username is not None or parts.password is not None:
        return "an address here has no user name or password in it"
    return "an address has no spaces" if re.search(r"\s", text) else ""


def server_flaw(text: str) -> str:
    """Say what keeps a text from being a server that may be given a token."""
    if flaw := url_flaw(text):
        return flaw
    parts = _split(text)
    if parts is None or not text:
        return ""
    more = parts.path.rstrip("/") or parts.query or parts.fragment
    return "a server's address ends with its name, like https://example.social" if more else ""


def in_clear(server: str) -> bool:
    """Tell whether a token for this server would cross a network that everybody can read."""
    parts = _split(server)
    return bool(parts and parts.scheme == "http" and parts.hostname not in _LOCAL)


def path_flaw(text: str) -> str:
    """Say what keeps a text from being a path; only one's own home is written with a ~."""
    if text.startswith("~") and text != "~" and not text.startswith("~/"):
        return "write a path from / or beside this file; ~/ is your own home only"
    return ""


def room_flaw(text: str) -> str:
    """Say what keeps a text from being a room's address: a file, or postgresql://…"""
    scheme, found, _ = text.partition("://")
    if not found:
        return path_flaw(text)
    parts = _split(text)
    if scheme not in ("postgresql", "postgres") or parts is None:
        return "a room is a file, or postgresql://…"
    if parts.password is not None or "password=" in parts.query:
        return "a password does not stand in an address: put it into ~/.pgpass"
    return ""


def existing_zone_flaw(text: str) -> str:
    """Say what keeps a text from being a time zone this machine knows."""
    if flaw := zone_flaw(text):
        return flaw
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(text or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "no time zone has this name; write it like Europe/Berlin"
    return ""


def clock_flaw(text: str) -> str:
    """Say what keeps a text from being a time of day."""
    fits = bool(text) and " " not in text and not moment_flaw(text)
    return "" if fits else "a time of day is written 09:00"


def day_time_flaw(text: str) -> str:
    """Say what keeps a text from being a day, or a day and a time."""
    day, _, clock = text.partition(" ")
    if day and not date_flaw(day) and (not clock or not moment_flaw(clock)):
        return ""
    return "write a day, or a day and a time: 2026-12-24, 2026-12-24 18:00"


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    return parts


Variable = Annotated[str, Rule(most=100, flaw=variable_flaw)]
Hashtag = Annotated[str, Rule(most=100, flaw=hashtag_flaw)]
Url = Annotated[str, Rule(most=2000, flaw=url_flaw)]
Server = Annotated[str, Rule(most=300, flaw=server_flaw)]
Address = Annotated[str, Rule(most=1000, flaw=room_flaw)]
FilePath = Annotated[str, Rule(most=1000, flaw=path_flaw)]
ExistingZone = Annotated[str, Rule(most=64, flaw=existing_zone_flaw)]
ClockTime = Annotated[str, Rule(most=5, flaw=clock_flaw)]
DayTime = Annotated[str, Rule(most=16, flaw=day_time_flaw)]
Turn = Annotated[int, Span(least=4 * 3600)]
