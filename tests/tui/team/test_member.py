"""What the team says of a person, in the list of who is here."""

from __future__ import annotations

from pathlib import Path

import msgspec
from tui.night import night_room, screen
from tui.seeing import see, text

from crisisroom.config import Member
from crisisroom.core.playbook import Reach
from crisisroom.room.settings import apply_config

ADA = Member(
    "ada",
    "Ada Example",
    ("lead", "social"),
    approves=("public-words",),
    handles=("@ada@social.example",),
    reach=(Reach("phone", "+49 30 1234"), Reach("email", "ada@example.org")),
    zone="Europe/Berlin",
)
KIM = Member("kim", "Kim", access="executive")


async def test_the_sheet_says_who_may_what_and_how_to_reach_them(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        config = msgspec.structs.replace(room.config, team=(ADA, KIM))
        await apply_config(room, config, "crisisroom.yaml")
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("u")
            await see(pilot, "Not here")
            await pilot.press("j", "j")
            await see(pilot, "may be lead, social; approves public-words only")
            await see(pilot, "phone +49 30 1234, email ada@example.org; in Europe/Berlin")
            await see(pilot, "no SSH key; @ada@social.example on networks")
            await pilot.press("G")
            await see(pilot, "reads only (executive)")
            assert "no way to reach them" in text(app)
