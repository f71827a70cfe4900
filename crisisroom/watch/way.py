"""One text on its way to one channel, and where it stands once others acted too."""

from __future__ import annotations

import msgspec

from crisisroom.core.incident import Incident, LinkedMention, Send, Words
from crisisroom.room.desk import BY_HAND
from crisisroom.room.waiting import lane_of

_ORDER = ("retracting", "sending", "queued")


class Way(msgspec.Struct, frozen=True):
    """One text on its way to one channel."""

    incident: Incident
    words: Words
    send: Send

    @property
    def lane(self) -> str:
        """What goes one after the other: the channel, of a drill its stand-in."""
        return lane_of(self.incident, self.send)

    @property
    def mention(self) -> LinkedMention | None:
        """What is answered, as it was when it was linked."""
        return self.incident.mentions.get(self.words.mention)

    @property
    def rank(self) -> tuple[int, bool, float]:
        """What goes first: taking back, what is half done, then who waits longest; many last."""
        since = self.send.at or self.words.drafted_at
        return _ORDER.index(self.send.state), bool(self.words.bulk), since.timestamp()


def ways_of(state: Incident) -> list[Way]:
    """Return the ways of an incident's words on which something is to be done."""
    every = [*state.statements.values(), *state.replies.values()]
    return [
        Way(state, words, send)
        for words in every
        for send in words.sends.values()
        if send.state in _ORDER and send.channel != BY_HAND and words.state != "withdrawn"
    ]


def unmoved(state: Incident, way: Way) -> Words | None:
    """Return the words while they stand where they were seen, None once anybody moved them."""
    words = state.words(way.words.id)
    if words is None or words.state == "withdrawn":
        return None
    return words if words.sends.get(way.send.channel) == way.send else None


def onward(state: Incident, way: Way) -> Way | None:
    """Return the way as it stands now while its words are being sent, else None."""
    words = state.words(way.words.id)
    send = words.sends.get(way.send.channel) if words else None
    if words is None or send is None or send.state != "sending":
        return None
    return Way(state, words, send)


def is_sent(state: Incident, way: Way) -> bool:
    """Tell whether somebody wrote down already that the words are out, or taken back since."""
    words = state.words(way.words.id)
    send = words.sends.get(way.send.channel) if words else None
    return send is not None and send.state in ("sent", "retracting", "retracted")
