"""What we owe people on the screen: promises with their clocks, talks in private until they end."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.bulk.night import speaking_room
from tui.night import advance, by_handle, screen
from tui.seeing import lines, see, text, until
from tui.test_acts import choose, write

from crisisroom.core.incident import Incident
from crisisroom.room import Room, promising, reading, triage, words
from crisisroom.tui.promises.rows import debt_rows, debt_sheet, debts_of
from crisisroom.tui.rows import Row

TEXT = "Hello @pat@social.example,\nWe are sorry. You were charged twice.\n\nFerrow"


async def answered(room: Room) -> None:
    """Let ada write a reply to pat, and move hana to private."""
    posts = await by_handle(room)
    pat, hana = posts["@pat@social.example"].id, posts["hana"].id
    await triage.link(room, "INC-1", [pat, hana])
    await words.save_reply(room, "INC-1", pat, TEXT)
    await triage.offline(room, hana)


async def state(room: Room) -> Incident:
    """Return the incident."""
    return await reading.incident(room, "INC-1")


async def opened(pilot: Pilot[int]) -> None:
    """Open the screen."""
    await see(pilot, "mira.k")
    await pilot.press("U")
    await see(pilot, "In private")


async def promise(pilot: Pilot[int], said: str, due: str, ticket: str = "") -> None:
    """Answer what is asked of a promise."""
    await see(pilot, "What do we promise in R-1?")
    await write(pilot, said)
    await see(pilot, "By when?")
    await write(pilot, due)
    await choose(pilot, "Care")
    await see(pilot, "Its ticket?")
    await write(pilot, ticket)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_promise_is_written_down_kept_and_dropped(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with speaking_room(tmp_path) as room:
        await answered(room)
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            await until(pilot, lambda: "Promises   0 open" in text(app))
            await pilot.press("plus")
            await choose(pilot, "R-1")
            await promise(pilot, "the refund is there by Monday", "+10m", "https://t.example/7")
            await see(pilot, "P-1: care sees to it by 03:44")
            await see(pilot, "▸ in 10m  care    the refund is there by Monday")
            await see(pilot, "the reply is not out yet")
            await until(pilot, lambda: "ticket  https://t.example/7" in text(app))
            await until(pilot, lambda: "│ 03:21  @pat@social.example" in text(app))
            advance(room, 12)
            await promising.add(room, "INC-1", "R-1", "a call back")
            await see(pilot, "2 open, 1 late")
            await see(pilot, "! late 2m")
            await pilot.press("space")
            await see(pilot, "what was done?")
            await write(pilot, "98 euros, booked 03:40")
            await see(pilot, "P-1 is kept")
            await see(pilot, "kept by ada 03:46")
            await pilot.press("space")
            await see(pilot, "P-1 was kept by ada already")
            await pilot.press("x")
            await see(pilot, "P-1 was kept by ada already")
            await pilot.press("g", "x")
            await see(pilot, "were they told?")
            await write(pilot, "no number; told them so")
            await see(pilot, "P-2 is dropped")
            kept = (await state(room)).promised
            assert [(one.state, one.outcome) for one in kept.values()] == [
                ("kept", "98 euros, booked 03:40"),
                ("dropped", "no number; told them so"),
            ]


async def test_what_was_typed_wrong_is_said_at_once(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await answered(room)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("plus")
            await choose(pilot, "R-1")
            await write(pilot, "")
            await see(pilot, "it needs some words")
            await write(pilot, "a call back")
            await write(pilot, "soon")
            await see(pilot, "write it as +2h")
            await write(pilot, "2026-11-20 09:00")
            await see(pilot, "that is in the past")
            await write(pilot, "")
            await choose(pilot, "ada")
            await write(pilot, "T-77")
            await see(pilot, "give its whole address")
            await pilot.press("escape")
            await see(pilot, "In private")
            assert not (await state(room)).promised


async def test_a_talk_in_private_ends_with_what_came_of_it(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await answered(room)
        advance(room, 15)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await until(pilot, lambda: "» open 15m" in text(app))
            await until(pilot, lambda: "│ Duplicate debit of 22 November" in text(app))
            assert "space note what came of it" in lines(app)[-1]
            await pilot.press("x")
            await see(pilot, "choose a promise first")
            await pilot.press("enter")
            await see(pilot, "space page")
            await pilot.press("escape", "space")
            await see(pilot, "nothing personal")
            await write(pilot, "refunded, content")
            await see(pilot, "is closed")
            await see(pilot, "✓ closed")
            await pilot.press("space")
            await see(pilot, "is closed already")


async def test_a_promise_begins_at_the_post_one_stands_on(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await answered(room)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("slash", *"pat", "enter")
            await see(pilot, "only pat")
            await until(pilot, lambda: app.room_screen.feed.count() == 1)
            await pilot.press("U")
            await see(pilot, "+ promise in R-1")
            await pilot.press("plus")
            await promise(pilot, "a call back", "+2h")
            await see(pilot, "P-1: care sees to it by 05:34")
            await pilot.press("escape", "colon")
            await see(pilot, "type to narrow")
            await pilot.press(*"what the reply under", "enter")
            await promise(pilot, "another one", "")
            await see(pilot, "P-2: care sees to it, at no named time")
            await pilot.press("z")
            await see(pilot, "taken back: promise P-2")
            assert (await state(room)).promised["P-2"].state == "dropped"


async def test_without_a_reply_the_key_says_so(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            assert "+ promise: no reply yet" in lines(app)[-1]
            await until(pilot, lambda: "Nobody was asked to go on in private." in text(app))
            await pilot.press("plus")
            await see(pilot, "nobody has written a reply yet   r writes one")
            await pilot.press("space")
            await see(pilot, "nothing is owed here")


async def test_a_strangers_words_are_foreign_cells_at_the_end(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await answered(room)
        await promising.add(room, "INC-1", "R-1", "a call back")
        known = debts_of(await state(room), "ada", room.clock.now(), room.scene().now.tzinfo)  # type: ignore[arg-type]
        rows = list(debt_rows(known, 78))
        rows += [row for at in ("promise:P-1", "talk:M-4") for row in debt_sheet(known, at, 78)]
        assert any(said(row) for row in rows)
        for row in rows:
            foreign = [cell.foreign for cell in row.cells]
            assert not any(foreign[:-1])


def said(row: Row) -> bool:
    """Tell whether a stranger speaks in a row."""
    return any(cell.foreign for cell in row.cells)
