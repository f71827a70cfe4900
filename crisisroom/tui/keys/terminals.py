"""Which keys terminals send, how people write them, and which of them a text needs."""

from __future__ import annotations

import re

# Told in help as people write them; read from settings in either form.
_SIGNS = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "exclamation_mark": "!",
    "apostrophe": "'",
    "quotation_mark": '"',
    "number_sign": "#",
    "dollar_sign": "$",
    "percent_sign": "%",
    "ampersand": "&",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "asterisk": "*",
    "comma": ",",
    "full_stop": ".",
    "semicolon": ";",
    "less_than_sign": "<",
    "equals_sign": "=",
    "greater_than_sign": ">",
    "at": "@",
    "left_square_bracket": "[",
    "backslash": "\\",
    "right_square_bracket": "]",
    "circumflex_accent": "^",
    "underscore": "_",
    "grave_accent": "`",
    "left_curly_bracket": "{",
    "vertical_line": "|",
    "right_curly_bracket": "}",
    "tilde": "~",
}
_NAMES = {sign: name for name, sign in _SIGNS.items()}
_SHORT = {"pagedown": "pgdn", "pageup": "pgup", "escape": "esc"}
_LONG = {short: name for name, short in _SHORT.items()} | {"return": "enter", "del": "delete"}
_KNOWN = {"ctrl+underscore": "ctrl+/", "ctrl+@": "ctrl+space"}  # the same byte, as people know it
_WRITTEN = {"ctrl+slash": "ctrl+underscore", "ctrl+space": "ctrl+@", "ctrl+at": "ctrl+@"}
_MOVES = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
_PLAIN = frozenset(
    {
        *_MOVES,
        *("enter", "escape", "tab", "space", "backspace", "delete", "insert"),
        *(f"f{number}" for number in range(1, 25)),
    }
)
# A terminal sends the very same byte for both.
SAME = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
    "ctrl+3": "escape",
}
# Taken before this program sees them, or by what it runs in.
_TAKEN = {
    "ctrl+c": "it copies, and tells how to leave",
    "ctrl+z": "the shell stops a program by it",
}
_CONTROL = frozenset("abdefgklnopqrstuvwxy")
_CONTROL_SIGNS = frozenset(
    {"backslash", "right_square_bracket", "circumflex_accent", "underscore", "@"}
)
# What a line or a text reads as editing; single signs are words there anyway.
_EDITING = frozenset(
    {
        *_MOVES,
        *("enter", "space", "backspace", "delete"),
        *("ctrl+a", "ctrl+e", "ctrl+w", "ctrl+d", "ctrl+x", "ctrl+v", "ctrl+u", "ctrl+k", "ctrl+y"),
        *(f"{mod}+{move}" for mod in ("shift", "ctrl", "ctrl+shift") for move in _MOVES),
    }
)
_FUNCTION = re.compile(r"ctrl\+f(?:[1-9]|1[0-2])")


def shown_key(key: str) -> str:
    """Return a key as people write it: `?` for question_mark."""
    *mods, last = key.split("+") if key != "plus" else ["plus"]
    if known := _KNOWN.get(key):
        return known
    return "+".join([*mods, _SHORT.get(last, _SIGNS.get(last, last))])


def read_key(written: str) -> str:
    """Return a key by the name that the screen gives it: question_mark for `?`."""
    written = written.strip()
    if len(written) == 1:
        return _NAMES.get(written, written)
    *mods, last = written.split("+") if not written.endswith("++") else [written[:-2], "+"]
    if last == "" and mods:  # `ctrl++`
        last = "+"
    last = _NAMES.get(last, _LONG.get(last.lower(), last if len(last) == 1 else last.lower()))
    lowered = [mod.lower() for mod in mods]
    name = last.lower() if "ctrl" in lowered else last
    found = "+".join([*lowered, name])
    return _WRITTEN.get(found, found)


def flaw_of(key: str) -> str:
    """Say why a key of this name can never come; empty where it does."""
    if key in SAME:
        return f"to a terminal {shown_key(key)} is {shown_key(SAME[key])}"
    if key in _TAKEN:
        return f"{shown_key(key)} is taken: {_TAKEN[key]}"
    return "" if _comes(key) else f"no terminal sends {shown_key(key)}"


def _comes(key: str) -> bool:
    mods, _, last = key.rpartition("+")
    if not mods:
        return is_sign(key) or key in _PLAIN
    if _FUNCTION.fullmatch(key):
        return True
    if mods == "ctrl":
        return last in _CONTROL or last in _CONTROL_SIGNS or last in _MOVES
    if mods == "shift":
        return last in _MOVES or last == "tab"
    if mods == "alt":
        return len(last) == 1 and last.isascii() and last.isalnum()
    return mods == "ctrl+shift" and last in _MOVES


def is_sign(key: str) -> bool:
    """Say whether a key stands for one sign that can be typed into a text."""
    return (len(key) == 1 and key.isprintable()) or key in _SIGNS


def needed_by_texts(key: str) -> bool:
    """Say whether a text or a line reads the key itself."""
    return is_sign(key) or key in _EDITING
