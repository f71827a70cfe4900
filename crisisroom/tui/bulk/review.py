"""The step before an answer to many goes out: how many get what, how many none, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from crisisroom.core.said import Stopped
from crisisroom.room import Room
from crisisroom.tui import signs
from crisisroom.tui.bulk.listed import Listed, Turn, channels, people, reasons, turn
from crisisroom.tui.bulk.rows import name_of
from crisisroom.tui.compose.ask import TOO_FAST
from crisisroom.tui.compose.guard import QUIET, Guarded, Hand
from crisisroom.tui.compose.items import Words
from crisisroom.tui.compose.said import line
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.rows.warning import heading
from crisisroom.tui.shown import ours, painter
from crisisroom.tui.widgets.hints import Hints
from crisisroom.tui.widgets.status import StatusLine

SHOWN = 2  # texts that are shown whole


class BulkReview(Guarded, Keyed[bool]):
    """Shows what happens to whom; `y` lets it go, and only after a moment of silence."""

    place = "bulk-review"

    DEFAULT_CSS = """
    BulkReview {
        background: $background; scrollbar-size: 0 0; overflow: hidden;
        #all { height: 1fr; margin: 1; scrollbar-size: 0 0; }
    }
    """
    AUTO_FOCUS = ""

    def __init__(self, room: Room, told: Listed, title: str, halt: Stopped | None) -> None:
        super().__init__()
        self._told = told
        self._words_title = title
        self._why_not = self._reason(halt)
        self._meanwhile: Sequence[Row] = ()
        self._hand = Hand(room.clock.monotonic)
        self._hand.typed()

    def _reason(self, halt: Stopped | None) -> str:
        if halt is not None:
            return f"{halt.by} stopped all words"
        return "" if self._told.chosen else "nobody is left on the list"

    def compose(self) -> ComposeResult:
        """Lay out everything there is to know, the counts first."""
        yield StatusLine()
        with VerticalScroll(id="all", can_focus=False):
            rows = review_rows(self._told, self._words_title, self._meanwhile)
            yield Words(tuple(rows), id="what")
        yield Hints()

    def meanwhile(self, now: Listed, halt: Stopped | None) -> None:
        """Say what others did to the list since it was opened here; nobody is added to it."""
        self._meanwhile = tuple(meanwhile_rows(turn(self._told, now)))
        self._why_not = self._reason(halt)
        if self.is_mounted:
            rows = review_rows(self._told, self._words_title, self._meanwhile)
            self.query_one("#what", Words).say(*rows)
            self._show_keys()

    def on_mount(self) -> None:
        """Show the keys, and what came before the screen stood."""
        self._show_keys()

    def keys(self) -> list[tuple[str, str]]:
        """Return the keys, with what keeps it from going out."""
        count = len(self._told.chosen)
        act = f"answer {people(count)}" if count else "answer"
        first = ("", f"y {act}: {self._why_not}") if self._why_not else ("y", act)
        return [first, ("n", "back to the list"), ("space", "read on")]

    def _show_keys(self) -> None:
        self.query_one(Hints).show_keys(self.hinted(self.keys()))

    def on_key(self, event: events.Key) -> None:
        """Take every other key as a sign that keys may come from a paste."""
        if event.key not in self.keys_of("bulk-review.act"):
            self._hand.typed()
            self.query_one(Hints).clear()

    def on_paste(self) -> None:
        """Take a paste as what it is."""
        self._hand.pasted()

    def action_act(self) -> None:
        """Let it go, if nothing is in the way and a hand pressed the key."""
        if self._why_not:
            self._say(self._why_not)
        elif self._hand.meant(QUIET):
            self.dismiss(True)
        else:
            self._hand.typed()
            self._say(TOO_FAST)

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss(False)

    def action_page(self, by: int) -> None:
        """Scroll by a page."""
        pane = self.query_one("#all", VerticalScroll)
        pane.scroll_relative(y=by * max(1, pane.size.height - 2), animate=False)

    def _say(self, words: str) -> None:
        self.query_one(Hints).say(ours(words, "warn", painter(self.app).palette))


def meanwhile_rows(turned: Turn) -> Iterator[Row]:
    """Yield who fell out of the list since it was looked at, and who is not in it."""
    for one in turned.lost:
        words = Cell(f"{one.why_not}: they get none   ", "warn")
        name = Cell(name_of(one.person.mention), "bold", True)
        yield row(gap(1), Cell(signs.LOOK, "warn"), gap(1), words, name)
    if came := len(turned.came):
        told = "1 person came" if came == 1 else f"{came} people came"
        rest = f"{told} meanwhile: not in this answer: review it anew to take them in"
        yield row(gap(1), Cell(signs.LOOK, "warn"), gap(1), Cell(rest))


def review_rows(told: Listed, title: str, meanwhile: Sequence[Row] = ()) -> Iterator[Row]:
    """Yield what others did meanwhile, the counts with their reasons, then what people read."""
    yield heading(f"Answer {told.proposal.narrative}: {title}", "one reply a person", "focus")
    yield BLANK
    yield from (*meanwhile, BLANK) if meanwhile else ()
    now, asked, none = told.now, told.asked, told.none
    verb = "gets" if len(now) == 1 else "get"
    where = f"   {channels(now)}, one after the other" if now else ""
    yield _counted(Cell(signs.DONE, "ok"), f"{people(len(now))} {verb} an answer", where)
    if asked:
        who = ", ".join(dict.fromkeys(one.needs for one in asked))
        verb = "needs" if len(asked) == 1 else "need"
        yield _counted(
            Cell(signs.OWNED, "warn"),
            f"{people(len(asked))} {verb} approval",
            f"   you changed the words: {who} decides first",
        )
    if none:
        verb = "gets" if len(none) == 1 else "get"
        yield _counted(Cell(signs.OFF, "quiet"), f"{people(len(none))} {verb} none", "")
        for why, count in reasons(none):
            yield line("      ", (f"{count:>3}  {why}", "quiet"))
    yield from _asks(told)
    yield from _texts(told)


def _counted(mark: Cell, words: str, rest: str) -> Row:
    return row(gap(1), mark, gap(1), Cell(words, "bold"), Cell(rest, "quiet"))


def _asks(told: Listed) -> Iterator[Row]:
    """Yield the questions to whoever lets it go, each once."""
    asks = [ask for one in told.now if not one.edited for ask in one.person.asks]
    if asks:
        yield BLANK
    for ask in dict.fromkeys(asks):
        rest = f"   {people(asks.count(ask))}"
        yield row(gap(1), Cell(signs.LOOK, "warn"), gap(1), Cell(ask), Cell(rest, "quiet"))


def _texts(told: Listed) -> Iterator[Row]:
    """Yield whom it reaches, and some texts to the letter: every changed one, and the first."""
    going = (*told.now, *told.asked)
    edited = [one for one in going if one.edited]
    first = [one for one in going if not one.edited][:SHOWN]
    for one in (*first, *edited):
        yield BLANK
        told_by = "changed by you, to " if one.edited else "to "
        name = Cell(name_of(one.person.mention), "bold", True)
        yield row(gap(3), Cell(told_by, "quiet"), name)
        for part in one.text.split("\n"):
            yield row(gap(3), Cell(part or " "))
    rest = len(going) - len(first) - len(edited)
    if rest:
        yield BLANK
        yield row(gap(3), Cell(f"and {people(rest)} more, each greeted by name", "quiet"))
