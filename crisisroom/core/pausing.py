"""The pause list: what speaks for us by itself, and whether it is quiet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.said import PauseState

LOUD = frozenset({"running", "failed"})  # nobody has made sure that it is quiet


def merged(before: Mapping[str, PauseState], wanted: Iterable[PauseState]) -> dict[str, PauseState]:
    """Return the list as it is wanted now, in that order; what was said of its items stays.

    Something that is on the list no more stays at its end once anybody said anything of it: what
    was paused has to be resumed.
    """
    listed = {item.id: _with_said(item, before.get(item.id)) for item in wanted}
    gone = {
        id_: item for id_, item in before.items() if id_ not in listed and item.state != "running"
    }
    return listed | gone


def _with_said(item: PauseState, before: PauseState | None) -> PauseState:
    if before is None:
        return item
    return msgspec.structs.replace(
        before,
        title=item.title,
        kind=item.kind,
        owner=item.owner,
        backup=item.backup,
        hook=item.hook,
        detail=item.detail,
    )


def loud(incident: Incident) -> tuple[PauseState, ...]:
    """Return what nobody has paused, or said to be no matter."""
    return tuple(item for item in incident.pauses.values() if item.state in LOUD)


def paused(incident: Incident) -> tuple[PauseState, ...]:
    """Return what is paused and has to be resumed some day."""
    return tuple(item for item in incident.pauses.values() if item.state == "paused")


def keepers(item: PauseState) -> str:
    """Return who sees to it, in words: `ada, else bo`; empty where nobody is named."""
    if item.owner and item.backup:
        return f"{item.owner}, else {item.backup}"
    return item.owner or item.backup
