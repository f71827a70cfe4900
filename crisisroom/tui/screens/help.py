"""What the keys do on one screen, and everywhere; made from the table of keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Input, Static

from crisisroom.tui.action import MOVE, ROOM
from crisisroom.tui.actions import groups
from crisisroom.tui.keys.hints import Hint
from crisisroom.tui.keys.key import Key, Place
from crisisroom.tui.keys.table import general, is_room
from crisisroom.tui.keys.terminals import shown_key
from crisisroom.tui.keys.wishes import Keys
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, fit, gap, row
from crisisroom.tui.rows.hanging import hanging
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.shown import contents, painter

HERE, MOVING, EVERYWHERE = "Here", "Moving", "Everywhere"
_MOVES = ("list", "page", "focus")
_ALWAYS = ("screen", "question", "reader", "undo")
_LAST = {MOVE: 1, ROOM: 2}  # groups of the room that every view has
_TYPING = "a key that is no letter works while you type too"
_KEYS = 14  # cells for the keys of an act

Group = tuple[str, Sequence[Key]]


def grouped(place: Place) -> Iterator[Group]:
    """Yield the keys of a place in groups: its own first, then moving, then what is everywhere."""
    if is_room(place):
        known = {one.id: one for one in place.acts}
        for title, actions in sorted(groups(), key=lambda one: _LAST.get(one[0], 0)):
            if found := [known[one.id] for one in actions if one.id in known]:
                yield title, found
        return
    for title in (HERE, MOVING):
        if part := [one for one in place.acts if _part(one) == title]:
            yield title, part
    yield EVERYWHERE, [*(one for one in place.acts if _part(one) == EVERYWHERE), *general(place)]


def _part(one: Key) -> str:
    """Return the group of a key: what is the screen's own, or what others have too."""
    of = one.id.partition(".")[0]
    return MOVING if of in _MOVES else EVERYWHERE if of in _ALWAYS else HERE


def help_rows(
    place: Place,
    keys: Keys,
    width: int,
    typed: str = "",
    reasons: Mapping[str, str] | None = None,
) -> list[Row]:
    """Return what a place is for and all its keys; only those with all typed words, where some are.

    What has no key is found by the palette's. `reasons` say of ids why they cannot act now.
    """
    words = typed.lower().split()
    rows = hanging(row(gap(3), Cell(place.about, "text")), width)
    about = len(rows)
    for title, acts in grouped(place):
        told = [one for one in acts if _has(one, keys, words)]
        if told:
            rows += [BLANK, row(gap(3), Cell(title, "bold"))]
            for one in told:
                rows += _rows(one, keys, (reasons or {}).get(one.id, ""), width)
    if not words:
        rows += [BLANK, *hanging(row(gap(3), Cell(_TYPING, "quiet")), width)]
    elif len(rows) == about:
        rows += [BLANK, row(gap(3), Cell("no key has these words; esc goes back", "quiet"))]
    return rows


def _has(one: Key, keys: Keys, words: Iterable[str]) -> bool:
    told = f"{one.help} {one.id} {keys.shown(one)}".lower()
    return all(word in told for word in words)


def _rows(one: Key, keys: Keys, why: str, width: int) -> list[Row]:
    """Return one key: words that need more lines go on under the words."""
    found = [shown_key(key) for key in (keys.of(one) if one.id else one.keys)]
    while len(found) > 1 and cell_len(" ".join(found)) > _KEYS:
        found.pop()  # the first ones are those that people use
    names = " ".join(found) or ":"
    back = why or one.told_back
    told = row(
        gap(3 + _KEYS + 1),
        Cell(one.help, "quiet" if why else "text"),
        Cell(f"   {back}" if back else "", "quiet"),
    )
    first, *more = hanging(told, width)
    return [row(gap(3), Cell(fit(names, _KEYS), "key"), gap(1), *first.cells[1:]), *more]


class Help(Reader):
    """The keys of the screen below; `/` looks for words among them."""

    place = "help-page"
    DEFAULT_CSS = """
    Help {
        #dialog { max-height: 100%; height: 1fr; margin-top: 2; }
        VerticalScroll { max-height: 100vh; height: 1fr; }
    }
    """

    def __init__(self, place: Place, keys: Keys, reasons: Mapping[str, str] | None = None) -> None:
        super().__init__(asking(place.title, "keys and what they do"), ())
        self._place, self._wanted, self._reasons = place, keys, reasons or {}

    def keys(self) -> list[Hint]:
        """Return the keys of help itself."""
        return [("esc", "back"), ("space", "page"), ("/", "look for words")]

    def body(self) -> ComposeResult:
        """Yield the lines."""
        with VerticalScroll(can_focus=False):
            yield Static(contents(self._rows(""), painter(self.app)), id="told")

    def _rows(self, typed: str) -> list[Row]:
        return help_rows(self._place, self._wanted, self.line_width, typed, self._reasons)

    async def action_narrow(self) -> None:
        """Open a line above the keys: only those that have all its words stay."""
        if not self.query(Input):
            line = Input()
            line.cursor_blink = False
            await self.query_one("#dialog", Vertical).mount(
                line, before=self.query_one(VerticalScroll)
            )
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the keys that have what is typed."""
        event.stop()
        self.query_one("#told", Static).update(contents(self._rows(event.value), painter(self.app)))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go back to reading; what was typed still narrows."""
        event.stop()
        self.set_focus(None)
