"""Bluesky with an app password: posts and replies put at a key of their own, so never twice.

A record is made of the words and the time of their first try alone, and stands at a key made of
both: sent again it is the same record at the same place, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from crisisroom.bluesky.api import Api
from crisisroom.bluesky.facets import spans
from crisisroom.bluesky.records import Records, Unanswerable
from crisisroom.bluesky.session import Account, door_of, failure_of
from crisisroom.bluesky.shapes import page_of
from crisisroom.bluesky.writing import Reply, answers, parts_of, record, tid
from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendRefused,
    SendUnknown,
    lengths,
    options_as,
    outcome,
)
from crisisroom.core.errors import Refused
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_SERVER = "https://bsky.social"
_HIDDEN = ("private", "direct")
_Answer = TypeVar("_Answer")


class BlueskyChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Bluesky channel may say: whose account, and where it is at home."""

    handle: str = ""
    server: str = _SERVER
    private: bool = False
    ca_file: str = ""


class BlueskyChannel:
    """One account that may post; its session is shared with the source that listens for it."""

    kind = "bluesky"
    repeats: Repeats = "put"

    def __init__(
        self, channel_id: str, options: BlueskyChannelOptions, password: str, clock: Clock
    ) -> None:
        self.id = channel_id
        self._clock = clock
        server = (options.server or _SERVER).rstrip("/")
        handle = options.handle.removeprefix("@")
        self._account = Account(server, handle, password, options.private, options.ca_file)
        self._rest = outcome.Rest(clock)

    @property
    def limits(self) -> Limits:
        """Return what the network takes; it is the same on every server."""
        return lengths.USUAL[self.kind]

    @property
    def wait(self) -> float:
        """Return how long the server's last answer asked to be left alone."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count graphemes and bytes, as the server does."""
        return lengths.bluesky(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Log in, once for the process; SendFailure."""
        if not self._account.password or not self._account.handle:
            raise SendRefused(f"{self.id}: no handle, or no app password")
        await self._asked(self._records(fetch).api.me())

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Put the post at its key; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        self._refuse(words)
        records = self._records(fetch)
        post = await self._asked(self._record(words, records))
        rkey = tid(words.key, words.first_try_at)
        try:
            made = await records.put(rkey, post)
        except FetchError as error:
            if failure_of(error).error == "InvalidSwap":
                return await self._standing(words, fetch)
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.outcome(error) from error
        except Refused as refusal:
            raise SendRefused(refusal.message) from refusal
        self._rest.seconds(records.api.wait)
        if parts_of(made.uri)[1] != rkey:
            raise SendUnknown(f"{self.id}: taken, but the answer is about another post")
        return self._receipt(made.uri)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look at the words' own key; SendUnknown where the server does not answer."""
        try:
            await self.prepare(fetch)
            records = self._records(fetch)
            me = await records.api.me()
            found = await records.get(me, tid(words.key, words.first_try_at))
        except (FetchError, SendFailure, Refused) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error
        if found is None or not _is_it(found.value, words):
            return None
        return self._receipt(found.uri)

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Delete the post; SendRefused or SendLater."""
        await self.prepare(fetch)
        records = self._records(fetch)
        did, rkey = parts_of(receipt.remote_id)
        if not did or did != await self._asked(records.api.me()):
            raise SendRefused(f"{self.id}: not a post of this account")
        try:
            await records.delete(rkey)
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.not_retracted(error) from error
        except Refused as refusal:
            raise SendRefused(refusal.message) from refusal
        self._rest.seconds(records.api.wait)

    def _refuse(self, words: Outgoing) -> None:
        size = self.measure(words.text)
        if not size.fits:
            raise SendRefused(f"{self.id}: {-size.left} characters or bytes too long")
        if words.visibility in _HIDDEN:
            raise SendRefused(f"{self.id}: everything here is public: nothing goes out as private")

    async def _record(self, words: Outgoing, records: Records) -> dict[str, Any]:
        reply: Reply | None = None
        known: Mapping[str, str] = {}
        if words.in_reply_to:
            reply, known = await records.answering(words.in_reply_to)
        named = [one.value for one in spans(words.text) if one.kind == "mention"]
        dids = await records.dids(named, known)
        return record(words.text, words.first_try_at, words.language, reply, dids)

    async def _standing(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Say what stands at the key already: these words, or others that stay untouched."""
        found = await self.find(words, fetch)
        if found is None:
            raise SendRefused(f"{self.id}: another post stands at the key of these words")
        return found

    async def _asked(self, asking: Awaitable[_Answer]) -> _Answer:
        """Wait for what has to be known before anything is sent."""
        try:
            return await asking
        except Unanswerable as why:
            raise SendRefused(f"{self.id}: {why}") from why
        except Refused as refusal:
            raise SendRefused(refusal.message) from refusal
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.not_asked(error) from error

    def _records(self, fetch: Fetcher) -> Records:
        return Records(Api(fetch, door_of(self._account, self._clock, fetch)))

    def _receipt(self, uri: str) -> Receipt:
        return Receipt(uri, page_of(uri, self._account.handle))


def make(
    channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock
) -> BlueskyChannel:
    """Build a Bluesky channel from its options and the account's app password."""
    chosen = options_as(BlueskyChannelOptions, channel_id, options)
    if urlsplit(chosen.server or _SERVER).scheme != "https" and not chosen.private:
        raise Refused("bad-channel", f"channel {channel_id}: an app password goes over https only")
    return BlueskyChannel(channel_id, chosen, token, clock)


def _is_it(value: Any, words: Outgoing) -> bool:
    if not isinstance(value, dict) or value.get("text") != words.text:
        return False
    return answers(value) == words.in_reply_to
