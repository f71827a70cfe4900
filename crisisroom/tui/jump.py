"""Going by letters: each place of the screen below gets one, the next letter goes there."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from crisisroom.tui.keys.hints import Hint
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.places import Spot, places_of
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.shown import ours, painter
from crisisroom.tui.widgets.hints import Hints
from crisisroom.tui.widgets.lines import Painted

LETTERS = "asdfghjklqwertyuiopzxcvbnm"  # those under the fingers first


def labels(count: int) -> list[str]:
    """Return so many labels of letters, as short as can be; none is the beginning of another."""
    firsts = 0  # letters that begin longer labels
    while len(LETTERS) - firsts + firsts * len(LETTERS) < count and firsts < len(LETTERS):
        firsts += 1
    alone = LETTERS[: len(LETTERS) - firsts]
    pairs = [first + second for first in LETTERS[len(alone) :] for second in LETTERS]
    return [*alone, *pairs][:count]


class Mark(Painted):
    """The letters of one place; without colours they stand in brackets."""

    DEFAULT_CSS = "Mark { position: absolute; height: 1; }"

    def __init__(self, letters: str, spot: Spot) -> None:
        super().__init__()
        self.letters = letters
        self.styles.offset = (spot.at.x, spot.at.y)
        self.styles.width = len(letters) + 2

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the letters."""
        paints = painter(self.app)
        plain = paints.ascii_only or paints.palette.plain_cursor
        return (Row((Cell(f"[{self.letters}]" if plain else f" {self.letters} ", "near"),)),)


class Jump(Keyed[None], ModalScreen[None]):
    """Letters above a screen; escape, or the key that opened them, goes nowhere."""

    place = "jumping"
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Jump {
        background: transparent; overflow: hidden; scrollbar-size: 0 0;
        &:ansi { background: transparent; }
    }
    """

    def __init__(self, spots: Sequence[Spot]) -> None:
        super().__init__()
        self._spots = dict(zip(labels(len(spots)), spots, strict=False))
        self._typed = ""
        self._fits: tuple[int, int] | None = None  # the size that the places were found at

    def compose(self) -> ComposeResult:
        """Lay a mark on each place, and the keys below."""
        for label, spot in self._spots.items():
            yield Mark(label, spot)
        yield Hints()

    def on_mount(self) -> None:
        """Say what to press."""
        self.query_one(Hints).show_keys(self.hinted(self.keys()))

    def keys(self) -> list[Hint]:
        """Return what a letter does; that there is nothing to go to."""
        if not self._spots:
            return [("", "there is nothing to go to here"), ("esc", "back")]
        return [("a-z", "go where the letter stands"), ("esc", "stay")]

    def on_key(self, event: events.Key) -> None:
        """Go where the letter stands; of labels of two letters wait for the second."""
        letter = (event.character or "").lower()
        if letter not in LETTERS or not letter:
            return
        event.stop()
        event.prevent_default()
        typed = self._typed + letter
        if typed in self._spots:
            self._go(self._spots[typed])
        elif any(label.startswith(typed) for label in self._spots):
            self._typed = typed
            self._keep(typed)
        else:
            self._typed = ""
            self._keep("")
            told = ours(f"no place has the letters {typed}", "warn", painter(self.app).palette)
            self.query_one(Hints).say(told)

    def _keep(self, typed: str) -> None:
        """Let only the places show whose letters begin with what was typed."""
        for mark in self.query(Mark):
            mark.display = mark.letters.startswith(typed)

    def _go(self, spot: Spot) -> None:
        self.dismiss(None)
        self.app.call_later(spot.go)

    def action_leave(self) -> None:
        """Go nowhere."""
        self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """Leave once the places below have moved."""
        before, self._fits = self._fits, (event.size.width, event.size.height)
        if before and before != self._fits:
            self.dismiss(None)


__all__ = ["Jump", "labels", "places_of"]
