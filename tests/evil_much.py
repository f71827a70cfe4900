"""Answers that are too much, or that take too long."""

from __future__ import annotations

import asyncio
import gzip
import zlib

from evil import Exchange, route

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


@route("/tiny-chunks")
async def tiny_chunks(x: Exchange) -> None:
    """Send what is not much, in more pieces than anybody can bear."""
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await x.raw(b"1\r\nx\r\n" * 11_000)


@route("/gzip-endless-name")
async def gzip_endless_name(x: Exchange) -> None:
    """Send the head of a gzip whose file name does not end."""
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + bytes(6))
    while True:
        await x.raw(b"n" * 65536)


@route("/gzip-empty-blocks")
async def gzip_empty_blocks(x: Exchange) -> None:
    """Send a gzip that goes on and on and unpacks to nothing."""
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08" + bytes(7))
    while True:
        await x.raw(b"\x00\x00\x00\xff\xff" * 13_000)


@route("/cookie-flood")
async def cookie_flood(x: Exchange) -> None:
    await x.answer(b"hello", *(f"Set-Cookie: c{n}={'y' * 90}" for n in range(700)))


@route("/hints-heavy")
async def hints_heavy(x: Exchange) -> None:
    """Send hints with ten thousand header lines each, and no answer."""
    while True:
        await x.raw(b"HTTP/1.1 103 Early Hints\r\n" + b"a:b\r\n" * 10_000 + b"\r\n")


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


@route("/drip-chunks")
async def drip_chunks(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await x.raw(b"1\r\nx\r\n")
        await asyncio.sleep(0.02)


@route("/drip-gzip")
async def drip_gzip(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    for byte in gzip.compress(bytes(range(256)) * 40):
        await x.raw(bytes([byte]))
        await asyncio.sleep(0.02)


@route("/drip-redirect")
async def drip_redirect(x: Exchange) -> None:
    await asyncio.sleep(0.15)
    await x.answer(b"", "Location: /drip-redirect", status="302 Found")


@route("/continue-for-ever")
async def continue_for_ever(x: Exchange) -> None:
    while True:
        await x.raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 2500)


@route("/processing-then-silence")
async def processing_then_silence(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 102 Processing\r\n\r\n")
    await asyncio.sleep(3600)


@route("/half-status")
async def half_status(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 2")
    await asyncio.sleep(3600)


@route("/no-end")
async def no_end(x: Exchange) -> None:
    """Send all of a body of no stated length, and never say that it is all."""
    await x.raw(b"HTTP/1.1 200 OK\r\n\r\n<rss version='2.0'><channel/></rss>")
    await asyncio.sleep(3600)


@route("/no-last-chunk")
async def no_last_chunk(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    await asyncio.sleep(3600)


@route("/retry-date")
async def retry_date(x: Exchange) -> None:
    when = "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"
    await x.answer(b"", when, status="429 Slow")


@route("/retry-junk")
async def retry_junk(x: Exchange) -> None:
    await x.answer(b"", "Retry-After: \x1bsoon, -5", status="503 Busy")
