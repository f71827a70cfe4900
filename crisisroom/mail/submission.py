"""One mail over SMTP, and at every moment the knowledge whether it may be out.

Not a library's client: those do not tell a connection lost before the last dot, when nothing went
out, from one lost after it, when nobody knows. Everything up to the dot may fail without harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from crisisroom.text import clean_line
from crisisroom.wire.address import why_not
from crisisroom.wire.answer import FetchError
from crisisroom.wire.smtp import (
    LINE_CAP,
    MOST_LINES,
    Denied,
    Reply,
    abilities,
    line_of,
    packed,
    plain,
    stuffed,
)

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

TLS_PORT = 465
USUAL_PORT = 587
_DEADLINE = 30.0  # seconds for one command, and for all of a mail's lines
_TAKING = 120.0  # seconds for the answer to the last dot, while which a server looks for viruses


@dataclass(frozen=True, slots=True)
class Door:
    """Where mail is handed in, and by whom; the password is never printed."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    private: bool = False
    ca_file: str = ""


@dataclass(slots=True)
class Submission:
    """An open connection that takes one mail. `doubtful` from the last dot to its answer."""

    door: Door
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    doubtful: bool = False
    _can: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _buffer: bytearray = field(default_factory=bytearray)

    @property
    def size(self) -> int:
        """The most bytes of one mail, 0 where the server names no limit."""
        said = self._can.get("SIZE", ())
        return int(said[0][:15]) if said and said[0].isdecimal() else 0

    async def open(self, fetch: Fetcher) -> None:
        """Greet, begin TLS where it is not there yet, and log in; FetchError or Denied."""
        await self._answer("the connection")
        await self._greet()
        if not self._writer.get_extra_info("ssl_object"):
            await self._secured(fetch)
        await self._log_in()

    async def address(self, sender: str, recipients: Sequence[str], size: int) -> None:
        """Say from whom and to whom; all of them are taken, or Denied and nobody gets it."""
        more = f" SIZE={size}" if "SIZE" in self._can else ""
        await self._ask(f"MAIL FROM:<{sender}>{more}", "the sender")
        for one in recipients:
            await self._ask(f"RCPT TO:<{one}>", "a recipient")

    async def hand_over(self, mail: bytes) -> None:
        """Send all of a mail but its last dot: nothing is out yet."""
        reply = await self._ask("DATA", "the mail")
        if reply.code != 354:
            raise FetchError("protocol", f"{self.door.host}: answers {reply.code} to DATA")
        self._writer.write(stuffed(mail))
        async with asyncio.timeout(_DEADLINE):
            await self._writer.drain()

    async def commit(self) -> None:
        """Send the last dot and wait for its answer; Denied is certain, anything else is doubt."""
        if self._buffer:
            raise FetchError("protocol", f"{self.door.host}: answers before the mail has ended")
        self.doubtful = True
        self._writer.write(b".\r\n")
        reply = await self._reply("the mail", _TAKING)
        if reply.code // 100 == 3:
            raise FetchError("protocol", f"{self.door.host}: answers {reply.code} to a whole mail")
        self.doubtful = False
        self._require(reply, "the mail")

    def close(self) -> None:
        """Leave without waiting for the server."""
        with suppress(OSError):
            if not self.doubtful:
                self._writer.write(b"QUIT\r\n")
            self._writer.close()

    async def _greet(self) -> None:
        address = ip_address(str(self._writer.get_extra_info("sockname")[0]).partition("%")[0])
        name = f"[{'IPv6:' if address.version == 6 else ''}{address}]"
        reply = await self._ask(f"EHLO {name}", "EHLO")
        self._can = abilities(reply.lines[1:])

    async def _secured(self, fetch: Fetcher) -> None:
        """Begin TLS; without it only to an address of our own network, where that is allowed."""
        door = self.door
        if "STARTTLS" in self._can:
            await self._ask("STARTTLS", "STARTTLS")
            if self._buffer:
                raise FetchError("tls", f"{door.host}: speaks on before TLS has begun")
            await fetch.upgrade(self._writer, door.host, door.ca_file)
            await self._greet()
            return
        peer = str((self._writer.get_extra_info("peername") or [""])[0])
        if not door.private or not why_not(peer):
            raise FetchError("tls", f"{door.host}: offers no TLS: the password stays here")

    async def _log_in(self) -> None:
        """Log in; a relay of our own network that offers no login is used without."""
        ways, user, password = self._can.get("AUTH", ()), self.door.user, self.door.password
        if "PLAIN" in ways:
            await self._ask(f"AUTH PLAIN {plain(user, password)}", "the login", secret=True)
        elif "LOGIN" in ways:
            await self._ask("AUTH LOGIN", "the login", secret=True)
            await self._ask(packed(user), "the login", secret=True)
            await self._ask(packed(password), "the login", secret=True)
        elif ways or not self.door.private:
            raise FetchError("status", f"{self.door.host}: offers no login with a password")

    async def _ask(self, words: str, what: str, *, secret: bool = False) -> Reply:
        """Send a command and return its good reply; Denied for a no, FetchError for silence."""
        if "\r" in words or "\n" in words:
            raise FetchError("address", f"{self.door.host}: {what} has more than one line")
        self._writer.write(f"{words}\r\n".encode())
        return await self._answer(what, secret=secret)

    async def _answer(self, what: str, *, secret: bool = False) -> Reply:
        reply = await self._reply(what, _DEADLINE)
        self._require(reply, what, secret=secret)
        return reply

    def _require(self, reply: Reply, what: str, *, secret: bool = False) -> None:
        """Raise Denied for a no; what a server says about a login may hold the password."""
        if not reply.good:
            said = "" if secret else f": {self._without_password(reply.words)}"
            message = f"{self.door.host}: {what} was not taken ({reply.code}){said}"
            raise Denied(clean_line(message, limit=300), reply)

    def _without_password(self, words: str) -> str:
        user, password = self.door.user, self.door.password
        for one in (password, packed(password), plain(user, password)):
            words = words.replace(one, "…") if one else words
        return words

    async def _reply(self, what: str, deadline: float) -> Reply:
        try:
            async with asyncio.timeout(deadline):
                return await self._whole()
        except TimeoutError as error:
            message = f"{self.door.host}: no answer about {what} within {deadline:g} s"
            raise FetchError("timeout", message) from error

    async def _whole(self) -> Reply:
        said: list[str] = []
        for _ in range(MOST_LINES):
            code, more, words = line_of(await self._line())
            said.append(words)
            if not more:
                return Reply(code, tuple(said))
        raise FetchError("too_large", f"{self.door.host}: a reply without an end")

    async def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LINE_CAP:
                raise FetchError("too_large", f"{self.door.host}: a line without an end")
            chunk = await self._reader.read(LINE_CAP)
            if not chunk:
                raise FetchError("protocol", f"{self.door.host}: hung up")
            self._buffer += chunk
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        return line


@asynccontextmanager
async def handing_in(door: Door, fetch: Fetcher) -> AsyncIterator[Submission]:
    """Open a connection and log in; FetchError or Denied says what went wrong, inside as well."""
    reader, writer = await fetch.connect(
        door.host,
        door.port,
        tls=door.port == TLS_PORT,
        private=door.private,
        ca_file=door.ca_file,
        deadline=_DEADLINE,
    )
    submission = Submission(door, reader, writer)
    try:
        await submission.open(fetch)
        yield submission
    except (OSError, TimeoutError) as error:
        raise FetchError("protocol", f"{door.host}: {str(error)[:160] or 'silent'}") from error
    finally:
        submission.close()
