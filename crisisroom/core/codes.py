"""One-time codes for approvers without a terminal: made, kept as a digest, checked.

A code is good for one text as it reads, once, for `GOOD_FOR`, and not after `MOST_WRONG` wrong
ones. It is in Crockford's base 32: no I, L, O or U, so that it survives being read out by phone.
The digest is scrypt (n=2**14, r=8, p=1: 16 MiB and some 50 ms) over the code and the text's hash,
so that whoever gets hold of the room's file has 2**40 times that before them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from crisisroom.core.approval import TAKEN_BACK
from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Asked

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
GOOD_FOR = timedelta(hours=2)
MOST_WRONG = 5
AskState = Literal["open", "used", "void", "changed", "settled", "expired"]

_HEARD = str.maketrans("OIL", "011")  # what these signs are taken for
_BETWEEN = frozenset(" \t\r\n-_.\u00a0\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


def make(choose: Callable[[str], str]) -> str:
    """Return a new code, grouped XXXX-XXXX; `choose` picks one sign, as `secrets.choice` does."""
    signs = "".join(choose(ALPHABET) for _ in range(LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def read(typed: str) -> str:
    """Return a typed code as plain signs, empty where it cannot be one.

    Case, spaces and dashes do not matter; O is 0, I and L are 1.
    """
    if len(typed) > 10 * LENGTH:
        return ""
    kept = "".join(sign for sign in typed if sign not in _BETWEEN)
    signs = kept.upper().translate(_HEARD)
    return signs if len(signs) == LENGTH and set(signs) <= set(ALPHABET) else ""


def digest(code: str, sha256: str, salt: str) -> str:
    """Return what is kept of a code for the text with this hash; `salt` is 32 hex digits.

    Takes some 50 ms of one processor: call it beside the event loop.
    """
    secret = f"{read(code)}:{sha256}".encode()
    return hashlib.scrypt(secret, salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32).hex()


def fits(typed: str, ask: Asked) -> bool:
    """Tell whether this is the code that was sent; takes the same time for any that could be."""
    signs = read(typed)
    return bool(signs) and hmac.compare_digest(digest(signs, ask.sha256, ask.salt), ask.digest)


def state_of(ask: Asked, words: Words | None, now: datetime) -> AskState:
    """Return whether a code still holds, else why not.

    It lapses with any change of the text, also one that was taken back, since that is handed in
    anew; with a no to the text; and once nobody's word is waited for any more.
    """
    if ask.state == "void":
        return "void"
    if ask.state == "used" or words is None or _answered(ask, words):
        return "used"
    if words.sha256 != ask.sha256 or _anew(ask, words):
        return "changed"
    if words.state != "submitted":
        return "settled"
    return "expired" if now >= ask.expires_at else "open"


def _answered(ask: Asked, words: Words) -> bool:
    """Tell whether the word of whoever was asked stands in the log already."""
    return any(
        said.recorded_by and said.by == ask.name and said.at >= ask.at
        for said in words.verdicts
        if said.sha256 == ask.sha256
    )


def _anew(ask: Asked, words: Words) -> bool:
    """Tell whether the text was handed in again, or somebody said no to it, since."""
    again = words.submitted_at is None or words.submitted_at > ask.at
    return again or any(
        said.verdict in TAKEN_BACK and said.at >= ask.at
        for said in words.verdicts
        if said.sha256 == ask.sha256
    )


def open_asks(incident: Incident, words: Words, now: datetime) -> tuple[Asked, ...]:
    """Return the asks about a text whose codes hold, oldest first."""
    ours = (ask for ask in incident.asked.values() if ask.words == words.id)
    return tuple(ask for ask in ours if state_of(ask, words, now) == "open")
