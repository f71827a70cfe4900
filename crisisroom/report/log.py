"""A chain of entries in little memory: kept packed, unpacked one at a time."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import overload

import msgspec

from crisisroom.core.timeline import Entry, upcast

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Entry).decode


class Log(Sequence[Entry]):
    """The entries of a chain, to be read as often as wanted; a thousand take about a megabyte."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._packed: list[bytes] = []
        self._by_kind: dict[str, list[int]] = {}
        self.extend(entries)

    def extend(self, entries: Iterable[Entry]) -> None:
        """Take in what follows."""
        for entry in entries:
            self._by_kind.setdefault(entry.kind, []).append(len(self._packed))
            self._packed.append(_encode(entry))

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[Entry]:
        return map(_decode, self._packed)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, at: int | slice) -> Entry | tuple[Entry, ...]:
        if isinstance(at, slice):
            return tuple(map(_decode, self._packed[at]))
        return _decode(self._packed[at])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        return len(self) == len(other) and all(map(operator.eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def of(self, kinds: Collection[str]) -> Iterator[Entry]:
        """Yield the entries of some kinds, as the newest version of each kind, in their order."""
        places = sorted(at for kind in kinds for at in self._by_kind.get(kind, ()))
        return (upcast(_decode(self._packed[at])) for at in places)
