"""The terminal's cursor and pen: where it stands, what it writes in, and what it was told."""

from __future__ import annotations

from crisisroom.term.facts import Facts
from crisisroom.term.style import PLAIN, Style, transition


class Pen:
    """Collects what is written; a place or a style that is not known is None."""

    __slots__ = ("_facts", "_height", "_told", "_width", "style", "x", "y")

    def __init__(self, width: int, height: int, facts: Facts) -> None:
        self._width = width
        self._height = height
        self._facts = facts
        self._told: list[str] = []
        self.x: int | None = None
        self.y: int | None = None
        self.style: Style | None = None

    def fork(self) -> Pen:
        """Return a pen that stands here and has written nothing yet."""
        other = Pen(self._width, self._height, self._facts)
        other.x, other.y, other.style = self.x, self.y, self.style
        return other

    def copy(self) -> Pen:
        """Return a pen that stands here and has written the same."""
        other = self.fork()
        other._told = self._told.copy()
        return other

    def join(self, other: Pen) -> None:
        """Take over what a fork wrote, and where it stands."""
        self._told += other._told
        self.x, self.y, self.style = other.x, other.y, other.style

    def told(self) -> str:
        """Return what was written so far."""
        return "".join(self._told)

    def taken(self) -> str:
        """Return what was written so far, once."""
        told = self.told()
        self._told = []
        return told

    def __len__(self) -> int:
        return sum(map(len, self._told))

    def lose_place(self) -> None:
        """Forget where the cursor stands in its row."""
        self.x = None

    def forget(self) -> None:
        """Forget everything: somebody else wrote on the terminal."""
        self.x = self.y = self.style = None

    def ending(self) -> str:
        """Return what makes the style the terminal's own, whichever it was."""
        link = "\x1b]8;;\x1b\\" if self.style is not None and self.style.link else ""
        return f"{link}\x1b[m"

    def wear(self, style: Style) -> None:
        """Write in this style from now on."""
        if style is not self.style:
            only_reset = not self._facts.ends_attributes
            self._told.append(transition(self.style, style, only_reset=only_reset))
            self.style = style

    def write(self, text: str, cells: int) -> None:
        """Write text that takes so many cells; behind the last column the place is not known."""
        self._told.append(text)
        if self.x is not None:
            self.x += cells
            if self.x >= self._width:
                self.x = None

    def erase(self, cells: int = 0) -> None:
        """Blank so many cells from here on, or the rest of the row, in the pen's style."""
        self._told.append(f"\x1b[{cells}X" if cells else "\x1b[K")

    def move(self, x: int, y: int) -> None:
        """Go to a cell by the shortest way."""
        if self.x == x and self.y == y:
            return
        self._told.append(min(self._ways(x, y), key=len))
        self.x, self.y = x, y

    def _ways(self, x: int, y: int) -> list[str]:
        down = y - self.y if self.y is not None else None
        ways = [_address(x, y)]
        if down is not None and 0 <= down <= 2 and x == 0:
            ways.append("\r" + "\n" * down)
        if down == 0:
            if self._facts.ends_attributes:
                ways.append(f"\x1b[{x + 1}G")
            if self.x is not None and x > self.x:
                ways.append(f"\x1b[{_many(x - self.x)}C")
            elif self.x is not None and self.x - x <= 3:
                ways.append("\b" * (self.x - x))
        elif down is not None and x == self.x:
            ways.append(f"\x1b[{_many(down)}B" if down > 0 else f"\x1b[{_many(-down)}A")
        return ways

    def scroll(self, top: int, bottom: int, rows: int) -> None:
        """Move rows `top` to `bottom` (exclusive) up by `rows`, or down; plain blanks come in."""
        self.wear(PLAIN)
        part = (top, bottom) != (0, self._height)
        if part:
            self._told.append(f"\x1b[{top + 1};{bottom}r")
        if rows > 0:
            self._told.append(_address(0, bottom - 1) + "\n" * rows)
        else:
            self._told.append(_address(0, top) + "\x1bM" * -rows)
        if part:
            self._told.append("\x1b[r")
        self.x = self.y = None


def _address(x: int, y: int) -> str:
    row = str(y + 1) if y else ""
    return f"\x1b[{row};{x + 1}H" if x else f"\x1b[{row}H"


def _many(count: int) -> str:
    return str(count) if count > 1 else ""
