"""Server-sent events, however they are cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.answer import FetchError
from crisisroom.wire.sse import Event, EventReader

STREAM = (
    b"\xef\xbb\xbf:welcome\r\n\r\nevent: update\ndata: one\r\ndata:two\rid: 5\n\n"
    b"data\n\nretry: 5\nunknown: x\n\ndata: \xf0\x9f\x94\xa5\xff\r\r\nid: a\0b\ndata:  x:y \n\n"
    b"event: lost\n\ndata: unfinished"
)
EVENTS = [
    Event("update", "one\ntwo", "5"),
    Event("message", "", "5"),
    Event("message", "🔥\ufffd", "5"),
    Event("message", " x:y ", "5"),
]


def test_the_whole() -> None:
    assert list(EventReader().feed(STREAM)) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_in_pieces(cuts: list[int]) -> None:
    reader = EventReader()
    edges = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[a:b] for a, b in pairwise(edges)]
    assert [event for piece in pieces for event in reader.feed(piece)] == EVENTS


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes(pieces: list[bytes]) -> None:
    whole = list(EventReader().feed(b"".join(pieces)))
    reader = EventReader()
    assert [event for piece in pieces for event in reader.feed(piece)] == whole


@pytest.mark.parametrize("line", [b"x" * 101, b"data: " + b"y" * 101, b"data: y\n" * 60])
def test_too_large(line: bytes) -> None:
    with pytest.raises(FetchError, match="more than 100 bytes"):
        list(EventReader(100).feed(line))


def test_many_small_events_are_not_one_large_one() -> None:
    assert len(list(EventReader(100).feed(b"data: y\n\n" * 1000))) == 1000
