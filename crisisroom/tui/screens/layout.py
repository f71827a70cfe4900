"""Which panes show at which size: 80x24 one at a time, from 120x36 four at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS

LEFT = (TASKS, TIMELINE)
_BASE_TASKS, _BASE_FEED, _BASE_HEIGHT = 11, 17, 36
_TIMELINE_BESIDE = 10  # rows of the timeline while the checklist is worked on


@dataclass(frozen=True, slots=True)
class Layout:
    """A size's shape: heights of the upper pane of each column, in lines."""

    wide: bool
    widest: bool
    small: bool
    heights: Mapping[int, int]

    def height(self, view: int, active: int) -> int | None:
        """Return how many lines a view has while `active` has the keys; None: all there are.

        Whoever works on the checklist sees most of it.
        """
        given = self.heights.get(view)
        if given is None or active != TASKS or view not in LEFT:
            return given
        least = min(_TIMELINE_BESIDE, self.heights[TIMELINE])
        return least if view == TIMELINE else given + self.heights[TIMELINE] - least

    def shows(self, active: int) -> tuple[int, ...]:
        """Return the views on the screen when `active` has the keys."""
        if not self.wide or active == WORDS:
            return (active,)
        return (TASKS, TIMELINE, FEED, THREAD)


def layout_for(width: int, height: int) -> Layout:
    """Return the layout of a terminal's size; extra rows go two thirds to the feed."""
    wide = width >= 120 and height >= 36
    if not wide:
        return Layout(False, False, width < 60 or height < 16, {})
    extra = height - _BASE_HEIGHT
    body = height - 5
    feed = _BASE_FEED + extra * 2 // 3
    tasks = _BASE_TASKS + extra // 2
    return Layout(
        wide=True,
        widest=width >= 160,
        small=False,
        heights={FEED: feed, THREAD: body - feed - 1, TASKS: tasks, TIMELINE: body - tasks - 1},
    )
