"""Logging in: the program is registered, a person allows it, the code becomes a token."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from crisisroom.mastodon.shapes import App, Nonsense, Token, decoded
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

BY_HAND = "urn:ietf:wg:oauth:2.0:oob"  # the server shows the code, the person copies it
SCOPES = "read write:statuses"


async def register_app(
    fetch: Fetcher, server: str, *, private: bool = False, ca_file: str = ""
) -> App:
    """Register this program at a server; FetchError."""
    form = {"client_name": "crisisroom", "redirect_uris": BY_HAND, "scopes": SCOPES}
    url = f"{server.rstrip('/')}/api/v1/apps"
    answer = await fetch.post(url, form=form, private=private, ca_file=ca_file)
    try:
        return decoded(answer.body, App)
    except Nonsense as error:
        raise FetchError("protocol", f"no program registered: {error}", sent=True) from error


def authorise_url(server: str, app: App) -> str:
    """Return the address where the person allows the program and gets the code."""
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": BY_HAND,
        "scope": SCOPES,
    }
    return f"{server.rstrip('/')}/oauth/authorize?{urlencode(query)}"


async def exchange_code(
    fetch: Fetcher, server: str, app: App, code: str, *, private: bool = False, ca_file: str = ""
) -> str:
    """Return the token for the code the person brought; FetchError where it is wrong."""
    form = {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": BY_HAND,
        "scope": SCOPES,
        "code": code.strip(),
    }
    url = f"{server.rstrip('/')}/oauth/token"
    answer = await fetch.post(url, form=form, private=private, ca_file=ca_file)
    try:
        return decoded(answer.body, Token).access_token
    except Nonsense as error:
        raise FetchError("protocol", f"no token given: {error}", sent=True) from error
