"""Reading one value: a text, a number, a duration, yes or no, one of a few words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, get_args, get_origin

from crisisroom.core.kinds import Number, Rule, Span, id_flaw, span
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import Report, shown
from crisisroom.core.renames import VALUES
from crisisroom.core.yamltext import Scalar

Convert = Callable[[Scalar, Report], Any]
"""Return a scalar's value; None when it is none and that was reported."""

_WHOLE = re.compile(r"[0-9]{1,9}")
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_NOTHING = ("", "~", "null", "Null", "NULL")
_LINE = Rule()
_NUMBER = Number(least=0)
_PREFIXED = re.compile(r"(?:[a-z_]+)[:.] ?([a-z0-9][a-z0-9_-]*)")
_SPACED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _&/'-]*")
_NO_ID = re.compile(r"[^a-z0-9_]+")
_UNIT = re.compile(r"([0-9]{1,5}) ?(s|m|h|d|min|sec|hour|hr|day)[a-z]*", re.IGNORECASE)


def converter(base: Any, mark: Any) -> Convert:
    """Return how a scalar of this type is read; `mark` is what its kind says about it."""
    if get_origin(base) is Literal:
        return partial(_choice, get_args(base))
    if base is bool:
        return _truth
    if isinstance(mark, Span):
        return partial(_seconds, mark)
    if base is int:
        return partial(_whole, mark or _NUMBER)
    return partial(_text, mark or _LINE)


def is_nothing(node: Scalar) -> bool:
    """Tell that nothing was written; a quoted nothing is meant, so it is something."""
    return (node.style == "plain" and node.value in _NOTHING) or (
        node.style == "block" and not node.value.strip()
    )


def expected(base: Any, mark: Any) -> str:
    """Return what belongs there in words."""
    if isinstance(mark, Span):
        return "a duration"
    names: dict[Any, str] = {str: "text", int: "a whole number", bool: "yes or no"}
    return names.get(base, "one word")


def _text(rule: Rule, node: Scalar, report: Report) -> str:
    """Read a text exactly as written, or refuse what YAML would silently change."""
    value = node.value
    if rule.flaw is not None:
        if flaw := rule.flaw(value):
            report.add(node, flaw, _id_hint(value) if flaw == id_flaw("") else "")
    elif node.commented:
        what = f'YAML drops everything from the # on: only "{shown(value)}" would be left'
        report.add(node, what, 'put the text in "double quotes"', "comment")
    elif rule.words and node.style == "plain":
        what = "words that go out are written in quotes or as a block"
        report.add(node, what, 'put them in "double quotes" or behind |', "plain_words")
    elif rule.words and node.folded:
        what = "in quotes, YAML makes line ends into spaces"
        report.add(node, what, "put words of several lines behind |", "folded")
    elif rule is _LINE and "\n" in value:
        report.add(node, "one line belongs here", "take the line end out", "lines")
    if len(value) > rule.most:
        what = f"{len(value)} characters are too many; there is room for {rule.most}"
        report.add(node, what, code="length")
    return value


def _id_hint(text: str) -> str:
    """Return the hint for `role:lead`, `contact.bo` and other ids that are not written like one."""
    if match := _PREFIXED.fullmatch(text):
        return f"write only {shown(match[1])}"
    plain = _NO_ID.sub("-", text[:60].casefold()).strip("-")
    return f"for example {plain}" if plain and _SPACED.fullmatch(text) else ""


def _whole(allowed: Number, node: Scalar, report: Report) -> int | None:
    if not _WHOLE.fullmatch(node.value):
        report.add(node, f'a whole number belongs here, not "{shown(node.value)}"', code="type")
        return None
    number = int(node.value)
    if allowed.least <= number <= allowed.most:
        return number
    bounds = f"from {allowed.least} to {allowed.most}"
    what = f"this has to be {allowed.least}" if allowed.least == allowed.most else bounds
    report.add(node, what, f"it is {number}", "range")
    return None


def _truth(node: Scalar, report: Report) -> bool | None:
    value = _TRUTH.get(node.value)
    if value is None:
        report.add(node, f'yes or no belongs here, not "{shown(node.value)}"', code="type")
    return value


def _seconds(allowed: Span, node: Scalar, report: Report) -> int | None:
    seconds = span(node.value)
    if seconds is None:
        what = f'a duration belongs here, not "{shown(node.value)}"'
        report.add(node, what, _duration_hint(node.value), "type")
    elif not allowed.least <= seconds <= allowed.most:
        what = "this is too long" if seconds > allowed.most else "this is too short"
        report.add(node, what, f"from {allowed.least}s to {allowed.most // 86400}d", "range")
        return None
    return seconds


def _duration_hint(text: str) -> str:
    if text.endswith("bd"):
        return "business days count in deadlines and the review; here write it like 5d"
    if _WHOLE.fullmatch(text):
        return f"say of what, like {text[:5]}m: 90s, 5m, 1h30m or 2d"
    if match := _UNIT.fullmatch(text):
        return f"write {match[1]}{match[2][0].lower()}"
    return "write it like 90s, 5m, 1h30m or 2d"


def _choice(allowed: tuple[str, ...], node: Scalar, report: Report) -> str | None:
    if node.value in allowed:
        return node.value
    if not report.full:
        other = VALUES.get(node.value.casefold(), "")
        near = did_you_mean(node.value, allowed, "one of")
        hint = f'write "{other}"' if other and other in allowed else near
        report.add(node, f'"{shown(node.value)}" is not known here', hint, "choice")
    return None
