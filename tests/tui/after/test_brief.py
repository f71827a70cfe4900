"""The brief on the screen: for each audience, whole or short; what its first screen has."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from tui.after.after_night import after_room
from tui.night import night_room, screen
from tui.seeing import lines, see, text, until

from crisisroom.core.brief import Audience
from crisisroom.core.briefs.layout import WIDTH
from crisisroom.room import Actor, record, roles
from crisisroom.tui.after.brief import _NAMES, BriefScreen, page_rows


async def test_the_first_screen_has_what_matters_most(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("b")
            await see(pilot, "needed from you")
            shown = text(app)
            for part in ("what happened", "what we said", "what we promised"):
                assert part in shown
            assert "more lines below, space shows them" in shown
            await pilot.press("space")
            await until(pilot, lambda: "needed from you" not in text(app))
            await pilot.press("k", "pageup", "j", "k")
            await see(pilot, "needed from you")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_each_audience_reads_its_own(tmp_path: Path, size: tuple[int, int]) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("b")
            await see(pilot, "where it stands")
            await pilot.press("tab")
            await see(pilot, "in figures")
            await pilot.press("3")
            await until(pilot, lambda: "in figures" not in text(app))
            await pilot.press("space")
            await see(pilot, "evidence          no file")
            await pilot.press("shift+tab", "shift+tab")
            await see(pilot, "where it stands")
            await pilot.press("shift+tab", "tab", "4")
            await see(pilot, "key messages")


async def test_it_follows_what_happens_and_is_copied_as_text(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("b")
            await see(pilot, "how stories are")
            await record.decide(room.as_actor(Actor("bo")), "INC-1", "refund all", "[b]ours[/b]")
            await see(pilot, "refund all, because [b]ours[/b]")
            await pilot.press("y")
            await see(pilot, "copied: the whole page as text")
            assert app.clipboard.startswith("INC-1 Double charge: brief, ")
            assert all(len(line) <= WIDTH for line in app.clipboard.split("\n"))
            await pilot.press("escape")
            await see(pilot, "mira.k")


async def test_enter_tells_every_line(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        for number in range(9):
            await roles.hand_over(room, "INC-1", "lead", f"p{number}", "a note " * 30)
        theirs = screen(room.as_actor(Actor("p8")))

        def shown() -> str:
            return "\n".join(lines(theirs)[3:-1])

        async with theirs.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("b")
            await see(pilot, "take Lead over from ada")
            await until(pilot, lambda: "…" in shown())
            await pilot.press("enter")
            await until(pilot, lambda: "…" not in shown())
            await pilot.press("enter")
            await until(pilot, lambda: "…" in shown())


async def test_it_fits_every_width(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("b")
            await see(pilot, "needed from you")
            page = app.screen
            assert isinstance(page, BriefScreen)
            assert page.page is not None
            for width in (60, 78, 104):
                for whole in (False, True):
                    rows = list(page_rows(page.page, width, whole=whole))
                    assert max(len(row.text) for row in rows) <= width


def test_every_audience_has_a_name() -> None:
    assert set(get_args(Audience)) == set(_NAMES)
