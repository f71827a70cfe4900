"""The step before words go out: exactly these bytes, to whom, by which way, approved by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from crisisroom.core.review import Problem
from crisisroom.room import Room
from crisisroom.tui.compose.editor import Mark
from crisisroom.tui.compose.guard import QUIET, Guarded, Hand
from crisisroom.tui.compose.items import Items, Words
from crisisroom.tui.compose.marked import marked, marks_in
from crisisroom.tui.compose.said import Item, line, short_hash
from crisisroom.tui.keys.hints import wished
from crisisroom.tui.keys.keyed import Keyed, keyboard
from crisisroom.tui.rows import Cell, Row, fit
from crisisroom.tui.shown import content, painter
from crisisroom.tui.signs import BAD, DONE, FREE, LOOK
from crisisroom.tui.widgets.hints import Hints
from crisisroom.tui.widgets.status import StatusLine

_MARKS = {"block": Cell(BAD, "late"), "ask": Cell(LOOK, "warn"), "info": Cell(" ")}


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """What is about to happen to a text, for a person to look at.

    `act` is the verb of `y`; `why_not` says why it cannot act. With `channels` a person chooses at
    least one of these ids first: none is chosen beforehand.
    """

    title: str
    text: str
    sha256: str
    act: str
    first: tuple[Row, ...] = ()  # what has to be seen before anything else
    told: tuple[tuple[str, Row], ...] = ()  # label and words, a line each
    quote: tuple[Row, ...] = ()  # what is answered: a stranger's words
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()
    why_not: str = ""
    channels: tuple[tuple[str, str], ...] = ()
    more: tuple[tuple[str, str], ...] = ()  # channels, and the words of its own each gets
    edits: bool = True  # whether `e` goes back to the words


class Answer(msgspec.Struct, frozen=True):
    """What the person decided: to act (on these channels), to edit, or to go back."""

    verdict: str  # act, edit, back
    channels: tuple[str, ...] = ()


def problem_items(problems: Sequence[Problem]) -> list[Item]:
    """Return problems as items: what blocks in its mark, the rest to think about."""
    return [
        Item(str(index), _MARKS[problem.severity], (_problem(problem),))
        for index, problem in enumerate(problems)
    ]


def _problem(problem: Problem) -> Row:
    return line((problem.message, "quiet" if problem.severity == "info" else "text"))


class ReviewScreen(Guarded, Keyed[Answer]):
    """Shows what goes out; `y` lets it go, and only after a moment of silence."""

    place = "review"

    DEFAULT_CSS = """
    ReviewScreen {
        background: $background; scrollbar-size: 0 0; overflow: hidden;
        #all { height: 1fr; margin: 1; scrollbar-size: 0 0; }
        #title, .fact { padding-left: 3; }
        #text { margin: 1 3 1 3; }
        #quote { margin: 0 3 1 1; }
        #channels { margin-top: 1; }
        #problems { margin-top: 1; }
    }
    """
    AUTO_FOCUS = ""

    def __init__(self, room: Room, going: Going) -> None:
        super().__init__()
        self._going = going
        self._hand = Hand(room.clock.monotonic)
        self._hand.typed()
        self._chosen: list[str] = []

    def compose(self) -> ComposeResult:
        """Lay out everything there is to know, the text first."""
        going = self._going
        yield StatusLine()
        with VerticalScroll(id="all", can_focus=False):
            yield Words((self._title(), *going.first), id="title")
            yield Words(marked(going.text, going.marks), id="text")
            for channel, words in going.more:
                yield _Fact((line((channel, "bold"), ("   words of its own", "quiet")),))
                yield _Own(marked(words, marks_in(words)))
            if going.quote:
                yield Words(going.quote, id="quote", quote=True)
            for label, told in going.told:
                yield _Fact((line((fit(label, 10), "quiet"), *told.cells),))
            yield Items(id="channels", digits=True)
            yield Items(id="problems")
        yield Hints()

    async def on_mount(self) -> None:
        """Show problems, channels and keys."""
        problems = self.query_one("#problems", Items)
        problems.can_focus = False
        await problems.show(problem_items(self._going.problems))
        await self._show_channels()
        channels = self.query_one("#channels", Items)
        channels.display = channels.can_focus = bool(self._going.channels)
        if self._going.channels:
            channels.focus()
        self._show_keys()

    def on_key(self, event: events.Key) -> None:
        """Take every other key as a sign that keys may come from a paste."""
        if event.key not in self.keys_of("review.act"):
            self._hand.typed()
            self._show_keys()

    def on_paste(self) -> None:
        """Take a paste as what it is."""
        self._hand.pasted()

    async def on_items_chosen(self, message: Items.Chosen) -> None:
        """Choose a channel, or let go of it."""
        self._hand.typed()
        channel = message.item.id
        if channel in self._chosen:
            self._chosen.remove(channel)
        else:
            self._chosen.append(channel)
        await self._show_channels()
        self._show_keys()

    def action_act(self) -> None:
        """Let the words go, if nothing is in the way and a hand pressed the key."""
        if self._why_not:
            self._say(self._why_not, "warn")
        elif not self._hand.meant(QUIET):
            self._hand.typed()
            self._once_more()
        else:
            self.dismiss(Answer("act", tuple(self._chosen)))

    def action_answer(self, verdict: str) -> None:
        """Go back, to edit or not."""
        if verdict == "back" or self._going.edits:
            self.dismiss(Answer(verdict))

    def action_page(self, by: int) -> None:
        """Scroll by a page."""
        pane = self.query_one("#all", VerticalScroll)
        pane.scroll_relative(y=by * max(1, pane.size.height - 2), animate=False)

    @property
    def _why_not(self) -> str:
        if self._going.why_not:
            return self._going.why_not
        if self._going.channels and not self._chosen:
            return "choose a channel first"
        return ""

    def _title(self) -> Row:
        going = self._going
        what = "exactly these " + str(len(going.more) + 1) + " texts, "
        return line(
            (going.title, "focus"),
            ("   " + (what if going.more else "exactly this text, "), "quiet"),
            (short_hash(going.sha256), "quiet"),
        )

    async def _show_channels(self) -> None:
        await self.query_one("#channels", Items).show(list(self._channel_items()))

    def _channel_items(self) -> Iterable[Item]:
        for number, (channel, told) in enumerate(self._going.channels, 1):
            taken = channel in self._chosen
            mark = Cell(DONE, "ok") if taken else Cell(FREE, "mine")
            words = line((str(number) + "  ", "quiet"), (channel, "bold"), ("   " + told, "quiet"))
            yield Item(channel, mark, (words,))

    def keys(self) -> list[tuple[str, str]]:
        """Return the keys, with what keeps the words from going."""
        why_not = self._why_not
        act = ("", "y " + self._going.act + ": " + why_not) if why_not else ("y", self._going.act)
        keys = [act, *([("e", "edit")] if self._going.edits else []), ("n", "back")]
        if self._going.channels:
            keys.insert(0, ("1-9", "channel"))
        return keys

    def _show_keys(self) -> None:
        self.query_one(Hints).show_keys(self.hinted(self.keys()))

    def _once_more(self) -> None:
        said = [
            ("y", self._going.act),
            *([("e", "edit")] if self._going.edits else []),
            ("n", "back"),
        ]
        keys = wished(said, self.where.acts, keyboard(self.app))
        parts = [part for key, does in keys for part in ((key, "key"), (f" {does}   ", "quiet"))]
        told = line(("too fast to be meant, once more:   ", "warn"), *parts)
        self.query_one(Hints).say(content(told, painter(self.app)))

    def _say(self, words: str, role: str) -> None:
        self.query_one(Hints).say(content(line((words, role)), painter(self.app)))


class _Fact(Words):
    """One line of what is known about the words on their way."""

    DEFAULT_CSS = "_Fact { padding-left: 3; }"


class _Own(Words):
    """The words that one channel gets."""

    DEFAULT_CSS = "_Own { margin: 0 3 1 3; }"
