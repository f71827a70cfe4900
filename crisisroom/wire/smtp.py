"""SMTP's words: replies out of lines, mails into lines, and what an address looks like."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crisisroom.wire.answer import FetchError

LINE_CAP = 4096  # bytes of one line of a reply
MOST_LINES = 100  # of one reply
_WRONG_LOGIN = 535

_LINE = re.compile(rb"([2-5][0-9]{2})([ -]?)(.*)", re.S)
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*@({_LABEL}(?:\.{_LABEL})*)")
_NAMED = re.compile(r"([^<>\"]{1,100}?)\s*<([^<>]{1,254})>")


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply: its code, and what its lines say to people."""

    code: int
    lines: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the command was done, or may go on."""
        return self.code < 400

    @property
    def final(self) -> bool:
        """Whether another try would give the same."""
        return self.code >= 500

    @property
    def words(self) -> str:
        """What it says, for messages."""
        return " ".join(self.lines)[:160]


class Denied(Exception):
    """The server said no to a command; `reply` says whether for good."""

    def __init__(self, message: str, reply: Reply) -> None:
        super().__init__(message)
        self.message = message
        self.reply = reply

    @property
    def login(self) -> bool:
        """Whether it is the login that was refused."""
        return self.reply.code == _WRONG_LOGIN


def line_of(line: bytes) -> tuple[int, bool, str]:
    """Return a reply line's code, whether more follow, and its words; FetchError for nonsense."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise FetchError("protocol", "not SMTP: a line without its code")
    return int(found[1]), found[2] == b"-", found[3].decode("utf-8", "replace")


def abilities(lines: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return what a server says it can (its EHLO without the first line): names and details."""
    words = [line.upper().replace("=", " ").split() for line in lines]
    return {name: tuple(more) for name, *more in filter(None, words)}


def stuffed(mail: bytes) -> bytes:
    """Return a mail as DATA takes it, all but its last dot: lines that begin with one get two."""
    lines = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def plain(user: str, password: str) -> str:
    """Return what AUTH PLAIN says."""
    return packed(f"\0{user}\0{password}")


def packed(text: str) -> str:
    """Return a text in base64, as AUTH LOGIN says it."""
    return b64encode(text.encode()).decode()


def address_flaw(text: str) -> str:
    """Say what keeps a text from being one mail address, without repeating it."""
    found = _ADDRESS.fullmatch(text) if len(text) <= 254 else None
    if found is None or len(text.partition("@")[0]) > 64:
        return "a mail address is written like press@example.org"
    return ""


def sender_of(text: str) -> tuple[str, str]:
    """Return the name and the address of `Example <press@example.org>`, or of an address alone.

    ValueError for anything else.
    """
    named = _NAMED.fullmatch(text.strip())
    name, address = (named[1].strip(), named[2]) if named else ("", text.strip())
    flaw = address_flaw(address) or ("" if name.isprintable() else "a name is on one line")
    if "=?" in name:  # the library decodes it, line ends and all
        flaw = flaw or "a name is written as it reads, not encoded"
    if flaw:
        raise ValueError(flaw)
    return name, address


def addresses_of(text: str) -> tuple[str, ...]:
    """Return the addresses of a list with commas, each once; ValueError where one is none."""
    found = tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    for one in found:
        if flaw := address_flaw(one):
            raise ValueError(flaw)
    return found
