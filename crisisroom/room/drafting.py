"""Unfinished words: saved as they are typed, seen by the whole team, found again."""

from __future__ import annotations

from crisisroom.core.drafts import DraftVersion, SavedDraft, id_of_draft
from crisisroom.core.errors import Usage
from crisisroom.room import Room
from crisisroom.store import Tx, drafts


async def autosave(room: Room, draft: SavedDraft) -> None:
    """Keep what somebody is writing; done within a second of the key press."""
    await room.store.write(lambda tx: drafts.save(tx, draft))


async def saved_drafts(
    room: Room, *, everybody: bool = False, mention: str = ""
) -> tuple[SavedDraft, ...]:
    """Return this person's unfinished words, or those of the whole team, newest first."""
    actor = "" if everybody else room.actor.name
    return await room.store.read(lambda tx: drafts.find(tx, actor=actor, mention=mention))


async def history(room: Room, draft_id: str) -> tuple[DraftVersion, ...]:
    """Return the earlier states of a draft, newest first; Usage where there never was one."""

    async def work(tx: Tx) -> tuple[DraftVersion, ...]:
        found = await drafts.history(tx, draft_id)
        if not found and all(one.id != draft_id for one in await drafts.find(tx)):
            raise Usage("unknown-draft", f"there is no draft {draft_id}", "crisisroom draft list")
        return found

    return await room.store.read(work)


async def thrown_away(room: Room, inc: str = "") -> tuple[DraftVersion, ...]:
    """Return what drafts said last that are gone: sent, or thrown away, in the last month."""
    return await room.store.read(lambda tx: drafts.thrown_away(tx, inc))


async def discard(room: Room, draft_id: str) -> None:
    """Throw unfinished words away; for a month `thrown_away` finds them again."""
    now = room.clock.now()
    await room.store.write(lambda tx: drafts.discard(tx, draft_id, now))


async def bring_back(room: Room, draft_id: str, number: int = 0) -> SavedDraft:
    """Make an earlier state of a draft this person's own again; without a number the newest."""
    kind, inc, ref, _ = _parts(draft_id)
    states = await history(room, draft_id)
    found = next((one for one in states if number in (0, one.number)), None)
    if found is None:
        raise Usage("unknown-draft", f"{draft_id} has no state {number}")
    mine = SavedDraft(
        id=id_of_draft(kind, inc, ref, room.actor.name),
        incident=inc,
        kind="statement" if kind == "statement" else "reply",
        mention=ref if kind == "reply" else "",
        template=ref.removeprefix("new-") if ref.startswith("new-") else "",
        actor=room.actor.name,
        text=found.text,
        cursor=len(found.text),
        updated_at=room.clock.now(),
    )
    await room.store.write(lambda tx: drafts.save(tx, mine, keep=True))
    return mine


def _parts(draft_id: str) -> tuple[str, str, str, str]:
    kind, _, rest = draft_id.partition("/")
    inc, _, rest = rest.partition("/")
    ref, _, actor = rest.partition("/")
    return kind, inc, ref, actor
