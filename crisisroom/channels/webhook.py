"""A webhook: our statements to a program of our own, signed, each call made once.

The call is signed as Standard Webhooks has it, so that libraries of many languages can check it:
`webhook-id` (the key, the same for every try), `webhook-timestamp` and `webhook-signature`, a
HMAC-SHA256 of both and the body with the account's token, which itself never crosses the network.
What fails: any 2xx is taken; 429, and 503 with a time to come back, are later; other 4xx refused;
the rest, 409 too, unknown. Whether a receiver knows a repeat by its `Idempotency-Key` nobody can
ask, so nothing is repeated, and `find` cannot look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendRefused,
    SendUnknown,
    lengths,
    options_as,
    outcome,
)
from crisisroom.core.errors import Refused
from crisisroom.text import clean_line
from crisisroom.text.links import safe_url
from crisisroom.wire.answer import FetchError
from crisisroom.wire.signed import secret_of_hook, signed

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_LONGEST_ID = 200  # characters


class WebhookChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a webhook may say: the server, and the path on it that is called."""

    server: str
    to: str = "/"
    private: bool = False
    ca_file: str = ""


class _Taken(msgspec.Struct, frozen=True):
    """What a receiver may say of what it took."""

    id: str = ""
    url: str = ""


class WebhookChannel:
    """One place that is called with what we say."""

    kind = "webhook"
    repeats: Repeats = "never"
    limits = Limits()

    def __init__(
        self, channel_id: str, options: WebhookChannelOptions, token: str, clock: Clock
    ) -> None:
        self.id = channel_id
        self._options = options
        self._secret = secret_of_hook(token)
        self._clock = clock
        self._rest = outcome.Rest(clock)

    @property
    def wait(self) -> float:
        """Return how long the receiver's last answer asked to be left alone."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count characters as a reader sees them."""
        return lengths.plain(text)

    async def prepare(self, fetch: Fetcher) -> None:
        """Do nothing: a receiver has nothing to ask for."""

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Call once; SendRefused, SendLater or SendUnknown."""
        body = msgspec.json.encode(_called(words))
        o = self._options
        try:
            answer = await fetch.post(
                f"{o.server.rstrip('/')}/{o.to.lstrip('/')}",
                content=body,
                headers={"Content-Type": "application/json", **self._signed(words.key, body)},
                private=o.private,
                ca_file=o.ca_file,
            )
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.outcome(error) from error
        self._rest.heed(answer.headers)
        return _receipt(answer.body, words.key)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Raise SendUnknown, always: only who runs the receiver knows."""
        raise SendUnknown(f"{self.id}: a webhook cannot be asked what it took")

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Refuse, always: what a program did with a call is its own."""
        raise SendRefused(f"{self.id}: a webhook takes nothing back: see to it by hand")

    def _signed(self, key: str, body: bytes) -> dict[str, str]:
        return signed(self._secret, key, self._clock.now(), body)


def make(
    channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock
) -> WebhookChannel:
    """Build a webhook from its options and the secret that signs; Refused without one."""
    chosen = options_as(WebhookChannelOptions, channel_id, options)
    if not token:
        message = f"channel {channel_id}: a webhook needs a secret to sign with"
        raise Refused("bad-channel", message, "set token_env or token_file")
    return WebhookChannel(channel_id, chosen, token, clock)


def _called(words: Outgoing) -> dict[str, Any]:
    """Return what a call says: all of it the same for every try."""
    return {
        "type": "crisisroom.words",
        "key": words.key,
        "text": words.text,
        "title": words.title,
        "language": words.language,
        "account": words.account,
        "to": words.to,
        "in_reply_to": words.in_reply_to,
        "url": words.url,
        "first_try_at": words.first_try_at,
    }


def _receipt(body: bytes, key: str) -> Receipt:
    """Return what the receiver calls it, where it says so; else our own key."""
    try:
        taken = msgspec.json.decode(body, type=_Taken)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Receipt(key)
    return Receipt(clean_line(taken.id, limit=_LONGEST_ID) or key, safe_url(taken.url) or "")
