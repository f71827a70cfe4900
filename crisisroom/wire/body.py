"""A body taken in under two caps: bytes on the wire and bytes once unpacked."""

from __future__ import annotations

import asyncio
import zlib

from crisisroom.wire.answer import FetchError

_STEP = 1 << 20  # the event loop waits for one step of unpacking at most
_MEMBERS = 64  # a gzip file may be several, one after the other
_PLAIN = ("", "identity")
_GZIP = ("gzip", "x-gzip")


class Body:
    """Collects one body; anything beyond the caps (bytes) or a broken gzip is a FetchError."""

    def __init__(self, encoding: str, *, wire_cap: int, decoded_cap: int) -> None:
        encoding = encoding.strip().lower()
        if encoding not in _PLAIN + _GZIP:
            raise FetchError("encoding", f"content encoding {encoding[:40]!r}; we take gzip only")
        self._zip = zlib.decompressobj(wbits=31) if encoding in _GZIP else None
        self._members = 1
        self._wire = 0
        self._wire_cap = wire_cap
        self._decoded_cap = decoded_cap
        self._parts = bytearray()

    async def add(self, chunk: bytes) -> None:
        """Take in what came from the wire."""
        self._wire += len(chunk)
        if self._wire > self._wire_cap:
            raise FetchError("too_large", f"more than {self._wire_cap} bytes")
        if self._zip is None:
            self._keep(chunk)
        elif chunk:
            await self._unpack(chunk)

    def whole(self) -> bytes:
        """Return the body; a gzip that ends early is refused."""
        if self._zip is not None and self._wire and not self._zip.eof:
            raise FetchError("encoding", "truncated gzip")
        return bytes(self._parts)

    def _keep(self, data: bytes) -> None:
        if len(self._parts) + len(data) > self._decoded_cap:
            raise FetchError("too_large", f"more than {self._decoded_cap} bytes once unpacked")
        self._parts += data

    async def _unpack(self, chunk: bytes) -> None:
        while chunk := self._at_member(chunk):
            assert self._zip is not None
            room = self._decoded_cap - len(self._parts) + 1
            try:
                self._keep(self._zip.decompress(chunk, min(room, _STEP)))
            except zlib.error as error:
                raise FetchError("encoding", f"broken gzip: {error}") from error
            chunk = self._zip.unused_data or self._zip.unconsumed_tail
            await asyncio.sleep(0)

    def _at_member(self, chunk: bytes) -> bytes:
        """Return what is left to unpack; after the end of one member another may begin."""
        if self._zip is None or not self._zip.eof:
            return chunk
        rest = chunk.lstrip(b"\0")
        if rest:
            self._members += 1
            if self._members > _MEMBERS:
                raise FetchError("encoding", "a gzip of too many parts")
            self._zip = zlib.decompressobj(wbits=31)
        return rest
