"""Bodies under caps."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.answer import FetchError
from crisisroom.wire.body import Body


async def _read(encoding: str, pieces: list[bytes], cap: int = 1 << 20) -> bytes:
    body = Body(encoding, wire_cap=cap, decoded_cap=cap)
    for piece in pieces:
        await body.add(piece)
    return body.whole()


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 50), st.integers(0, 9))
async def test_gzip_in_any_pieces(members: list[bytes], size: int, level: int) -> None:
    packed = b"".join(gzip.compress(member, level) for member in members)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert await _read("gzip", pieces) == b"".join(members)


@given(st.binary(min_size=1, max_size=300), st.integers(1, 40))
async def test_a_gzip_cut_short_is_refused(data: bytes, missing: int) -> None:
    packed = gzip.compress(data)
    with pytest.raises(FetchError) as caught:
        await _read("gzip", [packed[: max(1, len(packed) - missing)]])
    assert caught.value.code == "encoding"


@given(st.binary(max_size=200))
async def test_any_bytes_are_a_body_or_one_error(data: bytes) -> None:
    outcome = ""
    try:
        await _read("gzip", [data])
    except FetchError as error:
        outcome = error.code
    assert outcome in ("", "encoding")


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
async def test_plain(encoding: str) -> None:
    assert await _read(encoding, [b"a", b"", b"b"]) == b"ab"


async def test_caps_are_exact() -> None:
    assert len(await _read("", [b"x" * 100], cap=100)) == 100
    assert len(await _read("gzip", [gzip.compress(b"x" * 100)], cap=100)) == 100
    for encoding, data in (("", b"x" * 101), ("gzip", gzip.compress(b"x" * 101))):
        with pytest.raises(FetchError) as caught:
            await _read(encoding, [data], cap=100)
        assert caught.value.code == "too_large"
