"""Rows whatever strangers write: exact widths, their words last, nothing of ours after them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.mention import Author, Mention
from crisisroom.core.timeline import GENESIS, Entry
from crisisroom.text import clean
from crisisroom.tui.rows import Row, cell_len
from crisisroom.tui.rows.feed import Eyes, feed_row, flagged, near_handle, safe_name, source_name
from crisisroom.tui.rows.thread import Talk, thread_rows
from crisisroom.tui.rows.timeline import entry_row, lower, mark_of
from crisisroom.tui.situation import Situation

NOW = datetime(2026, 11, 22, 2, 35, tzinfo=UTC)
EYES = Eyes("ada", NOW, ZoneInfo("Europe/Berlin"))
KNOW = Situation(NOW, "ada", zone_name="Europe/Berlin")
HOSTILE = st.text(max_size=120).map(lambda words: clean(words))
STATES = st.sampled_from(["new", "claimed", "answered", "offline", "dismissed"])


def mention(text: str = "charged twice", **given: object) -> Mention:
    base = Mention(
        id="M-1",
        uid="u1",
        source="masto",
        external_id="1",
        kind="post",
        author=Author("@pat@social.example", "Pat", 2100),
        text=text,
        url="https://social.example/1",
        lang="",
        media=(),
        posted_at=NOW - timedelta(minutes=14),
        seen_at=NOW,
        state="new",
        number=1,
    )
    return msgspec.structs.replace(base, **given)


def ours_after_theirs(row: Row) -> list[str]:
    """Return our words that stand right of a stranger's."""
    foreign = [index for index, cell in enumerate(row.cells) if cell.foreign]
    rest = row.cells[foreign[0] :] if foreign else ()
    return [cell.text for cell in rest if not cell.foreign and cell.text.strip()]


@given(HOSTILE, HOSTILE, STATES, st.integers(60, 160))
def test_feed_rows_keep_their_columns(text: str, handle: str, state: str, width: int) -> None:
    post = mention(text, author=Author(handle, handle, 12), state=state, assignee="bo")
    row = feed_row(post, EYES, width)
    assert cell_len(row.text) == width
    assert not ours_after_theirs(row)
    assert "\n" not in row.text


@given(HOSTILE, HOSTILE, st.integers(40, 120))
def test_thread_keeps_strangers_behind_the_bar(text: str, handle: str, width: int) -> None:
    post = mention(text, author=Author(handle, handle, 12))
    for row in thread_rows(
        KNOW, Talk(post, (post, msgspec.structs.replace(post, id="M-2"))), width
    ):
        assert cell_len(row.text) <= width or not any(cell.foreign for cell in row.cells)
        assert not ours_after_theirs(row)
        if any(cell.foreign for cell in row.cells):
            assert row.text[1] == "│"


def entry(kind: str, text: str = "noted", seq: int = 1, actor: str = "ada") -> Entry:
    return Entry(
        chain="c",
        seq=seq,
        uid=str(seq),
        kind=kind,
        at=NOW,
        recorded_at=NOW,
        actor=actor,
        text=text,
        data={},
        prev_hash=GENESIS,
    )


@given(HOSTILE, st.integers(41, 120))
def test_entries_are_one_line(text: str, width: int) -> None:
    row = entry_row(KNOW, entry("note.added", text), width)
    assert cell_len(row.text) <= width
    assert "\n" not in row.text


def test_links_in_a_row_are_told_as_one() -> None:
    row = entry_row(KNOW, entry("mention.linked", "linked M-3"), 60, more=2)
    assert row.text.strip() == "03:35   ada  linked 3 posts"


def test_what_was_put_back_says_so() -> None:
    told = msgspec.structs.replace(entry("note.added", "found it"), at=NOW - timedelta(minutes=12))
    assert entry_row(KNOW, told, 60).text == "   03:23   ada  later: found it"
    assert entry_row(KNOW, entry("note.added"), 60).text == "   03:35   ada  noted"


def test_a_source_by_hand_reads_as_a_word() -> None:
    assert source_name("by-hand", 5) == "hand"
    assert source_name("masto-two", 5) == "masto"


@pytest.mark.parametrize(
    ("kind", "sign"),
    [
        ("task.done", "✓"),
        ("statement.rejected", "✗"),
        ("reply.sent", "»"),
        ("incident.severity", "!"),
        ("reply.unknown", "!"),
        ("note.added", " "),
    ],
)
def test_entries_have_the_sign_of_their_kind(kind: str, sign: str) -> None:
    assert mark_of(kind)[0] == sign


def test_titles_become_parts_of_lines() -> None:
    assert lower("Brief the phone line") == "brief the phone line"
    assert lower("ST-1 goes out") == "ST-1 goes out"


def test_what_needs_a_look_is_flagged() -> None:
    assert flagged(mention(author=Author("x", "", 48_000)), NOW)
    assert flagged(mention(kind="article"), NOW)
    assert flagged(mention(incident="INC-1"), NOW)
    assert not flagged(mention(), NOW)
    assert not flagged(mention(incident="INC-1", state="answered"), NOW)


def test_names_of_strangers_in_our_column_are_plain() -> None:
    assert safe_name("kettle_on") == "kettle_on"
    assert safe_name("раураl") == "a post"
    assert safe_name("a very long name") == "a post"


@pytest.mark.parametrize(
    ("handle", "near"),
    [
        ("@pat@social.example", "@pat"),
        ("pat@mail.example", "pat"),
        ("mira.k", "mira.k"),
        ("@ines", "@ines"),
        ("@@", "@@"),
    ],
)
def test_near_handles_leave_the_server_out(handle: str, near: str) -> None:
    assert near_handle(mention(author=Author(handle))) == near
