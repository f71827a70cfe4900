"""From nodes to typed values: one binder for playbooks, configuration and whatever else is YAML."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.condition_read import NEVER, read_condition
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import Report, shown
from crisisroom.core.renames import renamed
from crisisroom.core.scalars import converter, expected, is_nothing
from crisisroom.core.yamltext import Broken, Node, Scalar, Sequence
from crisisroom.core.yamltext import Mapping as Lines

__all__ = ["bare", "bind", "blank", "did_you_mean", "hints", "mark_of"]

S = TypeVar("S", bound=msgspec.Struct)

Read = Callable[[Node, Report], Any]
"""Read a node as one type: report what does not fit, and return its empty value instead."""

_SECRETS = frozenset({"token", "password", "secret", "access_token", "api_key"})


def bind(node: Node, shape: type[S], report: Report) -> S:
    """Return the struct that a node describes; what does not fit is reported and left blank.

    Every struct of the result stands where it stands in the file, so that rules across the whole
    can be checked even when some values are off. It is sound only if nothing was reported.
    """
    value: S = _reader(shape)(node, report)
    return value


def blank(hint: Any) -> Any:
    """Return the empty value of a type: what stands in for a value that cannot be read."""
    base = bare(hint)
    origin = get_origin(base)
    if origin is Literal:
        return get_args(base)[0]
    if base is Condition:
        return NEVER
    if _is_struct(base):
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


@lru_cache(maxsize=512)
def _reader(hint: Any) -> Read:
    """Return how a type is read; put together once, because a file holds thousands of values."""
    base = bare(hint)
    origin = get_origin(base)
    if origin is tuple:
        return _list_reader(_reader(get_args(base)[0]))
    if origin is dict:
        return _dict_reader(_reader(get_args(base)[1]))
    if base is Condition:
        return read_condition
    if _is_struct(base):
        return _struct_reader(base)
    return _scalar_reader(hint)


def _is_struct(base: Any) -> bool:
    return isinstance(base, type) and issubclass(base, msgspec.Struct)


def _scalar_reader(hint: Any) -> Read:
    base, mark = bare(hint), mark_of(hint)
    convert, empty = converter(base, mark), blank(hint)

    def read(node: Node, report: Report) -> Any:
        if not isinstance(node, Scalar):
            if not isinstance(node, Broken):
                what = f"{expected(base, mark)} belongs here, not {_called(node)}"
                report.add(node, what, code="type")
            return empty
        if is_nothing(node):
            report.add(node, "there is no value here", 'leave the line out, or write ""', "empty")
            return empty
        value = convert(node, report)
        return empty if value is None else value

    return read


def _list_reader(item: Read) -> Read:
    def read(node: Node, report: Report) -> tuple[Any, ...]:
        if isinstance(node, Sequence):
            return tuple([item(one, report) for one in node.items])
        if not isinstance(node, Broken):
            hint = "write it as [ ], or as lines that start with -"
            report.add(node, f"a list belongs here, not {_called(node)}", hint, "type")
        return ()

    return read


def _dict_reader(item: Read) -> Read:
    def read(node: Node, report: Report) -> dict[str, Any]:
        if isinstance(node, Lines):
            return {key.value: item(value, report) for key, value in node.entries}
        if not isinstance(node, Broken):
            what = f"lines of key: value belong here, not {_called(node)}"
            report.add(node, what, code="type")
        return {}

    return read


def _struct_reader(shape: type[msgspec.Struct]) -> Read:
    fields = {name: _reader(hint) for name, hint in hints(shape).items()}
    required = {one.name for one in msgspec.structs.fields(shape) if one.required}

    def read(node: Node, report: Report) -> msgspec.Struct:
        if not isinstance(node, Lines):
            _no_struct(node, fields, report)
            return _blank_struct(shape)
        values = {}
        for key, value in node.entries:
            field = fields.get(key.value)
            if field is None:
                _unknown(key, value, shape, report)
                continue
            values[key.value] = field(value, report)
            if key.value in required:
                _filled(value, key.value, report)
        for name in required - values.keys():
            report.add(node, f'the key "{name}" is missing', code="missing_key")
            values[name] = blank(hints(shape)[name])
        return shape(**values)

    return read


def _no_struct(node: Node, fields: Iterable[str], report: Report) -> None:
    if not report.full and not isinstance(node, Broken):
        what = f"lines of key: value belong here, not {_called(node)}"
        report.add(node, what, f"keys: {shown(', '.join(fields), 120)}", "type")


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


def _below(key: str, fields: Mapping[str, Any]) -> str:
    """Return the hint for a key that belongs one step further in, as keywords under match."""
    for name, kind in fields.items():
        inner = bare(kind)
        if _is_struct(inner) and inner is not Condition and key in inner.__struct_fields__:
            return f"it stands under {name}:"
    return ""


def _filled(value: Node, name: str, report: Report) -> None:
    """Report a quoted or listed nothing; an unwritten one is reported where it is read."""
    if isinstance(value, Sequence):
        empty = not value.items
    elif isinstance(value, Lines):
        empty = not value.entries
    else:
        empty = isinstance(value, Scalar) and not value.value.strip() and not is_nothing(value)
    if empty:
        report.add(value, f'"{name}" must not be empty', code="empty")


def _called(node: Node) -> str:
    if isinstance(node, Lines):
        return 'key: value (quote text that contains ": ")'
    return "a list" if isinstance(node, Sequence) else "a single value"
