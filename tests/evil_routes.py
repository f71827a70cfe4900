"""What the misbehaving server does, path by path."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import zlib

from evil import Exchange, route

# --- good manners -----------------------------------------------------------------------------


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


# --- too much ---------------------------------------------------------------------------------


def _bomb(mebibytes: int) -> bytes:
    press = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    return b"".join(press.compress(zeros) for _ in range(mebibytes)) + press.flush()


_BOMB = _bomb(256)


@route("/bomb")
async def bomb(x: Exchange) -> None:
    await x.answer(_BOMB, "Content-Encoding: gzip")


@route("/bomb-gzip-gzip")
async def bomb_twice(x: Exchange) -> None:
    await x.answer(gzip.compress(_BOMB), "Content-Encoding: gzip, gzip")


@route("/bomb-two-headers")
async def bomb_two_headers(x: Exchange) -> None:
    await x.answer(gzip.compress(_BOMB), "Content-Encoding: gzip", "Content-Encoding: gzip")


@route("/bomb-members")
async def bomb_members(x: Exchange) -> None:
    await x.answer(gzip.compress(b"") * 5000, "Content-Encoding: gzip")


@route("/br")
async def brotli(x: Exchange) -> None:
    await x.answer(b"\x1b\xff\xff", "Content-Encoding: br")


@route("/zstd")
async def zstd(x: Exchange) -> None:
    await x.answer(b"\x28\xb5\x2f\xfd", "Content-Encoding: zstd")


@route("/deflate")
async def deflate(x: Exchange) -> None:
    await x.answer(zlib.compress(b"hello"), "Content-Encoding: deflate")


@route("/rot13")
async def rot13(x: Exchange) -> None:
    await x.answer(b"uryyb", "Content-Encoding: " + "rot13," * 50 + "rot13")


@route("/endless")
async def endless(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await x.raw(b"x" * 65536)


@route("/endless-chunked")
async def endless_chunked(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await x.raw(b"10000\r\n" + b"x" * 65536 + b"\r\n")


@route("/endless-gzip")
async def endless_gzip(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    press = zlib.compressobj(0, wbits=31)
    while True:
        await x.raw(press.compress(bytes(65536)))


@route("/endless-trailers")
async def endless_trailers(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
    while True:
        await x.raw(b"X-More: " + b"y" * 1000 + b"\r\n")


@route("/endless-chunk-extension")
async def endless_chunk_extension(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;")
    while True:
        await x.raw(b"e" * 65536)


@route("/header-flood")
async def header_flood(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\n")
    while True:
        await x.raw(b"X-Flood: " + b"y" * 1000 + b"\r\n")


@route("/header-heavy")
async def header_heavy(x: Exchange) -> None:
    await x.answer(b"hello", *(f"X-{n}: {'y' * 100}" for n in range(700)))


@route("/header-endless-line")
async def header_endless_line(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nX-Line: ")
    while True:
        await x.raw(b"y" * 65536)


@route("/status-endless")
async def status_endless(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 ")
    while True:
        await x.raw(b"O" * 65536)


@route("/error-bomb")
async def error_bomb(x: Exchange) -> None:
    await x.answer(_BOMB, "Content-Encoding: gzip", "Retry-After: 7", status="503 Busy")


# --- too slow ---------------------------------------------------------------------------------


@route("/silence")
async def silence(_: Exchange) -> None:
    await asyncio.sleep(3600)


@route("/drip")
async def drip(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await x.raw(b"x")
        await asyncio.sleep(0.02)


@route("/drip-headers")
async def drip_headers(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\n")
    while True:
        await x.raw(b"X")
        await asyncio.sleep(0.02)


@route("/drip-error")
async def drip_error(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await x.raw(b"x")
        await asyncio.sleep(0.02)


@route("/early-hints")
async def early_hints(x: Exchange) -> None:
    while True:
        await x.raw(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 100)


@route("/stops-in-body")
async def stops_in_body(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await asyncio.sleep(3600)


# --- cut off or not HTTP ----------------------------------------------------------------------


@route("/short")
async def short(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    x.writer.close()


@route("/chunk-short")
async def chunk_short(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf")
    x.writer.close()


@route("/chunk-negative")
async def chunk_negative(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n")


@route("/chunk-huge")
async def chunk_huge(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"F" * 40 + b"\r\n")
    x.writer.close()


@route("/length-negative")
async def length_negative(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello")


@route("/length-words")
async def length_words(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello")


@route("/lengths-differ")
async def lengths_differ(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")


@route("/length-huge")
async def length_huge(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n")
    x.writer.close()


@route("/gzip-short")
async def gzip_short(x: Exchange) -> None:
    await x.answer(gzip.compress(b"hello" * 1000)[:-12], "Content-Encoding: gzip")


@route("/gzip-not")
async def gzip_not(x: Exchange) -> None:
    await x.answer(b"plain text", "Content-Encoding: gzip")


@route("/gzip-flipped")
async def gzip_flipped(x: Exchange) -> None:
    data = bytearray(gzip.compress(b"hello" * 1000))
    data[-6] ^= 0xFF  # the checksum
    await x.answer(bytes(data), "Content-Encoding: gzip")


@route("/hang-up")
async def hang_up(x: Exchange) -> None:
    x.writer.close()


@route("/reset")
async def reset(x: Exchange) -> None:
    sock = x.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    x.writer.transport.abort()


@route("/reset-in-body")
async def reset_in_body(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await reset(x)


@route("/bad-status-line")
async def bad_status_line(x: Exchange) -> None:
    await x.raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


@route("/bad-status-number")
async def bad_status_number(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 9999 What\r\n\r\n")


@route("/bad-header")
async def bad_header(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")


@route("/nul-header")
async def nul_header(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\n\r\n")


@route("/escape-status")
async def escape_status(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 \x1b]0;pwned\x07\r\n\r\n")


@route("/binary")
async def binary(x: Exchange) -> None:
    await x.raw(bytes(range(256)) * 40)
    x.writer.close()


@route("/switching")
async def switching(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")


@route("/stale")
async def stale(x: Exchange) -> None:
    """Answer the first request of the server's life, then hang up on the next of a connection."""
    asked = sum(1 for other in x.server.seen if other.path == x.path)
    if asked == 2:
        x.writer.close()
        return
    await x.answer(b"hello")


# --- headers to stumble over ------------------------------------------------------------------


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
