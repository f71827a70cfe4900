"""A STAND-IN for an SMTP server that says what a test wants: for what real ones never would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

ABILITIES = (b"standin", b"SIZE 1000000", b"AUTH PLAIN LOGIN", b"PIPELINING")


@dataclass
class StandIn:
    """The mails it took, what it was told, and what it says in place of the usual.

    `instead` is keyed by the command, by `.` for the end of a mail and by `` for the greeting;
    None hangs up without a word.
    """

    port: int = 0
    abilities: tuple[bytes, ...] = ABILITIES
    instead: dict[str, bytes | None] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.port}"

    def _usual(self, command: str) -> bytes:
        if command == "EHLO":
            *first, last = self.abilities
            return b"".join(b"250-%s\r\n" % one for one in first) + b"250 %s\r\n" % last
        codes = {"": b"220 standin", "DATA": b"354 go on", "AUTH": b"235 in", "QUIT": b"221 bye"}
        return codes.get(command, b"250 fine") + b"\r\n"

    async def _says(self, writer: asyncio.StreamWriter, command: str) -> bytes:
        said = self.instead[command] if command in self.instead else self._usual(command)
        if said is None:
            raise ConnectionError
        writer.write(said)
        await writer.drain()
        return said

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._says(writer, "")
            while line := (await reader.readline()).decode().rstrip("\r\n"):
                self.told.append(line)
                command = line.partition(" ")[0].partition(":")[0].upper()
                if command == "DATA" and (await self._says(writer, "DATA")).startswith(b"354"):
                    self.mails.append(await self._mail(reader))
                    await self._says(writer, ".")
                elif command != "DATA":
                    await self._says(writer, command)
        writer.close()

    async def _mail(self, reader: asyncio.StreamReader) -> bytes:
        """Return a mail up to its last dot; one that breaks off is no mail."""
        lines: list[bytes] = []
        while (line := await reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


@asynccontextmanager
async def standing() -> AsyncIterator[StandIn]:
    """Run it on a free loopback port."""
    one = StandIn()
    server = await asyncio.start_server(one._connection, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
