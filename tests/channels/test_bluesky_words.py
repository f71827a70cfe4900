"""Keys, places in bytes and threads of what we write on Bluesky."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bluesky_contract import PAT
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.bluesky.facets import facets, spans
from crisisroom.bluesky.writing import parts_of, reply_to, tid

FIRST_TRY = datetime(2026, 11, 22, 2, 0, 0, 123_000, tzinfo=UTC)
_TIMES = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(st.text(), _TIMES, st.integers(1, 10_000))
def test_a_key_is_a_tid_that_sorts_by_time(key: str, at: datetime, later: int) -> None:
    made = tid(key, at)
    assert made == tid(key, at)
    assert len(made) == 13
    assert made[0] in "234567abcdefghij"
    assert set(made) <= set("234567abcdefghijklmnopqrstuvwxyz")
    assert made < tid("other", at + timedelta(milliseconds=later))


def test_words_of_one_millisecond_have_keys_of_their_own() -> None:
    assert len({tid(f"key {n}", FIRST_TRY) for n in range(30)}) == 30


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.test/x_(y), ok", [("link", "https://a.test/x_(y)")]),
        ("(https://a.test/x).", [("link", "https://a.test/x")]),
        (
            "ü https://ä.test/ß#frag @pat.test!",
            [("link", "https://ä.test/ß#frag"), ("mention", "pat.test")],
        ),
        ("@Pat.Test, @nohost @a@pat.test mail@pat.test @pat.test@x", [("mention", "pat.test")]),
        ("(@pat.test)", [("mention", "pat.test")]),
        ("https://a.test/@pat.test https://", [("link", "https://a.test/@pat.test")]),
        (
            "#größe. #1 # ##x C#x #a#b #🔥",
            [("tag", "größe"), ("tag", "#x"), ("tag", "a#b"), ("tag", "🔥")],
        ),
        ("＃日本 #" + "x" * 65, [("tag", "日本")]),
        ("\u200bhttps://a.test\u00a0#x", [("link", "https://a.test"), ("tag", "x")]),
    ],
)  # fmt: skip
def test_what_stands_out(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.value) for one in spans(text)] == found


@given(st.text(alphabet="@#ah.:/- ()\n😀é日\u0301\u200d", max_size=80))
def test_places_are_whole_characters_and_never_overlap(text: str) -> None:
    body = text.encode()
    end = 0
    for one in spans(f"{text} https://é.test/ @pat.test #日本"):
        assert end <= one.start < one.end
        end = one.end
    for one in spans(text):
        body[one.start : one.end].decode()
    assert len(spans(f"{text} https://é.test/")) >= 1


def test_a_name_that_is_nobody_s_stays_words() -> None:
    found = spans("@pat.test and @none.test")
    assert [one["features"][0]["did"] for one in facets(found, {"pat.test": "did:plc:p"})] == [
        "did:plc:p"
    ]


def test_hostile_words_are_read_soon() -> None:
    for text in ("@a." * 20_000, "#a" * 20_000, "https://" * 20_000, "@" * 50_000, "a-" * 50_000):
        assert len(spans(text)) < 20_000


@pytest.mark.parametrize(
    "root",
    [None, 7, {}, {"uri": "at://x"}, {"uri": "https://a.test", "cid": "bafyreiroot"},
     {"uri": f"at://{PAT['did']}/app.bsky.feed.post/3k1", "cid": "x\ny"}],
)  # fmt: skip
def test_a_thread_whose_beginning_is_odd_begins_here(root: Any) -> None:
    uri = f"at://{PAT['did']}/app.bsky.feed.post/3k7"
    made = reply_to(uri, "bafyreipat7", {"reply": {"root": root, "parent": root}})
    assert made is not None
    assert made.root == made.parent
    assert parts_of(made.root.uri) == (PAT["did"], "3k7")
