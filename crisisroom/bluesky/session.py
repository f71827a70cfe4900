"""One login for the whole process: made once, then refreshed, its tokens only in memory.

Servers allow 30 logins in five minutes and then lock the account out, so that none is repeated
soon, whatever happens.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import msgspec

from crisisroom.bluesky.shapes import Failure, Session
from crisisroom.core.errors import Refused
from crisisroom.text import clean_line, clip
from crisisroom.wire.answer import Bearer, FetchError, Response
from crisisroom.wire.waits import LONGEST, spent_until

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

BETWEEN = 300.0  # seconds between two logins
_SHORT = 10.0  # seconds after one that nobody answered
_HINT = "make an app password in Bluesky's settings and put it where token_env or token_file says"
_STALE = frozenset({"ExpiredToken", "InvalidToken", "AccountNotFound"})


class Account(msgspec.Struct, frozen=True):
    """Whom to log in as, and where; `password` is an app password."""

    server: str
    handle: str
    password: str
    private: bool = False
    ca_file: str = ""

    def __repr__(self) -> str:
        return f"Account({self.handle} at {self.server})"

    @property
    def host(self) -> str:
        """The server's name, for messages."""
        return urlsplit(self.server).netloc

    @property
    def key(self) -> tuple[str, ...]:
        """What tells logins apart; a changed password is another one."""
        mark = hashlib.sha256(self.password.encode()).hexdigest()
        return self.server, self.handle, mark, str(self.private), self.ca_file


@dataclass(slots=True)
class Door:
    """One account's way in, shared by everything that speaks for it."""

    account: Account
    clock: Clock
    logins: int = 0
    _session: Session | None = None
    _shut_until: float = 0.0
    _why: str = ""
    _denied: bool = False
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def session(self, fetch: Fetcher) -> Session:
        """Return the session, logging in at its first use; FetchError or Refused."""
        async with self._lock:
            if self._session is None:
                self._session = await self._login(fetch)
            return self._session

    async def renewed(self, fetch: Fetcher, stale: Session) -> Session:
        """Return a session after `stale`: refreshed, and only where that is refused a new login."""
        async with self._lock:
            if self._session is None or self._session is stale:
                self._session = await self._refreshed(fetch, stale) or await self._login(fetch)
            return self._session

    async def _refreshed(self, fetch: Fetcher, stale: Session) -> Session | None:
        try:
            answer = await fetch.post(
                self._url("refreshSession"), auth=Bearer(stale.refresh_jwt),
                private=self.account.private, ca_file=self.account.ca_file,
            )  # fmt: skip
        except FetchError as error:
            if not is_stale(error):
                raise
            self._session = None
            return None
        return self._read(answer)

    async def _login(self, fetch: Fetcher) -> Session:
        self._keep_shut()
        form = {"identifier": self.account.handle, "password": self.account.password}
        self.logins += 1
        self._shut(_SHORT, "the last login was just now")
        try:
            answer = await fetch.post(
                self._url("createSession"), json=form,
                private=self.account.private, ca_file=self.account.ca_file,
            )  # fmt: skip
        except FetchError as error:
            self._note_failure(error)
            self._keep_shut(error)
            raise
        wait = spent_until(answer.headers) or 0.0
        self._shut(max(BETWEEN, wait), "the last login was a moment ago")
        return self._read(answer)

    def _note_failure(self, error: FetchError) -> None:
        """Shut the door for as long as another try would be in vain, or punished."""
        if error.status in (400, 401):
            self._shut(LONGEST, failure_words(error), denied=True)
        elif error.status == 429:
            self._shut(error.retry_after or BETWEEN, "too many logins")

    def _shut(self, seconds: float, why: str, *, denied: bool = False) -> None:
        self._shut_until = self.clock.monotonic() + seconds
        self._why, self._denied = why, denied

    def _keep_shut(self, cause: FetchError | None = None) -> None:
        """Raise while no login may be tried; an unfinished failure of another kind goes on."""
        left = self._shut_until - self.clock.monotonic()
        where, who = self.account.host, self.account.handle
        if left > 0 and self._denied:
            raise Refused("bad-token", f"{where} refuses {who}: {self._why}", _HINT) from cause
        if left > 0 and (cause is None or cause.status == 429):
            message = f"{where}: no login for another {left:.0f} s: {self._why}"
            raise FetchError("status", message, retry_after=left) from cause

    def _read(self, answer: Response) -> Session:
        try:
            return msgspec.json.decode(answer.body, type=Session)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            message = f"{self.account.host}: no session given: {str(error)[:100]}"
            raise FetchError("protocol", message, sent=True) from error

    def _url(self, name: str) -> str:
        return f"{self.account.server}/xrpc/com.atproto.server.{name}"


_doors: WeakKeyDictionary[Fetcher, dict[tuple[str, ...], Door]] = WeakKeyDictionary()


def door_of(account: Account, clock: Clock, fetch: Fetcher) -> Door:
    """Return the one door of an account in this process."""
    if urlsplit(account.server).scheme != "https" and not account.private:
        raise Refused("bad-source", f"{account.host}: an app password goes over https only")
    known = _doors.setdefault(fetch, {})
    return known.setdefault(account.key, Door(account, clock))


def is_stale(error: FetchError) -> bool:
    """Say whether the server refuses because of the token, not because of what was asked."""
    return error.status == 401 or (error.status == 400 and failure_of(error).error in _STALE)


def failure_of(error: FetchError) -> Failure:
    """Return what an error answer says."""
    body = error.response.body if error.response else b""
    try:
        return msgspec.json.decode(body, type=Failure)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return Failure()


def failure_words(error: FetchError) -> str:
    """Return what went wrong as one short line that is safe to show."""
    failed = failure_of(error)
    return clip(clean_line((failed.message or failed.error or error.message)[:2000]), 160)
