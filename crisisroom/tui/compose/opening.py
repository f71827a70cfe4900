"""What the statement's screen reads and writes: use cases put together, no widget."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.incident import Words
from crisisroom.core.timeline import Entry
from crisisroom.room import Room, reading, sending, words
from crisisroom.room.desk import BY_HAND, Desk, at_desk


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with its desk, its story, and one's own unfinished words to it."""

    desk: Desk
    words: Words | None  # None: not on the timeline yet
    entries: tuple[Entry, ...]
    draft: SavedDraft | None

    @property
    def waits_for_hand(self) -> bool:
        """Whether a person still has to carry it."""
        way = self.words.sends.get(BY_HAND) if self.words else None
        return way is not None and way.state == "queued"

    @property
    def template(self) -> str:
        """The words of its template, empty without one."""
        return self.desk.template.text if self.desk.template else ""


async def open_statement(
    room: Room, inc: str, draft_id: str, *, words_id: str = "", template_id: str = ""
) -> Opened:
    """Read a statement, or the template of a new one."""
    incident = await reading.incident(room, inc)
    held = words.words_of(incident, words_id) if words_id else None
    kept = await words.saved_drafts(room)
    template = held.template if held else template_id
    return Opened(
        desk=await at_desk(room, inc, template_id=template, words_id=words_id),
        words=held,
        entries=await reading.timeline(room, inc),
        draft=next((one for one in kept if one.id == draft_id), None),
    )


async def put_down(room: Room, inc: str, held: Words | None, template: str, text: str) -> Words:
    """Put a text on the timeline: a new statement, a new version, or nothing when it stands."""
    if held is not None and held.text == text:
        return held
    if held is None:
        acted = await words.draft_statement(room, inc, template, text)
    else:
        acted = await words.edit(room, inc, held.id, text)
    written: Words = acted.thing
    return written


async def publish(room: Room, inc: str, held: Words, channels: Sequence[str]) -> None:
    """Queue exactly these words for the channels; refused when they changed in the meantime."""
    for channel in channels:
        await sending.send(room, inc, held.id, channel, sha256=held.sha256)
