"""Strangers' text made fit to be shown, and kept without loss for evidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NewType

from crisisroom.text.chars import DROPPED, ELLIPSIS, JOINERS, REPLACED, hangs, tails

SafeText = NewType("SafeText", str)

_MOST_MARKS = 4
_ORDINARY = re.compile(r"[\n\t\x20-\x7e]*")
_EMOJI_PARTS = re.compile(f"[{JOINERS}\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")


def clean(raw: str, *, limit: int = 20_000) -> SafeText:
    """Return `raw` as lines that cannot drive a terminal, in NFC, of at most `limit` characters.

    Cleaning what is clean changes nothing; what is cut ends in `…`.
    """
    if len(raw) <= limit and _ORDINARY.fullmatch(raw):
        return SafeText(raw)
    window = _window(raw, limit)
    text = _composed(_visible(window, _for_block))
    return _capped(text, limit, cut=len(window) < len(raw))


def clean_line(raw: str, *, limit: int = 500) -> SafeText:
    """Return `raw` as one line: white space folded, emoji in parts whose width is certain.

    Flags become their letters; of an emoji sequence the single emoji stay.
    """
    window = _window(raw, limit)
    text = window if _ORDINARY.fullmatch(window) else _composed(_visible(window, _for_line))
    return _capped(" ".join(text.split()), limit, cut=len(window) < len(raw))


def shown_raw(raw: str) -> str:
    r"""Return `raw` as a quoted literal of plain ASCII, with every odd character as `\x1b`."""
    return ascii(raw)


def lossless(raw: str) -> bytes:
    """Return the bytes that keep `raw` for evidence, lone surrogates included."""
    return raw.encode("utf-8", "surrogatepass")


def from_lossless(kept: bytes) -> str:
    """Return the text that `lossless` kept; raises UnicodeDecodeError for other bytes."""
    return kept.decode("utf-8", "surrogatepass")


def _window(raw: str, limit: int) -> str:
    """Return the start of `raw` that the work is bounded to."""
    return raw[: 4 * max(limit, 0) + 4096]


def _visible(raw: str, stand_in: Callable[[str], str]) -> str:
    """Return `raw` with each character replaced by what stands for it on a screen."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    # A text has far fewer different characters than characters.
    return text.translate({ord(char): stand_in(char) for char in set(text)})


@lru_cache(maxsize=8192)
def _for_block(char: str) -> str:
    if DROPPED.match(char):
        return ""
    return _sign(ord(char)) if REPLACED.match(char) else char


def _sign(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return "\n" if code in (0x2028, 0x2029) else "\ufffd"


@lru_cache(maxsize=8192)
def _for_line(char: str) -> str:
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return chr(ord(char) - 0x1F1E6 + ord("A"))
    return "" if _EMOJI_PARTS.match(char) else _for_block(char)


def _composed(text: str) -> str:
    """Return `text` in NFC with short tails.

    Twice: tails are cut before NFC, whose time is quadratic in their length, and again after it,
    because it turns some characters into plain ASCII ones, which carry no joiner.
    """
    for _ in range(2):
        if any(map(hangs, set(text))):
            text = tails().sub(_short_tail, text)
        text = unicodedata.normalize("NFC", text)
    return text


def _short_tail(match: re.Match[str]) -> str:
    """Return the part of a tail that may stay on the character before it."""
    text, start, end = match.string, match.start(), match.end()
    base = text[start - 1 : start]
    if not base or base.isspace():
        return ""
    return _few_joiners(base, _few_marks(match[0]), text[end : end + 1])


def _few_marks(tail: str) -> str:
    """Return `tail` with four marks, one variation selector, no joiner beside another."""
    kept, marks, selectors = "", 0, 0
    for char in tail:
        if char in JOINERS:
            kept += "" if kept[-1:] in (*JOINERS,) else char
        elif "\ufe00" <= char <= "\ufe0f":
            selectors += 1
            kept += char if selectors == 1 else ""
        else:
            marks += 1
            kept += char if marks <= _MOST_MARKS else ""
    return kept


def _few_joiners(base: str, tail: str, after: str) -> str:
    """Return `tail` with only those joiners that stand between two characters beyond ASCII."""
    if tail[:1] in (*JOINERS,) and base.isascii():
        tail = tail[1:]
    if tail[-1:] in (*JOINERS,) and after.isascii():  # the empty end counts as ASCII
        tail = tail[:-1]
    return tail


def _capped(text: str, limit: int, *, cut: bool) -> SafeText:
    if not cut and len(text) <= limit:
        return SafeText(text)
    if limit < 1:
        return SafeText("")
    end = min(len(text), limit - 1)
    while end < len(text) and hangs(text[end]):
        end -= 1
    return SafeText(text[:end].rstrip(JOINERS) + ELLIPSIS)
