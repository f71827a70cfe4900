"""Every screen of ours at every size and in every look: nothing cut, pale, colourless or unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from tui.every import EVERY, on_screen, one_of_each
from tui.matrix import LARGE, PHONE, SMALL, TERMINALS, USUAL, Pairs, Size, flaws, pairs_of

Case = tuple[Size, str]
# Every size in several looks, every look at two sizes: what a size breaks it breaks in any look.
WHOLE: tuple[Case, ...] = (
    (SMALL, "dark"),
    (SMALL, "contrast"),
    (SMALL, "16 colours"),
    (SMALL, "ascii, no colour"),
    (USUAL, "light"),
    (USUAL, "contrast on light"),
    (USUAL, "ascii"),
    (PHONE, "dark"),
    (PHONE, "contrast on light"),
    (PHONE, "no colour"),
    (PHONE, "ascii"),
    (LARGE, "contrast"),
)
ROOMY = (240, 80)  # where every word of a screen has room
HARDEST: Case = (PHONE, "ascii, no colour")
EXEMPT = {
    "the last line": {"error", "upgraded", "too small"},  # a message is there until the next key
    "the first line": {"start", "too small"},  # no room is open yet, or none can be shown
}


async def look(name: str, case: Case, known: Pairs) -> list[str]:
    """Return what is wrong with a screen in one case."""
    size, called = case
    terminal = TERMINALS[called]
    async with on_screen(
        name, size, terminal.environ, light=terminal.light, contrast=terminal.contrast
    ) as app:
        found = flaws(app, terminal, known)
    told = tuple(words for words, names in EXEMPT.items() if name in names)
    return [f"{size[0]}x{size[1]} {called}: {one}" for one in found if not one.startswith(told)]


async def wrong(name: str, cases: Sequence[Case], known: Pairs) -> list[str]:
    """Return what is wrong with a screen in several cases, all opened side by side."""
    found = await asyncio.gather(*(look(name, case, known) for case in cases))
    return [one for part in found for one in part]


@pytest.mark.parametrize("name", one_of_each())
async def test_a_screen_is_whole_on_a_phone_without_colours(name: str) -> None:
    assert await look(name, HARDEST, frozenset()) == []


@pytest.mark.full
@pytest.mark.parametrize("name", EVERY)
async def test_a_screen_is_whole_at_every_size_and_in_every_look(name: str) -> None:
    async with on_screen(name, ROOMY) as app:
        known = pairs_of(app)
    assert await wrong(name, WHOLE, known) == []
