"""Who is let in to the page: a browser of this machine, at the address it was given.

A page of another site that is open in the same browser may ask loopback for anything: under a name
of its own that leads here (Host), or by a socket to here (Origin). Neither gets in, nor does
another account of this machine, which does not know the token.
"""

from __future__ import annotations

import re
from secrets import compare_digest

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from crisisroom.core.errors import Refused

_NEAR = ("127.0.0.1", "::1")
_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.ASCII)
_SAID = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # it would tell the token
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def refuse_afar(host: str) -> str:
    """Return the address to listen on; Refused for one that `_HOST` would let nobody in by."""
    name = "127.0.0.1" if host == "localhost" else host
    if name not in _NEAR:
        message = (
            f"{host[:60]} is none of 127.0.0.1, localhost, ::1: the page asks nobody who they are"
        )
        raise Refused("not-loopback", message, "from elsewhere: ssh -L 8000:127.0.0.1:8000 HOST")
    return name


def guard(token: str) -> Middleware:
    """Return what every request passes first: 403 for a wrong host or origin, 404 for a token."""

    @web.middleware
    async def passed(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _HOST.fullmatch(request.host):
            raise web.HTTPForbidden(text="this page is for a browser of this machine\n")
        if not _is_own(request):
            raise web.HTTPForbidden(text="this page is not for other sites\n")
        given = request.path.lstrip("/").partition("/")[0]
        if not compare_digest(given.encode("utf-8", "replace"), token.encode()):
            raise web.HTTPNotFound(text="there is nothing here: the whole address is needed\n")
        return await handler(request)

    return passed


def _is_own(request: web.Request) -> bool:
    """Tell whether no other site asks; a socket has to say that it is our page's."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Upgrade") is None
    return origin == f"http://{request.host}"


async def said(request: web.Request, response: web.StreamResponse) -> None:
    """Say with every answer what the browser may do with it: nothing comes from elsewhere."""
    response.headers.update(_SAID)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'; connect-src 'self' ws://{request.host};"
        " style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
