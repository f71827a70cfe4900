"""A STAND-IN for the folders of a mailbox that can be written: for what Dovecot never would."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_ID = re.compile(rb"(?im)^message-id: *(<[^>]*>)")
_FOLDERS = (b'(\\HasNoChildren) "/" INBOX', b'(\\Sent) "/" "Gesendet"')


@dataclass
class StandIn:
    """Mails by number in the folder of sent ones; `instead` is what a command gets instead."""

    port: int = 0
    folders: tuple[bytes, ...] = _FOLDERS
    abilities: bytes = b"IMAP4rev1 UIDPLUS AUTH=PLAIN"
    mails: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    instead: dict[str, bytes | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    blind: bool = False  # finds nothing
    _count: int = 0

    @property
    def host(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        """The ids of what is in the folder and not deleted."""
        return [_id(mail) for uid, mail in self.mails.items() if uid not in self.deleted]

    def put(self, mail: bytes) -> None:
        """Put a mail into the folder."""
        self._count += 1
        self.mails[self._count] = mail

    def _answer(self, words: str) -> bytes:
        if words.startswith("LIST"):
            return b"".join(b"* LIST %s\r\n" % one for one in self.folders)
        if words.startswith("UID SEARCH"):
            wanted = words.rpartition(" ")[2].strip('"')
            found = [
                b" %d" % uid
                for uid, mail in self.mails.items()
                if uid not in self.deleted and _id(mail) == wanted and not self.blind
            ]
            return b"* SEARCH%s\r\n" % b"".join(found)
        if words.startswith("UID STORE"):
            self.deleted |= {int(one) for one in words.split(" ")[2].split(",")}
        if words.startswith("UID EXPUNGE"):
            for one in words.split(" ")[2].split(","):
                del self.mails[int(one)]
        return b""

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(b"* OK [CAPABILITY %s] hello\r\n" % self.abilities)
            while line := (await reader.readline()).decode().strip():
                tag, _, words = line.partition(" ")
                self.asked.append(words)
                command = words.partition(" ")[0]
                if command in self.instead:
                    said = self.instead[command]
                    if said is None:
                        break
                    writer.write(tag.encode() + said)
                    continue
                await self._more(words, reader, writer)
                writer.write(self._answer(words) + f"{tag} OK done\r\n".encode())
        writer.close()

    async def _more(
        self, words: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Take in what follows a command."""
        if words == "CAPABILITY":
            writer.write(b"* CAPABILITY %s\r\n" % self.abilities)
        elif words.startswith("AUTHENTICATE"):
            writer.write(b"+ \r\n")
            await reader.readline()
        elif words.startswith("APPEND"):
            writer.write(b"+ go on\r\n")
            self.put(await reader.readexactly(int(words.rpartition("{")[2].rstrip("}"))))
            await reader.readline()


def _id(mail: bytes) -> str:
    found = _ID.search(mail)
    return found[1].decode() if found else ""


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
