"""A canary in every place where a channel's secret can be: found nowhere else, whatever happens.

The other side repeats to us whatever we said, with every status: what a network answers is shown
to people, kept in the room and exported.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crisisroom.channels import Channel, Outgoing, Receipt, make
from crisisroom.clock import ManualClock
from crisisroom.config import Account
from crisisroom.config.token import secret
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError

CANARY = "cAnArY7391xQ"
NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
_CODED = [base64.b64encode(b"x" * at + CANARY.encode())[4:-4].decode() for at in range(3)]
STATUSES = (200, 201, 400, 401, 402, 403, 404, 409, 422, 429, 500, 503)

# kind -> options ({url} and {host} are the other side's), the secret, and a thing's id there
KINDS: dict[str, tuple[dict[str, str], str, str]] = {
    "mastodon": ({"server": "{url}"}, CANARY, "7"),
    "bluesky": ({"server": "{url}", "handle": "acme.test"}, CANARY, "at://did:plc:x/app.bsky/1"),
    "wordpress": ({"server": "{url}", "handle": "acme"}, CANARY, "7"),
    "mail": ({"smtp": "{host}", "handle": "acme", "sender": "a@acme.test", "to": "b@acme.test"},
             CANARY, "<7@acme.test>"),
    "matrix": ({"server": "{url}", "to": "!room:acme.test"}, CANARY, "$7"),
    "webhook": ({"server": "{url}"}, CANARY, "7"),
    "slack": ({"server": "{url}", "to": "C0123456789"}, CANARY, "1700000000.000100"),
    "x": ({"server": "{url}"}, CANARY, "7"),
    "reddit": ({"server": "{url}", "app": "a", "to": "acme"}, f"{CANARY}:{CANARY}", "t3_abc"),
}  # fmt: skip
SIGNED = ({"server": "{url}", "app": "a"}, f"{CANARY}:{CANARY}:{CANARY}", "7")
WAYS = {**KINDS, "x-signed": SIGNED}


def leaks(text: str) -> bool:
    """Tell whether the canary is in a text, as it is or as headers carry it."""
    return CANARY in text or any(one in text for one in _CODED)


def test_the_canary_is_recognised() -> None:
    assert leaks(f"Bearer {CANARY}")
    for user in ("a", "ab", "abc", "acme"):
        assert leaks(base64.b64encode(f"{user}:{CANARY}".encode()).decode())
    assert not leaks("cAnArY")


# --- the other side -----------------------------------------------------------------------------


def _repeated(heard: str) -> dict[str, Any]:
    """Return what was heard in every field in which some network says something."""
    one = {"error": heard, "message": heard, "detail": heard, "title": heard, "errcode": heard}
    more = {"error_description": heard, "explanation": heard, "reason": heard, "code": heard}
    told = {"errors": [["NO", heard, heard]], "data": {}}
    return {**one, **more, "ok": False, "needed": heard, "errors": [one], "json": told}


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    fields = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    length = next((int(value) for name, _, value in fields if name == b"content-length"), 0)
    heard = (head + await reader.readexactly(length)).decode()
    body = json.dumps(_repeated(heard)).encode()
    lines = (
        f"HTTP/1.1 {status} No",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    writer.write("\r\n".join((*lines, "Connection: close", "", "")).encode() + body)


async def _smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: int) -> None:
    writer.write(b"220 parrot ESMTP\r\n")
    heard = ""
    while line := await reader.readline():
        text = line.decode("utf-8", "replace").strip()
        heard = f"{heard} {text} {_plain(text)}"[-400:]
        if text.upper().startswith("EHLO"):
            writer.write(b"250-parrot\r\n250 AUTH PLAIN LOGIN\r\n")
        elif status < 300 and text.upper().startswith(("AUTH", "MAIL", "RCPT")):
            writer.write(f"235 {heard}\r\n".encode())
        else:
            writer.write(f"{550 if status < 500 else 450} {heard}\r\n".encode())
        await writer.drain()


def _plain(text: str) -> str:
    """Return what an AUTH line says in base64."""
    with suppress(ValueError):
        return base64.b64decode(text.split()[-1]).decode("utf-8", "replace").replace("\0", " ")
    return ""


@asynccontextmanager
async def parrot(kind: str, status: int) -> AsyncIterator[str]:
    """Run a server on loopback that repeats what it hears; yields its host and port."""
    speak = _smtp if kind == "mail" else _http

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await speak(reader, writer, status)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


# --- what is done with it -----------------------------------------------------------------------


def _channel(way: str, host: str, token: str) -> Channel:
    options, _, _ = WAYS[way]
    said = {key: text.format(url=f"http://{host}", host=host) for key, text in options.items()}
    kind = way.partition("-")[0]
    chosen: dict[str, Any] = {**said, "private": True}
    return make(kind, "acme", chosen, token=token, clock=ManualClock(NOW))


async def _everything(channel: Channel, thing: str, fetch: Fetcher) -> list[str]:
    """Do all that a channel can, and return what people and files could come to see of it."""
    reply = Outgoing(key="k", text="We know.", first_try_at=NOW, in_reply_to=thing, title="News")
    statement = Outgoing(key="k", text="We know.", first_try_at=NOW, title="News")
    acts: list[Callable[[], Any]] = [
        lambda: channel.prepare(fetch),
        lambda: channel.send(reply, fetch),
        lambda: channel.send(statement, fetch),
        lambda: channel.find(reply, fetch),
        lambda: channel.find(statement, fetch),
        lambda: channel.retract(Receipt(thing), fetch),
    ]
    seen = [repr(channel), str(channel)]
    for act in acts:
        try:
            seen.append(repr(await act()))
        except Exception as error:
            seen += [str(error), repr(error), *traceback.format_exception(error)]
    return seen


async def _fails(*_: object, **__: object) -> None:
    raise FetchError("protocol", "the line is cut", sent=True)


async def _breaks(*_: object, **__: object) -> None:
    raise RuntimeError("our own mistake")


def _leaked(
    seen: list[str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> list[str]:
    told = capfd.readouterr()
    logged = [record.getMessage() for record in caplog.records] + [caplog.text]
    return [text for text in (*seen, *logged, told.out, told.err) if leaks(text)]


@pytest.mark.parametrize("way", WAYS)
async def test_a_network_that_repeats_our_secret(
    way: str, fetch: Fetcher, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    _, token, thing = WAYS[way]
    for status in STATUSES:
        async with parrot(way, status) as host:
            seen = await _everything(_channel(way, host, token), thing, fetch)
        assert _leaked(seen, caplog, capfd) == []
        caplog.clear()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("breaking", [_fails, _breaks])
async def test_a_line_that_breaks_and_a_mistake_of_ours(
    way: str, breaking: Callable[..., Any], fetch: Fetcher, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    _, token, thing = WAYS[way]
    for name in ("_whole", "connect"):
        monkeypatch.setattr(fetch, name, breaking)
    seen = await _everything(_channel(way, "127.0.0.1:9", token), thing, fetch)
    assert _leaked(seen, caplog, capfd) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("odd", ["\n", "\r\nX: y", "\0", " ", "\u2028", "é", "\ud83d"])
async def test_a_secret_that_is_none(
    way: str, odd: str, fetch: Fetcher, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Headers cannot carry everything, and libraries like to say what they could not carry."""
    caplog.set_level(logging.DEBUG)
    _, token, thing = WAYS[way]
    async with parrot(way, 401) as host:
        try:
            channel = _channel(way, host, token + odd)
        except Refused as refusal:
            seen = [refusal.message, refusal.hint, *traceback.format_exception(refusal)]
        else:
            seen = await _everything(channel, thing, fetch)
    assert _leaked(seen, caplog, capfd) == []


# --- where it comes from ------------------------------------------------------------------------


def _env(account: dict[str, Any], _: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", CANARY)
    account["token_env"] = "ACME_TOKEN"


def _file(account: dict[str, Any], folder: Path, _: pytest.MonkeyPatch) -> None:
    path = folder / "token"
    path.touch(0o600)
    path.write_text(CANARY)
    account["token_file"] = str(path)


def _command(account: dict[str, Any], _: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "crisisroom" / "commands"
    folder.mkdir(0o700, parents=True)
    path = folder / "acme"
    path.write_text(f"#!/bin/sh\necho {CANARY}\necho {CANARY} >&2\n")
    path.chmod(0o700)
    account["token_command"] = "acme"


def _credential(account: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "acme-token"
    path.touch(0o400)
    path.chmod(0o600)
    path.write_text(CANARY)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    account["token_credential"] = "acme-token"


PLACES = {"env": _env, "file": _file, "command": _command, "credential": _credential}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
async def test_from_each_place(
    kind: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetch: Fetcher,
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    said: dict[str, Any] = {"id": "acme", "type": kind}
    PLACES[place](said, tmp_path, monkeypatch)
    account = Account(**said)
    token = secret(account)
    assert token == CANARY
    token = f"{token}:{token}" if kind == "reddit" else token
    async with parrot(kind, 403) as host:
        seen = await _everything(_channel(kind, host, token), KINDS[kind][2], fetch)
    assert _leaked([*seen, repr(account)], caplog, capfd) == []


@pytest.mark.parametrize("place", ["file", "command", "credential"])
def test_a_place_that_others_can_read_or_change(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    said: dict[str, Any] = {"id": "acme", "type": "x"}
    PLACES[place](said, tmp_path, monkeypatch)
    commands = Path(os.environ["XDG_CONFIG_HOME"]) / "crisisroom" / "commands"
    for folder in (tmp_path, commands):
        for path in folder.iterdir() if folder.is_dir() else ():
            path.chmod(0o777)
    with pytest.raises(Refused) as caught:
        secret(Account(**said))
    seen = [caught.value.message, caught.value.hint, *traceback.format_exception(caught.value)]
    assert _leaked(seen, caplog, capfd) == []
