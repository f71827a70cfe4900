"""Evidence on the screen: posts and files by their hash, never opened, hashed again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tui.night import by_handle, night_room, screen
from tui.over_key import over_key
from tui.pictures import looks
from tui.record.hands import command, fill
from tui.seeing import see, text, until

from crisisroom.room import evidence, reading
from crisisroom.store import Tx
from crisisroom.tui.app import RoomApp
from crisisroom.tui.record.evidence import EvidenceScreen

BODY = b"%PDF-1.4 " + b"\x1b]52;c;aGk=\x07" + b"[@click=app.pwn]"
SHA = hashlib.sha256(BODY).hexdigest()


async def test_a_post_is_kept_as_it_is_now_and_that_is_taken_back(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        mira = (await by_handle(room))["mira.k"]
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("g")
            feed = app.room_screen.feed
            await until(pilot, lambda: feed.mention is not None and feed.mention.id == mira.id)
            await pilot.press("Y")
            await see(pilot, f"{mira.id} as it was seen")
            sha = hashlib.sha256(mira.text.encode()).hexdigest()
            await see(pilot, f"sha256 {sha[:12]}   as it was seen")
            await see(pilot, "│ Checked again: two payments of 49.00, same minute")
            await pilot.press("escape")
            await see(pilot, f"{mira.id} is evidence of INC-1")
            assert (await reading.incident(room, "INC-1")).mentions[mira.uid].sha256 == sha
            await pilot.press("z")
            await see(pilot, "taken back: link of")


async def test_a_file_is_kept_listed_and_hashed_again(tmp_path: Path) -> None:
    file = tmp_path / "letter [bold].pdf"
    file.write_bytes(BODY)
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("4")
            await see(pilot, "head ")
            await pilot.press("Y")
            await see(pilot, "0 files, 11 posts")
            await pilot.press("plus")
            await fill(pilot, str(tmp_path / "missing"))
            await see(pilot, "what is it?")
            await fill(pilot, "")
            await see(pilot, "No such file")
            await pilot.press("plus")
            await fill(pilot, str(file))
            await see(pilot, "what is it?")
            await fill(pilot, "from the bank")
            await see(pilot, SHA[:8])
            await see(pilot, "letter [bold].pdf")
            assert "not hashed again yet" in text(app)
            await pilot.press("v")
            await see(pilot, "all as kept, hashed 03:35")
            await pilot.press("enter")
            await see(pilot, f"Evidence   {SHA[:12]}")
        assert (await evidence.one(room, SHA)).state == "kept"


async def test_what_was_changed_is_named(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await evidence.add(room, "INC-1", [evidence.Found("letter.pdf", BODY)])

        async def harm(tx: Tx) -> None:
            await tx.run("UPDATE evidence SET bytes = ?", (b"other",))

        await room.store.write(harm)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("4")
            await see(pilot, "head ")
            await pilot.press("Y")
            await see(pilot, "letter.pdf")
            await pilot.press("v")
            await see(pilot, "1 NOT as kept")


async def test_a_restricted_shell_reads_no_files(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(await over_key(room))
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await command(pilot, app, "attach")
            await see(pilot, "files of the host cannot be read from here")
            await command(pilot, app, "evidence")
            await until(pilot, lambda: isinstance(app.screen, EvidenceScreen))
            await see(pilot, "+ file: not from here")


@pytest.mark.parametrize(
    ("name", "size", "wishes"),
    [
        ("80x24", (80, 24), {}),
        ("120x36-light", (120, 36), {"light": True}),
        ("80x24-ascii", (80, 24), {"ascii_only": True}),
    ],
)
async def test_picture(
    tmp_path: Path, name: str, size: tuple[int, int], wishes: dict[str, object]
) -> None:
    kept = Path(__file__).parents[1] / "snapshots" / f"evidence-{name}.svg"
    async with night_room(tmp_path) as room:
        await evidence.add(room, "INC-1", [evidence.Found("letter.pdf", BODY)], about="M-2")
        app: RoomApp = screen(room, **wishes)
        async with app.run_test(size=size) as pilot:
            await pilot.press("4")
            await see(pilot, "head ")
            await pilot.press("Y")
            await see(pilot, "letter.pdf")
            await pilot.press("v")
            await see(pilot, "all as kept")
            await looks(app, pilot, "crisisroom · evidence", kept)  # type: ignore[arg-type]
