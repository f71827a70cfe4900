"""What a terminal may send besides keys of a hand: none of it sends words."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

from textual._xterm_parser import XTermParser
from textual.pilot import Pilot
from tui.compose.stage import Night, Shown, Stand, night, settled, showing, until

from crisisroom.tui.compose.reply import ReplyScreen

BEGIN, END, SEND = "\x1b[200~", "\x1b[201~", "\x13"
ANSWERS = (
    "\x1b]52;c;c2VjcmV0\x07",  # the clipboard
    "\x1b]52;c;c2VjcmV0\x1b\\",
    "\x1b[?62;22c",  # who are you
    "\x1b[24;80R",  # where is the cursor
    "\x1bP1$r0m\x1b\\",  # which settings
    "\x1b]ly\x1b\\",  # the title
    "\x1b[?1;0;256S",
)
FIRST = (BEGIN + "hello" + END, BEGIN + "hel" + END + "lo", "hello\rthere\n", *ANSWERS, "")
THEN = (SEND + "y", SEND + "\ry", SEND + "yyyy\r", SEND + END + "y", "\n" + SEND + "y\n")
CASES = tuple(product(FIRST, THEN))


async def type_raw(app: Shown, pilot: Pilot[None], sent: str) -> None:
    """Hand bytes to the app as its driver would, and let it come to rest."""
    for event in XTermParser().feed(sent) if sent else ():
        app.post_message(event)
    await pilot.pause()
    await settled(app, pilot)


async def composer(stage: Night, app: Shown, pilot: Pilot[None]) -> None:
    """Come back to the composer, as a person would, and be quiet for a while."""
    while not isinstance(app.screen, ReplyScreen | Stand):
        app.pop_screen()
        await pilot.pause()
    screen = app.screen
    if not isinstance(screen, ReplyScreen):
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        await app.push_screen(screen)
    await until(pilot, lambda: screen.reviewed)
    stage.clock.advance(5)


async def test_nothing_a_terminal_sends_in_one_go_sends_words(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = ReplyScreen(stage.room, stage.incident.id, stage.mention.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            for first, then in CASES:
                await composer(stage, app, pilot)
                await type_raw(app, pilot, first)
                for piece in re.findall("\x1b\\[201~|.|\n", then):
                    await type_raw(app, pilot, piece)
                assert (await stage.now()).replies == {}, (first, then)
        assert len(CASES) >= 50
