"""The versions of a text: who wrote what into it, what was said of it, what changed between two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core.incident import Incident, Words
from crisisroom.room import Room, reading
from crisisroom.room.versions import Version, versions
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.differing import Compared, bundle_rows
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.said import Item, count, line, short_hash
from crisisroom.tui.rows import BLANK, Cell, Row, fit, short
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.signs import BAD, DONE, OFF, OWNED

_YES, _NO = ("approved", "released"), ("rejected", "revoked")


def agreed(words: Words) -> frozenset[int]:
    """Return the versions that somebody said yes to."""
    return frozenset(said.version for said in words.verdicts if said.verdict in _YES)


def refused(words: Words) -> frozenset[int]:
    """Return the versions that somebody sent back."""
    return frozenset(said.version for said in words.verdicts if said.verdict in _NO)


def base_of(every: tuple[Version, ...], number: int, yes: Collection[int]) -> Version | None:
    """Return what a version is compared with: the last one approved before it, else the last."""
    earlier = [one for one in every if one.version < number]
    approved = [one for one in earlier if one.version in yes]
    return next(reversed(approved or earlier), None)


class VersionsScreen(WordsScreen):
    """Shows every version of a text, and word by word what changed from one to another."""

    place = "versions"

    DEFAULT_CSS = """
    VersionsScreen {
        #left { display: block; height: auto; }
        #title, #said, #changed { padding-left: 3; }
        #versions { max-height: 7; margin: 1 0; }
        #detail { height: 1fr; scrollbar-size: 0 0; }
        &.-wide #versions { max-height: 100%; }
    }
    """

    def __init__(self, room: Room, incident_id: str, words_id: str) -> None:
        super().__init__(room, incident_id)
        self.words_id = words_id
        self._every: tuple[Version, ...] = ()
        self._base = 0  # the version everything is compared with; 0: the last one approved

    def panes(self) -> Iterable[Widget]:
        """The versions, then what changed."""
        with Vertical(id="columns"):
            with Vertical(id="left"):
                yield Text(id="title")
                yield Items(id="versions")
            with VerticalScroll(id="detail", can_focus=False):
                yield Text(id="said")
                yield Compared(id="changed")

    async def load(self) -> Then:
        """Read the versions."""
        incident = await reading.incident(self.room, self.incident_id)
        found = await versions(self.room, self.incident_id, self.words_id)
        return lambda: self.show(incident, found)

    async def show(self, incident: Incident, found: tuple[Version, ...]) -> None:
        """Put the versions on the screen, the newest first."""
        self.incident, self._every = incident, found
        told = "   " + count(len(found), "version")
        self.query_one("#title", Text).say(line((self.words_id, "focus"), (told, "quiet")))
        rows = self.query_one("#versions", Items)
        await rows.show([self._item(one) for one in reversed(found)])
        rows.focus()
        self._tell()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the version under the cursor."""
        base = "the last approved again" if self._base else "compare with this"
        return [("j", "version"), ("b", base), ("space", "read on"), ("esc", "back"), ("?", "keys")]

    @property
    def here(self) -> Version | None:
        """The version under the cursor."""
        item = self.query_one("#versions", Items).here
        return next(
            (one for one in self._every if item and "v" + str(one.version) == item.id), None
        )

    @property
    def base(self) -> Version | None:
        """The version that the one under the cursor is compared with."""
        chosen = next((one for one in self._every if one.version == self._base), None)
        if chosen or self.here is None or self._words is None:
            return chosen
        return base_of(self._every, self.here.version, agreed(self._words))

    @property
    def _words(self) -> Words | None:
        return self.incident.words(self.words_id) if self.incident else None

    def on_items_moved(self) -> None:
        """Show what changed up to this version."""
        self.query_one("#detail").scroll_home(animate=False)
        self._tell()

    async def action_base(self) -> None:
        """Compare everything with this version from now on, or no longer."""
        self._base = self.here.version if self.here and not self._base else 0
        await self.query_one("#versions", Items).show(
            [self._item(one) for one in reversed(self._every)]
        )
        self._tell()

    def action_page(self, by: int) -> None:
        """Scroll by a page."""
        pane = self.query_one("#detail")
        pane.scroll_relative(y=by * max(1, pane.size.height - 2), animate=False)

    def _item(self, one: Version) -> Item:
        mark = Cell(OWNED) if one is self._every[-1] else Cell(OFF, "quiet")
        if self._words is not None and one.version in refused(self._words):
            mark = Cell(BAD, "late")
        if self._words is not None and one.version in agreed(self._words):
            mark = Cell(DONE, "ok")
        said = "; ".join(one.verdicts)
        told = "compared with" if one.version == self._base else said or "no verdict"
        row = line(
            (fit("v" + str(one.version), 5), "bold" if one is self._every[-1] else "text"),
            (fit(brief_clock(one.at, self.now, self.zone), 7), "quiet"),
            (fit(short(one.by), 5), "text"),
            (told, "mine" if one.version == self._base else "quiet"),
        )
        return Item("v" + str(one.version), mark, (row,))

    def _tell(self) -> None:
        one, base = self.here, self.base
        self.query_one("#said", Text).say(*(self._said(one, base) if one else ()))
        before = (base.text, base.variants) if base else ("", {})
        after = (one.text, one.variants) if one else ("", {})
        same = before if base is None and one is None else after if base is None else before
        self.query_one("#changed", Compared).say(*bundle_rows(same, after))
        self.show_keys()

    def _said(self, one: Version, base: Version | None) -> Iterator[Row]:
        how = "the first one" if base is None else "what changed since v" + str(base.version)
        yield line(
            ("v" + str(one.version), "bold"),
            ("   " + one.by + " " + clock(one.at, self.now, self.zone) + "   ", "quiet"),
            (how, "text"),
            ("   " + short_hash(one.sha256), "quiet"),
        )
        yield from (line((said, "quiet")) for said in one.verdicts)
        yield BLANK
