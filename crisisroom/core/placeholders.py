"""Placeholders: `{{name}}` filled in one pass from a fixed list, and the blanks that stay open."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

OPEN, CLOSE = "\u2039", "\u203a"  # ‹ ›
FIXED = frozenset({"handle", "brand", "me", "next_update", "time", "source_of_truth"})

_PLACEHOLDER = re.compile(r"\{\{[ \t]*([A-Za-z][\w.-]*)[ \t]*\}\}", re.ASCII)
_BLANK = re.compile(
    rf"{OPEN}([^{OPEN}{CLOSE}\n]*){CLOSE}"
    r"|\{\{([^{}\n]*)\}\}"
    # half a blank is left when somebody deletes a part of one; `a › b` is a path in a menu
    rf"|\{{\{{|\}}\}}|{OPEN}|(?<=\S){CLOSE}"
)
_FACT = re.compile(r"fact\.[a-z0-9][a-z0-9_-]*")
_MARKS = frozenset(OPEN + CLOSE + "{}")


class Blank(msgspec.Struct, frozen=True):
    """An open blank in a text: what it waits for, and where it stands (character offsets).

    `name` is the placeholder it came from, or empty when only the text is known.
    """

    name: str
    label: str
    start: int
    end: int


class Filled(msgspec.Struct, frozen=True):
    """A text with its placeholders replaced, and the blanks that are left in it."""

    text: str
    blanks: tuple[Blank, ...] = ()


def is_name(name: str) -> bool:
    """Tell whether templates may use this name: `fact.<id>` or one of the fixed ones."""
    return name in FIXED or _FACT.fullmatch(name) is not None


def names(text: str) -> tuple[str, ...]:
    """Return the placeholder names in a template, each once, in order; unknown ones too."""
    return tuple(dict.fromkeys(match[1] for match in _PLACEHOLDER.finditer(text)))


def without(text: str) -> str:
    """Return a template's own words: its placeholders left out."""
    return _PLACEHOLDER.sub(" ", text)


def usable(value: str) -> bool:
    """Tell whether a value may fill: it says something and has no brace or blank mark in it.

    Marks in a value could fake a blank or hide one, so such a value leaves its blank open.
    """
    return bool(value.strip()) and _MARKS.isdisjoint(value)


def label_of(name: str, labels: Mapping[str, str] | None = None) -> str:
    """Return what a blank is called on screen: its label, or the name in plain words."""
    label = (labels or {}).get(name, "") or name.removeprefix("fact.")
    plain = "".join(" " if char in _MARKS or char in "_-\n" else char for char in label)
    return " ".join(plain.split()) or "blank"


def fill(text: str, values: Mapping[str, str], labels: Mapping[str, str] | None = None) -> Filled:
    """Replace each `{{name}}` by its value, once; what has no usable value becomes `‹label›`.

    Values are never looked at again, so a placeholder inside one stays the literal it is.
    """
    parts: list[str] = []
    blanks: list[Blank] = []
    length = done = 0
    for match in _PLACEHOLDER.finditer(text):
        name, before = match[1], text[done : match.start()]
        value = values.get(name, "") if is_name(name) else ""
        label = "" if usable(value) else label_of(name, labels)
        words = f"{OPEN}{label}{CLOSE}" if label else value
        start = length + len(before)
        length = start + len(words)
        if label:
            blanks.append(Blank(name, label, start, length))
        parts += (before, words)
        done = match.end()
    parts.append(text[done:])
    return Filled("".join(parts), tuple(blanks))


def blanks_in(text: str) -> tuple[Blank, ...]:
    """Find every open blank in a text, also left-over `{{…}}` and half blanks; `<…>` is none."""
    return tuple(_blank(match) for match in _BLANK.finditer(text))


def _blank(match: re.Match[str]) -> Blank:
    inner = (match[1] or match[2] or "").strip()
    name = inner if match[2] and is_name(inner) else ""
    label = label_of(name or inner)
    return Blank(name, label, match.start(), match.end())


def refill(text: str, known: Mapping[str, str]) -> str:
    """Put values into the blanks of an already filled text; `known` maps labels to values."""

    def value(match: re.Match[str]) -> str:
        words = known.get((match[1] or "").strip(), "")
        return words if usable(words) else match[0]

    return _BLANK.sub(value, text)
