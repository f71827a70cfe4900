"""The action that writes the record down as files."""

from __future__ import annotations

from crisisroom.tui import reasons
from crisisroom.tui.action import ROOM, Action

PAPERS: tuple[Action, ...] = (
    Action(
        "export",
        ("w",),
        "export",
        "write the incident to a file",
        ROOM,
        reason=reasons.needs_any_incident,
    ),
)
