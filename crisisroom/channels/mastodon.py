"""Mastodon and what speaks its API: posts and replies, with an idempotency key."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.channels import (
    Measure,
    Outgoing,
    Receipt,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
    lengths,
    options_as,
)
from crisisroom.mastodon.api import Abilities, Api, is_missing, safe_id
from crisisroom.mastodon.shapes import Nonsense, Status, decoded, error_text
from crisisroom.text import clean_line, html_text
from crisisroom.wire.answer import Bearer, FetchError
from crisisroom.wire.dates import parse

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

_BUSY = 60.0  # seconds to wait where the server names none
_AGAIN = 30.0  # seconds to wait when it was not reached
_SKEW = timedelta(minutes=10)  # between the server's clock and ours
_LATEST = 40  # own posts looked through
_EMPHASIS = str.maketrans("", "", "*_`~\\")  # some servers read these as marks, and drop them


class MastodonChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Mastodon channel may say: the server, and how to reach it."""

    server: str
    private: bool = False
    ca_file: str = ""


class MastodonChannel:
    """One account that may post; limits are the server's once `prepare` has asked for them."""

    kind = "mastodon"

    def __init__(self, channel_id: str, options: MastodonChannelOptions, token: str) -> None:
        self.id = channel_id
        self._options = options
        self._token = token
        self._abilities = Abilities(0.0)

    @property
    def idempotent(self) -> bool:
        """True where the server is known to remember keys; false until asked."""
        return self._abilities.remembers_keys

    def measure(self, text: str) -> Measure:
        """Count as the server does."""
        return lengths.mastodon(text, self._abilities.limit, self._abilities.url_length)

    async def prepare(self, fetch: Fetcher) -> None:
        """Ask, once, for the limits and whose token it is; SendFailure."""
        if not self._token:
            raise SendRefused(f"{self.id}: no token; log in first")
        if not self._abilities.me:
            try:
                self._abilities = await self._api(fetch).abilities(0.0)
            except FetchError as error:
                raise _before_sending(error) from error

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Post the words with their key; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        size = self.measure(words.text)
        if not size.fits:
            raise SendRefused(f"{self.id}: {-size.left} characters too long")
        try:
            answer = await fetch.post(
                f"{self._api(fetch).server}/api/v1/statuses",
                json=_status_of(words),
                headers={"Idempotency-Key": words.key, "Accept": "application/json"},
                auth=Bearer(self._token),
                private=self._options.private,
                ca_file=self._options.ca_file,
            )
            return _receipt(decoded(answer.body, Status))
        except FetchError as error:
            raise _outcome(error) from error
        except Nonsense as error:
            raise SendUnknown(f"{self.id}: taken, but the answer is unreadable") from error

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look in the thread and among the account's latest posts; SendUnknown if they are shut."""
        try:
            await self.prepare(fetch)
            posts = await self._candidates(words, self._api(fetch))
        except (FetchError, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error
        found = [post for post in posts if self._is_it(post, words)]
        return _receipt(min(found, key=lambda post: post.created_at)) if found else None

    async def _candidates(self, words: Outgoing, api: Api) -> list[Status]:
        posts = await api.own_posts(self._abilities.me, _LATEST)
        if not words.in_reply_to:
            return posts
        try:
            return posts + await api.thread(words.in_reply_to)
        except FetchError as error:
            if is_missing(error):
                return posts  # the post answered is gone; ours may still be there
            raise

    def _is_it(self, post: Status, words: Outgoing) -> bool:
        if post.reblog or post.account.id != self._abilities.me:
            return False
        if (post.in_reply_to_id or "") != words.in_reply_to:
            return False
        written = parse(post.created_at)
        if written and written < words.first_try_at - _SKEW:
            return False
        return _comparable(html_text(post.content)) == _comparable(words.text)

    def _api(self, fetch: Fetcher) -> Api:
        o = self._options
        return Api(fetch, o.server.rstrip("/"), self._token, o.private, o.ca_file)


def make(channel_id: str, options: Mapping[str, Any], *, token: str = "") -> MastodonChannel:
    """Build a Mastodon channel from its options and the account's token."""
    chosen = options_as(MastodonChannelOptions, channel_id, options)
    return MastodonChannel(channel_id, chosen, token)


def _status_of(words: Outgoing) -> dict[str, str]:
    status = {"status": words.text, "visibility": words.visibility}
    if not words.in_reply_to:
        return status
    try:
        return {**status, "in_reply_to_id": safe_id(words.in_reply_to)}
    except FetchError as error:
        raise SendRefused(str(error)) from error


def _receipt(status: Status) -> Receipt:
    return Receipt(status.id, status.url or status.uri or "")


def _comparable(text: str) -> str:
    """Return what stays of a text whatever a server does to its form."""
    text = unicodedata.normalize("NFC", lengths.short_mentions(text))
    return "".join(text.translate(_EMPHASIS).split())


def _before_sending(error: FetchError) -> SendFailure:
    """Say what it means that the server could not even be asked about itself."""
    denied = 400 <= error.status < 500 and error.status not in (408, 425, 429)
    if denied or error.code in ("address", "redirect"):
        return SendRefused(_in_words(error))
    return SendLater(_in_words(error), error.retry_after or _AGAIN)


def _outcome(error: FetchError) -> SendFailure:
    """Say what a failed post means: refused, later, or nobody knows."""
    message = _in_words(error)
    if error.status in (429, 503):
        return SendLater(message, error.retry_after or _BUSY)
    if error.status in (408, 409, 425) or error.status >= 500:
        return SendUnknown(message)
    if error.status >= 400 or error.code in ("address", "redirect"):
        return SendRefused(message)
    return SendUnknown(message) if error.sent else SendLater(message, _AGAIN)


def _in_words(error: FetchError) -> str:
    said = error_text(error.response.body) if error.response else ""
    return clean_line(f"{error.message}: {said}" if said else error.message, limit=300)
