"""JSON lines: one clear problem for each bad line, and nothing lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.good_feeds import NOW

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Author, Incoming, Media
from crisisroom.fetch import Fetcher
from crisisroom.sources import make
from crisisroom.sources.jsonl import LINE_CAP, Problem, parse_line, parse_lines


def _one(line: str | bytes) -> Incoming | Problem:
    data = line.encode() if isinstance(line, str) else line
    (found,) = parse_lines(BytesIO(data), "pipe")
    return found


def test_a_whole_mention() -> None:
    found = _one(
        '{"id": "M-1", "uid": "x", "state": "new", "seen_at": "2026-11-22T03:00:00Z",'
        ' "source": "reviews", "external_id": "r1", "kind": "review", "brand": "acme",'
        ' "account": "acme-main", "text": "bad", "url": "https://a.example/1", "lang": "en",'
        ' "author": {"handle": "pat", "name": "Pat", "reach": 12}, "reply_to": "r0",'
        ' "media": [{"kind": "image", "url": "u", "alt": "a", "sha256": "s"}],'
        ' "posted_at": "2026-11-22T03:00:00+01:00", "new_field": [1]}'
    )
    assert isinstance(found, Incoming)
    assert (found.source, found.external_id, found.kind, found.reply_to) == (
        "reviews", "r1", "review", "r0",
    )  # fmt: skip
    assert found.author == Author("pat", "Pat", 12)
    assert found.media == (Media("image", "u", "a", "s"),)
    assert found.posted_at is not None
    assert found.posted_at.isoformat() == "2026-11-22T02:00:00+00:00"


def test_only_text_is_needed() -> None:
    found = _one('{"text": "no app"}')
    assert isinstance(found, Incoming)
    assert (found.text, found.source, found.posted_at) == ("no app", "pipe", None)
    assert found.external_id.startswith("sha256:")


def test_nulls_are_as_good_as_nothing() -> None:
    found = _one(
        '{"text": "a", "url": null, "author": {"handle": "p", "reach": null}, "lang": null}'
    )
    assert isinstance(found, Incoming)
    assert found.author == Author("p")


# line -> how the problem with it begins
PROBLEMS: list[tuple[str | bytes, str]] = [
    ("no json", "not JSON: Expecting value at character 1"),
    ('{"text": "a"', "not JSON: Expecting ',' delimiter at character 13"),
    ("[1]", 'not a JSON object: write {"text": "…"}'),
    ("7", 'not a JSON object: write {"text": "…"}'),
    ("{}", "Object missing required field `text`"),
    ('{"text": ""}', "text: empty"),
    ('{"text": " \\n"}', "text: empty"),
    ('{"text": 7}', "text: Expected `str`, got `int`"),
    ('{"text": null}', "Object missing required field `text`"),
    ('{"text": "a", "text": "b"}', "the key 'text' stands twice"),
    ('{"text": "a", "author": {"reach": 1, "reach": 2}}', "the key 'reach' stands twice"),
    ('{"text": "a", "author": "pat"}', "author: Expected `object`, got `str`"),
    ('{"text": "a", "author": {"reach": "many"}}', "author.reach: Expected `int | null`"),
    ('{"text": "a", "author": {"reach": true}}', "author.reach: Expected `int | null`"),
    ('{"text": "a", "author": {"reach": -1}}', "author.reach: not between 0 and"),
    ('{"text": "a", "author": {"reach": 1' + "0" * 30 + "}}", "author.reach: "),
    ('{"text": "a", "author": {"reach": 1' + "0" * 9000 + "}}", "not JSON we read: "),
    ('{"text": "a", "kind": "tweet"}', "kind: not one of post, review, comment"),
    ('{"text": "a", "pat@x.test": 1, "pat@x.test": 2}', "a key stands twice"),
    ('{"text": "a", "media": [{"url": 1}]}', "media[0].url: Expected `str`, got `int`"),
    ('{"text": "a", "posted_at": "2026-11-22T03:00:00"}', "posted_at: no time zone"),
    ('{"text": "a", "posted_at": "yesterday"}', "posted_at: Invalid RFC3339 encoded datetime"),
    ('{"text": "a", "posted_at": 1795230060}', "posted_at: Expected `datetime | null`"),
    ('{"text": "a", "x": NaN}', "NaN is no JSON"),
    ('{"text": "a", "x": -Infinity}', "-Infinity is no JSON"),
    (b'{"text": "a\xff"}', "not UTF-8 at byte 12"),
    (b'\xff\xfe{\0"\0', "not UTF-8 at byte 1"),
    ("[" * 200_000, "not JSON we read: "),
    (b'{"text": "' + b"x" * LINE_CAP + b'"}', f"longer than {LINE_CAP} bytes"),
]


@pytest.mark.parametrize(("line", "message"), PROBLEMS)
def test_problems(line: str | bytes, message: str) -> None:
    found = _one(line)
    assert isinstance(found, Problem)
    assert found.line == 1
    assert found.message.startswith(message)
    assert len(found.message) < 200


def test_lines_are_numbered_and_one_bad_line_harms_no_other() -> None:
    lines = b'{"text":"1"}\n\n  \r\n{"text":}\r\n{"text":"5"}\r\n' + b"x" * (3 * LINE_CAP)
    lines += b'\n\xef\xbb\xbf{"text":"7"}'
    found = list(parse_lines(BytesIO(lines), "pipe"))
    problems = [one.line for one in found if isinstance(one, Problem)]
    texts = [one.text for one in found if isinstance(one, Incoming)]
    assert (problems, texts) == ([4, 6], ["1", "5", "7"])


def test_a_line_as_long_as_allowed() -> None:
    line = b'{"text": "' + b"x" * (LINE_CAP - 12) + b'"}'
    assert len(line) == LINE_CAP
    assert isinstance(_one(line), Incoming)
    assert isinstance(_one(line + b"\n"), Incoming)


def test_half_characters_become_whole_ones() -> None:
    found = _one('{"text": "a \\ud83d b", "author": {"handle": "\\udc00"}}')
    assert isinstance(found, Incoming)
    assert (found.text, found.author.handle) == ("a \ufffd b", "\ufffd")
    both = _one('{"text": "\\ud83d\\udd25"}')
    assert isinstance(both, Incoming)
    assert both.text == "🔥"


def test_the_same_content_has_the_same_id() -> None:
    ids = [
        one.external_id
        for line in (
            '{"text":"a","url":"u"}',
            '{ "url": "u", "text": "a" }',
            '{"text":"b","url":"u"}',
        )
        if isinstance(one := _one(line), Incoming)
    ]
    assert ids[0] == ids[1] != ids[2]


def test_times_far_off_are_clamped_where_now_is_known() -> None:
    found = parse_line(b'{"text": "a", "posted_at": "9999-12-31T23:59:59Z"}', 1, "pipe", NOW)
    assert isinstance(found, Incoming)
    assert found.posted_at is not None
    assert found.posted_at.year == 2026


_TEXTS = st.text(min_size=1).filter(lambda text: bool(text.strip()))


@given(_TEXTS, st.text(), st.integers(0, 2**53), st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_what_is_written_is_read(
    text: str, handle: str, reach: int, at: datetime, minutes: int
) -> None:
    at = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    author = {"handle": handle, "reach": reach}
    found = _one(json.dumps({"text": text, "author": author, "posted_at": at.isoformat()}))
    if isinstance(found, Problem):
        assert found.message == "posted_at: before the first year or after the last"
        assert at.year in (1, 9999)
        return
    assert (found.text, found.author, found.posted_at) == (text, Author(handle, "", reach), at)
    assert found.posted_at is not None
    assert found.posted_at.tzinfo is UTC


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    found = list(parse_lines(BytesIO(data), "pipe"))
    assert len(found) <= data.count(b"\n") + 1


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(Incoming.__struct_fields__), _JSON))
def test_any_values(values: dict[str, Any]) -> None:
    found = _one(json.dumps(values))
    if isinstance(found, Incoming):
        assert found.text.strip() or found.media
        assert found.external_id
        msgspec.json.encode(found)


# --- a file that grows --------------------------------------------------------------------------


async def test_a_growing_file(tmp_path: Path, clock: ManualClock, fetch: Fetcher) -> None:
    path = tmp_path / "in.jsonl"
    source = make("jsonl", "pipe", {"path": str(path)}, clock=clock)
    with pytest.raises(Unavailable, match="cannot read"):
        await source.poll({}, fetch)
    path.write_text('{"text": "1"}\n{"text": "2"}\n{"te')
    batch = await source.poll({}, fetch)
    assert [m.text for m in batch.mentions] == ["1", "2"]
    assert (await source.poll(batch.cursor, fetch)).mentions == ()
    with path.open("a") as file:
        file.write('xt": "3"}\nbroken\n')
    batch = await source.poll(batch.cursor, fetch)
    assert [m.text for m in batch.mentions] == ["3"]
    assert batch.note == "line 4: not JSON: Expecting value at character 1"
    path.write_text('{"text": "new"}\n')
    batch = await source.poll(batch.cursor, fetch)
    assert [m.text for m in batch.mentions] == ["new"]
    replaced = tmp_path / "next"
    replaced.write_text('{"text": "a file as long"}\n' * 9)
    replaced.rename(path)
    assert len((await source.poll(batch.cursor, fetch)).mentions) == 9


async def test_a_large_file_is_read_in_parts(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "in.jsonl"
    lines = [json.dumps({"text": f"{n} " + "x" * 50_000}) for n in range(100)]
    path.write_text("\n".join(lines) + "\n" + "y" * (5 << 20) + '\n{"text": "last"}\n')
    source = make("jsonl", "pipe", {"path": str(path)}, clock=clock)
    batch = await source.poll({}, fetch)
    texts = [m.text.split(" ")[0] for m in batch.mentions]
    notes = batch.note
    rounds = 0
    while batch.more:
        rounds += 1
        batch = await source.poll(batch.cursor, fetch)
        texts += [m.text.split(" ")[0] for m in batch.mentions]
        notes += batch.note
    assert texts == [*map(str, range(100)), "last"]
    assert "longer than" in notes
    assert rounds > 3


async def test_the_last_line_needs_no_end_where_it_is_whole(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "in.jsonl"
    source = make("jsonl", "pipe", {"path": str(path)}, clock=clock)
    path.write_text('{"text": "1"}\n{"text": "whole"}')
    batch = await source.poll({}, fetch)
    assert [one.text for one in batch.mentions] == ["1", "whole"]
    with path.open("a") as file:
        file.write('\n{"text": "3"}\n7')
    batch = await source.poll(batch.cursor, fetch)
    assert [one.text for one in batch.mentions] == ["3"]


async def test_a_file_emptied_and_filled_further_than_it_was(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "in.jsonl"
    source = make("jsonl", "pipe", {"path": str(path)}, clock=clock)
    path.write_text('{"text": "old"}\n')
    batch = await source.poll({}, fetch)
    path.write_text('{"text": "new 1"}\n{"text": "new 2"}\n')  # the same file, another beginning
    batch = await source.poll(batch.cursor, fetch)
    assert [one.text for one in batch.mentions] == ["new 1", "new 2"]
