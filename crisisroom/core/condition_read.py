"""Reading a condition as a playbook writes it: one key a node, subjects below it.

`{all: [...]}`, `{any: [...]}`, `{not: {...}}`, `{is: {fact.data: [yes, unclear]}}`,
`{set: fact.cause}`, `{at_least: {fact.affected: 100}}`; several subjects under one key all count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, cast

from crisisroom.core.condition import Condition, Op, number
from crisisroom.core.problems import Report, shown
from crisisroom.core.yamltext import Broken, Mapping, Node, Scalar, Sequence

NEVER = Condition("any")  # stands in for a condition that cannot be read
_SUBJECT = re.compile(r"severity|(?:fact|task|role|statement)\.[a-z0-9][a-z0-9_-]*")
_GLUED = re.compile(r"(?:severity|\w+\.[\w-]+):\S+")
_COLON = re.compile(r"(fact|task|role|statement):([\w-]+)")
_JOINS = ("all", "any")
_COMPARES = ("is", "at_least", "at_most")
_FORMULA = re.compile(r"([a-z]+(?:\.[\w-]+)?) ?(==?|!=|>=?|<=?|is not|is) ?['\"]?([\w-]+)['\"]?")
_WORDS = re.compile(r"(?:.* )?(?:and|or|not|&&|\|\|) .*")
_KEYS = "all, any, not, is, set, at_least, at_most"
_SHAPE = "like is: {fact.data: yes}"


class Looked(NamedTuple):
    """One look of a condition as it stands in the file: at what, and compared with which values."""

    op: Op
    subject: Scalar
    values: tuple[Scalar, ...] = ()


def looks(node: Node) -> Iterator[Looked]:
    """Yield every look in a condition's node, in order; what cannot be read is left out."""
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        return
    key, value = node.entries[0]
    if key.value in _JOINS and isinstance(value, Sequence):
        for item in value.items:
            yield from looks(item)
    elif key.value == "not":
        yield from looks(value)
    elif key.value == "set":
        for name in _items(value):
            if isinstance(name, Scalar):
                yield Looked("set", name)
    elif key.value in _COMPARES and isinstance(value, Mapping):
        for subject, values in value.entries:
            scalars = tuple(one for one in _items(values) if isinstance(one, Scalar))
            yield Looked(cast(Op, key.value), subject, scalars)


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def read_condition(node: Node, report: Report) -> Condition:
    """Return the condition a node describes; what does not fit is reported."""
    if isinstance(node, Broken):
        return NEVER
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        what = "a condition is one key with what it looks at"
        report.add(node, what, _hint(node), "condition")
        return NEVER
    key, value = node.entries[0]
    if key.value in _JOINS:
        return _joined(cast(Op, key.value), value, report)
    if key.value == "not":
        return Condition("not", (read_condition(value, report),))
    if key.value == "set":
        return _set(value, report)
    if key.value in _COMPARES:
        return _compared(cast(Op, key.value), value, report)
    what = f'a condition has no key "{shown(key.value)}"'
    hint = f"write is: {{{shown(key.value)}: yes}}" if _SUBJECT.fullmatch(key.value) else ""
    report.add(key, what, hint or f"one of {_KEYS}", "condition")
    return NEVER


def _hint(node: Node) -> str:
    """Say how that is written which stands there as a formula, or as several keys."""
    if isinstance(node, Mapping):
        return "write all: or any: and each of them behind a -" if node.entries else _SHAPE
    if isinstance(node, Sequence):
        return "write all: or any: above the list"
    said = node.value if isinstance(node, Scalar) else ""
    match = _FORMULA.fullmatch(said[:200].strip())
    if match is None:
        return f"{_SHAPE}; all:, any: and not: join them" if _WORDS.fullmatch(said) else _SHAPE
    subject, sign, value = (shown(part) for part in match.groups())
    if sign in ("!=", "is not"):
        return f"write not: {{is: {{{subject}: {value}}}}}"
    if sign[0] in "<>":
        return f"write {'at_least' if sign[0] == '>' else 'at_most'}: {{{subject}: {value}}}"
    return f"write is: {{{subject}: {value}}}"


def _joined(op: Op, node: Node, report: Report) -> Condition:
    if not isinstance(node, Sequence) or not node.items:
        report.add(node, f"{op} takes a list of conditions", "lines that start with -", "condition")
        return NEVER
    return Condition(op, tuple(read_condition(item, report) for item in node.items))


def _set(node: Node, report: Report) -> Condition:
    parts = tuple(Condition("set", subject=_subject(name, report)) for name in _items(node))
    if not parts:
        report.add(node, "set takes a subject, or a list of them", "set: fact.cause", "condition")
        return NEVER
    return parts[0] if len(parts) == 1 else Condition("all", parts)


def _compared(op: Op, node: Node, report: Report) -> Condition:
    if not isinstance(node, Mapping) or not node.entries:
        report.add(node, f"{op} takes a subject and its value", _SHAPE, "condition")
        return NEVER
    parts = tuple(
        Condition(op, subject=_subject(key, report), values=_values(op, value, report))
        for key, value in node.entries
    )
    return parts[0] if len(parts) == 1 else Condition("all", parts)


def _subject(node: Node, report: Report) -> str:
    if isinstance(node, Scalar) and _SUBJECT.fullmatch(node.value):
        return node.value
    said = shown(node.value) if isinstance(node, Scalar) else "a list"
    hint = "a condition looks at fact.ID, task.ID, role.ID, statement.ID or severity"
    if isinstance(node, Scalar) and _GLUED.fullmatch(node.value):
        hint = "put a space behind the colon"
    elif isinstance(node, Scalar) and (glued := _COLON.fullmatch(node.value)):
        hint = f"write {shown('.'.join(glued.groups()))}"
    report.add(node, f"{said} cannot be looked at", hint, "condition")
    return "severity"


def _values(op: Op, node: Node, report: Report) -> tuple[str, ...]:
    items = _items(node)
    values = tuple(item.value for item in items if isinstance(item, Scalar))
    if len(values) != len(items) or not values:
        report.add(node, "one value belongs here, or a list of them", _SHAPE, "condition")
        return ("",)
    if op != "is" and (len(values) != 1 or number(values[0]) is None):
        report.add(node, f"{op} compares with one number", "at_least: {fact.affected: 100}", "type")
        return ("0",)
    return values
