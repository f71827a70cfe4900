"""Where a reply is written: what the parts of the composer pass to each other."""

from __future__ import annotations

import msgspec

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.incident import Words
from crisisroom.core.mention import Mention
from crisisroom.room.desk import BY_HAND, Desk
from crisisroom.store.places import Presence


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reply is written: its desk, the conversation, who else is there, what is sent."""

    desk: Desk
    mention: Mention
    thread: tuple[Mention, ...]
    people: tuple[Presence, ...]
    words: Words | None
    drafts: tuple[SavedDraft, ...] = ()  # of colleagues, to the same post
    account: str = ""  # our handle on the channel

    @property
    def by_hand(self) -> bool:
        """Whether a person carries the reply."""
        return self.desk.channel == BY_HAND
