"""What differs between two versions of a playbook, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.playbook import Playbook
from crisisroom.core.schema import bare, hints
from crisisroom.core.yamlwrite import value_text


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: where (`phases/assess/tasks/roles/within`), and both sides as written."""

    path: str
    change: Literal["added", "removed", "changed", "order"]
    was: str = ""
    now: str = ""


def plan_diff(was: Playbook, now: Playbook) -> tuple[Change, ...]:
    """Return the differences in the order of the playbook; things are known by their ids."""
    return tuple(_struct(was, now, ""))


def _struct(was: msgspec.Struct, now: msgspec.Struct, path: str) -> Iterator[Change]:
    for name, hint in hints(type(now)).items():
        yield from _value(getattr(was, name), getattr(now, name), hint, f"{path}{name}")


def _value(was: Any, now: Any, hint: Any, path: str) -> Iterator[Change]:
    if was == now:
        return
    kind = bare(hint)
    if get_origin(kind) is tuple and "id" in getattr(get_args(kind)[0], "__struct_fields__", ()):
        yield from _things({one.id: one for one in was}, {one.id: one for one in now}, path)
    elif get_origin(kind) is dict:
        yield from _keys(was, now, get_args(kind)[1], path)
    elif isinstance(was, msgspec.Struct) and isinstance(now, msgspec.Struct) and kind != Condition:
        yield from _struct(was, now, f"{path}/")
    else:
        yield _changed(was, now, hint, path)


def _changed(was: Any, now: Any, hint: Any, path: str) -> Change:
    old, new = value_text(was, hint), value_text(now, hint)
    sort: Literal["added", "removed", "changed"] = "changed"
    if not old or not new:
        sort = "added" if new else "removed"
    return Change(path=path, change=sort, was=old, now=new)


def _things(was: Mapping[str, Any], now: Mapping[str, Any], path: str) -> Iterator[Change]:
    """Compare lists of things that have an id; that some changed places is said once."""
    for id_, old in was.items():
        if id_ not in now:
            yield Change(path=f"{path}/{id_}", change="removed", was=value_text(old, type(old)))
        else:
            yield from _struct(old, now[id_], f"{path}/{id_}/")
    for id_, new in now.items():
        if id_ not in was:
            yield Change(path=f"{path}/{id_}", change="added", now=value_text(new, type(new)))
    before, after = [one for one in was if one in now], [one for one in now if one in was]
    if before != after:
        yield Change(path=path, change="order", was=", ".join(before), now=", ".join(after))


def _keys(was: Mapping[str, Any], now: Mapping[str, Any], hint: Any, path: str) -> Iterator[Change]:
    for key in dict.fromkeys((*was, *now)):
        place = f"{path}/{key}"
        if key not in was or key not in now:
            sort: Literal["added", "removed"] = "added" if key in now else "removed"
            old = value_text(was[key], hint) if key in was else ""
            new = value_text(now[key], hint) if key in now else ""
            yield Change(path=place, change=sort, was=old, now=new)
        else:
            yield from _value(was[key], now[key], hint, place)
