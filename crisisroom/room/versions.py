"""The versions of a statement or reply, as its timeline tells them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.errors import Usage
from crisisroom.room import Room, reading
from crisisroom.room.texts import words_of


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version: who wrote it when, its words, and what was said of it."""

    version: int
    by: str
    at: datetime
    text: str
    variants: dict[str, str] = {}
    sha256: str = ""
    verdicts: tuple[str, ...] = ()
    approved: bool = False  # whether anybody approved it, if only one step of several


async def versions(room: Room, inc: str, words_id: str) -> tuple[Version, ...]:
    """Return every version of a text, the first one first."""
    state = await reading.incident(room, inc)
    words = words_of(state, words_id)
    found: dict[int, Version] = {}
    for entry in await reading.timeline(room, state.id):
        data = entry.data
        if not entry.kind.startswith(f"{words.sort}.") or data.get("id") != words.id:
            continue
        if entry.kind.endswith((".drafted", ".edited")):
            number = data.get("version", 1)
            found[number] = Version(
                version=number,
                by=entry.actor,
                at=entry.at,
                text=data["words"],
                variants={one["channel"]: one["words"] for one in data.get("variants", ())},
                sha256=data["sha256"],
            )
        elif "verdict" in data and data.get("version") in found:
            before = found[data["version"]]
            why = f": {data['words']}" if data["words"] else ""
            said = f"{data.get('name') or entry.actor} {data['verdict']}{why}"
            found[before.version] = msgspec.structs.replace(
                before,
                verdicts=(*before.verdicts, said),
                approved=before.approved or data["verdict"] == "approved",
            )
    return tuple(found[number] for number in sorted(found))


async def approved_before(room: Room, inc: str, words_id: str) -> Version | None:
    """Return the newest version before the present one that somebody approved, if there is one."""
    *earlier, _ = await versions(room, inc, words_id)
    agreed = [one for one in earlier if one.approved]
    return agreed[-1] if agreed else None


async def two(
    room: Room, inc: str, words_id: str, first: int | None = None, second: int | None = None
) -> tuple[Version, Version]:
    """Return two versions of a text to compare: without numbers the last two."""
    every = {one.version: one for one in await versions(room, inc, words_id)}
    last = max(every)
    wanted = (first or max(1, last - 1), second or last)
    for number in wanted:
        if number not in every:
            raise Usage("version", f"{words_id} has no version {number}", f"1 to {last}")
    return every[wanted[0]], every[wanted[1]]
