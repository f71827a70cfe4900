"""Severities of two playbooks side by side: which degree of the one is which of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.playbook import Cadence, Severity, SlowDown
from crisisroom.core.references import everywhere, rewritten

T = TypeVar("T")

Degrees = Mapping[str, tuple[str, ...]]
"""From a severity of one playbook to those of another that count as it."""


def counterpart(severity: str, own: Sequence[Severity], others: Sequence[Severity]) -> str:
    """Return the degree of `others` that counts as `severity` of `own`.

    It is the one with the same id, else the one at the same place from the most serious down.
    """
    ids = [one.id for one in others]
    places = [one.id for one in own]
    if severity in ids or not ids or severity not in places:
        return severity
    return ids[min(places.index(severity), len(ids) - 1)]


def degrees(own: Sequence[Severity], others: Sequence[Severity]) -> Degrees:
    """Return for every severity of `own` what of `others` counts as it, at least one of them."""
    back = [(counterpart(one.id, others, own), one.id) for one in others]
    return {
        one.id: tuple(other for back_to, other in back if back_to == one.id)
        or (counterpart(one.id, own, others),)
        for one in own
    }


def regraded(thing: T, to: Degrees) -> T:
    """Return a part, or a whole playbook, that speaks of the other playbook's severities."""

    def change(part: Any) -> Any:
        if isinstance(part, Condition) and part.subject == "severity" and part.op == "is":
            values = (other for value in part.values for other in to.get(value, (value,)))
            return msgspec.structs.replace(part, values=tuple(dict.fromkeys(values)))
        if isinstance(part, Cadence | SlowDown):
            return msgspec.structs.replace(part, every=_rhythm(part.every, to))
        return part

    def rename(kind: str, name: str) -> str:
        return to[name][0] if kind == "severity" and name in to else name

    return rewritten(everywhere(thing, change), rename)


def _rhythm(every: Mapping[str, int], to: Degrees) -> dict[str, int]:
    """Return the spans by the other's severities; where two count as one, the graver's holds."""
    spans: dict[str, int] = {}
    for severity, others in to.items():
        if severity in every:
            spans |= {other: every[severity] for other in others if other not in spans}
    return spans
