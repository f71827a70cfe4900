"""Mails, good and hostile."""

from __future__ import annotations

from base64 import b64encode

HEAD = b"From: Pat <pat@fans.test>\r\nSubject: s\r\nMessage-ID: <%s@x>\r\n"


def mail(body: bytes = b"words\r\n", *headers: bytes, id_: bytes = b"a") -> bytes:
    """Return a mail of these header lines and this body."""
    lines = b"".join(line + b"\r\n" for line in headers)
    return HEAD % id_ + lines + b"\r\n" + body


def multipart(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    """Return a mail made of parts, each with its headers."""
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return mail(body, b"Content-Type: multipart/%s; boundary=b" % kind)


def part(text: bytes, *headers: bytes) -> bytes:
    """Return one part."""
    return b"".join(line + b"\r\n" for line in headers) + b"\r\n" + text


def nested(depth: int) -> bytes:
    """Return a mail with parts in parts in parts."""
    head = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1)
        for n in range(depth)
    )
    return mail(head + b"deep\r\n", b"Content-Type: multipart/mixed; boundary=b0")


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "no head": b"\r\n\r\nonly words",
    "only zeros": b"\0" * 1000,
    "1,000 parts": multipart(*[part(b"p%d" % n) for n in range(1000)]),
    "50,000 empty parts": mail(b"--b\r\n" * 50_000, b"Content-Type: multipart/mixed; boundary=b"),
    "nested 500": nested(500),
    "headers without end": mail(b"x", b"X: " + b"y" * 250_000),
    "100,000 headers": b"a:\r\n" * 60_000,
    "folded for ever": b"Subject: a\r\n" + b" b\r\n" * 60_000,
    "encoded words": b"Subject: " + b"=?utf-8?b?w6k=?= " * 15_000 + b"\r\n\r\nx",
    "broken encoded words": b"Subject: " + b"=?x?q?" * 40_000 + b"\r\n\r\nx",
    "quotes in a type": mail(b"x", b'Content-Type: text/plain; a="' + b'\\";' * 60_000),
    "parameters": mail(b"x", b"Content-Type: text/plain" + b"; a*0=b" * 30_000),
    "addresses": b"From: " + b"<" * 200_000 + b"\r\n\r\nx",
    "comments": b"From: " + b"(" * 200_000 + b"a@b\r\n\r\nx",
    "references": b"References: " + b"<a@b> " * 40_000 + b"\r\n\r\nx",
    "unknown charset": mail(b"x\xff", b"Content-Type: text/plain; charset=klingon"),
    "charset rot13": mail(b"x", b"Content-Type: text/plain; charset=rot13"),
    "charset punycode": mail(b"x-" * 100_000, b"Content-Type: text/plain; charset=punycode"),
    "charset idna": mail(b"x" * 200_000, b"Content-Type: text/plain; charset=idna"),
    "charset zip": mail(b"x", b"Content-Type: text/plain; charset=zlib"),
    "charset with a path": mail(b"x", b"Content-Type: text/plain; charset=../../etc/passwd"),
    "utf-16 cut": mail(b"\xff\xfea", b"Content-Type: text/plain; charset=utf-16"),
    "bad base64": mail(b"=!?" * 50_000 + b"aGk", b"Content-Transfer-Encoding: base64"),
    "bad quoted-printable": mail(b"=XX=" * 60_000, b"Content-Transfer-Encoding: quoted-printable"),
    "unknown coding": mail(b"words", b"Content-Transfer-Encoding: x-uuencode"),
    "empty boundary": mail(b"--\r\nx\r\n----\r\n", b'Content-Type: multipart/mixed; boundary=""'),
    "boundary of dashes": mail(b"-" * 200_000, b"Content-Type: multipart/mixed; boundary=-"),
    "html of tags": mail(b"<b>" * 80_000, b"Content-Type: text/html"),
    "html of brackets": mail(b"<" * 250_000, b"Content-Type: text/html"),
    "half characters": mail("\ud83d".encode("utf-8", "surrogatepass"), b"Subject: \xed\xa0\xbd"),
    "escape sequences": mail(b"\x1b]52;c;aGk=\x1b\\", b"Subject: \x1b[2J"),
    "quotes": mail(b"> x\r\n" * 50_000),
    "colons": mail(b"On x wrote:\r\n" * 20_000),
    "mail headers": mail(b"From: a\r\n" * 20_000),
    "dashes": mail(b"-- \r\n" * 40_000),
    "a file name": multipart(part(b"x", b'Content-Disposition: attachment; filename="../../a\0b"')),
    "packed words": mail(b64encode("grüße".encode()), b"Content-Transfer-Encoding: base64"),
}
