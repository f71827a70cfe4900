"""The room's settings: versioned, logged, put into force in one step."""

from __future__ import annotations

from typing import Any

import msgspec

from crisisroom.config import RoomConfig
from crisisroom.core.canonical import digest
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.store import Tx, log, settings


async def apply_config(room: Room, config: RoomConfig, name: str) -> tuple[str, ...]:
    """Put settings into force and return the differences, none if they already were."""
    wanted: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(config))  # as it is kept

    async def work(tx: Tx) -> tuple[str, ...]:
        kept = await settings.get(tx, "config")
        before = msgspec.json.decode(kept) if kept else {}
        lines = tuple(differences(before, wanted))
        if not lines:
            return ()
        await settings.put(tx, "config", msgspec.json.encode(wanted).decode())
        data = {"sha256": digest(wanted), "changes": list(lines)}
        text = f"applied {name}: {len(lines)} changes"
        draft = Draft(kind="config.applied", text=text, data=data)
        await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        tx.tell("config")
        return lines

    lines = await room.store.write(work)
    await room.reload()
    return lines


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """Return what changed between two JSON values, a line each: `path: old -> new`."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted(before.keys() | after.keys())
        return [
            line
            for key in keys
            for line in differences(
                before.get(key), after.get(key), f"{path}.{key}" if path else key
            )
        ]
    return [f"{path}: {_short(before)} -> {_short(after)}"]


def _short(value: Any) -> str:
    return "nothing" if value is None else msgspec.json.encode(value).decode()


async def is_new(room: Room) -> bool:
    """Return whether no settings were ever applied to this room."""
    return not await room.store.read(lambda tx: settings.get(tx, "config"))
