"""Where words go: the channel that answers a mention, and how its author is addressed there."""

from __future__ import annotations

from crisisroom.core.incident import Words
from crisisroom.core.mention import Mention
from crisisroom.room import Room

BY_HAND = "by-hand"
_OUT = ("sending", "unknown", "sent")  # what went out, or may have


def channel_for(room: Room, mention: Mention) -> str:
    """Return the account that answers a mention: its own network's, or by hand."""
    source = next((one for one in room.config.sources if one.id == mention.source), None)
    named = mention.account or (source.account if source else "")
    return named if any(one.id == named for one in room.config.ways_out) else BY_HAND


def channel_kind(room: Room, channel: str) -> str:
    """Return how a channel counts and sends; what is no account of ours goes by hand."""
    account = next((one for one in room.config.accounts if one.id == channel), None)
    return account.type if account else BY_HAND


def addressed(mention: Mention, kind: str) -> str:
    """Return the handle by which a reply addresses the author; on Mastodon only @ reaches them."""
    handle = mention.author.handle
    return f"@{handle.removeprefix('@')}" if handle and kind == "mastodon" else handle


def is_out(reply: Words, handle: str) -> bool:
    """Tell whether a reply to this handle went out, or may have, where everybody reads it."""
    ours = reply.handle.removeprefix("@").casefold() == handle.removeprefix("@").casefold()
    public = (way for way in reply.sends.values() if way.channel != BY_HAND)
    return ours and any(way.state in _OUT for way in public)
