"""One account's calls to its server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from crisisroom.mastodon.shapes import (
    Account,
    Context,
    Instance,
    Nonsense,
    Status,
    decoded,
    handle_of,
    many,
    readable,
)
from crisisroom.wire.answer import Bearer, FetchError, Response
from crisisroom.wire.waits import spent_until

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

Params = Iterable[tuple[str, str]]
_Thing = TypeVar("_Thing", bound=msgspec.Struct)
_MISSING = frozenset({404, 405, 410, 501})
_DAY = 86_400.0


class Abilities(msgspec.Struct, frozen=True):
    """What a server and an account are: limits in characters, the account's id and handle.

    `at` is when it was asked, in seconds since 1970.
    """

    at: float
    limit: int = 500
    url_length: int = 23
    remembers_keys: bool = False
    streaming: str = ""
    me: str = ""
    handle: str = ""


def remembered(value: Any, now: float) -> Abilities | None:
    """Read abilities back from a cursor; None when they are a day old or unreadable."""
    try:
        found = msgspec.convert(value, Abilities)
    except msgspec.ValidationError:
        return None
    return found if 0 <= now - found.at < _DAY else None


def is_missing(error: FetchError) -> bool:
    """Say whether the server does not have what was asked for."""
    return error.status in _MISSING


@dataclass(slots=True)
class Api:
    """Calls with one account's token; `wait` grows when the server's budget is spent."""

    fetch: Fetcher
    server: str
    token: str = ""
    private: bool = False
    ca_file: str = ""
    deadline: float = 20.0
    wait: float = 0.0

    @property
    def host(self) -> str:
        """The server's name, for messages."""
        return urlsplit(self.server).netloc

    async def get(self, path: str, params: Params = ()) -> Response:
        """Ask; FetchError as the fetcher has it."""
        query = urlencode(list(params))
        url = f"{self.server.rstrip('/')}{path}{'?' if query else ''}{query}"
        answer = await self.fetch.get(
            url, auth=self._auth(), private=self.private, ca_file=self.ca_file,
            deadline=self.deadline, headers={"Accept": "application/json"},
        )  # fmt: skip
        self.wait = max(self.wait, spent_until(answer.headers) or 0.0)
        return answer

    async def one(self, model: type[_Thing], path: str, params: Params = ()) -> _Thing:
        """Ask for one thing; what makes no sense is a FetchError too."""
        answer = await self.get(path, params)
        try:
            return decoded(answer.body, model)
        except Nonsense as error:
            raise self._nonsense(error) from error

    async def some(
        self, model: type[_Thing], path: str, params: Params = ()
    ) -> tuple[list[_Thing], Response]:
        """Ask for a list; single things that make no sense are left out."""
        answer = await self.get(path, params)
        try:
            return many(answer.body, model), answer
        except Nonsense as error:
            raise self._nonsense(error) from error

    async def thread(self, status_id: str) -> list[Status]:
        """Return the answers under a post, and the answers to them."""
        context = await self.one(Context, f"/api/v1/statuses/{safe_id(status_id)}/context")
        return readable(context.descendants, Status)

    async def own_posts(self, me: str, limit: int, before: str = "") -> list[Status]:
        """Return the account's latest posts, newest first; those before one with this id."""
        params = [("limit", str(limit)), ("exclude_reblogs", "true")]
        params += [("max_id", safe_id(before))] if before else []
        return (await self.some(Status, f"/api/v1/accounts/{safe_id(me)}/statuses", params))[0]

    async def me(self) -> Account:
        """Return the account that the token belongs to."""
        return await self.one(Account, "/api/v1/accounts/verify_credentials")

    async def abilities(self, now: float) -> Abilities:
        """Ask what the server can do and whose token this is."""
        try:
            instance = await self.one(Instance, "/api/v2/instance")
        except FetchError as error:
            if not is_missing(error):
                raise
            instance = await self.one(Instance, "/api/v1/instance")
        me = await self.me() if self.token else Account("")
        return Abilities(
            now, instance.limit, instance.url_length, instance.remembers_keys,
            instance.streaming(self.server), me.id, handle_of(me, self.server),
        )  # fmt: skip

    async def events(
        self, base: str, name: str, params: Params = ()
    ) -> AsyncGenerator[tuple[str, str], None]:
        """Yield name and data of what happens on one of the server's streams at `base`.

        A server that has no such stream, or does not let us in, ends at once.
        """
        query = urlencode(list(params))
        stream = self.fetch.stream(
            f"{base}/api/v1/streaming/{name}{'?' if query else ''}{query}",
            auth=self._auth(), private=self.private, ca_file=self.ca_file,
        )  # fmt: skip
        async with aclosing(stream):
            try:
                async for event in stream:
                    yield event.name, event.data
            except FetchError as error:
                if not is_missing(error) and error.status not in (401, 403, 422):
                    raise

    def _auth(self) -> Bearer | None:
        return Bearer(self.token) if self.token else None

    def _nonsense(self, error: Nonsense) -> FetchError:
        return FetchError("protocol", f"{self.host}: not Mastodon's API: {error}", sent=True)


def safe_id(text: str) -> str:
    """Return an id that may stand in a path; anything else is a FetchError."""
    if not text or len(text) > 100 or not all(c.isalnum() or c in "._-" for c in text):
        raise FetchError("address", f"not a status id: {text[:40]!r}")
    if not text.isascii() or not text.strip("."):
        raise FetchError("address", f"not a status id: {text[:40]!r}")
    return text
