"""What each kind of value is called, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec

from crisisroom.core import kinds
from crisisroom.core.condition import Condition
from crisisroom.core.kinds import Number, Rule, Span
from crisisroom.core.schema import bare, mark_of

# kind -> its name, how it is written, and the pattern an editor can check
SPECIAL: Mapping[Any, tuple[str, str, str]] = {
    mark_of(kinds.Id): ("id", "small letters, digits, - and _", "[a-z0-9][a-z0-9_-]*"),
    mark_of(kinds.Ref): ("id", "the id of something in this file", "([a-z0-9][a-z0-9_-]*)?"),
    mark_of(kinds.Day): ("day", "2026-10-01", "([0-9]{4}-[0-9]{2}-[0-9]{2})?"),
    mark_of(kinds.Zone): ("time zone", "Europe/Berlin", "([A-Za-z]+(/[A-Za-z0-9_+-]+)*)?"),
    mark_of(kinds.Anchor): (
        "anchor",
        "declared, appears, severity, or fact.ID, task.ID, phase.ID, statement.ID",
        "(declared|appears|severity|(fact|task|phase|statement)[.][a-z0-9][a-z0-9_-]*)?",
    ),
    mark_of(kinds.Moment): (
        "moment",
        "17:30, or 2026-10-21 17:30",
        "(([0-9]{4}-[0-9]{2}-[0-9]{2} )?([01][0-9]|2[0-3]):[0-5][0-9])?",
    ),
    mark_of(kinds.Term): ("term", "72h, 30d, or 4bd for business days", ""),
    mark_of(kinds.Language): ("language", "en, pt-BR", "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
    mark_of(kinds.Shape): ("shape", "AB-000000: A for any letter, 0 for any digit", ".*0.*"),
}
DURATION = (
    "([0-9]{1,5}d)?([0-9]{1,5}h)?([0-9]{1,6}m)?([0-9]{1,8}s)?"
    "|P([0-9]{1,5}D)?(T([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,8}S)?)?"
)


def kind_name(hint: Any) -> str:
    """Return a field's kind in words, as the page says it; Markdown."""
    base, mark = bare(hint), mark_of(hint)
    if get_origin(base) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(base))
    if get_origin(base) is tuple:
        return f"list of {_several(get_args(base)[0])}"
    if get_origin(base) is dict:
        return f"{kind_name(get_args(base)[1])} by key"
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return "condition" if base is Condition else f"[{base.__name__}](#{base.__name__.lower()})"
    return _simple(base, mark)


def _several(hint: Any) -> str:
    name = kind_name(hint)
    return f"{name}s" if name in ("id", "line") else name


def _simple(base: Any, mark: Any) -> str:
    if isinstance(mark, Span):
        return "duration"
    if isinstance(mark, Number) or base is int:
        return "number"
    if base is bool:
        return "`yes` or `no`"
    if mark in SPECIAL:
        return SPECIAL[mark][0]
    if not isinstance(mark, Rule):
        return "line"
    return f"{'words' if mark.words else 'text'}, at most {mark.most}"
