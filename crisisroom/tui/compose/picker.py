"""A list on top of a screen to choose one thing from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual.app import ComposeResult

from crisisroom.core.incident import Incident
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell, fit, short
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.screens.dialogs import Dialog, asking
from crisisroom.tui.signs import FREE, OWNED, PRIVATE


class Pick(Dialog[str | None]):
    """Shows items; dismissed with the id of the one taken by a digit or enter, or with None."""

    place = "choose-words"

    DEFAULT_CSS = "Pick { Items { max-height: 17; margin: 1 0 0 0; } }"

    def __init__(self, title: str, items: Sequence[Item], *, told: str = "", verb: str) -> None:
        keys = [("1-9", verb), ("enter", verb), ("esc", "leave it")]
        super().__init__(asking(title, told), keys)
        self._items = items

    def body(self) -> ComposeResult:
        """Yield the list."""
        yield Items(id="list", spaced=True, digits=True)

    def on_mount(self) -> None:
        """Fill the list."""
        super().on_mount()
        self.call_later(self._fill)

    async def _fill(self) -> None:
        listed = self.query_one(Items)
        await listed.show(self._items)
        listed.focus()

    def on_items_chosen(self, message: Items.Chosen) -> None:
        """Take it."""
        self.dismiss(message.item.id)


def template_items(incident: Incident, now: datetime, zone: tzinfo) -> list[Item]:
    """Return the statements that can be begun or gone on with; ids are `words/…`, `template/…`."""
    items = []
    for held in reversed(incident.statements.values()):
        mark = Cell(PRIVATE, "ok") if held.state == "sent" else Cell(OWNED)
        row = line(
            (held.id, "bold"),
            "  ",
            (fit(held.kind + " v" + str(held.version), 16), "text"),
            (fit(short(held.author), 5), "quiet"),
            (brief_clock(held.drafted_at, now, zone) + "  " + held.state, "quiet"),
        )
        items.append(Item("words/" + held.id, mark, (row,)))
    for template in incident.plan.statements:
        first = next((one for one in template.text.split("\n") if one.strip()), "")
        rows = (
            line((template.title, "bold"), ("   to " + template.audience, "quiet")),
            line((first, "quiet")),
        )
        items.append(Item("template/" + template.id, Cell(FREE, "mine"), rows))
    return items
