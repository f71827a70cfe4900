"""One mailbox over IMAP; `opened` reads it and changes nothing: EXAMINE opens, PEEK leaves no mark.

Not a library's client: those wait in threads and take in literals of any size. This one knows the
commands that listening and filing need, holds every answer under a cap, and ends when told to.
"""

from __future__ import annotations

import asyncio
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crisisroom.mail.login import Login
from crisisroom.wire.address import why_not
from crisisroom.wire.answer import FetchError
from crisisroom.wire.imap import (
    Raw,
    Reply,
    folder_name,
    literal_size,
    message_in,
    quoted,
    read,
    uids_in,
)

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

MESSAGE_CAP = 256 << 10  # bytes taken of one message
IDLE_SECONDS = 540.0  # a server may hang up after 30 minutes, a router on the way sooner
_DEADLINE = 30.0  # seconds for one command
_LINE_CAP = 512 << 10  # bytes
_WINDOW = 20_000  # numbers looked through at once, so that no answer grows too long
_WINDOWS = 50
_COMMAND_CAP = 8 << 20  # bytes of all that answers one command
_MOST_REPLIES = 10_000  # to one command
_AT_ONCE = 8  # messages in one command
_LOGINS = ("AUTHENTICATE", "LOGIN")
_LOGIN_CODES = ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "UNAVAILABLE")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class Mailbox:
    """An open mailbox. `validity` is the mark of its numbers, `next` the number to come."""

    login: Login
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    abilities: frozenset[str] = frozenset()
    validity: int = 0
    next: int = 0
    news: bool = False
    _exists: int = 0
    _buffer: bytearray = field(default_factory=bytearray)
    _tag: str = field(default_factory=lambda: secrets.token_hex(4))  # not to be guessed: see TLS
    _count: int = 0
    _size: int = 0

    async def newer_than(self, uid: int) -> tuple[list[int], int]:
        """Return the numbers of the messages after this one, in order, and how far was looked."""
        for _ in range(_WINDOWS):
            until = uid + _WINDOW
            if until >= self.next:
                found = await self.search(f"UID {uid + 1}:*")
                return [one for one in found if one > uid], uid  # `*` is the last, however old
            if found := await self.search(f"UID {uid + 1}:{until}"):
                return found, uid
            uid = until
        return [], uid

    async def since(self, day: date) -> list[int]:
        """Return the numbers of the messages that came on this day or after it."""
        return await self.search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    async def messages(self, uids: list[int]) -> AsyncIterator[Raw]:
        """Yield messages by number; those that are gone meanwhile are left out."""
        for start in range(0, len(uids), _AT_ONCE):
            some = ",".join(map(str, uids[start : start + _AT_ONCE]))
            what = f"(UID INTERNALDATE BODY.PEEK[]<0.{MESSAGE_CAP}>)"
            for reply in await self.ask(f"UID FETCH {some} {what}"):
                if reply.name == "FETCH" and (raw := message_in(reply)):
                    yield raw

    async def wait(self, seconds: float = IDLE_SECONDS) -> None:
        """Wait until there is news, or so many seconds."""
        tag = await self._send("IDLE")
        async with asyncio.timeout(_DEADLINE):
            while (await self._reply()).tag != "+":
                continue
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.news:
                    self._size = 0
                    await self._reply()
        self._writer.write(b"DONE\r\n")
        await self._answered(tag, "IDLE")

    async def enter(self, fetch: Fetcher) -> None:
        """Greet, begin TLS where it is not there yet, and log in."""
        greeting = await self._greeting()
        await self._learn(greeting)
        if not self._writer.get_extra_info("ssl_object"):
            await self._secured(fetch)
        if greeting.name != "PREAUTH":
            await self._log_in()
            self.abilities = frozenset()
            await self._learn(None)

    async def examine(self) -> None:
        """Open the folder to read it."""
        for reply in await self.ask(f"EXAMINE {folder_name(self.login.folder)}"):
            code, said = reply.code
            if code == "UIDVALIDITY" and said.isdecimal():
                self.validity = int(said[:20])
            elif code == "UIDNEXT" and said.isdecimal():
                self.next = int(said[:20])
        self.news = False
        if not self.next:
            found = await self.ask("UID FETCH * (UID)")
            self.next = max((uid for one in found for uid in uids_in(one)), default=0) + 1

    def close(self) -> None:
        """Leave without waiting for the server."""
        with suppress(OSError):
            self._writer.write(f"{self._tag}x LOGOUT\r\n".encode())
            self._writer.close()

    async def _greeting(self) -> Reply:
        async with asyncio.timeout(_DEADLINE):
            greeting = await self._reply()
        if greeting.tag != "*" or greeting.name not in ("OK", "PREAUTH"):
            raise FetchError("protocol", f"{self.login.host}: {greeting.words or 'no IMAP'}")
        return greeting

    async def _learn(self, greeting: Reply | None) -> None:
        """Take in what the server can, asking for it where it has not said so."""
        if greeting and greeting.code[0] == "CAPABILITY":
            self.abilities = frozenset(greeting.code[1].upper().split())
            return
        for reply in await self.ask("CAPABILITY"):
            if reply.name == "CAPABILITY":
                said = [one for one in reply.values if isinstance(one, str)]
                self.abilities = frozenset(one.upper() for one in said)

    async def _secured(self, fetch: Fetcher) -> None:
        """Begin TLS; without it only to an address of our own network, where that is allowed."""
        login = self.login
        if "STARTTLS" in self.abilities:
            await self.ask("STARTTLS")
            if self._buffer:
                raise FetchError("tls", f"{login.host}: speaks on before TLS has begun")
            await fetch.upgrade(self._writer, login.host, login.ca_file)
            await self._learn(None)
            return
        peer = str((self._writer.get_extra_info("peername") or [""])[0])
        if not login.private or not why_not(peer):
            raise FetchError("tls", f"{login.host}: offers no TLS: the password stays here")

    async def _log_in(self) -> None:
        user, password = self.login.user, self.login.password
        if "AUTH=PLAIN" in self.abilities:
            said = b64encode(f"\0{user}\0{password}".encode())
            await self.ask("AUTHENTICATE PLAIN", then=said)
            return
        try:
            words = f"LOGIN {quoted(user)} {quoted(password)}"
        except ValueError as error:
            why = f"{self.login.host}: takes plain ASCII passwords only"
            raise FetchError("status", why) from error
        if "LOGINDISABLED" in self.abilities:
            raise FetchError("status", f"{self.login.host}: takes no password")
        await self.ask(words)

    async def search(self, what: str) -> list[int]:
        """Return the numbers of the messages that fit, in order."""
        numbers = (
            int(one[:10])
            for reply in await self.ask(f"UID SEARCH {what}")
            if reply.name == "SEARCH"
            for one in reply.values[1:]
            if isinstance(one, str) and one.isdecimal()
        )
        return sorted(set(numbers))

    async def ask(self, words: str, *, then: bytes = b"") -> list[Reply]:
        """Send a command and return what was answered up to its OK; FetchError for a NO."""
        tag = await self._send(words)
        return await self._answered(tag, words.partition(" ")[0], then)

    async def _answered(self, tag: str, command: str, then: bytes = b"") -> list[Reply]:
        replies: list[Reply] = []
        try:
            async with asyncio.timeout(_DEADLINE):
                while (reply := await self._reply()).tag != tag:
                    if reply.tag == "+" and then:
                        self._writer.write(then + b"\r\n")
                        then = b""
                    replies.append(reply)
                    if len(replies) > _MOST_REPLIES:
                        many = f"{self.login.host}: more than {_MOST_REPLIES} answers"
                        raise FetchError("too_large", many)
        except TimeoutError as error:
            message = f"{self.login.host}: no answer to {command} within {_DEADLINE:g} s"
            raise FetchError("timeout", message) from error
        if reply.name != "OK":
            message = f"{self.login.host}: {command}: {_told(command, reply)}"
            raise FetchError("status", message, login=command in _LOGINS)
        return [*replies, reply]

    async def _send(self, words: str) -> str:
        self._count += 1
        self._size = 0
        tag = f"{self._tag}{self._count}"
        self._writer.write(f"{tag} {words}\r\n".encode())
        return tag

    async def _reply(self) -> Reply:
        """Read one response with its literals; one that hangs up or says too much is an error."""
        parts = [await self._line()]
        while (size := literal_size(parts[-1])) is not None:
            parts.append(await self._bytes(size))
            parts.append(await self._line())
        reply = read(parts)
        if reply.name == "BYE" and reply.tag == "*":
            raise FetchError("refused", f"{self.login.host}: {reply.words}")
        if reply.name == "EXISTS":
            self.news = self.news or reply.number > self._exists
            self._exists = reply.number
        elif reply.name == "EXPUNGE":
            self._exists -= 1
        return reply

    async def _line(self) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > _LINE_CAP:
                raise FetchError("too_large", f"{self.login.host}: a line without an end")
            await self._more()
        line = bytes(self._buffer[:end]).removesuffix(b"\r")
        del self._buffer[: end + 1]
        return line

    async def _bytes(self, size: int) -> bytes:
        if size > MESSAGE_CAP + 1024:
            raise FetchError("too_large", f"{self.login.host}: a literal of {size} bytes")
        while len(self._buffer) < size:
            await self._more()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    async def _more(self) -> None:
        chunk = await self._reader.read(1 << 16)
        if not chunk:
            raise FetchError("protocol", f"{self.login.host}: hung up")
        self._size += len(chunk)
        if self._size > _COMMAND_CAP:
            raise FetchError("too_large", f"{self.login.host}: more than {_COMMAND_CAP} bytes")
        self._buffer += chunk


def _told(command: str, reply: Reply) -> str:
    """Return why a command was not done; what is said about a login may hold the password."""
    code = reply.code[0] if reply.code[0] in _LOGIN_CODES else "not taken"
    return code if command in _LOGINS else reply.words


@asynccontextmanager
async def opened(login: Login, fetch: Fetcher) -> AsyncIterator[Mailbox]:
    """Open a mailbox's folder; FetchError says what went wrong, inside as well."""
    async with entered(login, fetch) as mailbox:
        await mailbox.examine()
        yield mailbox


@asynccontextmanager
async def entered(login: Login, fetch: Fetcher) -> AsyncIterator[Mailbox]:
    """Log in to a mailbox without opening a folder; FetchError says what went wrong."""
    reader, writer = await fetch.connect(
        login.host,
        login.port,
        tls=login.tls,
        private=login.private,
        ca_file=login.ca_file,
        deadline=_DEADLINE,
    )
    mailbox = Mailbox(login, reader, writer)
    try:
        await mailbox.enter(fetch)
        yield mailbox
    except (OSError, TimeoutError) as error:
        raise FetchError("protocol", f"{login.host}: {str(error)[:160] or 'silent'}") from error
    finally:
        mailbox.close()
