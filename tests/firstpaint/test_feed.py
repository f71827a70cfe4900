"""A post's line is that of the live feed, word for word and role for role."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.mention import Author, Mention, MentionKind, MentionState, Verdict
from crisisroom.firstpaint import feed
from crisisroom.firstpaint.cells import Zone
from crisisroom.store.firstlook import Row, Seen
from crisisroom.store.places import Presence
from crisisroom.text import clean
from crisisroom.tui.rows import Cell
from crisisroom.tui.rows import feed as live

NOW = datetime(2026, 11, 22, 2, 35, tzinfo=UTC)
WORDS = st.text(
    st.characters(max_codepoint=0x24F) | st.sampled_from("日本語ру́сский "), max_size=200
).map(lambda text: clean(text))
NAMES = st.sampled_from(("", "ada", "bo", "christine"))
PEOPLE = st.lists(st.tuples(NAMES, st.sampled_from(("", "reply", "statement")), st.booleans()))
MENTIONS = st.builds(
    Mention,
    id=st.just("M-7"),
    number=st.just(7),
    uid=st.just("u"),
    source=st.sampled_from(("bsky", "by-hand", "mastodon-of-ours", "x")),
    external_id=st.just("e"),
    kind=st.sampled_from(get_args(MentionKind)),
    author=st.builds(Author, WORDS, WORDS, st.none() | st.integers(0, 10**8)),
    text=WORDS,
    url=st.just(""),
    lang=st.just(""),
    media=st.just(()),
    posted_at=st.integers(-40 * 86400, 60).map(lambda span: NOW + timedelta(seconds=span)),
    seen_at=st.just(NOW),
    state=st.sampled_from(get_args(MentionState)),
    assignee=NAMES,
    verdict=st.sampled_from(get_args(Verdict)),
    copies=st.sampled_from((0, 1, 41, 12_000)),
    priority=st.integers(0, 100).map(lambda share: share / 100),
    incident=st.sampled_from(("", "INC-1")),
)


@pytest.fixture(scope="module", autouse=True)
def zone() -> Iterator[None]:
    there = Zone("UTC")
    yield
    there.leave()


def row(**values: object) -> Row:
    """Return a row as a look reads it."""
    memory = sqlite3.connect(":memory:")
    memory.row_factory = sqlite3.Row
    names = ", ".join(f"? AS {name}" for name in values)
    found: Row = memory.execute(f"SELECT {names}", tuple(values.values())).fetchone()
    memory.close()
    return found


def read(mention: Mention) -> Row:
    """Return a mention as a look reads it."""
    return row(
        id=mention.number,
        source=mention.source,
        handle=mention.author.handle,
        name=mention.author.name,
        reach=mention.author.reach,
        text=mention.text,
        kind=mention.kind,
        state=mention.state,
        assignee=mention.assignee,
        priority=round(mention.priority * 100),
        verdict=mention.verdict,
        copies=mention.copies,
        posted_at=int(mention.posted_at.timestamp()),
        linked=1 if mention.incident else None,
    )


def shown(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what shows of cells: those with words."""
    return [(text, role) for text, role in cells if text]


@given(mention=MENTIONS, width=st.sampled_from((60, 74, 78, 100, 138)), people=PEOPLE)
def test_a_line_is_the_live_one(
    mention: Mention, width: int, people: list[tuple[str, str, bool]]
) -> None:
    here = [
        Presence(session=f"{at}", actor=name, mention="M-7" if on else "", doing=doing, since=NOW)  # type: ignore[arg-type]
        for at, (name, doing, on) in enumerate(people)
    ]
    seen = Seen(int(NOW.timestamp()), "UTC", ())
    seen.people = [row(actor=one.actor, doing=one.doing, mention=one.mention) for one in here]
    eyes = live.Eyes("ada", NOW, UTC, here)
    wanted = [(cell.text, cell.role) for cell in live.feed_row(mention, eyes, width).cells]
    assert shown(feed.post_line(read(mention), seen, "ada", width)) == shown(wanted)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("focused", [True, False])
@pytest.mark.parametrize(("total", "free"), [(0, 0), (1, 1), (12_345, 678)])
def test_the_line_above_is_the_live_one(wide: bool, focused: bool, total: int, free: int) -> None:
    seen = Seen(0, "UTC", ())
    seen.total, seen.free = total, free
    told = live.FeedHead(total, free, focused=focused)
    wanted = [
        [(cell.text, cell.role) for cell in one.cells] for one in live.feed_head(told, wide=wide)
    ]
    assert list(map(shown, feed.head(seen, wide=wide, focused=focused))) == wanted


def test_an_empty_feed_says_the_same() -> None:
    wanted = [[(cell.text, cell.role) for cell in one.cells] for one in live.empty_rows("")]
    assert list(map(shown, feed.empty())) == wanted
    assert isinstance(live.empty_rows("")[0].cells[0], Cell)
