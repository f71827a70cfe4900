"""A STAND-IN for an IMAP server that says what a test wants: for what Dovecot never would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Say = Callable[[str, str], bytes]

GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n"


def literal(data: bytes) -> bytes:
    """Return bytes as IMAP sends them."""
    return b"{%d}\r\n%s" % (len(data), data)


@dataclass
class StandIn:
    """Its messages by number, and what it answers in place of the usual."""

    port: int = 0
    greeting: bytes = GREETING
    validity: int = 7
    messages: dict[int, bytes] = field(default_factory=dict)
    instead: dict[str, bytes | Say] = field(default_factory=dict)
    line: str = ""  # the last one, whole
    asked: list[str] = field(default_factory=list)
    push: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def host(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.port}"

    def note(self, words: str) -> None:
        """Remember what was asked."""
        self.asked.append(words)
        self._heard.set()

    async def until(self, ready: Callable[[list[str]], bool]) -> None:
        """Wait until what was asked fits."""
        while not ready(self.asked):
            self._heard.clear()
            await self._heard.wait()

    def answer(self, tag: str, words: str) -> bytes:
        """Answer one command."""
        command = words.partition(" ")[0]
        command = " ".join(words.split(" ")[:2]) if command == "UID" else command
        for name, said in self.instead.items():
            if command == name:
                return said if isinstance(said, bytes) else said(tag, words)
        return self._usual(command, words) + f"{tag} OK done\r\n".encode()

    def _usual(self, command: str, words: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 IDLE\r\n"
        if command == "EXAMINE":
            known = (len(self.messages), self.validity, max(self.messages, default=0) + 1)
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY %d] .\r\n* OK [UIDNEXT %d] .\r\n" % known
        if command == "UID SEARCH":
            found = [b" %d" % uid for uid in self.messages if self._wanted(uid, words)]
            return b"* SEARCH%s\r\n" % b"".join(found)
        if command == "UID FETCH":
            return b"".join(map(self._fetched, self._named(words)))
        return b""

    def _wanted(self, uid: int, words: str) -> bool:
        if " UID " not in words:
            return True
        low = int(words.rpartition(" ")[2].partition(":")[0])
        return uid >= low or uid == max(self.messages)  # `*` is the last one, as in the RFC

    def _named(self, words: str) -> list[int]:
        return [int(one) for one in words.split(" ")[2].split(",") if one.isdecimal()]

    def _fetched(self, uid: int) -> bytes:
        if uid not in self.messages:
            return b""
        data = literal(self.messages[uid][: 256 << 10])
        when = b'INTERNALDATE "22-Nov-2026 02:00:00 +0000"'
        return b"* 1 FETCH (UID %d %s BODY[]<0> %s)\r\n" % (uid, when, data)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(self.greeting)
            while line := (await reader.readline()).decode().strip():
                self.line = line
                tag, _, words = line.partition(" ")
                self.note(words)
                if words == "IDLE":
                    await self._idle(reader, writer, tag)
                else:
                    writer.write(self.answer(tag, words))
                await writer.drain()
        writer.close()

    async def _idle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tag: str
    ) -> None:
        writer.write(b"+ idling\r\n")
        done = asyncio.ensure_future(reader.readline())
        while not done.done():
            said = asyncio.ensure_future(self.push.get())
            await asyncio.wait({done, said}, return_when=asyncio.FIRST_COMPLETED)
            if said.done() and said.result() is None:
                writer.close()
                return
            writer.write(said.result() or b"" if said.done() else b"")
            said.cancel()
        self.note((await done).decode().strip())
        writer.write(f"{tag} OK done\r\n".encode())


@asynccontextmanager
async def standing() -> AsyncIterator[StandIn]:
    """Run it on a free loopback port."""
    one = StandIn()
    server = await asyncio.start_server(one._connection, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        one.push.put_nowait(None)
        server.close()
