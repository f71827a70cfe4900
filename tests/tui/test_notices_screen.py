"""Pages on the screen: called by bell and desktop, told of, read, and acknowledged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tui.night import empty_room, screen
from tui.seeing import lines, see, text, until
from watch.paging import TOLD

from crisisroom.config.notifying import Notices as Calls
from crisisroom.room import notifying
from crisisroom.room.notifying_looking import Noticed, Standing
from crisisroom.room.settings import apply_config
from crisisroom.store.pages import Page, Try
from crisisroom.tui.hearing import PAGED
from crisisroom.tui.notices.rows import Notices, notice_rows, notice_sheet

NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
replace = msgspec.structs.replace


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
async def test_a_page_calls_and_is_acknowledged(tmp_path: Path, size: tuple[int, int]) -> None:
    async with empty_room(tmp_path) as room:
        me = room.actor.name
        team = tuple(
            type(one)(me if one.id == "ada" else one.id, one.name, one.roles, reach=one.reach)
            for one in TOLD.team
        )
        settings = msgspec.structs.replace(TOLD, team=team, oncall=None)
        app = screen(room)
        called: list[str] = []
        app.notice = called.append
        app.notices = Calls(osc="off")
        async with app.run_test(size=size) as pilot:
            await see(pilot, "This room is empty")
            await pilot.press("enter")
            await apply_config(room, settings, "crisisroom.yaml")
            await pilot.press("Z")
            await see(pilot, "Nobody waits for an answer.")
            (page,) = await notifying.send_test(room, me)
            await until(pilot, lambda: page.id in text(app))
            await pilot.press("space")
            await see(pilot, "nobody is told of it any more")
            await until(pilot, lambda: "answered" in text(app))
            assert any(page.id in line and "test page" in line for line in lines(app))


async def test_who_is_paged_is_called_and_told(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        app = screen(room)
        called: list[str] = []
        app.notice = called.append
        app.notices = Calls(osc="off")
        async with app.run_test(size=(130, 40)) as pilot:
            await see(pilot, "This room is empty")
            await pilot.press("enter")
            from crisisroom.config import Member

            me = Member(room.actor.name, "Me", ("lead",), reach=TOLD.team[0].reach)
            settings = msgspec.structs.replace(TOLD, team=(me, *TOLD.team), oncall=None)
            await apply_config(room, settings, "crisisroom.yaml")
            from room.people import PLAN, as_

            from crisisroom.room import lifecycle, roles

            await lifecycle.declare(as_(room, "ada"), "Kettles", playbook=PLAN, severity="sev3")
            await roles.take(as_(room, "bo"), "INC-1", "lead")
            await roles.hand_over(as_(room, "bo"), "INC-1", "lead", me.id)
            await notifying.notice(room)
            await see(pilot, "PAGE-1 for you, Z answers")
            await until(pilot, lambda: PAGED in called)


def shown(page: Page, *tries: Try, until: datetime | None = None) -> str:
    """The row and the sheet of one page, as text."""
    one = Noticed(page, tries, until)
    others = [Noticed(replace(page, number=9, person="dee"))]
    seen = Notices([one, *others], Standing(works=True), "ada", NOW, UTC)
    rows = [*notice_rows(seen, 78), *notice_sheet(seen, f"page:{page.id}", 78)]
    return "\n".join("".join(cell.text for cell in row.cells) for row in rows)


def test_a_page_says_what_happens_next_and_what_is_not_sure() -> None:
    page = Page(number=3, key="k", person="ada", kind="test", at=NOW, due_at=NOW)
    assert "to be answered until 05:10" in shown(page, until=NOW + timedelta(hours=2))
    grave = replace(page, kind="declared", after=("dee", "cy"), incident="INC-7")
    assert "next 03:10, then cy" in shown(grave)  # dee was told already
    sent = Try(id="x", at=NOW, person="ada", way="ntfy", messenger="p", pages=(3,), state="sent")
    assert "told by ntfy 03:10, perhaps twice" in shown(grave, replace(sent, tries=2))
    assert "perhaps" not in shown(grave, sent)
    in_vain = replace(page, kind="task", state="unanswered")
    assert "not told" in shown(in_vain)
    assert "no answer " not in shown(in_vain)
