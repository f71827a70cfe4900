"""Which panes show at which size: a phone's and 80x24 one at a time, from 120x36 four at once."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS
from crisisroom.tui.rows.folding import PHONE

LEFT = (TASKS, TIMELINE)
_BASE_TASKS, _BASE_FEED, _BASE_HEIGHT = 11, 17, 36
_TIMELINE_BESIDE = 10  # rows of the timeline while the checklist is worked on
LEAST_WIDTH, LEAST_HEIGHT = 40, 12  # cells and lines below which nothing useful fits
AIRY = 20  # lines from which blank ones part status, tabs and list
_CLASSES = ("wide", "widest", "small", "phone", "low")


class Layout(msgspec.Struct, frozen=True):
    """A size's shape: heights of the upper pane of each column, in lines.

    `small` is too small, `phone` narrow, `low` short of lines.
    """

    wide: bool = False
    widest: bool = False
    small: bool = False
    phone: bool = False
    low: bool = False
    heights: Mapping[int, int] = msgspec.field(default_factory=dict)

    @property
    def classes(self) -> Mapping[str, bool]:
        """Return the classes of the stylesheet that a screen of this size has, or has not."""
        return {f"-{name}": getattr(self, name) for name in _CLASSES}

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
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        return Layout(small=small, phone=width < PHONE, low=height < AIRY)
    extra = height - _BASE_HEIGHT
    body = height - 5
    feed = _BASE_FEED + extra * 2 // 3
    tasks = _BASE_TASKS + extra // 2
    return Layout(
        wide=True,
        widest=width >= 160,
        heights={FEED: feed, THREAD: body - feed - 1, TASKS: tasks, TIMELINE: body - tasks - 1},
    )
