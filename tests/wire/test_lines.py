"""Lines out of bytes, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.answer import FetchError
from crisisroom.wire.lines import LineReader


@given(st.lists(st.sampled_from([b"a", b"{}", b"\n", b"\r\n", b" ", b"long line"]), max_size=30))
def test_cuts_do_not_matter(parts: list[bytes]) -> None:
    reader = LineReader()
    got = [line for part in parts for line in reader.feed(part)]
    whole, _, _ = b"".join(parts).rpartition(b"\n")
    assert got == [line.strip() for line in whole.split(b"\n") if line.strip()]


@pytest.mark.parametrize("chunk", [b"x" * 11, b"x" * 11 + b"\n", b"ok\n" + b"x" * 11])
def test_a_line_beyond_the_cap(chunk: bytes) -> None:
    with pytest.raises(FetchError, match="a line of more than 10 bytes"):
        list(LineReader(10).feed(chunk))
