"""JSON with half characters in it."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.sources.json_text import decode


class _Said(msgspec.Struct):
    words: str


@given(st.text(st.characters(), max_size=40))
def test_whatever_a_program_writes_is_read(words: str) -> None:
    found = decode(json.dumps({"words": words}).encode(), _Said).words
    whole = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert len(found) == len(whole) or "\ufffd" in found
    if not any("\ud800" <= one <= "\udfff" for one in words):
        assert found == words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"a\ud83db", "a\ufffdb"),
        (r"a\udd25b", "a\ufffdb"),
        (r"\ud83d\udd25", "🔥"),
        (r"\ud83d\ud83d\udd25", "\ufffd🔥"),
        (r"\\ud83d\ud83d", "\\ud83d\ufffd"),
        (r"\ud83d\"", '\ufffd"'),
    ],
)
def test_halves(written: str, read: str) -> None:
    assert decode(f'{{"words": "{written}"}}'.encode(), _Said).words == read


def test_a_wrong_shape_is_told_as_it_is() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.words"):
        decode(b'{"words": 7}', _Said)
