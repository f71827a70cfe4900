"""Slack: statements in a channel of our own workspace, from its public documentation.

Slack knows no repeats, so the key stands in the message's metadata, where `find` sees it. What
fails: 429 and `ratelimited` are later; an error that Slack documents as one which may have
happened after the fact (`fatal_error`, `internal_error` and their like) is unknown; every other
`ok: false` is refused. Text is literal: `&`, `<` and `>` are escaped and marks are off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
    lengths,
    literal,
    options_as,
    outcome,
)
from crisisroom.core.errors import Refused
from crisisroom.text import clean_line
from crisisroom.wire.answer import Bearer, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher, Options

USUAL_SERVER = "https://slack.com"
EVENT = "crisisroom_words"  # the type of the metadata
_PAGE = 200
_PAGES = 10
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,30}")
_STAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_OPEN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_GONE = frozenset({"message_not_found"})


class SlackOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a Slack channel may say: the channel's id, and how Slack is reached."""

    to: str
    server: str = USUAL_SERVER
    private: bool = False
    ca_file: str = ""


class _Metadata(msgspec.Struct, frozen=True):
    event_type: str = ""
    event_payload: dict[str, Any] = {}


class _Message(msgspec.Struct, frozen=True):
    ts: str = ""
    user: str = ""
    bot_id: str = ""
    metadata: _Metadata | None = None


class _More(msgspec.Struct, frozen=True):
    next_cursor: str = ""


class _Answer(msgspec.Struct, frozen=True):
    """Every answer of Slack, as far as it is read."""

    ok: bool
    error: str = ""
    ts: str = ""
    user_id: str = ""
    bot_id: str = ""
    url: str = ""
    messages: tuple[_Message, ...] = ()
    response_metadata: _More | None = None


_NO_LOGIN = ("invalid_auth", "not_authed", "token_expired", "token_revoked")


class _No(Exception):
    """Slack answered `ok: false`."""

    def __init__(self, method: str, error: str) -> None:
        self.error = error if re.fullmatch(r"[a-z0-9_]{1,60}", error) else "an unknown error"
        super().__init__(f"Slack answers {self.error} to {method}")

    @property
    def login(self) -> bool:
        """Whether it is the token that was refused."""
        return self.error in _NO_LOGIN


class SlackChannel:
    """One channel of a workspace that an app may write in."""

    kind = "slack"
    repeats: Repeats = "never"
    limits: Limits = lengths.USUAL["slack"]  # from 40,000 characters on it would cut

    def __init__(self, channel_id: str, options: SlackOptions, token: str, clock: Clock) -> None:
        self.id = channel_id
        self._options = options
        self._token = token
        self._rest = outcome.Rest(clock)
        self._me: _Answer | None = None

    @property
    def wait(self) -> float:
        """Return how long Slack's last answer asked to be left alone."""
        return self._rest.wait

    def measure(self, text: str) -> Measure:
        """Count characters as they are sent, `&`, `<` and `>` escaped."""
        return lengths.slack(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Ask, once, whose token it is; SendRefused or SendLater."""
        if self._me is None:
            try:
                self._me = await self._ask(fetch, "auth.test", {})
            except _No as no:
                raise self._denied(no, doubt=False) from no
            except FetchError as error:
                self._rest.seconds(error.retry_after or 0.0)
                raise outcome.not_asked(error) from error

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Post the words once; SendRefused, SendLater or SendUnknown."""
        await self.prepare(fetch)
        if not self.measure(words.text).fits:
            most = self.limits.limit
            raise SendRefused(f"{self.id}: longer than the {most} characters that Slack advises")
        if words.in_reply_to and not _STAMP.fullmatch(words.in_reply_to):
            raise SendRefused(f"{self.id}: that is no message of Slack: answer by hand")
        try:
            answer = await self._ask(fetch, "chat.postMessage", self._message(words))
        except _No as no:
            raise self._denied(no, doubt=True) from no
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.outcome(error) from error
        if not _STAMP.fullmatch(answer.ts):
            raise SendUnknown(f"{self.id}: taken, but the answer names no message")
        return self._receipt(answer.ts)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look for the key in the channel, or the thread, back to the first try; SendUnknown."""
        try:
            await self.prepare(fetch)
            return await self._seen(words, fetch)
        except (FetchError, _No, SendFailure) as error:
            raise SendUnknown(f"{self.id}: could not look: {error}") from error

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Delete the message; SendRefused or SendLater."""
        await self.prepare(fetch)
        what = {"channel": self._options.to, "ts": receipt.remote_id}
        try:
            await self._ask(fetch, "chat.delete", what)
        except _No as no:
            if no.error not in _GONE:
                raise self._denied(no, doubt=False) from no
        except FetchError as error:
            self._rest.seconds(error.retry_after or 0.0)
            raise outcome.not_retracted(error) from error

    async def _seen(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        method = "conversations.replies" if words.in_reply_to else "conversations.history"
        query = {
            "channel": self._options.to,
            "oldest": f"{(words.first_try_at - outcome.ASTRAY).timestamp():.6f}",
            "include_all_metadata": "true",
            "limit": str(_PAGE),
            **({"ts": words.in_reply_to} if words.in_reply_to else {}),
        }
        for _ in range(_PAGES):
            page = await self._read(fetch, method, query)
            for message in page.messages:
                if self._is_it(message, words.key):
                    return self._receipt(message.ts)
            more = page.response_metadata.next_cursor if page.response_metadata else ""
            if not more or more == query.get("cursor"):
                return None
            query["cursor"] = more
        raise SendUnknown("the channel has gone on too far since")

    def _is_it(self, message: _Message, key: str) -> bool:
        me, said = self._me, message.metadata
        ours = me is not None and (
            (bool(me.user_id) and message.user == me.user_id)
            or (bool(me.bot_id) and message.bot_id == me.bot_id)
        )
        marked = said is not None and said.event_type == EVENT
        return ours and marked and said is not None and said.event_payload.get("key") == key

    def _message(self, words: Outgoing) -> dict[str, Any]:
        more = {"thread_ts": words.in_reply_to} if words.in_reply_to else {}
        return {
            "channel": self._options.to,
            "text": literal.slack(words.text),
            "parse": "none",
            "mrkdwn": False,
            "link_names": False,
            "metadata": {"event_type": EVENT, "event_payload": {"key": words.key}},
            **more,
        }

    async def _ask(self, fetch: Fetcher, method: str, what: dict[str, Any]) -> _Answer:
        return self._heard(method, await fetch.post(self._url(method), json=what, **self._how()))

    async def _read(self, fetch: Fetcher, method: str, query: dict[str, str]) -> _Answer:
        url = f"{self._url(method)}?{urlencode(query)}"
        return self._heard(method, await fetch.get(url, **self._how()))

    def _url(self, method: str) -> str:
        return f"{self._options.server.rstrip('/')}/api/{method}"

    def _how(self) -> Options:
        o = self._options
        return {"auth": Bearer(self._token), "private": o.private, "ca_file": o.ca_file}

    def _heard(self, method: str, answer: Response) -> _Answer:
        """Return an answer; _No where Slack says no, FetchError where it is none of Slack's."""
        self._rest.heed(answer.headers)
        try:
            heard = msgspec.json.decode(answer.body, type=_Answer)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise FetchError("protocol", f"{method}: not an answer of Slack", sent=True) from error
        if not heard.ok:
            raise _No(method, heard.error)
        return heard

    def _denied(self, no: _No, *, doubt: bool) -> SendFailure:
        """Say what Slack's no means; `doubt` where words may have gone out with it."""
        message = clean_line(f"{self.id}: {no}")
        if no.error in _LATER:
            self._rest.seconds(outcome.BUSY)
            return SendLater(message, outcome.BUSY)
        if no.error in _OPEN:
            return SendUnknown(message) if doubt else SendLater(message, outcome.AGAIN)
        return SendRefused(message)

    def _receipt(self, ts: str) -> Receipt:
        workspace = self._me.url.rstrip("/") if self._me else ""
        if not workspace.startswith("https://"):
            return Receipt(ts)
        return Receipt(ts, f"{workspace}/archives/{self._options.to}/p{ts.replace('.', '')}")


def make(channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock) -> SlackChannel:
    """Build a Slack channel from its options and the app's token."""
    chosen = options_as(SlackOptions, channel_id, options)
    if not token or not _CHANNEL.fullmatch(chosen.to):
        message = f"channel {channel_id}: Slack needs a token and a channel's id"
        raise Refused("bad-channel", message, "set token_env or token_file, and to: C0123456789")
    return SlackChannel(channel_id, chosen, token, clock)
