"""The filter somebody types, and the window of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.mention import Author, Mention
from crisisroom.core.query import Query
from crisisroom.tui.filtering import Filter
from crisisroom.tui.viewmodel import MOST, PAGE, Need, Window, newer, newest_first, older

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def mention(number: int, *, state: str = "new") -> Mention:
    return Mention(
        id=f"M-{number}",
        uid=f"u{number}",
        source="bsky",
        external_id=str(number),
        kind="post",
        author=Author("rider"),
        text=f"post {number}",
        url="",
        lang="",
        media=(),
        posted_at=NOW,
        seen_at=NOW,
        state=state,  # type: ignore[arg-type]
        number=number,
    )


def rows(numbers: Sequence[int]) -> list[Mention]:
    return newest_first([mention(number) for number in numbers])


def test_filter_reads_our_words_and_searches_for_the_rest() -> None:
    query = Filter("charged twice is:free is:private on:masto who:me in:inc-7").query("ada")
    assert query == Query(
        text="charged twice",
        states=("new", "offline"),
        sources=("masto",),
        assignee="ada",
        incident="INC-7",
    )


def test_what_only_looks_like_ours_is_searched_for() -> None:
    assert Filter("is:odd https://x.example").query().text == "is:odd https://x.example"


@given(st.text(max_size=80))
def test_any_filter_is_a_query(typed: str) -> None:
    query = Filter(typed).query("ada")
    assert len(query.text) <= 2 * len(typed)


def test_window_keeps_places_when_pages_come_and_go() -> None:
    window = Window()
    window.load(rows(range(745, 1001)), start=0, total=1000)
    need = window.need(250, 270)
    assert need == Need("older", 745)
    window.extend(need, rows(range(489, 745)))
    found = window.at(256)
    assert found is not None
    assert found.number == 744


def test_window_lets_the_far_end_go() -> None:
    window = Window()
    total = MOST * 2
    window.load(rows(range(total - PAGE + 1, total + 1)), start=0, total=total)
    low = total - PAGE
    while low > 0:
        window.extend(Need("older", low + 1), rows(range(low - PAGE + 1, low + 1)))
        low -= PAGE
    assert window.held <= MOST
    assert window.at(0) is None
    assert window.need(0, 10) == Need("newer", window.newest)
    last = window.at(total - 1)
    assert last is not None
    assert last.number == 1


def test_push_counts_only_what_is_new() -> None:
    window = Window()
    window.load(rows([1, 2, 3]), start=0, total=3)
    assert window.push(rows([3, 4, 5])) == 2
    assert window.total == 5
    assert [window.at(index).number for index in range(5)] == [5, 4, 3, 2, 1]  # type: ignore[union-attr]


def test_replace_does_not_move_a_row() -> None:
    window = Window()
    window.load(rows([1, 2, 3]), start=0, total=3)
    assert window.replace(mention(2, state="claimed")) == 1
    assert window.replace(mention(9)) is None
    changed = window.at(1)
    assert changed is not None
    assert changed.state == "claimed"


def test_search_finds_the_next_that_fits() -> None:
    window = Window()
    window.load([mention(3, state="claimed"), mention(2), mention(1)], start=0, total=3)
    assert window.search(0, 1, lambda one: one.state == "new") == 1
    assert window.search(2, -1, lambda one: one.state == "claimed") == 0
    assert window.search(2, 1, lambda one: one.state == "new") is None


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["top", "down", "up", "end", "push"]), max_size=25), st.data())
def test_window_is_always_a_piece_of_the_list(steps: list[str], data: st.DataObject) -> None:
    numbers = list(range(1, data.draw(st.integers(1, 3000)) + 1))
    window = Window()

    def page(query: Query) -> list[Mention]:
        fitting = [n for n in numbers if query.before is None or n < query.before]
        fitting = [n for n in fitting if query.after is None or n > query.after]
        chosen = sorted(fitting, reverse=query.newest_first)[: query.limit]
        return rows(chosen)

    window.load(page(Query(limit=PAGE)), start=0, total=len(numbers))
    for step in steps:
        if step == "top":
            window.load(page(Query(limit=PAGE)), start=0, total=len(numbers))
        elif step == "end":
            last = page(Query(limit=PAGE, newest_first=False))
            window.load(last, start=len(numbers) - len(last), total=len(numbers))
        elif step == "push":
            numbers.append(numbers[-1] + 1)
            window.push(page(newer(Query(), numbers[-2])))
        else:
            end = window.start + window.held
            first, final = (end, end) if step == "down" else (window.start - 1, window.start - 1)
            need = window.need(first, final) if first >= 0 else None
            if need is not None:
                ask = older if need.side == "older" else newer
                window.extend(need, page(ask(Query(), need.number)))
        assert window.total == len(numbers)
        for index in (window.start, window.start + window.held - 1):
            found = window.at(index)
            assert found is not None
            assert found.number == numbers[len(numbers) - 1 - index]
