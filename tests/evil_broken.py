"""Answers that are cut off, or no HTTP at all."""

from __future__ import annotations

import gzip
import socket
import struct

from evil import Exchange, route


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


@route("/length-and-chunks")
async def length_and_chunks(x: Exchange) -> None:
    """Give two lengths, as who smuggles an answer in does."""
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\nTransfer-Encoding: chunked\r\n\r\n")
    await x.raw(b"5\r\nhel")
    x.writer.close()


@route("/length-plus")
async def length_plus(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello")


@route("/length-hex")
async def length_hex(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello")


@route("/length-list")
async def length_list(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5, 7\r\n\r\nhello")


@route("/coding-unknown")
async def coding_unknown(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")


@route("/coding-vague")
async def coding_vague(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")


@route("/chunk-words")
async def chunk_words(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n")
    x.writer.close()


@route("/chunk-no-end")
async def chunk_no_end(x: Exchange) -> None:
    """Let a chunk be longer than it says."""
    await x.raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello there\r\n0\r\n\r\n"
    )
    x.writer.close()


@route("/version-2")
async def version_2(x: Exchange) -> None:
    """Speak HTTP/2 to who did not ask for it."""
    await x.raw(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64" + bytes(40))
    x.writer.close()


@route("/bare-words")
async def bare_words(x: Exchange) -> None:
    """Answer as the web of 1991 did: without a head."""
    await x.raw(b"<html>hello</html>\r\n\r\n")
    x.writer.close()


@route("/tls-alert")
async def tls_alert(x: Exchange) -> None:
    await x.raw(b"\x15\x03\x03\x00\x02\x02\x28")
    x.writer.close()


@route("/nothing-but-lines")
async def nothing_but_lines(x: Exchange) -> None:
    await x.raw(b"\r\n" * 40)
    x.writer.close()


@route("/header-space")
async def header_space(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello")


@route("/header-nameless")
async def header_nameless(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\n: nobody\r\n\r\n")


@route("/half-head")
async def half_head(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 200 OK\r\nContent-Le")
    x.writer.close()


@route("/status-negative")
async def status_negative(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 -20 OK\r\n\r\n")


@route("/status-words")
async def status_words(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 fine OK\r\n\r\n")
