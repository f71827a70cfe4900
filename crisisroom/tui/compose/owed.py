"""Corrections that are due: words that are out and rest on a fact that moved, and three ways on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget

from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Owed
from crisisroom.room import reading
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.correcting import ask_retract, ask_stands, moved_row, out_on, owing
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.opening import Begun
from crisisroom.tui.compose.said import Item, count, line, lines
from crisisroom.tui.compose.statement import StatementScreen
from crisisroom.tui.rows import BLANK, Cell, Row, fit
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.rows.words import owing_words
from crisisroom.tui.signs import DONE, LOOK

_HOW = {"corrected": "corrected", "retracted": "taken back", "stands": "stands"}

_NOTHING = (
    line(("What is out is true as far as we know.", "quiet")),
    line(("Where a fact moves (ctrl+f), the words that said it stand here.", "quiet")),
)


class OwedScreen(WordsScreen):
    """Lists what is out and no longer true: it is corrected, taken back, or it stands."""

    place = "owed"

    DEFAULT_CSS = """
    OwedScreen {
        &.-wide #columns { layout: vertical; }
        #title { padding-left: 3; }
        #owed { height: auto; max-height: 45%; margin: 1 0; }
        #detail { height: 1fr; scrollbar-size: 0 0; }
        #told { padding-left: 3; }
    }
    """

    def panes(self) -> Iterable[Widget]:
        """The list, and below it what the one under the cursor says."""
        with Vertical(id="columns"):
            yield Text(id="title")
            yield Items(id="owed")
            with VerticalScroll(id="detail", can_focus=False):
                yield Text(id="told")

    async def load(self) -> Then:
        """Read the incident."""
        incident = await reading.incident(self.room, self.incident_id)
        return lambda: self.show(incident)

    async def show(self, incident: Incident) -> None:
        """Put what is due on the screen, then what is settled."""
        self.incident = incident
        due = owing_words(incident)
        told = count(len(due), "correction") + " due" if due else "no correction is due"
        title = line(("Corrections", "focus"), ("   " + told, "late" if due else "quiet"))
        self.query_one("#title", Text).say(title)
        rows = self.query_one("#owed", Items)
        await rows.show([*(self._due(words) for words in due), *self._settled(incident)])
        rows.focus()
        self._tell()

    def keys(self) -> list[tuple[str, str]]:
        """The keys for the words under the cursor."""
        held = self.here
        if held is None or self.incident is None or not owing(self.incident, held):
            return [("", "nothing is due here"), ("esc", "room"), ("?", "keys")]
        correct = ("C", "correct")
        if held.sort == "reply":
            correct = ("", "C correct: a reply is taken back, or stands")
        ways = [correct, ("X", "take it back"), ("S", "it stands")]
        return [*ways, ("enter", "open"), ("esc", "room")]

    @property
    def here(self) -> Words | None:
        """The words under the cursor."""
        item = self.query_one("#owed", Items).here
        name = item.id.partition("/")[0] if item else ""
        return self.incident.words(name) if self.incident and name else None

    def on_items_moved(self) -> None:
        """Tell what the cursor stands on."""
        self._tell()

    def on_items_chosen(self) -> None:
        """Open the statement itself."""
        held = self.here
        if held is not None and held.sort == "statement":
            self._open(words_id=held.id)

    def action_page(self, by: int) -> None:
        """Scroll the text by a page."""
        pane = self.query_one("#detail")
        pane.scroll_relative(y=by * max(1, pane.size.height - 2), animate=False)

    def why_not(self, id: str) -> str:
        """Say why an act cannot be done with the words under the cursor."""
        held = self.here
        due = held is not None and self.incident is not None and owing(self.incident, held)
        if id in ("owed.correct", "owed.retract", "owed.stands") and not due:
            return "no correction is due here"
        if id == "owed.correct" and held is not None and held.sort == "reply":
            return "a reply is taken back, or it stands"
        return ""

    def action_correct(self) -> None:
        """Begin the correction, with the old words beside it."""
        held = self._due_here()
        if held is None:
            return
        if held.sort == "reply":
            self.say(("a reply is taken back, or it stands", "warn"))
        elif begun := self._begun(held):
            self._open(words_id=begun)
        else:
            self._open(begun=Begun(corrects=held.id))

    def action_retract(self) -> None:
        """Take it back: the reason, then a look at it."""
        held = self._due_here()
        if held is not None and self.incident is not None:
            ask_retract(self, self.incident, held, self._after)

    def action_stands(self) -> None:
        """Decide that it needs no correction."""
        held = self._due_here()
        if held is not None and self.incident is not None:
            ask_stands(self, self.incident, held, self._after)

    def _due_here(self) -> Words | None:
        held = self.here
        if held is None or self.incident is None or not owing(self.incident, held):
            self.say("no correction is due here")
            return None
        return held

    def _begun(self, held: Words) -> str:
        """Return the id of a correction that is being written already."""
        every = self.incident.statements.values() if self.incident else ()
        open_ = [one for one in every if one.corrects == held.id and one.sent_at is None]
        return next((one.id for one in open_ if one.state != "withdrawn"), "")

    def _open(self, *, words_id: str = "", begun: Begun | None = None) -> None:
        screen = StatementScreen(self.room, self.incident_id, words_id=words_id, begun=begun)
        self.app.push_screen(screen)

    def _after(self, told: str) -> None:
        self.reload()
        self.say(told)

    def _due(self, held: Words) -> Item:
        assert self.incident is not None
        owed = owing(self.incident, held)
        begun = self._begun(held)
        head = line(
            (fit(brief_clock(owed[0].at, self.now, self.zone), 8), "late"),
            (fit(held.id, 6), "bold"),
            ("out on " + ", ".join(out_on(held)), "text"),
            ("   " + begun + " corrects it" if begun else "", "warn"),
        )
        moved = [line(" " * 8, *moved_row(one).cells) for one in owed]
        return Item(held.id, Cell(LOOK, "late"), (head, *moved))

    def _settled(self, incident: Incident) -> Iterator[Item]:
        for one in incident.owed.values():
            if one.settled_at is not None:
                yield Item(one.words + "/" + one.fact, Cell(DONE, "ok"), (self._done(one),))

    def _done(self, one: Owed) -> Row:
        at = brief_clock(one.settled_at or one.at, self.now, self.zone)
        why = ": " + one.why if one.why else ""
        how = _HOW.get(one.how, one.how) + " by " + one.settled_by + why
        return line((fit(at, 8), "quiet"), (fit(one.words, 6), "quiet"), (how, "quiet"))

    def _tell(self) -> None:
        held = self.here
        self.query_one("#told", Text).say(*(self._told(held) if held else _NOTHING))
        self.show_keys()

    def _told(self, held: Words) -> Iterator[Row]:
        at = clock(held.sent_at, self.now, self.zone) if held.sent_at else ""
        to = Cell(held.handle, "quiet", foreign=True)
        kind = "   " + held.kind + " by " + held.author
        yield line((held.id, "bold"), (kind + ", out since " + at + "   ", "quiet"), to)
        yield BLANK
        yield from lines(held.text)
