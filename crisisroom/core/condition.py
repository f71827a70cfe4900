"""Conditions of a playbook: a small safe tree with three values.

A condition about a fact nobody knows yet is neither true nor false but unknown, as in Kleene's
strong logic of three values, and says which facts it waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Literal

import msgspec

Op = Literal["all", "any", "not", "is", "set", "at_least", "at_most"]


class Condition(msgspec.Struct, frozen=True):
    """One node: `all`, `any` and `not` join others; the rest look at one subject.

    A subject is `fact.ID`, `task.ID`, `role.ID`, `statement.ID` or `severity`.
    """

    op: Op
    of: tuple[Condition, ...] = ()
    subject: str = ""
    values: tuple[str, ...] = ()  # of `is`: one of these; of a comparison: the one number


class Truth(msgspec.Struct, frozen=True):
    """Whether a condition holds; None is unknown.

    `waits_for` names the subjects whose settling could change that: of a `set` that does not
    hold yet, too.
    """

    holds: bool | None
    waits_for: tuple[str, ...] = ()


Look = Callable[[str], str | None]
"""The value of a subject as text; None where nobody knows it yet."""


def evaluate(condition: Condition, look: Look) -> Truth:
    """Return whether a condition holds, by what `look` tells of its subjects."""
    if condition.op == "all":
        return _joined(condition.of, look, decisive=False)
    if condition.op == "any":
        return _joined(condition.of, look, decisive=True)
    if condition.op == "not":
        inner = evaluate(condition.of[0], look)
        return Truth(None if inner.holds is None else not inner.holds, inner.waits_for)
    value = look(condition.subject)
    if condition.op == "set":
        return Truth(True) if value is not None else Truth(False, (condition.subject,))
    if value is None:
        return Truth(None, (condition.subject,))
    return Truth(_compared(condition, value))


def _joined(parts: Iterable[Condition], look: Look, *, decisive: bool) -> Truth:
    """Join by and (a false part decides) or by or (a true one does)."""
    known = [evaluate(part, look) for part in parts]
    if deciding := [one for one in known if one.holds is decisive]:
        final = any(not one.waits_for for one in deciding)
        return Truth(decisive, () if final else _waits(known))
    if any(one.holds is None for one in known):
        return Truth(None, _waits(known))
    return Truth(not decisive, _waits(known))


def _waits(known: Iterable[Truth]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for one in known for name in one.waits_for))


def _compared(condition: Condition, value: str) -> bool:
    if condition.op == "is":
        return value.strip().casefold() in {one.casefold() for one in condition.values}
    left, right = number(value), number(condition.values[0])
    if left is None or right is None:
        return False
    return left >= right if condition.op == "at_least" else left <= right


def number(text: str) -> float | None:
    """Return a number as people write it (`1,200`, `12 000`, `3.5`), or None."""
    plain = text.strip().replace("\u00a0", "").replace(" ", "").replace("_", "")
    try:
        value = float(plain.replace(",", ""))
    except ValueError:
        return None
    return value if isfinite(value) else None


def subjects(condition: Condition | None) -> tuple[str, ...]:
    """Return the subjects a condition looks at, each once, in order."""
    if condition is None:
        return ()
    own = (condition.subject,) if condition.subject else ()
    below = (name for part in condition.of for name in subjects(part))
    return tuple(dict.fromkeys((*own, *below)))
