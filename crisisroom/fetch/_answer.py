"""An answer taken in: under caps, and every failure as the one error class."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import replace

from crisisroom.fetch._ask import Ask, Progress
from crisisroom.fetch._http import httpx
from crisisroom.wire.answer import Code, FetchError, Response
from crisisroom.wire.body import Body
from crisisroom.wire.waits import retry_after

_MAX_HEADERS = 64 * 1024  # bytes, all of an answer's together
_ERROR_BODY = 64 * 1024
_MOST_PIECES = 32_768  # chunks of one body: so many take a second to put together
_SHORT = 3  # characters: to look for so few would leave nothing of a text
_TURN = 64  # pieces, after which others get a turn


@contextmanager
def translated(where: str, progress: Progress, seconds: float) -> Iterator[None]:
    """Turn whatever goes wrong inside into a FetchError that knows whether we had sent."""
    try:
        yield
    except FetchError as error:
        error.sent = error.sent or progress.sent
        raise
    except (TimeoutError, httpx.TimeoutException) as error:
        message = f"{where}: no whole answer within {seconds:g} s"
        raise FetchError("timeout", message, sent=progress.sent) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ExceptionGroup) as error:
        message = f"{where}: {str(error)[:160] or type(error).__name__}"
        raise FetchError(_code_of(error), message, sent=progress.sent) from error


def _code_of(error: BaseException) -> Code:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        cause = cause.__cause__ or cause.__context__
    refused = isinstance(error, httpx.ConnectError | ConnectionRefusedError)
    return "refused" if refused else "protocol"


def check_headers(response: httpx.Response, ask: Ask) -> None:
    size = sum(len(key) + len(value) + 4 for key, value in response.headers.raw)
    if size > _MAX_HEADERS:
        raise FetchError("too_large", f"{ask.where}: headers of {size} bytes")


def _plain_headers(response: httpx.Response) -> dict[str, str]:
    """Return the headers that are printable ASCII: others could not be sent back as they came."""
    plain: dict[str, str] = {}
    for key, value in response.headers.raw:
        if all(32 <= byte < 127 or byte == 9 for byte in value):
            name = key.decode("ascii", "replace").lower()
            text = value.decode("ascii")
            plain[name] = f"{plain[name]}, {text}" if name in plain else text
    return plain


async def taken_in(response: httpx.Response, ask: Ask) -> Response:
    """Read the whole body under the caps; a bad status is an error that carries it."""
    good = response.is_success or response.status_code == 304
    headers = _plain_headers(response)
    try:
        body = await _body(response, ask if good else replace(ask, decoded_cap=_ERROR_BODY))
    except FetchError as error:
        if good:
            raise FetchError(error.code, f"{ask.where}: {error.message}") from error
        body = b""
    url = response.extensions["url"]
    if not good:
        raise _bad_status(Response(response.status_code, headers, _unsaid(body, ask), url), ask)
    return Response(response.status_code, headers, body, url)


def _unsaid(body: bytes, ask: Ask) -> bytes:
    """Return what a refusal says, without our secret should it be repeated: people read it."""
    for secret in ask.auth.secrets if ask.auth else ():
        for form in (secret, secret.replace("/", "\\/")):  # as PHP writes it
            body = body.replace(form.encode(), b"...") if len(form) > _SHORT else body
    return body


def _bad_status(answer: Response, ask: Ask) -> FetchError:
    wait = retry_after(answer.headers)
    message = f"{ask.where}: answers {answer.status}"
    return FetchError("status", message, response=answer, retry_after=wait)


async def _body(response: httpx.Response, ask: Ask) -> bytes:
    encoding = response.headers.get("content-encoding", "")
    body = Body(encoding, wire_cap=ask.wire_cap, decoded_cap=ask.decoded_cap)
    count = 0
    async for chunk in pieces(response):
        count += 1
        if count > _MOST_PIECES:
            raise FetchError("too_large", f"more than {_MOST_PIECES} pieces")
        await body.add(chunk)
    return body.whole()


async def pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Yield what comes as it comes; others get a turn, however small the pieces are."""
    count = 0
    async for chunk in response.aiter_raw():
        count += 1
        if not count % _TURN:
            await asyncio.sleep(0)
        yield chunk


async def require_events(response: httpx.Response, ask: Ask) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    await require_plain(response, ask)
    if kind != "text/event-stream":
        raise FetchError("protocol", f"{ask.where}: not a stream of events: {kind[:40]!r}")


async def require_plain(response: httpx.Response, ask: Ask) -> None:
    if not response.is_success:
        await taken_in(response, ask)
    if packing := response.headers.get("content-encoding", ""):
        raise FetchError("protocol", f"{ask.where}: a stream packed as {packing[:40]!r}")
