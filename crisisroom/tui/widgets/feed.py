"""View 1: the feed, a window over a list that may be millions long."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual.message import Message

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Mention
from crisisroom.room import Room
from crisisroom.tui.beside import beside
from crisisroom.tui.feed_reader import FeedReader, Fresh, More, Page
from crisisroom.tui.filtering import Filter
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.feed import Eyes, FeedHead, empty_rows, feed_head, feed_row
from crisisroom.tui.rows.folding import told_whole
from crisisroom.tui.situation import Situation
from crisisroom.tui.storylist import Told
from crisisroom.tui.viewmodel import PAGE, Need, Window
from crisisroom.tui.widgets.lines import Listing

Read = Page | More | Fresh | Told
AHEAD = 2  # screens of posts beyond what shows that are read before they are reached
JUST = 1.0  # seconds after the list moved by itself in which an act asks to be pressed again


class Feed(Listing):
    """Newest first. It holds still while somebody reads, and counts what came; F follows."""

    @dataclass
    class Answer(Message, bubble=False):
        """Something was read; `turn` tells for which list."""

        read: Read
        turn: int

    class Counted(Message):
        """The counts in the tabs may differ."""

    class Broke(Message):
        """A read failed."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(self, room: Room, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._room = room
        self.window = Window()
        self.filter = Filter()
        self.follows = False
        self.newer = 0
        self.free = 0
        self.wide = False
        self.loaded = False
        self.marks: dict[str, Mention] = {}  # posts chosen for an act on several, by id
        self._eyes: Eyes | None = None
        self._turn = 0  # every new list begins one; answers of an older one are dropped
        self._asked: Need | None = None
        self._newest = 0  # number of the newest mention that was on the list
        self._pending: list[tuple[int, int]] = []
        self._busy = False
        self._moved_at = float("-inf")

    # What it shows.

    def show(self, know: Situation) -> None:
        """Show another moment: other times, other names in accent."""
        self._eyes = Eyes(know.me, know.now, know.zone, know.people)
        self.sync()

    def head(self, width: int) -> Sequence[Row]:
        """Return title and notice; the notice's line is always there, so that no row moves."""
        return feed_head(self._told_head(), wide=self.wide)

    def _told_head(self) -> FeedHead:
        return FeedHead(
            self.window.total + self.newer,
            self.free,
            newer=self.newer,
            typed=self.filter.typed,
            flaw=next(iter(self.filter.flaws), ""),
            follows=self.follows,
            marked=len(self.marks),
            focused=self.active,
        )

    def count(self) -> int:
        """Return how many mentions the list has."""
        return self.window.total

    def row_at(self, index: int, width: int) -> Row:
        """Return a mention's row; a blank one while it is read."""
        mention = self.window.at(index)
        if mention is None or self._eyes is None:
            return BLANK
        return feed_row(mention, self._eyes, width, marked=mention.id in self.marks)

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the rows, or why there are none."""
        if self.loaded and not self.window.total:
            return [*self.head(width), *told_whole(empty_rows(self.filter.typed), width)]
        return super().view(width, height)

    @property
    def _has_room(self) -> bool:
        """Say whether the whole list shows: then new rows push nothing off the screen."""
        return self.window.total < self.room and self.top == 0

    @property
    def mention(self) -> Mention | None:
        """Return the mention under the cursor."""
        return self.window.at(self.cursor)

    @property
    def settled(self) -> bool:
        """Say whether the row under the cursor has stood there long enough to be meant."""
        return not self.follows or self._room.clock.monotonic() - self._moved_at > JUST

    # Moving.

    def move(self, steps: int) -> None:
        """Move the cursor; whoever moves reads, so the list stops following."""
        self._stop_following()
        super().move(steps)

    def go(self, index: int) -> None:
        """Go to a row; the last one may have to be read first."""
        self._stop_following()
        super().go(index)

    def first(self) -> None:
        """Show the newest, and what has come meanwhile."""
        self.reload()

    def last(self) -> None:
        """Show the oldest."""
        self._stop_following()
        self._start(self._reader.oldest)

    def toggle_follow(self) -> None:
        """Follow the newest, or hold still again."""
        self.follows = not self.follows
        if self.follows:
            self.reload()
        else:
            self.sync()

    def seek_free(self, step: int) -> None:
        """Go to the next (1) or previous (-1) free mention."""
        found = self.window.search(self.cursor, step, lambda mention: mention.state == "new")
        here = self.mention
        if found is not None:
            self.go(found)
        elif here is not None:
            self._start(partial(self._seek, here.number, step))

    def mark(self) -> None:
        """Choose the post under the cursor for an act on several, or let it go; go on below."""
        post = self.mention
        if post is not None and self.marks.pop(post.id, None) is None:
            self.marks[post.id] = post
        self.move(1)

    def unmark(self) -> None:
        """Let all marked posts go."""
        if self.marks:
            self.marks = {}
            self.sync()

    def _stop_following(self) -> None:
        self.follows = False

    def _arrived(self) -> None:
        super()._arrived()
        self._read_ahead()

    # Reading.

    @property
    def _reader(self) -> FeedReader:
        return FeedReader(self._room, self.filter.query(self._room.actor.name))

    def narrow(self, typed: str) -> None:
        """Show only what fits what was typed."""
        if typed != self.filter.typed:
            self.filter = Filter(typed)
            self.reload()

    def reload(self, chosen: str = "") -> None:
        """Read the list anew from the top, or around one mention."""
        self._turn += 1
        self._asked = None
        self._start(partial(self._reader.around, chosen) if chosen else self._reader.top)

    def changed(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Take note that mentions with these numbers changed or came."""
        self._pending += ranges
        if not self._busy and self.loaded:
            self._busy = True
            held, self._pending = self.window.within(self._pending), []
            follows = self.follows or self._has_room
            top = self.window.newest if self.window.start == 0 else self._newest
            self._start(partial(self._reader.fresh, held, top, follows=follows))

    async def _seek(self, number: int, step: int) -> Page:
        chosen = await self._reader.next_free(number, step)
        if not chosen:
            raise Refused("no-more", "no free post " + ("below" if step > 0 else "above"))
        return await self._reader.around(chosen)

    def _start(self, work: Callable[[], Awaitable[Read]]) -> None:
        turn = self._turn

        async def run() -> None:
            try:
                self.post_message(self.Answer(await work(), turn))
            except Exception as error:  # shown by the screen, which stays usable
                self.post_message(self.Broke(error))

        beside(self, run, name="feed", group="feed")

    def _read_ahead(self) -> None:
        """Read the page the view is about to reach."""
        ahead = AHEAD * self.room
        need = self.window.need(max(0, self.top - ahead), self.top + self.room + ahead)
        if need is not None and need != self._asked:
            self._asked = need
            self._start(partial(self._reader.more, need))

    # What was read.

    def on_feed_answer(self, answer: Answer) -> None:
        """Take in what was read; answers for a list that is no longer shown are dropped."""
        if isinstance(answer.read, Fresh):
            self._busy = False
        if answer.turn == self._turn:
            self._take(answer.read)
        if self._pending:
            self.changed(())

    def on_feed_broke(self) -> None:
        """Let the next change try again; the screen shows what went wrong."""
        self._busy, self._asked = False, None

    def _take(self, read: Read) -> None:
        if isinstance(read, Page):
            self._take_page(read)
        elif isinstance(read, More):
            self._asked = None
            self.window.extend(read.need, read.rows)
            self.sync()
            if self.window.at(self.top) is None or self.window.at(self.cursor) is None:
                self._read_ahead()
        elif isinstance(read, Fresh):
            self._take_fresh(read)

    def _take_page(self, page: Page) -> None:
        self.loaded, self.free = True, page.free
        self.window.load(page.rows, start=page.start, total=page.total)
        if page.start == 0:
            self.newer, self._newest = 0, self.window.newest
        self.cursor = (self.window.index_of(page.chosen) if page.chosen else 0) or 0
        self.top = 0
        self.keep_in_view()
        self._told()

    def _take_fresh(self, fresh: Fresh) -> None:
        if len(fresh.rows) >= PAGE:
            self.reload()
            return
        for mention in fresh.changed:
            self.window.replace(mention)
        if pushed := self.window.push(fresh.rows):
            self._moved_at = self._room.clock.monotonic()
            self._newest = self.window.newest
            if not self.follows and self.window.total > pushed:
                self.cursor += pushed
                self.keep_in_view()
        self.newer, self.free = fresh.newer, fresh.free
        self._told()

    def _told(self) -> None:
        self.sync()
        self.post_message(self.Counted())
        self.post_message(self.Moved(self))
