"""The book of a long timeline: lines, runs of links, and what a filter finds in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tui.night import BEGIN as NOW

from crisisroom.core.timeline import GENESIS, Entry
from crisisroom.room.leafing import Line, Outline
from crisisroom.tui.record.book import MOST, Book

KINDS = st.sampled_from(["note.added", "mention.linked", "task.done"])
LINES = st.lists(st.tuples(KINDS, st.sampled_from(["ada", "bo"])), max_size=40)


def lines(told: list[tuple[str, str]], first: int = 1) -> tuple[Line, ...]:
    return tuple(Line(seq, *one) for seq, one in enumerate(told, first))


def outline(told: tuple[Line, ...]) -> Outline:
    return Outline(told, told[-1].seq if told else 0, "f" * 64)


def entry(seq: int) -> Entry:
    return Entry(
        chain="c",
        seq=seq,
        uid=f"{seq}",
        kind="note.added",
        at=NOW,
        recorded_at=NOW,
        actor="ada",
        text="noted",
        data={},
        prev_hash=GENESIS,
    )


@given(LINES, st.integers(0, 40))
def test_every_entry_is_on_one_line_however_they_came(
    told: list[tuple[str, str]], parted: int
) -> None:
    whole, parts = Book(), Book()
    every = lines(told)
    whole.take(outline(every))
    parts.take(outline(every[:parted]))
    parts.take(outline(every))  # what is known already is not taken twice
    assert [whole.seq(one) for one in range(len(whole))] == [
        parts.seq(one) for one in range(len(parts))
    ]
    assert sum(whole.size(one) for one in range(len(whole))) == len(told)
    for line in every:
        place = whole.index_of(line.seq)
        assert place is not None
        assert whole.seq(place) - whole.size(place) < line.seq <= whole.seq(place)
    assert whole.index_of(0) is whole.index_of(len(told) + 1) is None


def test_links_of_one_person_in_a_row_are_one_line() -> None:
    linked, noted = ("mention.linked", "ada"), ("note.added", "ada")
    book = Book()
    book.take(outline(lines([linked, linked, ("mention.linked", "bo"), linked, noted, noted])))
    assert [(book.seq(one), book.size(one)) for one in range(len(book))] == [
        (6, 1),
        (5, 1),
        (4, 1),
        (3, 1),
        (2, 2),
    ]


@given(st.sets(st.integers(1, 99)), st.sets(st.integers(100, 120)), st.integers(1, 99))
def test_what_is_found_stands_newest_first(old: set[int], new: set[int], parted: int) -> None:
    book = Book()
    book.narrow(on=True)
    book.find([one for one in sorted(old, reverse=True) if one >= parted])
    book.find(sorted(new, reverse=True))  # written while the search was under way
    book.find([one for one in sorted(old, reverse=True) if one < parted])
    wanted = sorted(old | new, reverse=True)
    assert book.numbers(0, len(book)) == wanted
    assert [book.index_of(seq) for seq in wanted] == list(range(len(wanted)))
    assert book.index_of(121) is None
    book.narrow(on=False)
    assert len(book) == 0


def test_of_too_many_entries_those_out_of_sight_go() -> None:
    book = Book()
    book.take(outline(lines([("note.added", "ada")] * (MOST + 50))))
    book.hold({seq: entry(seq) for seq in range(1, MOST + 1)})
    book.hold({MOST + 1: entry(MOST + 1)}, wanted=[1, 2])
    assert sorted(book.held) == [1, 2, MOST + 1]
    assert book.missing(0, 51) == [seq for seq in range(MOST + 50, MOST - 1, -1) if seq != MOST + 1]


def test_what_was_erased_is_read_again() -> None:
    book = Book()
    book.take(outline(lines([("note.added", "ada")])))
    book.hold({1: entry(1)})
    book.take(outline(lines([("words.erased", "ada")], 2)))
    assert book.held == {}
