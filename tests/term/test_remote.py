"""A terminal far away: right after any frames, whether sent or not, and whatever happened to it."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from term.drawn import pieces
from term.emulated import Emulated, differences, repainted

from crisisroom.term.facts import Facts
from crisisroom.term.glyphs import glyphs
from crisisroom.term.remote import SYNC_BEGIN, SYNC_END, SYNC_FROM, Remote
from crisisroom.term.style import transition

sizes = st.tuples(st.integers(1, 24), st.integers(1, 8))


class Far(RuleBasedStateMachine):
    """An application that paints, and a terminal that is sent some of it."""

    @initialize(size=sizes, fills=st.booleans())
    def begin(self, size: tuple[int, int], fills: bool) -> None:
        self.size = self.app_size = size
        self.remote = Remote(*size, Facts(fills=fills))
        self.terminal = Emulated(*size, fills=fills)
        self.terminal.soil()

    @rule(drawn=pieces(24, 8), many=st.integers(1, 4), data=st.data())
    def paint(self, drawn: object, many: int, data: st.DataObject) -> None:
        width, height = self.app_size
        for _ in range(many):
            x, y, text, style = data.draw(pieces(24, 8))
            if x + sum(cells for _, cells in glyphs(text)) <= width and y < height:
                place = f"\x1b[{y + 1};{x + 1}H"
                self.remote.take(f"{place}{transition(None, style)}{text}\x1b[0m")

    @rule(rows=st.integers(1, 3))
    def scroll(self, rows: int) -> None:
        """Paint as an application does whose list moved."""
        grid = self.remote.frames.grid
        grid.scroll(0, grid.height, min(rows, grid.height))

    @rule(cursor=st.booleans())
    def send(self, cursor: bool) -> None:
        self.remote.fit(*self.size)
        self.terminal.feed(self.remote.frame(cursor=cursor))
        self._holds()
        assert self.remote.frame() == "" or cursor

    @rule()
    def soil(self) -> None:
        self.terminal.soil()
        self.remote.forget()

    @rule(size=sizes)
    def resize_terminal(self, size: tuple[int, int]) -> None:
        if size != self.size:
            self.size = size
            self.terminal.resize(*size)
            self.terminal.soil()

    @precondition(lambda self: self.app_size != self.size)
    @rule()
    def resize_app(self) -> None:
        self.app_size = self.size
        self.remote.frames.resize(*self.size)

    @rule()
    def control(self) -> None:
        """What moves the cursor or paints behind our back."""
        self.remote.take("\x1b[5A\x1b[1J")
        self.terminal.feed(self.remote.controls())

    def _holds(self) -> None:
        """Hold what both sizes have against the grid."""
        wanted = self.remote.frames.grid
        width, height = min(self.size[0], wanted.width), min(self.size[1], wanted.height)
        right = repainted(wanted.resized(width, height)).seen()
        part = [row[:width] for row in self.terminal.seen()[:height]]
        assert not differences(part, right)


TestFar = Far.TestCase
TestFar.settings = settings(max_examples=30, stateful_step_count=25)


@pytest.mark.full
def test_for_long() -> None:
    run_state_machine_as_test(Far, settings=settings(max_examples=2000, deadline=None))


def remote_of(width: int = 20, height: int = 3) -> Remote:
    remote = Remote(width, height, Facts())
    remote.fit(width, height)
    remote.frame()
    return remote


def test_the_newest_frame_counts() -> None:
    remote = remote_of()
    for word in ("one", "two", "six"):
        remote.take(f"\x1b[H\x1b[0m{word}")
    told = remote.frame()
    assert "six" in told
    assert "one" not in told
    assert "two" not in told


def test_what_came_and_went_is_not_sent() -> None:
    remote = remote_of()
    remote.take("\x1b[Hone")
    remote.take("\x1b[H   ")
    assert remote.frame() == ""


def test_only_large_frames_are_wrapped_and_only_where_the_application_wraps_them() -> None:
    remote = remote_of(80, 24)
    remote.take("\x1b[Hsmall")
    assert SYNC_BEGIN not in remote.frame()
    remote.take(_large("abc"))
    assert SYNC_BEGIN not in remote.frame()
    remote.take(f"\x1b[?2026h{_large('xyz')}\x1b[?2026l")
    told = remote.frame()
    assert len(told) >= SYNC_FROM
    assert told.startswith(SYNC_BEGIN)
    assert told.endswith(SYNC_END)
    remote.take("\x1b[?2026h\x1b[Hsmall\x1b[?2026l")
    assert SYNC_BEGIN not in remote.frame()


def _large(letters: str) -> str:
    return "".join(f"\x1b[{y + 1};1H{letters[y % 3] * 79}" for y in range(24))


def test_a_first_paint_is_gone_on_from() -> None:
    remote = Remote(20, 3, Facts())
    remote.adopt("\x1b[Hhello\x1b[2;1Hworld", 20, 3)
    remote.take("\x1b[Hhello\x1b[2;1Hwords")
    remote.fit(20, 3)
    told = remote.frame()
    assert told.endswith("s")
    assert "hell" not in told
    assert "\x1b[2J" not in told


def test_the_cursor_goes_where_the_application_has_it_when_asked() -> None:
    remote = remote_of()
    remote.take("\x1b[2;5H")
    assert remote.frame() == ""
    assert remote.frame(cursor=True) == "\x1b[2;5H"
    assert remote.frame(cursor=True) == ""


def test_a_link_never_outlives_what_is_cleared() -> None:
    remote = remote_of()
    remote.take("\x1b[H\x1b]8;;https://x.test\x1b\\link\x1b]8;;\x1b\\")
    assert remote.frame().endswith("link")
    assert remote.ending() == "\x1b]8;;\x1b\\\x1b[m"
    remote.fit(10, 2)
    assert remote.frame().startswith("\x1b]8;;\x1b\\\x1b[m\x1b[2J")


@pytest.mark.parametrize(
    "control", ["\x07", "\x1b[?1000h", "\x1b]52;c;aGk=\x07", "\x1b[>1u", "\x1b[6n", "\x1b[?2026$p"]
)
def test_usual_controls_change_nothing(control: str) -> None:
    remote = remote_of()
    remote.take(control)
    assert remote.controls() == control
    assert remote.frame() == ""


@pytest.mark.parametrize("control", ["\x1b[5A", "\x1b[1J", "\x1bM", "\x1bc", "\x1b[2;3r"])
def test_after_others_all_is_painted_anew(control: str) -> None:
    remote = remote_of()
    remote.take(control)
    assert remote.controls() == control
    assert "\x1b[2J" in remote.frame()


def test_a_size_that_changed_and_came_back_is_painted_anew() -> None:
    remote = remote_of(20, 3)
    remote.fit(20, 9)
    assert "\x1b[2J" in remote.frame()
    remote.fit(20, 3)
    assert "\x1b[2J" in remote.frame()
    remote.fit(20, 3)
    assert remote.frame() == ""
