"""What the server does when it behaves, and the streams it offers, path by path."""

from __future__ import annotations

import asyncio
import gzip

from evil import ROUTES, Exchange, route


@route("/ok")
async def ok(x: Exchange) -> None:
    await x.answer(b"hello", "Content-Type: text/plain", 'ETag: "v1"')


@route("/gzip")
async def good_gzip(x: Exchange) -> None:
    await x.answer(gzip.compress(b"hello" * 1000), "Content-Encoding: gzip")


@route("/gzip-members")
async def gzip_members(x: Exchange) -> None:
    two = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 16
    await x.answer(two, "Content-Encoding: x-gzip")


@route("/chunked")
async def chunked(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await x.raw(b"5\r\nhello\r\n", b"0\r\n\r\n")


@route("/not-modified")
async def not_modified(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n")


@route("/echo")
async def echo(x: Exchange) -> None:
    await x.answer(x.body, f"Content-Type: {x.headers.get('content-type', '')}")


@route("/cookie")
async def cookie(x: Exchange) -> None:
    await x.answer(x.headers.get("cookie", "none").encode(), "Set-Cookie: track=me; Path=/")


@route("/events")
async def events(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n")
    await x.raw(b":)\n\nevent: update\nid: 7\n", b"data: {\xc3", b"\xa9}\r\n\r", b"\ndata: 2\r\r")
    x.writer.close()


@route("/events-silent")
async def events_silent(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
    await asyncio.sleep(3600)


@route("/events-endless-line")
async def events_endless_line(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ")
    while True:
        await x.raw(b"x" * 65536)


@route("/events-endless-event")
async def events_endless_event(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
    while True:
        await x.raw(b"data: " + b"x" * 60000 + b"\n")


@route("/etag-bytes")
async def etag_bytes(x: Exchange) -> None:
    await x.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: "\xe9\xff"\r\nX-A: 1\r\n\r\nok')


@route("/charset")
async def charset(x: Exchange) -> None:
    await x.answer(b"hello", "Content-Type: text/xml; charset=idna")


@route("/status-404")
async def status_404(x: Exchange) -> None:
    await x.answer(b"gone", status="404 Not Found")


@route("/status-429")
async def status_429(x: Exchange) -> None:
    await x.answer(b"{}", "Retry-After: 99999999999", status="429 Slow")


@route("/status-700")
async def status_700(x: Exchange) -> None:
    await x.answer(b"", status="700 What")


@route("/lines")
async def lines(x: Exchange) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    await x.raw(head, b'\r\n\r\n{"a"', b': 1}\r\n\r\n{"b": 2}\n\r\n')
    x.writer.close()


@route("/lines-silent")
async def lines_silent(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\n\r\n{}\r\n")
    await asyncio.sleep(3600)


@route("/lines-endless")
async def lines_endless(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await x.raw(b"x" * 65536)


def _says(code: int, *headers: str) -> None:
    async def handler(x: Exchange) -> None:
        await x.answer(b"<html>no</html>", *headers, status=f"{code} So")

    ROUTES[f"/status-{code}"] = handler


for _code in (400, 401, 402, 403, 406, 407, 410, 418, 451, 500, 502, 504, 511):
    _says(_code, 'WWW-Authenticate: Basic realm="give me your password"')


@route("/feed")
async def feed(x: Exchange) -> None:
    """Give a good feed with one more item at each look."""
    x.server.fed += 1
    item = f"<item><guid>{x.path}#{x.server.fed}</guid><title>news {x.server.fed}</title></item>"
    document = f"<rss version='2.0'><channel>{item}</channel></rss>"
    await x.answer(document.encode(), "Content-Type: application/rss+xml")


@route("/portal")
async def portal(x: Exchange) -> None:
    """Give the page of a hotel's network, whatever was asked for."""
    await x.answer(b"<!DOCTYPE html><html><body>Log in</body></html>", "Content-Type: text/html")


@route("/empty")
async def empty(x: Exchange) -> None:
    await x.answer(b"", "Content-Type: application/rss+xml")


@route("/junk")
async def junk(x: Exchange) -> None:
    await x.answer(bytes(range(256)) * 200, "Content-Type: application/rss+xml")
