"""A request as asked for: what it may carry, and where it may go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict

from crisisroom import __version__
from crisisroom.fetch._http import httpx
from crisisroom.wire.answer import Basic, Bearer, FetchError

MiB = 1 << 20
_MAX_URL = 8192
_CONNECT = 6.0  # seconds for one address; another may answer
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")
_HARMLESS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})


class Options(TypedDict, total=False):
    """What every call may say: `deadline` in seconds for the whole answer, caps in bytes.

    `private` lets the URL's own host be on a private network; `ca_file` replaces the trusted
    authorities with those of a PEM file.
    """

    headers: Mapping[str, str]
    auth: Bearer | Basic | None
    private: bool
    ca_file: str
    deadline: float
    wire_cap: int
    decoded_cap: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as asked for, and where it stands after redirects."""

    method: Literal["GET", "POST", "PUT", "DELETE"]
    url: httpx.URL
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: Bearer | Basic | None = None
    private: bool = False
    ca_file: str = ""
    deadline: float = 20.0
    wire_cap: int = 5 * MiB
    decoded_cap: int = 16 * MiB
    stream: bool = False  # taken in as it comes, so never packed

    @property
    def where(self) -> str:
        """The host alone, for messages: paths and queries may hold secrets."""
        return self.url.host


@dataclass(slots=True)
class Progress:
    """Whether bytes of the request have gone out, which decides what a failure means."""

    sent: bool = False

    async def trace(self, event: str, _info: Any) -> None:
        """Take note when the connection starts to send."""
        if event.endswith("send_request_headers.started"):
            self.sent = True


def default_port(url: httpx.URL) -> int:
    return 443 if url.scheme == "https" else 80


def origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.raw_host.decode("ascii"), url.port or default_port(url)


def checked_url(text: str) -> httpx.URL:
    """Return the URL if it is one we may go to: http or https, a host, no credentials."""
    try:
        url = httpx.URL(text) if len(text) <= _MAX_URL else httpx.URL("")
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError("address", f"not an address: {str(error)[:100]}") from error
    if url.scheme not in ("http", "https") or not _HOST.fullmatch(url.raw_host):
        raise FetchError("address", f"not an http or https address: {text[:60]!r}")
    if url.userinfo:
        raise FetchError("address", f"{url.host}: credentials do not belong in an address")
    if url.port is not None and not 0 < url.port < 65536:
        raise FetchError("address", f"{url.host}: no such port: {url.port}")
    return url.copy_with(fragment=None)


def carrying(
    ask: Ask, json: Any, form: Mapping[str, str] | None = None, content: bytes | None = None
) -> Ask:
    """Return the request with JSON, a form or bytes in it, and what they are called."""
    body = httpx.Request(ask.method, ask.url, json=json, data=form, content=content)
    body_type = {"Content-Type": body.headers.get("content-type", "text/plain")}
    return replace(ask, content=body.content, headers={**body_type, **ask.headers})


def redirected(ask: Ask, response: httpx.Response) -> Ask:
    """Return where a redirect leads; other origins get neither credentials nor our own network."""
    if ask.method != "GET":
        raise FetchError("redirect", f"{ask.where}: redirects what we send")
    try:
        url = checked_url(str(ask.url.join(_text_of(response, b"location"))))
    except (FetchError, httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError("redirect", f"{ask.where}: redirects to {str(error)[:120]}") from error
    if (ask.url.scheme, url.scheme) == ("https", "http"):
        raise FetchError("redirect", f"{ask.where}: redirects from https to http")
    if origin(url) == origin(ask.url):
        return replace(ask, url=url)
    kept = {name: value for name, value in ask.headers.items() if name.lower() in _HARMLESS}
    private = ask.private and url.host == ask.url.host
    return replace(ask, url=url, headers=kept, auth=None, private=private)


def _text_of(response: httpx.Response, name: bytes) -> str:
    values = [value for key, value in response.headers.raw if key.lower() == name]
    return values[0].decode("utf-8", "replace") if values else ""


def request_for(ask: Ask, address: str, progress: Progress) -> httpx.Request:
    """Build the request for one checked address, with the Host header and the TLS name it names."""
    if ask.auth and ask.url.scheme == "http" and not ask.private:
        raise FetchError("address", f"{ask.where}: a token goes over https only")
    headers = httpx.Headers(
        {"User-Agent": f"crisisroom/{__version__}", "Accept": "*/*", **ask.headers}
    )
    headers["Accept-Encoding"] = "identity" if ask.stream else "gzip"
    headers["Host"] = ask.url.netloc.decode("ascii")
    if ask.auth:
        headers["Authorization"] = ask.auth.header
    extensions = {
        "timeout": {
            "connect": min(_CONNECT, ask.deadline),
            **dict.fromkeys(("read", "write", "pool"), ask.deadline),
        },
        "sni_hostname": ask.url.raw_host.decode("ascii").strip("[]"),
        "trace": progress.trace,
    }
    url = ask.url.copy_with(host=address)
    content = ask.content if ask.method in ("POST", "PUT") else None
    return httpx.Request(ask.method, url, headers=headers, content=content, extensions=extensions)
