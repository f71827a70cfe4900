"""One account's calls to its server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import msgspec

from crisisroom.bluesky.session import Door, failure_words, is_stale
from crisisroom.bluesky.shapes import (
    Notifications,
    Post,
    Posts,
    Profile,
    Profiles,
    Session,
    each,
)
from crisisroom.wire.answer import Bearer, FetchError, Response
from crisisroom.wire.waits import spent_until

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

Params = Iterable[tuple[str, str]]
_Thing = TypeVar("_Thing", bound=msgspec.Struct)
MANY = 25  # posts or profiles in one question


@dataclass(slots=True)
class Api:
    """Calls through the user's own server; `wait` grows when its budget is spent (seconds)."""

    fetch: Fetcher
    door: Door
    wait: float = 0.0

    async def me(self) -> str:
        """Return our own DID."""
        return (await self.door.session(self.fetch)).did

    async def notifications(self, limit: int, older: str = "") -> Notifications:
        """Return who named, answered or quoted us, newest first."""
        params = [("reasons", reason) for reason in ("mention", "reply", "quote")]
        params += [("limit", str(limit)), *_cursor(older)]
        return await self.ask(Notifications, "app.bsky.notification.listNotifications", params)

    async def search(self, words: str, limit: int, older: str = "") -> Posts:
        """Return posts that say these words, newest first."""
        params = [("q", words), ("sort", "latest"), ("limit", str(limit)), *_cursor(older)]
        return await self.ask(Posts, "app.bsky.feed.searchPosts", params)

    async def posts(self, uris: Sequence[str]) -> list[Post]:
        """Return posts as they are shown now; deleted and blocked ones are missing."""
        found: list[Post] = []
        for start in range(0, len(uris), MANY):
            params = [("uris", uri) for uri in uris[start : start + MANY]]
            page = await self.ask(Posts, "app.bsky.feed.getPosts", params)
            found += each(page.posts, Post)
        return found

    async def profiles(self, dids: Sequence[str]) -> list[Profile]:
        """Return at most MANY profiles."""
        params = [("actors", did) for did in dids[:MANY]]
        page = await self.ask(Profiles, "app.bsky.actor.getProfiles", params)
        return each(page.profiles, Profile)

    async def ask(self, model: type[_Thing], method: str, params: Params) -> _Thing:
        """Ask, with a refreshed session where the old one is refused; FetchError or Refused."""
        asked = list(params)

        async def get(session: Session) -> Response:
            return await self._get(session, method, asked)

        return await asyncio.to_thread(self._read, model, await self._let_in(get))

    async def tell(self, model: type[_Thing], method: str, body: dict[str, Any]) -> _Thing:
        """Send JSON; again only where the session was refused, for then nothing was done."""

        async def post(session: Session) -> Response:
            return await self._post(session, method, body)

        return self._read(model, await self._let_in(post))

    async def _let_in(self, call: Callable[[Session], Awaitable[Response]]) -> Response:
        session = await self.door.session(self.fetch)
        try:
            answer = await self._noted(call(session))
        except FetchError as error:
            if not is_stale(error):
                raise
            session = await self.door.renewed(self.fetch, session)
            answer = await self._noted(call(session))
        self.wait = max(self.wait, spent_until(answer.headers) or 0.0)
        return answer

    async def _noted(self, answering: Awaitable[Response]) -> Response:
        """Give an error the words that the server has for it."""
        try:
            return await answering
        except FetchError as error:
            if error.response:
                error.message = f"{error.message}: {failure_words(error)}"
                error.args = (error.message,)
            raise

    async def _get(self, session: Session, method: str, params: Params) -> Response:
        account = self.door.account
        return await self.fetch.get(
            f"{account.server}/xrpc/{method}?{urlencode(list(params))}",
            auth=Bearer(session.access_jwt), private=account.private, ca_file=account.ca_file,
            headers={"Accept": "application/json"},
        )  # fmt: skip

    async def _post(self, session: Session, method: str, body: dict[str, Any]) -> Response:
        account = self.door.account
        return await self.fetch.post(
            f"{account.server}/xrpc/{method}", json=body,
            auth=Bearer(session.access_jwt), private=account.private, ca_file=account.ca_file,
            headers={"Accept": "application/json"},
        )  # fmt: skip

    def _read(self, model: type[_Thing], answer: Response) -> _Thing:
        try:
            return msgspec.json.decode(answer.body, type=model)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            message = f"{self.door.account.host}: not Bluesky's API: {str(error)[:160]}"
            raise FetchError("protocol", message, sent=True) from error


def _cursor(older: str) -> list[tuple[str, str]]:
    return [("cursor", older)] if older else []
