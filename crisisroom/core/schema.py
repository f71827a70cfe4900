"""From nodes to typed values: one binder for playbooks, configuration and whatever else is YAML."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.condition_read import NEVER, read_condition
from crisisroom.core.kinds import Number, Rule, Span, id_flaw, span
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import Report, shown
from crisisroom.core.renames import VALUES, renamed
from crisisroom.core.yamltext import Broken, Mapping, Node, Scalar, Sequence

__all__ = ["bare", "bind", "blank", "did_you_mean", "hints", "mark_of"]

S = TypeVar("S", bound=msgspec.Struct)

_WHOLE = re.compile(r"[0-9]{1,9}")
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}
_NOTHING = ("", "~", "null", "Null", "NULL")
_LINE = Rule()
_PREFIXED = re.compile(r"(?:[a-z_]+)[:.] ?([a-z0-9][a-z0-9_-]*)")
_SPACED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _&/'-]*")
_NO_ID = re.compile(r"[^a-z0-9_]+")
_UNIT = re.compile(r"([0-9]{1,5}) ?(s|m|h|d|min|sec|hour|hr|day)[a-z]*", re.IGNORECASE)
_NUMBER = Number(least=0)
_SECRETS = frozenset({"token", "password", "secret", "access_token", "api_key"})


def bind(node: Node, shape: type[S], report: Report) -> S:
    """Return the struct that a node describes; what does not fit is reported and left blank.

    Every struct of the result stands where it stands in the file, so that rules across the whole
    can be checked even when some values are off. It is sound only if nothing was reported.
    """
    value: S = _read(node, shape, report)
    return value


def blank(hint: Any) -> Any:
    """Return the empty value of a type: what stands in for a value that cannot be read."""
    base = bare(hint)
    origin = get_origin(base)
    if origin is Literal:
        return get_args(base)[0]
    if base is Condition:
        return NEVER
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return _blank_struct(base)
    return (origin or base)()


@lru_cache
def _blank_struct(shape: type[msgspec.Struct]) -> msgspec.Struct:
    return shape(**{name: blank(kind) for name, kind in hints(shape).items()})


@lru_cache
def hints(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Return a struct's fields and their types, with the marks they carry."""
    known = get_type_hints(shape, include_extras=True)
    return {name: known[name] for name in shape.__struct_fields__}


@lru_cache
def _required(shape: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(shape) if field.required)


@lru_cache(maxsize=256)
def bare(hint: Any) -> Any:
    """Take the marks and the `| None` off a type."""
    if get_origin(hint) is Annotated:
        return bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return bare(next(arg for arg in get_args(hint) if arg is not types.NoneType))
    return hint


@lru_cache(maxsize=256)
def mark_of(hint: Any) -> Any:
    """Return the mark a type carries, through `| None`."""
    if get_origin(hint) is Annotated:
        return get_args(hint)[1]
    if get_origin(hint) in (Union, types.UnionType):
        return next((mark for arg in get_args(hint) if (mark := mark_of(arg)) is not None), None)
    return None


def _read(node: Node, hint: Any, report: Report) -> Any:
    if isinstance(node, Broken):
        return blank(hint)
    base, mark = bare(hint), mark_of(hint)
    origin = get_origin(base)
    if origin is tuple:
        return _tuple(node, get_args(base)[0], report)
    if origin is dict:
        return _dict(node, get_args(base)[1], report)
    if base is Condition:
        return read_condition(node, report)
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return _struct(node, base, report)
    if not isinstance(node, Scalar):
        report.add(node, f"{_expected(base, mark)} belongs here, not {_called(node)}", code="type")
        return blank(hint)
    if _nothing(node):
        report.add(node, "there is no value here", 'leave the line out, or write ""', "empty")
        return blank(hint)
    value = _scalar(node, base, mark, report)
    return blank(hint) if value is None else value


def _nothing(node: Scalar) -> bool:
    """Tell that nothing was written; a quoted nothing is meant, so it is something."""
    return (node.style == "plain" and node.value in _NOTHING) or (
        node.style == "block" and not node.value.strip()
    )


def _scalar(node: Scalar, base: Any, mark: Any, report: Report) -> Any:
    if get_origin(base) is Literal:
        return _choice(node, get_args(base), report)
    if base is bool:
        return _truth(node, report)
    if isinstance(mark, Span):
        return _seconds(node, mark, report)
    if base is int:
        return _whole(node, mark or _NUMBER, report)
    return _text(node, mark or _LINE, report)


def _text(node: Scalar, rule: Rule, report: Report) -> str:
    """Read a text exactly as written, or refuse what YAML would silently shorten."""
    value = node.value
    if rule.flaw is not None and (flaw := rule.flaw(value)):
        report.add(node, flaw, _prefixed(value) if flaw == id_flaw("") else "")
    elif rule.flaw is None and node.commented:
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


def _prefixed(text: str) -> str:
    """Return the hint for `role:lead`, `contact.bo` and other ids that are not written like one."""
    if match := _PREFIXED.fullmatch(text):
        return f"write only {shown(match[1])}"
    plain = _NO_ID.sub("-", text[:60].casefold()).strip("-")
    return f"for example {plain}" if plain and _SPACED.fullmatch(text) else ""


def _whole(node: Scalar, allowed: Number, report: Report) -> int | None:
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


def _seconds(node: Scalar, allowed: Span, report: Report) -> int | None:
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


def _choice(node: Scalar, allowed: tuple[str, ...], report: Report) -> str | None:
    if node.value in allowed:
        return node.value
    other = VALUES.get(node.value.casefold(), "")
    hint = f'write "{other}"' if other in allowed else did_you_mean(node.value, allowed, "one of")
    report.add(node, f'"{shown(node.value)}" is not known here', hint, "choice")
    return None


def _tuple(node: Node, kind: Any, report: Report) -> tuple[Any, ...]:
    if isinstance(node, Sequence):
        return tuple(_read(item, kind, report) for item in node.items)
    hint = "write it as [ ], or as lines that start with -"
    report.add(node, f"a list belongs here, not {_called(node)}", hint, "type")
    return ()


def _dict(node: Node, kind: Any, report: Report) -> dict[str, Any]:
    if isinstance(node, Mapping):
        return {key.value: _read(value, kind, report) for key, value in node.entries}
    report.add(node, f"lines of key: value belong here, not {_called(node)}", code="type")
    return {}


def _struct(node: Node, shape: type[msgspec.Struct], report: Report) -> msgspec.Struct:
    fields = hints(shape)
    if not isinstance(node, Mapping):
        if not report.full:
            keys = ", ".join(fields)
            what = f"lines of key: value belong here, not {_called(node)}"
            report.add(node, what, f"keys: {shown(keys, 120)}", "type")
        return _blank_struct(shape)
    values = {}
    for key, value in node.entries:
        if key.value in fields:
            values[key.value] = _read(value, fields[key.value], report)
        else:
            _unknown(key, value, shape, report)
    return shape(**values | _missing(node, shape, values, report))


def _unknown(key: Scalar, value: Node, shape: type[msgspec.Struct], report: Report) -> None:
    if not report.full:
        what = f'the key "{shown(key.value)}" is not known here'
        report.add(key, what, _key_hint(key, value, shape), "unknown_key")


def _key_hint(key: Scalar, value: Node, shape: type[msgspec.Struct]) -> str:
    fields = hints(shape)
    if key.value in _SECRETS:
        return "secrets never stand in this file: use token_env or token_file"
    if _no_colon(key, value):
        if ":" in key.value:
            return "put a space behind the colon"
        return 'put the text in "double quotes": a comma or ? inside { } begins a new key'
    if other := renamed(shape.__name__, key.value):
        return other
    return _below(key.value, fields) or did_you_mean(key.value, fields, "keys")


def _no_colon(key: Scalar, value: Node) -> bool:
    """Tell whether a key is a mere word between commas: its value begins where it ends."""
    end = (key.line, key.column + len(key.value))
    return isinstance(value, Scalar) and not value.value and (value.line, value.column) == end


def _below(key: str, fields: dict[str, Any]) -> str:
    """Return the hint for a key that belongs one step further in, as keywords under match."""
    for name, kind in fields.items():
        inner = bare(kind)
        struct = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
        if struct and inner is not Condition and key in inner.__struct_fields__:
            return f"it stands under {name}:"
    return ""


def _missing(
    node: Mapping, shape: type[msgspec.Struct], given: Iterable[str], report: Report
) -> dict[str, Any]:
    """Report the fields that have to be there, empty ones too, and return blanks for them."""
    blanks = {}
    written = {key.value: value for key, value in node.entries}
    for name in _required(shape):
        if name not in given:
            report.add(node, f'the key "{name}" is missing', code="missing_key")
            blanks[name] = blank(hints(shape)[name])
        else:
            _filled(written[name], name, report)
    return blanks


def _filled(value: Node, name: str, report: Report) -> None:
    """Report a quoted or listed nothing; an unwritten one is reported where it is read."""
    if isinstance(value, Sequence):
        empty = not value.items
    elif isinstance(value, Mapping):
        empty = not value.entries
    else:
        empty = isinstance(value, Scalar) and not value.value.strip() and not _nothing(value)
    if empty:
        report.add(value, f'"{name}" must not be empty', code="empty")


def _expected(base: Any, mark: Any) -> str:
    if isinstance(mark, Span):
        return "a duration"
    names: dict[Any, str] = {str: "text", int: "a whole number", bool: "yes or no"}
    return names.get(base, "one word")


def _called(node: Node) -> str:
    if isinstance(node, Mapping):
        return 'key: value (quote text that contains ": ")'
    return "a list" if isinstance(node, Sequence) else "a single value"
