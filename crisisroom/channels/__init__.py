"""Where words go out: one small Protocol, one module a channel, loaded when configured.

What a failed send means is the point of this package: refused (it will never go), later (it did
not go), or unknown (it may have gone, so somebody looks before anything is tried again).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import msgspec

from crisisroom.channels.lengths import Limits, Measure
from crisisroom.core.errors import Refused

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

__all__ = [
    "Channel",
    "Limits",
    "Measure",
    "Outgoing",
    "Receipt",
    "Repeats",
    "SendFailure",
    "SendLater",
    "SendRefused",
    "SendUnknown",
    "make",
]

Visibility = Literal["public", "unlisted", "private", "direct"]
Repeats = Literal["key", "put", "never"]
"""What a repeat does: with its key nothing for an hour, put in its place nothing ever, or a second
post."""

_MODULES = {
    "by-hand": "by_hand",
    "stand-in": "standin",
    **{
        name: name
        for name in (
            *("mastodon", "bluesky", "wordpress", "mail", "matrix"),
            *("webhook", "slack", "x", "reddit"),
        )
    },
}
_Options = TypeVar("_Options", bound=msgspec.Struct)


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """Approved words to send, to the letter.

    `key` is the same for every try of the same words, `first_try_at` the time of the first: what a
    network keeps of them is made of these two and the text, so that a repeat is byte for byte the
    same. `in_reply_to` is the external id of what is answered (a mention, or the post before in a
    thread), empty for a statement; `to` is the handle of who is answered, `url` where they wrote;
    `title` heads what has one (a mail, a page).
    """

    key: str
    text: str
    first_try_at: datetime
    in_reply_to: str = ""
    visibility: Visibility = "public"
    account: str = ""
    to: str = ""
    url: str = ""
    title: str = ""
    language: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """Where the words stand now; the address may be empty."""

    remote_id: str
    remote_url: str = ""


class SendFailure(Exception):
    """Why words are not known to be out; `message` is one clear line."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SendRefused(SendFailure):
    """The words did not go and will not: another try gives the same."""


class SendLater(SendFailure):
    """The words did not go; another try may work after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SendUnknown(SendFailure):
    """The words may have gone out: look with `find` before another try."""


class Channel(Protocol):
    """One way out."""

    id: str
    kind: str

    @property
    def repeats(self) -> Repeats:
        """What a repeat with the same key is known to do; `never` until the network was asked."""
        ...

    @property
    def limits(self) -> Limits:
        """What the network takes, as far as it is known: its own word once `prepare` asked."""
        ...

    @property
    def wait(self) -> float:
        """Seconds until the network takes words again, by its last answer's headers; 0: now."""
        ...

    def measure(self, text: str) -> Measure:
        """Count a text as this network does."""
        ...

    async def prepare(self, fetch: Fetcher) -> None:
        """Learn the network's limits, once; SendFailure when it cannot be asked."""
        ...

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Post the words once; SendRefused, SendLater or SendUnknown."""
        ...

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look on the network for these words; None when they are not there, else SendUnknown."""
        ...

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Take back what is out; what is gone already is no failure. SendRefused or SendLater."""
        ...


def make(
    kind: str, channel_id: str, options: Mapping[str, Any], *, token: str = "", clock: Clock
) -> Channel:
    """Build the channel of this kind; unknown kinds and options are refused."""
    if kind not in _MODULES:
        known = ", ".join(sorted(_MODULES))
        raise Refused("unknown-channel", f"no channel of kind {kind!r}", f"one of {known}")
    if not (token.isascii() and token.isprintable()) or " " in token:
        message = f"channel {channel_id}: what is there as its token is none"
        raise Refused("bad_token", message, "it is one word, on one line")
    module = import_module(f"crisisroom.channels.{_MODULES[kind]}")
    channel: Channel = module.make(channel_id, options, token=token, clock=clock)
    return channel


def options_as(model: type[_Options], channel_id: str, options: Mapping[str, Any]) -> _Options:
    """Read a channel's options into their model; what does not fit is refused with its place."""
    try:
        return msgspec.convert(dict(options), model)
    except msgspec.ValidationError as error:
        known = ", ".join(model.__struct_fields__) or "none"
        raise Refused(
            "bad-channel", f"channel {channel_id}: {error}", f"options: {known}"
        ) from error
