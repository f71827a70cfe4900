"""In tmux, a terminal that is no toy: as Textual's own driver shows it, or better.

Where terminals and Textual dispute a glyph's width, Textual's own driver leaves the rest of the row
out of its columns, and parts of it behind when the row changes; the lean one does not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from term import small_app
from term.small_app import ROWS
from term.tmux import TMUX, Tmux

pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")

APP = str(Path(small_app.__file__))
DISPUTED = ("family", "rainbow", "heart", "flags", "thumb", "Devanagari")
STEPS = (("Down", "Down", "Down"), ("Down",) * 40, ("PageDown",), ("Up", "Up", "PageUp"), ("End",))
TAIL = "▎" + " " * 11 + "│"  # the list's border and the bar: every row ends with them
PROBE = "printf 'a\\033[41m\\033[K\\033[m\\033[1;20Hx'; exec sleep 60"


def opened(kind: str, folder: Path, term: str) -> Tmux:
    return Tmux([sys.executable, APP, kind], folder=folder, term=term)


@pytest.fixture(params=["tmux-256color", "screen-256color"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Tmux, Tmux]]:
    with (
        opened("stock", tmp_path, request.param) as stock,
        opened("lean", tmp_path, request.param) as lean,
    ):
        for one in (stock, lean):
            one.still("000 plain", "type here", fits=fits)
        yield stock, lean


def test_it_shows_the_same_or_better(pair: tuple[Tmux, Tmux]) -> None:
    for step in ((), *STEPS):
        for one in pair:
            if step:
                one.press(*step)
        look(*pair)


def test_another_size(pair: tuple[Tmux, Tmux]) -> None:
    for one in pair:
        one.press("Down", "Down")
        one.resize(70, 22)
    look(*pair)


def fits(rows: list[str]) -> bool:
    """Say whether the app has painted all since its size changed."""
    return rows[0].endswith("  │") and rows[-1].startswith("a coloured row")


def look(stock: Tmux, lean: Tmux) -> None:
    """Hold the two against each other."""
    rows = lean.still(fits=fits)
    stock.still(fits=fits)
    width, height = stock.size
    stock.resize(width, height - 1)  # what it left behind of disputed rows goes away
    stock.still(fits=fits)
    stock.resize(width, height)
    stock.still(fits=fits)
    right, ours = stock.cells(), lean.cells()
    compared = 0
    for y, row in enumerate(rows):
        name = row[6:].split()[0] if row[2:5].isdigit() else ""
        if name in DISPUTED:
            whole(row, name)
        elif not any(word in row for word in DISPUTED):
            assert ours[y] == right[y], row
            compared += 1
    assert compared >= 10


def whole(row: str, name: str) -> None:
    """Check a row with a disputed glyph: nothing of the text is lost, and all behind it is in its
    column, counted from the right."""
    assert row.endswith(TAIL), row
    assert row.count("▎") == 1
    words = next(one for one in ROWS if one.startswith(name))
    if name in ("family", "Devanagari"):
        assert f"{words} |" in row
    else:
        assert words.split()[-1] in row


def test_tmux_fills_what_it_erases(tmp_path: Path) -> None:
    with Tmux(["sh", "-c", PROBE], folder=tmp_path, size=(30, 4)) as shown:
        shown.still("a", "x")
        assert [cell.bg for cell in shown.cells()[0][:20]] == ["default"] + ["red"] * 18 + [
            "default"
        ]


def test_nothing_is_left_to_be_typed_into_the_shell(tmp_path: Path) -> None:
    """What the terminal was asked it answers to the program, not to who comes after."""
    shell = f"{sys.executable} {APP} lean; stty sane; printf 'left:'; exec timeout 60 cat -v"
    with Tmux(["sh", "-c", shell], folder=tmp_path) as shown:
        shown.still("000 plain", "type here")
        for _ in range(5):
            shown.press("PageDown")
        shown.press("C-q")
        shown.still("left:")
        shown.press("e", "n", "d", "Enter")
        text = "\n".join(shown.still("left:end"))
        assert "R" not in text.split("left:")[1].replace("end", "")
