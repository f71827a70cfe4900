"""Where the misbehaving server sends people."""

from __future__ import annotations

from evil import ROUTES, Exchange, route


def _redirect(path: str, location: str, status: str = "302 Found") -> None:
    async def handler(x: Exchange) -> None:
        here = location.replace("PORT", str(x.server.port))
        await x.raw(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n".encode())
        await x.raw(f"Location: {here}\r\n\r\n".encode())

    ROUTES[path] = handler


for _name, _location in {
    "loop": "/to/loop",
    "ok": "/ok",
    "protocol-relative": "//evil.test:PORT/ok",
    "fragment": "/ok#part",
    "other-host": "http://other.test:PORT/ok",
    "private-name": "http://intranet.test:PORT/ok",
    "private": "http://127.0.0.1:PORT/ok",
    "decimal": "http://2130706433:PORT/ok",
    "hex": "http://0x7f.1:PORT/ok",
    "mapped": "http://[::ffff:127.0.0.1]:PORT/ok",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "file": "file:///etc/passwd",
    "data": "data:text/plain,hello",
    "ftp": "ftp://evil.test/x",
    "javascript": "javascript:alert(1)",
    "userinfo": "http://user:secret@evil.test:PORT/ok",
    "port": "http://evil.test:99999/",
    "port-zero": "http://evil.test:0/",
    "bad-v6": "http://[::1/ok",
    "long": "/ok?" + "x" * 9000,
    "empty": "",
    "space": "http://evil .test/",
    "idna": "http://" + "ü" * 300 + ".test/",
}.items():
    _redirect(f"/to/{_name}", _location)
_redirect("/to/ok-308", "/ok", "308 Permanent Redirect")


@route("/to/nowhere")
async def nowhere(x: Exchange) -> None:
    await x.answer(b"", status="302 Found")


@route("/to/bytes")
async def redirect_bytes(x: Exchange) -> None:
    await x.raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://\xff\xfe/\r\n\r\n")
