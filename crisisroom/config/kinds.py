"""The kinds of text that only the configuration has: addresses, names of variables, hashtags."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from crisisroom.core.kinds import Rule, Span, date_flaw, moment_flaw, zone_flaw

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HASHTAG = re.compile(r"\w+")
_HOST_PORT = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")
_FACTOR = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?")
_SIZE = re.compile(r"([1-9][0-9]{0,5})(kB|MB|GB)")
_UNITS = {"kB": 1000, "MB": 1000**2, "GB": 1000**3}
_AGE = re.compile(r"([1-9][0-9]{0,4})(d|w|y)", re.ASCII)
_DAYS = {"d": 1, "w": 7, "y": 365}
_COUNTRY = re.compile(r"[a-z]{2}")
_LOOPBACK = frozenset({"127.0.0.1", "[::1]", "localhost"})
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


def age_flaw(text: str) -> str:
    """Say what keeps a text from being how long something stays."""
    if not text or _AGE.fullmatch(text):
        return ""
    return "how long something stays is written like 90d, 12w or 3y"


def days_of(age: str) -> int:
    """Return the days of `90d`, `12w` or `3y`; 0 for nothing, which is for ever."""
    match = _AGE.fullmatch(age)
    return int(match[1]) * _DAYS[match[2]] if match else 0


def path_flaw(text: str) -> str:
    """Say what keeps a text from being a path; only one's own home is written with a ~."""
    if text.startswith("~") and text != "~" and not text.startswith("~/"):
        return "write a path from / or beside this file; ~/ is your own home only"
    return ""


def room_flaw(text: str) -> str:
    """Say what keeps a text from being a room's address: a file, or postgresql://…"""
    scheme, found, rest = text.partition("://")
    if not found:
        return path_flaw(text)
    hosts = rest.partition("/")[0]
    parts = _split(text.replace(hosts, hosts.partition(",")[0], 1))  # one of them stands for all
    if scheme in ("postgresql", "postgres") and parts is None:
        return "the address has no such host or port"
    if parts is None or scheme not in ("postgresql", "postgres"):
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


def say_flaw(text: str) -> str:
    """Say what keeps a text from being a query of the room's query language."""
    from crisisroom.core.watchquery import flaw

    return flaw(text) if text else ""


def host_port_flaw(text: str) -> str:
    """Say what keeps a text from being a host, with or without its port."""
    if not text or _HOST_PORT.fullmatch(text):
        return ""
    return "a mail server is written like mail.example.org, or mail.example.org:993"


def listen_flaw(text: str) -> str:
    """Say what keeps a text from being a place on this machine where others may call."""
    if not text:
        return ""
    host, colon, port = text.rpartition(":")
    if not colon or "/" in text:
        return path_flaw(text)
    if host not in _LOOPBACK:
        return "only this machine may call: 127.0.0.1:8800, or the path of a UNIX socket"
    fits = port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536
    return "" if fits else "a port is a number from 1 to 65535"


def factor_flaw(text: str) -> str:
    """Say what keeps a text from being a number from 1 to 100, such as 4.36.

    It stays a text: the room's log keeps no floats, whose written form is a trap.
    """
    fits = _FACTOR.fullmatch(text) and 1 <= float(text) <= 100
    return "" if fits else "a number from 1 to 100 belongs here, like 4.36"


def country_flaw(text: str) -> str:
    """Say what keeps a text from being a country's two letters."""
    return "" if not text or _COUNTRY.fullmatch(text) else "a country is two letters: de"


def size_flaw(text: str) -> str:
    """Say what keeps a text from being a size such as 8MB."""
    return "" if _SIZE.fullmatch(text) else "a size is written like 500kB, 8MB or 2GB"


def bytes_of(size: str) -> int:
    """Return the bytes of a size such as 8MB, in powers of ten; 0 for what is no size."""
    found = _SIZE.fullmatch(size)
    return int(found[1]) * _UNITS[found[2]] if found else 0


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
HostPort = Annotated[str, Rule(most=260, flaw=host_port_flaw)]
Listen = Annotated[str, Rule(most=1000, flaw=listen_flaw)]
Country = Annotated[str, Rule(most=2, flaw=country_flaw)]
Sayable = Annotated[str, Rule(most=1000, flaw=say_flaw)]
Factor = Annotated[str, Rule(most=8, flaw=factor_flaw)]
Size = Annotated[str, Rule(most=9, flaw=size_flaw)]
SourceKind = Literal["", "post", "review", "comment", "article", "mail", "message", "alert"]
Age = Annotated[str, Rule(most=6, flaw=age_flaw)]
