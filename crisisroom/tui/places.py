"""The places on a screen that one can go to by a letter: tabs, panes, rows, fields, the corner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import msgspec
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea

from crisisroom.tui.compose.items import Items
from crisisroom.tui.rows import cell_len
from crisisroom.tui.screens.panes import Panes
from crisisroom.tui.widgets.lines import Listing
from crisisroom.tui.widgets.status import StatusLine
from crisisroom.tui.widgets.tabs import VIEWS, Tabs


class Spot(msgspec.Struct, frozen=True):
    """One place: where its letter stands, and what going there does."""

    at: Offset
    go: Callable[[], object]


def places_of(screen: Screen[object]) -> list[Spot]:
    """Return the places of a screen, from the top left; those that do not show are left out."""
    found = [*_of_room(screen)] if isinstance(screen, Panes) else []
    for widget in screen.query("*").results(Widget):
        if widget.display and widget.region and not widget.disabled:
            found += _of_widget(screen, widget)
    width, height = screen.size
    seen = [one for one in found if 0 <= one.at.x < width and 0 <= one.at.y < height]
    return sorted(seen, key=lambda one: (one.at.y, one.at.x))


def _of_room(screen: Panes) -> Iterator[Spot]:
    """Yield the panes beside the active one; of a narrow screen the tabs stand for them."""
    for view, pane in screen.panes.items():
        if pane.region and pane is not screen.pane:
            yield Spot(pane.region.offset, partial(screen.show_view, view))


def _of_widget(screen: Screen[object], widget: Widget) -> Iterator[Spot]:
    if isinstance(widget, Listing):
        if not isinstance(screen, Panes) or widget is screen.pane:
            yield from _rows(widget)
    elif isinstance(widget, Items):
        yield from _items(widget)
    elif isinstance(widget, OptionList):
        yield from _options(widget)
    elif isinstance(widget, Tabs):
        yield from _tabs(widget)
    elif isinstance(widget, Input | TextArea):
        if widget.focusable:
            yield Spot(_before(widget), widget.focus)
    elif isinstance(widget, StatusLine) and isinstance(screen, Panes):
        corner = widget.region.offset + Offset(0, 1)
        yield Spot(corner, partial(widget.post_message, StatusLine.Pressed()))


def _before(widget: Widget) -> Offset:
    """Return where a letter stands beside a field, so that its first words can be read."""
    return Offset(max(0, widget.region.x - 3), widget.region.y)


def _rows(pane: Listing) -> Iterator[Spot]:
    top = pane.region.offset + Offset(0, len(pane.head(pane.size.width)))
    for index in range(pane.top, min(pane.count(), pane.top + pane.room)):
        if pane.stops(index):
            yield Spot(top + Offset(0, index - pane.top), partial(pane.go, index))


def _items(items: Items) -> Iterator[Spot]:
    for index, block in enumerate(items.children):
        if items.can_focus and items.region.contains_point(block.region.offset):
            yield Spot(block.region.offset, partial(_point, items, index))


def _point(items: Items, index: int) -> None:
    items.focus()
    items.cursor = index


def _options(listing: OptionList) -> Iterator[Spot]:
    line = -listing.scroll_offset.y
    for index, option in enumerate(listing.options):
        if 0 <= line < listing.size.height:
            yield Spot(listing.region.offset + Offset(0, line), partial(_highlight, listing, index))
        line += str(option.prompt).count("\n") + 1


def _highlight(listing: OptionList, index: int) -> None:
    listing.highlighted = index


def _tabs(tabs: Tabs) -> Iterator[Spot]:
    at = 0
    names = {name: view for view, name in VIEWS.items()}
    for cell in tabs.view(tabs.size.width, 1)[0].cells:
        found = next((view for name, view in names.items() if name in cell.text), 0)
        if found:  # the number stands in the cell before, save in that of the active view
            before = 0 if str(found) in cell.text else 2
            chosen = partial(tabs.post_message, Tabs.Chosen(found))
            yield Spot(tabs.region.offset + Offset(at - before, 0), chosen)
        at += cell_len(cell.text)
