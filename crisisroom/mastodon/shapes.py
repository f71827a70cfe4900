"""What Mastodon's API says, as far as we listen: shapes, paging, abilities, addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

_Thing = TypeVar("_Thing", bound=msgspec.Struct)
_LINK = re.compile(r"<([^<>]{1,2000})>\s*;\s*rel=\"?(next|prev)\"?")
_VERSION = re.compile(r"(\d+)\.\d+\.\d+[\w.+-]*")


class Nonsense(Exception):
    """An answer that is not what the API promises."""


class Account(msgspec.Struct, frozen=True):
    """An account; `acct` has its host only where that is another server's."""

    id: str
    acct: str = ""
    display_name: str = ""
    url: str | None = None
    followers_count: int | None = None


class Attachment(msgspec.Struct, frozen=True):
    """A picture, video or sound, with the description its author gave."""

    type: str = ""
    url: str | None = None
    remote_url: str | None = None
    description: str | None = None


class Named(msgspec.Struct, frozen=True):
    """An account that a post names."""

    id: str = ""


class Status(msgspec.Struct, frozen=True):
    """A post; `content` is HTML."""

    id: str
    account: Account
    content: str = ""
    created_at: str = ""
    url: str | None = None
    uri: str | None = None
    spoiler_text: str = ""
    visibility: str = "public"
    language: str | None = None
    in_reply_to_id: str | None = None
    replies_count: int | None = 0
    reblog: Status | None = None
    media_attachments: tuple[Attachment, ...] = ()
    mentions: tuple[Named, ...] = ()


class Notification(msgspec.Struct, frozen=True):
    """Something that happened to the account; `status` where it is about one."""

    id: str
    type: str
    status: Status | None = None


class Search(msgspec.Struct, frozen=True):
    """What a search found; the posts are read one by one."""

    statuses: tuple[msgspec.Raw, ...] = ()


class Context(msgspec.Struct, frozen=True):
    """What stands after a post in its thread."""

    descendants: tuple[msgspec.Raw, ...] = ()


class App(msgspec.Struct, frozen=True):
    """A registered program, which a person then allows in."""

    client_id: str
    client_secret: str


class Token(msgspec.Struct, frozen=True):
    """What a code is exchanged for."""

    access_token: str


class _StatusLimits(msgspec.Struct):
    max_characters: int = 500
    characters_reserved_per_url: int = 23


class _Urls(msgspec.Struct):
    streaming: str | None = None
    streaming_api: str | None = None


class _Configuration(msgspec.Struct):
    statuses: _StatusLimits = msgspec.field(default_factory=_StatusLimits)
    urls: _Urls = msgspec.field(default_factory=_Urls)


class Instance(msgspec.Struct, frozen=True):
    """A server about itself, in either version of the call."""

    version: str = ""
    domain: str | None = None
    uri: str | None = None
    max_toot_chars: int | None = None
    configuration: _Configuration = msgspec.field(default_factory=_Configuration)
    urls: _Urls | None = None

    @property
    def limit(self) -> int:
        """The most characters of a post."""
        return self.max_toot_chars or self.configuration.statuses.max_characters

    @property
    def url_length(self) -> int:
        """What every link counts, however long."""
        return self.configuration.statuses.characters_reserved_per_url

    @property
    def remembers_keys(self) -> bool:
        """Whether this is Mastodon itself, which knows a repeated Idempotency-Key for an hour.

        Others print a second name into their version, or numbers of their own.
        """
        found = _VERSION.fullmatch(self.version.strip())
        return bool(found and int(found[1]) >= 3)

    def streaming(self, server: str) -> str:
        """Return where its stream is (https); empty where none, or at somebody else's."""
        said = self.configuration.urls.streaming or (self.urls and self.urls.streaming_api) or ""
        parts, own = urlsplit(said), urlsplit(server)
        host, home = parts.hostname or "", own.hostname or ""
        if not home or (host != home and not host.endswith(f".{home}")):
            return ""
        if host == home and not parts.port:
            return server.rstrip("/")
        scheme = "https" if parts.scheme in ("wss", "https") else "http"
        return f"{scheme}://{parts.netloc}"


def decoded(body: bytes, model: type[_Thing]) -> _Thing:
    """Read one thing; raises Nonsense."""
    try:
        return msgspec.json.decode(body, type=model)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Nonsense(str(error)[:160]) from error


def many(body: bytes, model: type[_Thing]) -> list[_Thing]:
    """Read a list; what makes no sense in it is left out, no list at all is Nonsense."""
    try:
        return readable(msgspec.json.decode(body, type=tuple[msgspec.Raw, ...]), model)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Nonsense(str(error)[:160]) from error


def readable(raws: tuple[msgspec.Raw, ...], model: type[_Thing]) -> list[_Thing]:
    """Read those that make sense."""
    found = []
    for raw in raws:
        try:
            found.append(decoded(bytes(raw), model))
        except Nonsense:
            continue
    return found


def handle_of(account: Account, server: str) -> str:
    """Return `user@host`, the server's own host added where the account is local."""
    acct = account.acct.removeprefix("@")
    return acct if "@" in acct or not acct else f"{acct}@{urlsplit(server).netloc}"


def older_than(headers: Mapping[str, str]) -> str | None:
    """Return the `max_id` of the next page; empty at the end, None where nothing is said."""
    found = _LINK.findall(headers.get("link", "")[:8000])
    if not found:
        return None
    for url, rel in found:
        if rel == "next":
            return next(iter(parse_qs(urlsplit(url).query).get("max_id", [])), "")
    return ""


def error_text(body: bytes) -> str:
    """Return what an error answer says in words; empty where it says nothing."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return ""
    text = said.get("error_description") or said.get("error") if isinstance(said, dict) else ""
    return text if isinstance(text, str) else ""
