"""The brief on the screen: one page for whoever joins, read as each audience needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import ClassVar, get_args

from textual import events
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.core.brief import Audience, Brief, brief
from crisisroom.core.briefs.layout import filled, text
from crisisroom.core.incident import Incident
from crisisroom.room import reading
from crisisroom.room.access import access_of
from crisisroom.room.pausing import with_list
from crisisroom.tui.acts import Desk
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.folding import PHONE
from crisisroom.tui.rows.hanging import hanging
from crisisroom.tui.warn.sheet import Sheet

WIDEST = 104  # columns of a page that is read well
NAME = 18  # of them what its parts are called
TALL = 44  # rows of a screen that has blank ones between the parts
SHORT = 6  # lines of a part that are told at first
_LONG = 2  # rows of one line that are told at first
_NAMES = {"": "everybody", "exec": "exec", "legal": "Legal", "care": "care", "comms": "comms"}
_EVERY: tuple[Audience, ...] = get_args(Audience)


class BriefScreen(WordsScreen):
    """The page; `tab` or a digit chooses for whom, `enter` shows every line of it."""

    place = "brief"

    DEFAULT_CSS = """
    BriefScreen {
        #columns, &.-wide #columns { layout: vertical; }
        #tabs { height: 2; }
        #sheet { height: 1fr; }
    }
    """
    topics: ClassVar[frozenset[str]] = frozenset({"entry", "words"})
    pace: ClassVar[float] = 1.0

    def __init__(self, desk: Desk, *, person: str = "", role: str = "") -> None:
        super().__init__(desk.room, desk.incident.id)
        self.desk = desk
        self.person = person or desk.context.me
        self.role = role
        self.audience: Audience = "exec" if access_of(desk.room) == "executive" else ""
        self.page: Brief | None = None
        self.whole = False

    def panes(self) -> Iterable[Widget]:
        """The audiences, and below them the page."""
        with Vertical(id="columns"):
            yield Sheet(id="tabs")
            yield Sheet(id="sheet", key="space")

    async def load(self) -> Then:
        """Read the incident."""
        state = await reading.incident(self.room, self.incident_id)
        return partial(self.show, with_list(state, self.room.config))

    def show(self, state: Incident, *, anew: bool = False) -> None:
        """Write the page for the chosen audience and put it on the screen."""
        self.incident = state
        self.page = brief(state, self.now, self.person, self.role, self.audience)
        tabs, sheet = self.query_one("#tabs", Sheet), self.query_one("#sheet", Sheet)
        heads = hanging(self._tabs(self.page), tabs.size.width or WIDEST)
        tabs.styles.height = len(heads) + 1
        tabs.put(heads)
        width = min(sheet.size.width, WIDEST)
        airy = self.size.height >= TALL
        sheet.put(list(page_rows(self.page, width, whole=self.whole, airy=airy)), anew=anew)
        self.show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Write the page anew once there is room for it."""
        super().on_resize(event)
        self.call_after_refresh(self._rewrite)

    def _rewrite(self, *, anew: bool = False) -> None:
        if self.incident is not None:
            self.show(self.incident, anew=anew)

    def _tabs(self, page: Brief) -> Row:
        cells = [gap(3), Cell(f"Brief{self._whose()}", "focus"), gap(3)]
        for number, one in enumerate(_EVERY, 1):
            chosen = one == self.audience
            cells += [Cell(f" {number} {_NAMES[one]} ", "chip" if chosen else "quiet")]
        cells += [gap(2), Cell(page.at[11:16], "quiet")]
        return row(*cells)

    def _whose(self) -> str:
        if self.role and self.incident is not None:
            title = self.incident.roles[self.role].title
            who = "you" if self.person == self.desk.context.me else self.person
            return f" for {who}, {title}"
        return f" of {self.incident_id}"

    def keys(self) -> list[tuple[str, str]]:
        """The keys of the page."""
        fold = "short" if self.whole else "every line"
        return [
            ("tab", "for whom"),
            ("space", "page"),
            ("enter", fold),
            ("y", "copy"),
            ("esc", "room"),
            ("?", "keys"),
        ]

    def action_reader(self, by: int) -> None:
        """Read it as the next audience, or the one before."""
        self.action_choose((_EVERY.index(self.audience) + by) % len(_EVERY))

    def action_choose(self, place: int) -> None:
        """Read it as an audience."""
        self.audience = _EVERY[place]
        self._rewrite(anew=True)

    def action_move(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one("#sheet", Sheet).move(by)

    def action_page(self, by: int) -> None:
        """Scroll by pages."""
        self.query_one("#sheet", Sheet).page(by)

    def action_whole(self) -> None:
        """Show every line, or the short page."""
        self.whole = not self.whole
        self._rewrite(anew=True)

    def action_copy(self) -> None:
        """Copy the page as it is printed."""
        if self.page is not None:
            self.desk.copy("\n".join(text(self.page)) + "\n")
            self.say("copied: the whole page as text")


def page_rows(page: Brief, width: int, *, whole: bool = False, airy: bool = False) -> Iterator[Row]:
    """Yield the page: what a part is called stands beside it; `airy` sets blank rows between.

    Unless it is wanted whole, of each part and of each line only the beginning is told.
    """
    for place, (title, lines) in enumerate(filled(page)):
        if place and airy:
            yield BLANK
        if width < PHONE:
            yield from _below(title, lines if whole else lines[:SHORT], width, whole=whole)
            continue
        names = wrap(title, NAME - 2)
        told = list(_told(lines if whole else lines[:SHORT], width - NAME - 3, whole=whole))
        if not whole and len(lines) > SHORT:
            told.append(Cell(f"and {len(lines) - SHORT} more, enter shows them", "quiet"))
        for at in range(max(len(names), len(told))):
            name = fit(names[at] if at < len(names) else "", NAME)
            role = "focus" if not place else "quiet"
            yield row(gap(3), Cell(name, role), *([told[at]] if at < len(told) else []))


def _below(title: str, lines: Sequence[str], width: int, *, whole: bool) -> Iterator[Row]:
    """Yield a part of a narrow page: what it is called, and its words below that."""
    yield row(gap(3), Cell(title, "key"))
    for cell in _told(lines, width - 5, whole=whole):
        yield row(gap(5), cell)


def _told(lines: Sequence[str], width: int, *, whole: bool) -> Iterator[Cell]:
    """Yield a part in lines of one cell each; those after a line's first are set in."""
    for line in lines:
        head, *quoted = line.split("\n")
        late = head.endswith(", late") or " late:" in head
        for place, words in enumerate(_wrapped(head, width, whole=whole)):
            yield Cell(f"  {words}" if place else words, "warn" if late else "text")
        for each in quoted:
            yield from (Cell(f"    {words}") for words in wrap(each, width - 4))


def _wrapped(line: str, width: int, *, whole: bool) -> Iterator[str]:
    first, *rest = wrap(line, width - 2)
    yield first
    if whole or len(rest) < _LONG:
        yield from rest
    else:
        yield clip(" ".join(rest), width - 2)
