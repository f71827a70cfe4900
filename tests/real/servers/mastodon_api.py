"""What tests do over the Mastodon API, on behalf of people: sign in, post, look."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from real.servers.base import ServerError, wait_until

Json = dict[str, Any]

REDIRECT = "http://127.0.0.1/signed-in"
SCOPES = "read write follow"
FEDERATION_SECONDS = 60.0


def request(method: str, url: str, **options: Any) -> httpx.Response:
    """One HTTP request on a connection of its own, past any proxy; ServerError on 4xx and 5xx."""
    answer = httpx.request(method, url, timeout=20, trust_env=False, **options)
    if answer.is_error:
        raise ServerError(f"{method} {url} answered {answer.status_code}: {answer.text[:500]}")
    return answer


@dataclass(frozen=True, slots=True)
class App:
    """A client registered with a server."""

    server: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A person with a token on a server that speaks the Mastodon API."""

    server: str
    handle: str
    id: str
    token: str = field(repr=False)

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Calls the API with the token and returns the JSON."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return request(method, f"{self.server}{path}", headers=headers, **options).json()

    def post(self, text: str, *, reply_to: str = "", visibility: str = "public") -> Json:
        """Posts a status, in answer to a status id where given, and returns it."""
        form = {"status": text, "visibility": visibility}
        if reply_to:
            form["in_reply_to_id"] = reply_to
        posted: Json = self.call("POST", "/api/v1/statuses", data=form)
        return posted

    def notifications(self) -> list[Json]:
        """The newest notifications."""
        found: list[Json] = self.call("GET", "/api/v1/notifications")
        return found

    def replies(self, status_id: str) -> list[Json]:
        """All that follows a status in its thread, as its context shows it on this server."""
        found: list[Json] = self.call("GET", f"/api/v1/statuses/{status_id}/context")["descendants"]
        return found

    def wait_mention(self, text: str, seconds: float = FEDERATION_SECONDS) -> Json:
        """Waits until a notification mentions us with this text; returns its status."""

        def found() -> Json | None:
            statuses = [n["status"] for n in self.notifications() if n["type"] == "mention"]
            return next((s for s in statuses if text in s["content"]), None)

        return wait_until(found, f"{self.handle} to be mentioned with {text!r}", seconds)

    def wait_reply(self, status_id: str, text: str, seconds: float = FEDERATION_SECONDS) -> Json:
        """Waits until the thread under a status shows a reply with this text; returns it."""

        def found() -> Json | None:
            return next((s for s in self.replies(status_id) if text in s["content"]), None)

        return wait_until(found, f"a reply with {text!r} to reach {self.handle}", seconds)


def register(server: str, redirect_uri: str = REDIRECT) -> App:
    """Registers a client with the server."""
    form = {"client_name": "crisisroom tests", "redirect_uris": redirect_uri, "scopes": SCOPES}
    made = request("POST", f"{server}/api/v1/apps", data=form).json()
    return App(server, made["client_id"], made["client_secret"])


def authorize(app: App, login: str, password: str, redirect_uri: str = REDIRECT) -> str:
    """Signs in through the server's own login page as a browser would; returns the code."""
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
    }
    page = request("GET", f"{app.server}/oauth/authorize", params=query)
    form = _LoginForm()
    form.feed(page.text)
    filled = form.fields | {form.login_field: login, form.password_field: password}
    sent = request("POST", urljoin(str(page.url), form.action), data=filled)
    code = parse_qs(urlsplit(sent.headers.get("location", "")).query).get("code")
    if not code:
        raise ServerError(f"{app.server} let {login} not in: {sent.status_code} {sent.text[:500]}")
    return str(code[0])


def exchange(app: App, code: str, redirect_uri: str = REDIRECT) -> str:
    """Turns a code into a token."""
    form = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": redirect_uri,
        "code": code,
    }
    answer = request("POST", f"{app.server}/oauth/token", data=form).json()
    return str(answer["access_token"])


def sign_in(server: str, login: str, password: str) -> Account:
    """The complete OAuth code flow: register, authorize, exchange, and ask who we are."""
    app = register(server)
    return account(server, exchange(app, authorize(app, login, password)))


def account(server: str, token: str) -> Account:
    """The account that a token belongs to."""
    bearer = {"Authorization": f"Bearer {token}"}
    who = request("GET", f"{server}/api/v1/accounts/verify_credentials", headers=bearer).json()
    return Account(server, f"@{who['username']}@{urlsplit(server).netloc}", who["id"], token)


class _LoginForm(HTMLParser):
    """The first form of a page: where it goes, what it carries, and where login and password go."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.login_field = ""
        self.password_field = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        elif tag == "input":
            self._input(values)

    def _input(self, values: dict[str, str]) -> None:
        name, kind = values.get("name", ""), values.get("type", "text")
        if kind == "hidden":
            self.fields[name] = values.get("value", "")
        elif kind == "password":
            self.password_field = name
        elif kind == "text":
            self.login_field = name
