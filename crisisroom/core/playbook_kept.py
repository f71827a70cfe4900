"""Keeping a playbook for ever: the copy that an incident runs by."""

from __future__ import annotations

from typing import Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook


def snapshot(playbook: Playbook) -> dict[str, Any]:
    """Return a playbook as plain JSON values: the copy that a run keeps."""
    values: dict[str, Any] = msgspec.to_builtins(playbook)
    return values


def from_snapshot(values: dict[str, Any]) -> Playbook:
    """Read back what `snapshot` returned, in this or any earlier version of the program.

    Raises `Refused` when the copy is of a newer schema or damaged.
    """
    if values.get("schema") != 1:
        hint = "update crisisroom on this machine"
        raise Refused("playbook_schema", "this playbook's copy is of a newer schema", hint)
    try:
        return msgspec.convert(values, Playbook)
    except msgspec.ValidationError as error:
        raise Refused("playbook_damaged", f"this playbook's copy is damaged: {error}") from error
