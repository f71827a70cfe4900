"""A pane with a list: the lines above it, the list, and where its cursor stands."""

from __future__ import annotations

from crisisroom.firstpaint.cells import Line, gap


class Pane:
    """What a pane shows."""

    __slots__ = ("cursor", "head", "rows")

    def __init__(self, head: list[Line], rows: list[Line], cursor: int = 0) -> None:
        self.head = head
        self.rows = rows
        self.cursor = cursor

    def view(self, height: int, *, active: bool) -> tuple[list[Line], int]:
        """Return the lines that show, and the place of the cursor's among them; -1 without one."""
        room = max(1, height - len(self.head))
        top = max(0, self.cursor - room + 1)
        shown = [*self.head, *self.rows[top : top + room]]
        return shown[:height], len(self.head) + self.cursor - top if active and self.rows else -1


def titled(pane: str, name: str, *, focused: bool) -> Line:
    """Return the beginning of the line above a pane of several: its number and name."""
    return [gap(1), (pane, "quiet"), gap(1), (name, "focus" if focused else "bold")]
