"""Lines out of a stream of bytes."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.wire.answer import FetchError

LINE_CAP = 1 << 20  # bytes


class LineReader:
    """Cuts a byte stream into lines, whatever the chunks; one beyond the cap is a FetchError.

    Blank lines, which servers send to show that they live, are left out.
    """

    def __init__(self, cap: int = LINE_CAP) -> None:
        self._cap = cap
        self._tail = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Take in bytes and yield the lines they complete, without their ends."""
        *lines, tail = chunk.split(b"\n")
        for line in lines:
            self._tail += line
            whole, self._tail = bytes(self._tail).strip(), bytearray()
            self._check(len(whole))
            if whole:
                yield whole
        self._tail += tail
        self._check(len(self._tail))

    def _check(self, size: int) -> None:
        if size > self._cap:
            raise FetchError("too_large", f"a line of more than {self._cap} bytes")
