"""The lines of the feed by story: what is open, what stays where it is, what is left for later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tui.test_viewmodel import NOW, mention

from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.tui.storylist import FIRST, MOST, OTHERS, Fold, StoryList, Told


def story(number: int, *, free: int = 1) -> Narrative:
    return Narrative(
        id=f"N-{number}",
        uid=f"u{number}",
        title=f"story {number}",
        mentions=3,
        free=free,
        first_at=NOW,
        last_at=NOW + timedelta(minutes=number),
    )


def post(number: int, of: int = 0, *, state: str = "new") -> Mention:
    made = mention(number, state=state)
    return msgspec.structs.replace(made, narrative=f"N-{of}" if of else "")


def told(
    stories: Sequence[int],
    posts: Sequence[Mention],
    *,
    opened: Sequence[int] = (),
    again: bool = False,
) -> Told:
    folds = {
        f"N-{one}": Fold(tuple(each for each in posts if each.narrative == f"N-{one}"))
        for one in opened
    }
    known = tuple(map(story, stories))
    return Told(known, folds, tuple(posts), True, len(posts), len(posts), again=again)


def ats(lines: StoryList) -> list[str]:
    return [line.at for line in lines.lines]


def test_the_first_reading_opens_the_newest_story() -> None:
    lines = StoryList()
    reading = told([2, 1], [post(3, 2), post(2, 1), post(1)], opened=[2])
    lines.open_for(reading)
    lines.take(reading)
    assert ats(lines) == ["head:N-2", "M-3", "head:N-1", "head:others"]
    assert lines.free_of("N-2") == 1
    assert lines.free_of(OTHERS) == 1
    assert lines.index_of("head:N-1") == 2


def test_what_came_since_waits_and_nothing_moves() -> None:
    lines = StoryList(opened={"N-1"})
    lines.take(told([2, 1], [post(2, 1), post(1, 2)], opened=[1]))
    before = ats(lines)
    later = [post(4, 1), post(3), post(2, 1, state="claimed"), post(1, 2)]
    lines.refresh(told([3, 1, 2], later, opened=[1], again=True))
    assert ats(lines) == [*before, "head:N-3"]
    changed = lines.lines[2].mention
    assert changed is not None
    assert changed.state == "claimed"
    lines.take(told([1, 3, 2], later, opened=[1]))
    assert ats(lines) == ["head:N-1", "M-4", "M-2", "head:N-3", "head:N-2", "head:others"]


def test_a_story_folds_and_grows() -> None:
    lines = StoryList(opened=set())
    lines.take(told([1], [post(1, 1)]))
    assert lines.turn("N-1")
    assert not lines.turn("N-1")
    while lines.grow("N-1"):
        assert FIRST < lines.size("N-1") <= MOST
    assert lines.size("N-1") == MOST


def test_a_story_that_is_gone_takes_its_posts_along() -> None:
    lines = StoryList(opened={"N-1"})
    lines.take(told([1], [post(1, 1)], opened=[1]))
    lines.refresh(told([2], [post(1, 2)], again=True))
    assert ats(lines) == ["head:N-2"]


@given(
    st.lists(st.integers(1, 6), unique=True),
    st.lists(st.integers(0, 7), max_size=40),
    st.sets(st.integers(1, 6)),
)
def test_every_post_stands_in_one_place(
    stories: list[int], of: list[int], opened: set[int]
) -> None:
    posts = [post(number + 1, one) for number, one in enumerate(of)][::-1]
    names = {f"N-{one}" for one in opened} | {OTHERS}
    lines = StoryList(opened=names)
    lines.take(told(stories, posts, opened=[one for one in stories if one in opened]))
    shown = [line.at for line in lines.lines]
    assert len(shown) == len(set(shown))
    assert all(lines.index_of(at) == place for place, at in enumerate(shown))
    loose = [one for one in posts if one.narrative not in lines.stories]
    assert [line.at for line in lines.lines if line.story == OTHERS and line.mention] == [
        one.id for one in loose[:FIRST]
    ]
