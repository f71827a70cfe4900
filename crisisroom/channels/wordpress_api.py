"""The calls of WordPress's REST interface that words go out by; FetchError for all that fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from crisisroom.channels.outcome import Rest
from crisisroom.wire.answer import Basic, FetchError, Response

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

Kind = Literal["posts", "comments"]
_Thing = TypeVar("_Thing")
_SHUT = frozenset({401, 403})
_EVERY = "publish,future,draft,pending,private"
_MANY = "100"


class Me(msgspec.Struct, frozen=True):
    """Who the password lets in."""

    id: int


class Page(msgspec.Struct, frozen=True):
    """A post of the blog."""

    id: int
    status: str = ""
    link: str = ""

    @property
    def is_out(self) -> bool:
        """Whether people see it, now or at a time that is set."""
        return self.status in ("publish", "future", "private")


class Comment(msgspec.Struct, frozen=True):
    """A comment; `content` has `raw` only for those who may edit it."""

    id: int
    post: int = 0
    parent: int = 0
    author: int = 0
    status: str = ""
    link: str = ""
    date_gmt: str = ""
    content: dict[str, Any] = {}


class _Failure(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Blog:
    """One blog, asked as one of its writers; `rest` takes note of what its answers ask for."""

    fetch: Fetcher
    server: str
    login: Basic
    rest: Rest
    private: bool = False
    ca_file: str = ""

    async def me(self) -> int:
        """Return our number there."""
        return self._read(await self._get("users/me", {}), Me).id

    async def pages(self, slug: str) -> list[Page]:
        """Return the posts at an address and what the blog made of it, drafts too, oldest first."""
        slugs = ",".join([slug, *(f"{slug}-{number}" for number in range(2, 6))])
        query = {"slug": slugs, "status": _EVERY, "context": "edit", "per_page": _MANY}
        found = self._read(await self._get("posts", query), tuple[Page, ...])
        return sorted(found, key=lambda one: one.id)

    async def draft(self, title: str, content: str, slug: str) -> Page:
        """Make a post that only writers see."""
        form = {"title": title, "content": content, "slug": slug, "status": "draft"}
        return self._read(await self._tell("posts", form), Page)

    async def publish(self, page: Page) -> Page:
        """Let a post out; where it is out already, nothing happens."""
        return self._read(await self._tell(f"posts/{page.id}", {"status": "publish"}), Page)

    async def comment(self, number: int) -> Comment:
        """Return one comment."""
        return self._read(await self._get(f"comments/{number}", {}), Comment)

    async def comments(self, post: int, parent: int) -> tuple[tuple[Comment, ...], bool]:
        """Return the newest answers to a comment, and whether those that wait are among them."""
        query = {"post": str(post), "parent": str(parent), "per_page": _MANY, "order": "desc"}
        try:
            more = {"status": "all", "context": "edit"}
            answer = await self._get("comments", query | more)
        except FetchError as error:
            if error.status not in _SHUT:
                raise
            return self._read(await self._get("comments", query), tuple[Comment, ...]), False
        return self._read(answer, tuple[Comment, ...]), True

    async def say(self, post: int, parent: int, content: str) -> Comment:
        """Answer a comment, or a post where `parent` is 0."""
        form = {"post": post, "parent": parent, "content": content}
        return self._read(await self._tell("comments", form), Comment)

    async def trash(self, kind: Kind, number: int) -> None:
        """Put something into the trash, from where a person can bring it back."""
        await self._tell(f"{kind}/{number}", {}, {"_method": "DELETE"})

    async def _get(self, route: str, query: Mapping[str, str]) -> Response:
        answer = await self.fetch.get(
            self._url(route, query), auth=self.login, private=self.private, ca_file=self.ca_file,
            headers={"Accept": "application/json"},
        )  # fmt: skip
        self.rest.heed(answer.headers)
        return answer

    async def _tell(
        self, route: str, form: Mapping[str, Any], query: Mapping[str, str] | None = None
    ) -> Response:
        answer = await self.fetch.post(
            self._url(route, query or {}), json=form, auth=self.login, private=self.private,
            ca_file=self.ca_file, headers={"Accept": "application/json"},
        )  # fmt: skip
        self.rest.heed(answer.headers)
        return answer

    def _url(self, route: str, query: Mapping[str, str]) -> str:
        # this form works whether the blog has readable addresses or not
        return f"{self.server}/?{urlencode({'rest_route': f'/wp/v2/{route}', **query})}"

    def _read(self, answer: Response, model: type[_Thing]) -> _Thing:
        try:
            return msgspec.json.decode(answer.body, type=model)
        except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
            host = urlsplit(self.server).netloc
            message = f"{host}: not WordPress's REST interface: {str(error)[:160]}"
            raise FetchError("protocol", message, sent=True) from error


def failure_of(error: FetchError) -> tuple[str, str]:
    """Return the code and the words of a refusal; empty where it has none."""
    body = error.response.body if error.response else b""
    try:
        said = msgspec.json.decode(body, type=_Failure)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return "", ""
    return said.code, said.message or said.code


def raw_of(comments: Iterable[Comment]) -> Iterable[tuple[Comment, str, str]]:
    """Yield comments with their text as written and as shown; empty where the blog keeps one."""
    for one in comments:
        raw, html = one.content.get("raw"), one.content.get("rendered")
        yield one, raw if isinstance(raw, str) else "", html if isinstance(html, str) else ""
