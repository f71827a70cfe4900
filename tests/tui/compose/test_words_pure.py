"""The parts without a screen: cleaning, marking, telling a hand from a paste, keeping drafts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.approved import Span
from crisisroom.core.drafts import SavedDraft
from crisisroom.text import check_own
from crisisroom.tui.compose.editor import Mark
from crisisroom.tui.compose.guard import BURST, QUIET, Hand
from crisisroom.tui.compose.keeper import DraftKeeper
from crisisroom.tui.compose.marked import changed, marked, marks_in
from crisisroom.tui.compose.own_text import own_text
from crisisroom.tui.compose.said import count, due, line, short_hash
from crisisroom.tui.rows import Row

NOW = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)


@given(st.text())
def test_own_text_is_never_refused_and_loses_nothing_else(text: str) -> None:
    clean, dropped = own_text(text)
    assert not check_own(clean)
    assert own_text(clean) == (clean, 0)
    ends = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    assert len(clean) + dropped == len(ends.replace("\u2029", "\n"))


def test_joiners_tabs_and_accents_stay_to_the_letter() -> None:
    kept = "می\u200cخواهم 👩\u200d👧 e\u0301\tx\n"
    assert own_text(kept) == (kept, 0)


def test_controls_and_direction_marks_go() -> None:
    assert own_text("a\x1b[31mb\u202ec\x9bd\x07") == ("a[31mbcd", 4)


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_paste_puts_every_key_in_doubt_for_a_moment() -> None:
    seconds = Seconds()
    hand = Hand(seconds)
    assert hand.meant(QUIET)
    hand.pasted()
    seconds.now += QUIET * 0.9
    assert not hand.meant(0)
    seconds.now += QUIET * 0.2
    assert hand.meant(0)


def test_keys_as_fast_as_a_paste_are_not_meant() -> None:
    seconds = Seconds()
    hand = Hand(seconds)
    hand.typed()
    assert not hand.meant()
    seconds.now += 2 * BURST
    assert hand.meant()
    assert not hand.meant(QUIET)


spans = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4)


@given(st.text(alphabet="ab \n", max_size=30), spans)
def test_marking_changes_no_word(text: str, pairs: list[tuple[int, int]]) -> None:
    marks = [Mark(min(pair), max(pair), "free") for pair in pairs]
    rows = marked(text, marks)
    assert "\n".join(row.text.removesuffix(" ") for row in rows) == "\n".join(
        part.removesuffix(" ") for part in text.split("\n")
    )


@given(st.text(alphabet="ab.1 \n", max_size=40), st.text(alphabet="ab.1 \n", max_size=40))
def test_what_changed_stands_where_it_says(before: str, after: str) -> None:
    found = changed(before, after)
    assert all(after[span.start : span.end] == span.text for span in found)
    assert changed(after, after) == ()
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_facts_in_a_template_count_as_changed_words() -> None:
    found = changed("Since {{fact.since}} it is down. Sorry.", "Since 02:40 it is down. Sorry.")
    assert [span.text for span in found] == ["02:40"]


def test_blanks_are_marked_in_text_with_other_marks() -> None:
    text = "by ‹refund by› or so"
    rows = marked(text, marks_in(text, [Span(0, len(text), text)]))
    assert [(cell.text, cell.role) for cell in rows[0].cells] == [
        ("by ", "said"),
        ("‹refund by›", "blank"),
        (" or so", "said"),
    ]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(-4, ("late 4m", "late")), (2, ("in 2m", "warn")), (35, ("03:45", "text"))],
)
def test_due_times_say_what_is_left_only_when_it_matters(
    minutes: int, told: tuple[str, str]
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert due(NOW + timedelta(minutes=minutes), NOW, zone) == told


def test_small_words() -> None:
    assert count(1, "blank") == "1 blank"
    assert count(2, "stretch", "stretches") == "2 stretches"
    assert short_hash("a41c09e7ff") == "a41c 09e7"
    assert isinstance(line("a", ("b", "quiet")), Row)


def _draft(text: str) -> SavedDraft:
    return SavedDraft(
        id="d", incident="INC-1", kind="reply", actor="ada", text=text, updated_at=NOW
    )


async def test_the_newest_state_is_saved_and_only_once() -> None:
    saved: list[str] = []

    async def save(draft: SavedDraft) -> None:
        await asyncio.sleep(0)
        saved.append(draft.text)

    keeper = DraftKeeper(save)
    keeper.want(_draft("a"))
    keeper.want(_draft("ab"))
    await asyncio.gather(keeper.flush(), keeper.flush())
    assert saved == ["ab"]
    assert not keeper.behind


async def test_an_older_write_never_lands_on_a_newer_one() -> None:
    saved: list[str] = []
    go_on = asyncio.Event()

    async def save(draft: SavedDraft) -> None:
        if draft.text == "old":
            await go_on.wait()
        saved.append(draft.text)

    keeper = DraftKeeper(save)
    keeper.want(_draft("old"))
    first = asyncio.gather(keeper.flush())
    await asyncio.sleep(0)
    keeper.want(_draft("new"))
    second = asyncio.gather(keeper.flush())
    go_on.set()
    await asyncio.gather(first, second)
    assert saved == ["old", "new"]


async def test_what_could_not_be_saved_is_tried_again() -> None:
    tries: list[str] = []

    async def save(draft: SavedDraft) -> None:
        tries.append(draft.text)
        if len(tries) == 1:
            raise OSError("disk full")

    keeper = DraftKeeper(save)
    keeper.want(_draft("a"))
    with pytest.raises(OSError, match="disk full"):
        await keeper.flush()
    assert keeper.behind
    await keeper.flush()
    assert tries == ["a", "a"]


async def test_a_stopped_keeper_saves_nothing_until_it_is_needed_again() -> None:
    saved: list[str] = []

    async def save(draft: SavedDraft) -> None:
        saved.append(draft.text)

    keeper = DraftKeeper(save)
    keeper.want(_draft("a"))
    await keeper.stop()
    keeper.want(_draft("b"))
    await keeper.flush()
    assert saved == []
    keeper.resume()
    keeper.want(_draft("c"))
    await keeper.flush()
    assert saved == ["c"]
