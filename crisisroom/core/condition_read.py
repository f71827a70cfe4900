"""Reading a condition as a playbook writes it: one key a node, subjects below it.

`{all: [...]}`, `{any: [...]}`, `{not: {...}}`, `{is: {fact.data: [yes, unclear]}}`,
`{set: fact.cause}`, `{at_least: {fact.affected: 100}}`; several subjects under one key all count.
"""

from __future__ import annotations

import re
from typing import cast

from crisisroom.core.condition import Condition, Op, number
from crisisroom.core.problems import Report, shown
from crisisroom.core.yamltext import Broken, Mapping, Node, Scalar, Sequence

NEVER = Condition("any")  # stands in for a condition that cannot be read
_SUBJECT = re.compile(r"severity|(?:fact|task|role|statement)\.[a-z0-9][a-z0-9_-]*")
_JOINS = ("all", "any")
_COMPARES = ("is", "at_least", "at_most")
_KEYS = "all, any, not, is, set, at_least, at_most"
_SHAPE = "like is: {fact.data: yes}"


def read_condition(node: Node, report: Report) -> Condition:
    """Return the condition a node describes; what does not fit is reported."""
    if isinstance(node, Broken):
        return NEVER
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        report.add(node, "a condition is one key with what it looks at", _SHAPE, "condition")
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
    report.add(key, what, f"one of {_KEYS}", "condition")
    return NEVER


def _joined(op: Op, node: Node, report: Report) -> Condition:
    if not isinstance(node, Sequence) or not node.items:
        report.add(node, f"{op} takes a list of conditions", "lines that start with -", "condition")
        return NEVER
    return Condition(op, tuple(read_condition(item, report) for item in node.items))


def _set(node: Node, report: Report) -> Condition:
    names = node.items if isinstance(node, Sequence) else (node,)
    parts = tuple(Condition("set", subject=_subject(name, report)) for name in names)
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
    report.add(node, f"{said} cannot be looked at", hint, "condition")
    return "severity"


def _values(op: Op, node: Node, report: Report) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    values = tuple(item.value for item in items if isinstance(item, Scalar))
    if len(values) != len(items) or not values:
        report.add(node, "one value belongs here, or a list of them", _SHAPE, "condition")
        return ("",)
    if op != "is" and (len(values) != 1 or number(values[0]) is None):
        report.add(node, f"{op} compares with one number", "at_least: {fact.affected: 100}", "type")
        return ("0",)
    return values
