"""Narratives as posts come: joined, opened, merged, put right by hand, restored, forgotten."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.grouping import Grouper, Merged, Setting, title_of

SMOKE = (
    "kettle smokes while charging",
    "my kettle started to smoke, charging cable glows",
    "smoke out of the kettle when charging it",
    "the charging base of our kettle smokes",
)
HOTEL = (
    "hotel check-out took two hours this morning",
    "queue at hotel check-out, two hours of waiting",
    "this hotel lets you wait hours for the check-out",
    "hours in the check-out queue of the hotel",
)
FLIGHT = (
    "flight to Oslo cancelled without a word",
    "our Oslo flight was cancelled again",
    "cancelled flight, stranded in Oslo",
)


def grouped(texts: list[str], grouper: Grouper | None = None) -> list[int]:
    """Return the narrative of each text once all is settled."""
    made = grouper or Grouper()
    numbers = [made.add(key, text, at=key).narrative for key, text in enumerate(texts, 1)]
    while made.waiting:
        made.settle()
    return [made.resolve(number) for number in numbers]


def test_three_stories_told_in_turns_are_three_narratives() -> None:
    told = [*itertools.chain(*zip(SMOKE, HOTEL, strict=True)), *FLIGHT]
    found = grouped(told)
    assert len(set(found[0:8:2])) == len(set(found[1:8:2])) == len(set(found[8:])) == 1
    assert len(set(found)) == 3


def test_a_repost_joins_the_first_and_says_so() -> None:
    grouper = Grouper()
    first = grouper.add(7, SMOKE[1], at=0)
    assert first.copy_of == 0
    again = grouper.add(8, f"RT @kim: {SMOKE[1]} https://a.example/1", at=9)
    assert (again.narrative, again.copy_of) == (first.narrative, 7)


def test_numbers_come_from_whoever_keeps_them() -> None:
    numbers = iter((40, 90))
    grouper = Grouper(allocate=lambda: next(numbers))
    assert [grouper.add(k, t[0], at=0).narrative for k, t in enumerate((SMOKE, HOTEL), 1)] == [
        40,
        90,
    ]


def test_threads_that_turn_out_to_be_one_are_merged_and_told() -> None:
    grouper = Grouper(Setting(merge=0.2, merge_small=0.2))
    one = grouper.add(1, "kettle smokes", at=0).narrative
    other = grouper.add(2, "charging base glows", at=0).narrative
    assert one != other
    assert grouper.settle() == ()
    for key in range(3, 8):
        grouper.add(key, f"kettle smokes, charging base glows {key}", at=0)
    merged: list[Merged] = []
    while grouper.waiting:
        merged += grouper.settle()
    (event,) = merged
    assert {event.into, event.gone} == {one, other}
    assert grouper.resolve(one) == grouper.resolve(other) == event.into


def test_settling_looks_at_no_more_than_asked() -> None:
    grouper = Grouper()
    for key in range(1, 51):
        grouper.add(key, " ".join(f"{part}{key}" for part in ("alpha", "beta", "gamma")), at=0)
    assert grouper.waiting == 50
    grouper.settle(20)
    assert grouper.waiting == 30


def test_joins_survive_a_restart() -> None:
    before = Grouper()
    told = [*SMOKE[:3], *HOTEL[:3]]
    found = grouped(told, before)
    after = Grouper()
    for key, (text, number) in enumerate(zip(told, found, strict=True), 1):
        after.seed(key, text, number, at=key)
    assert after.waiting == 0
    assert after.add(90, SMOKE[3], at=90).narrative == found[0]
    assert after.add(91, HOTEL[3], at=91).narrative == found[3]
    repost = after.add(92, f"RT @x: {SMOKE[1]}", at=92)
    assert (repost.narrative, repost.copy_of) == (found[0], 2)
    assert after.add(93, FLIGHT[0], at=93).narrative > max(found)


def test_what_the_store_says_is_the_truth_however_unlike() -> None:
    grouper = Grouper()
    grouper.seed(1, SMOKE[0], 5, at=1)
    grouper.seed(2, HOTEL[0], 5, at=2)
    assert grouper.add(3, SMOKE[1], at=3).narrative == 5
    assert grouper.add(4, HOTEL[1], at=4).narrative == 5


def test_what_is_like_the_posts_split_off_goes_there() -> None:
    grouper = Grouper()
    told = dict(enumerate([*SMOKE[:3], *HOTEL[:3]], 1))
    for key, text in told.items():
        grouper.seed(key, text, 5, at=key)
    grouper.split({key: told[key] for key in (4, 5, 6)}, 6, of=5)
    assert grouper.add(20, HOTEL[3], at=20).narrative == 6
    assert grouper.add(21, SMOKE[3], at=21).narrative == 5
    assert grouper.add(22, f"RT @kim: {told[5]}", at=22).narrative == 6


def test_what_a_person_split_the_machine_never_merges() -> None:
    alike = {key: f"kettle smokes while charging, number{key}" for key in range(1, 9)}
    grouper = Grouper()
    for key, text in alike.items():
        grouper.seed(key, text, 5, at=key)
    grouper.split({key: alike[key] for key in (5, 6, 7, 8)}, 6, of=5)
    for key in range(20, 40):
        grouper.add(key, f"kettle smokes while charging, number{key}", at=key)
        assert grouper.settle() == ()
    assert grouper.resolve(5) != grouper.resolve(6)


def test_what_was_parted_stays_so_after_other_merges_and_a_restart() -> None:
    grouper = Grouper()
    for number in (1, 2, 3):
        for key in range(4):
            grouper.seed(number * 10 + key, f"{SMOKE[key]} {number}{key}", number, at=key)
    grouper.keep_apart(1, 2)
    grouper.merge(3, [2])
    grouper.add(90, SMOKE[0], at=90)
    while grouper.waiting:
        assert grouper.settle() == ()
    assert grouper.resolve(2) == 3
    assert grouper.resolve(1) == 1


def test_what_a_person_merged_stays_one() -> None:
    grouper = Grouper()
    for key, text in enumerate([*SMOKE[:2], *HOTEL[:2]], 1):
        grouper.seed(key, text, 1 if key < 3 else 2, at=key)
    grouper.merge(1, [2])
    assert grouper.add(10, HOTEL[2], at=10).narrative == 1
    assert grouper.resolve(2) == 1
    grouper.merge(1, [1, 2])
    assert grouper.resolve(1) == 1


def test_merging_what_was_forgotten_still_counts() -> None:
    grouper = Grouper()
    grouper.seed(1, SMOKE[0], 1, at=0)
    grouper.merge(8, [9])
    grouper.merge(8, [1])
    assert grouper.resolve(9) == grouper.resolve(1) == 8
    assert grouper.add(2, SMOKE[1], at=1).narrative == 8


def test_idle_threads_are_forgotten_and_threads_are_bounded() -> None:
    grouper = Grouper(Setting(idle=100.0, threads=30))
    first = grouper.add(1, SMOKE[0], at=0).narrative
    assert grouper.add(2, SMOKE[1], at=90).narrative == first
    assert grouper.add(3, SMOKE[2], at=300).narrative != first
    for key in range(10, 500):
        grouper.add(key, " ".join(f"{part}{key}" for part in ("alpha", "beta", "gamma")), at=300)
        assert grouper.threads <= 30


def test_a_repost_brings_a_forgotten_narrative_back() -> None:
    grouper = Grouper(Setting(idle=100.0))
    number = grouper.add(1, SMOKE[1], at=0).narrative
    assert grouper.add(2, HOTEL[0], at=500).narrative != number
    assert grouper.title(number) == ""
    again = grouper.add(3, f"RT @kim: {SMOKE[1]}", at=501)
    assert (again.narrative, again.copy_of) == (number, 1)
    assert grouper.title(number) == SMOKE[1]
    assert grouper.add(4, SMOKE[0], at=502).narrative == number


def test_a_title_is_the_words_of_a_central_post() -> None:
    grouper = Grouper()
    number = grouped(list(SMOKE), grouper)[0]
    assert grouper.title(number) in {text[:60] for text in SMOKE}
    assert set(grouper.terms(number)) <= {"kettle", "smokes", "smoke", "charging"}
    assert len(grouper.terms(number)) == 3


def test_a_long_title_is_cut_at_a_word_and_cleaned() -> None:
    grouper = Grouper()
    text = "RT @pat: the charging base of our new kettle\u202e glows red and then smokes a lot"
    number = grouper.add(1, text, at=0).narrative
    title = grouper.title(number)
    assert title == "the charging base of our new kettle glows red and then…"
    assert title.isprintable()


def test_who_posted_it_first_is_no_part_of_a_title() -> None:
    assert title_of("Warning: smoke via @pat") == "Warning: smoke"
    assert title_of("RT @pat Warning: smoke https://a.example/b") == "Warning: smoke"


@pytest.mark.parametrize("text", ["", " ", "https://a.example/b", "🔥", "@kim", "\x00\x1b", "…"])
def test_a_title_is_never_empty(text: str) -> None:
    grouper = Grouper()
    number = grouper.add(1, text, at=0).narrative
    assert grouper.title(number).strip()
    assert grouper.title(12345) == ""


WORDS = ("kettle", "smoke", "hotel", "queue", "refund", "oslo")
POSTS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
        st.sampled_from([*SMOKE, *HOTEL, *FLIGHT]),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(POSTS)
def test_each_post_is_in_one_narrative_and_always_the_same(texts: list[str]) -> None:
    found = grouped(texts)
    assert len(found) == len(texts)
    assert all(number > 0 for number in found)
    assert grouped(texts) == found


def test_a_number_named_before_it_was_given_means_one_story_for_ever() -> None:
    grouper = Grouper()
    grouper.merge(2, [1])
    first = grouper.add(1, "the kettle smokes when it boils", at=1.0).narrative
    grouper.merge(first, [2])
    assert first > 2
    assert grouper.resolve(1) == grouper.resolve(2) == first


@settings(deadline=None)
@given(POSTS, st.data())
def test_the_index_holds_just_what_its_threads_say(texts: list[str], data: st.DataObject) -> None:
    grouper = Grouper(Setting(threads=8, words=12, idle=50.0))
    for key, text in enumerate(texts, 1):
        grouper.add(key, text, at=key)
        act = data.draw(st.sampled_from(("none", "settle", "merge", "split")))
        if act == "settle":
            grouper.settle()
        elif act == "merge":
            grouper.merge(data.draw(st.integers(1, 9)), [data.draw(st.integers(1, 9))])
        elif act == "split":
            grouper.split({key: text}, 1000 + key, of=data.draw(st.integers(1, 9)))
    threads = grouper._index.threads
    said = {(n, term): s for n, thread in threads.items() for term, s in thread.sums.items()}
    indexed = {(n, t): s for t, by in grouper._index._by_word.items() for n, s in by.items()}
    assert said == indexed
    assert all(grouper._index._by_word.values())
    assert set(grouper._index._posts) == set(grouper._index._by_word)
    assert set(grouper._examples) == set(threads) == set(grouper._recent)
    assert set(grouper._touched) <= set(threads)
    for thread in threads.values():
        length2 = sum(weight * weight for weight in thread.sums.values())
        assert thread.length2 == pytest.approx(length2)
