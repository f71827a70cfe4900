"""The room's settings: versioned, logged, put into force in one step."""

from __future__ import annotations

from typing import Any

import msgspec

from crisisroom.config import RoomConfig
from crisisroom.config.sshkey import fingerprint
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
        lines = tuple(differences(_told(before), _told(wanted)))
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


def _told(config: dict[str, Any]) -> dict[str, Any]:
    """Return settings as the log tells of them: of a key who may say it, of numbers how many.

    What reaches somebody at home stays out of a log that nobody can change.
    """
    team = [
        member
        | {
            "keys": [fingerprint(key) for key in member.get("keys", ())],
            "reach": _ways_told(member.get("reach", [])),
        }
        for member in config.get("team", ())
    ]
    return config | {"team": team}


def _ways_told(reach: list[dict[str, str]]) -> list[str]:
    """Return the sorts of ways to somebody, with a mark that changes when one of them does."""
    mark = digest(reach)[:6] if reach else ""
    return [*(way["by"] for way in reach), *([mark] if mark else [])]


def differences(before: Any, after: Any, path: str = "") -> list[str]:
    """Return what changed between two JSON values, a line each: `path: old -> new`.

    Things in lists are told apart by their ids.
    """
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        return _of_fields(before, after, path)
    if _are_things(before) and _are_things(after):
        lines = _of_fields(_by_id(before), _by_id(after), path)
        return lines or [f"{path}: another order"]
    return [f"{path}: {_short(before)} -> {_short(after)}"]


def _of_fields(before: dict[str, Any], after: dict[str, Any], path: str) -> list[str]:
    return [
        line
        for key in sorted(before.keys() | after.keys())
        for line in differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    ]


def _are_things(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and "id" in one for one in value)


def _by_id(things: list[dict[str, Any]]) -> dict[str, Any]:
    return {thing["id"]: thing for thing in things}


def _short(value: Any) -> str:
    return "nothing" if value is None else msgspec.json.encode(value).decode()


async def is_new(room: Room) -> bool:
    """Return whether no settings were ever applied to this room."""
    return not await room.store.read(lambda tx: settings.get(tx, "config"))
