"""The feed with its other face: by story, heads with the posts of the open ones below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.room import Room
from crisisroom.tui.filtering import Filter
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.rows.feed import FeedHead, empty_rows, feed_row
from crisisroom.tui.rows.folding import told_whole
from crisisroom.tui.rows.story import line_word, more_row, others_row, story_row
from crisisroom.tui.situation import Situation
from crisisroom.tui.story_reader import StoryReader
from crisisroom.tui.storylist import OTHERS, Line, StoryList, Told
from crisisroom.tui.widgets.feed import Feed, Read
from crisisroom.tui.widgets.lines import Listing

PACE = 1.0  # seconds between two readings while much changes
FOLDS = 40  # open stories that are remembered as the place


class StoryFeed(Feed):
    """The flat list as it is, and the same posts by story; `turn_over` changes between them."""

    def __init__(self, room: Room, *, id: str | None = None) -> None:
        super().__init__(room, id=id)
        self.by_story = False
        self.list = StoryList()
        self._case: Incident | None = None
        self._total = 0
        self._landing: tuple[str, int] | None = None
        self._stirred = False
        self._resting = False

    # What it shows.

    def show(self, know: Situation) -> None:
        """Show another moment: the lines of stories are the incident's."""
        self._case = know.incident
        super().show(know)

    def _told_head(self) -> FeedHead:
        told = super()._told_head()
        if not self.by_story:
            return told
        return replace(told, total=self._total, by_story=True)

    def count(self) -> int:
        """Return how many lines the list has."""
        return len(self.list.lines) if self.by_story else super().count()

    @property
    def line(self) -> Line | None:
        """Return the line under the cursor, by story."""
        lines = self.list.lines
        return lines[self.cursor] if self.by_story and self.cursor < len(lines) else None

    @property
    def mention(self) -> Mention | None:
        """Return the mention under the cursor; a head is none."""
        if not self.by_story:
            return super().mention
        return self.line.mention if self.line else None

    @property
    def story(self) -> Narrative | None:
        """Return the story under the cursor: of a head, or of a post below it."""
        return self.list.stories.get(self.line.story) if self.line else None

    @property
    def at(self) -> str:
        """Return what the cursor stands on: a post's id, `head:N-3`, `more:N-3`."""
        if self.by_story:
            return self.line.at if self.line else ""
        return self.mention.id if self.mention else ""

    def row_at(self, index: int, width: int) -> Row:
        """Return one line."""
        if not self.by_story:
            return super().row_at(index, width)
        lines = self.list.lines
        if self._eyes is None or index >= len(lines):
            return BLANK
        line = lines[index]
        if line.mention is not None:
            marked = line.mention.id in self.marks
            return feed_row(line.mention, self._eyes, width, marked=marked)
        return self._head_row(line, width)

    def _head_row(self, line: Line, width: int) -> Row:
        fold, opened = self.list.fold_of(line.story), self.list.is_open(line.story)
        if line.kind == "more":
            return more_row(line.story, fold.more, at_least=fold.at_least)
        story = self.list.stories.get(line.story)
        if story is not None:
            return story_row(story, width, opened=opened, line=line_word(self._case, story.uid))
        free = self.list.free_of(OTHERS)
        posts = len(fold.posts) + fold.more
        return others_row(posts, free, width, opened=opened, more=fold.at_least)

    def view(self, width: int, height: int) -> Sequence[Row]:
        """Return the rows, or why there are none."""
        if self.by_story and self.loaded:
            if not self.list.lines:
                return [*self.head(width), *told_whole(empty_rows(self.filter.typed), width)]
            return Listing.view(self, width, height)
        return super().view(width, height)

    # Folding and moving.

    def turn_over(self) -> None:
        """Show the posts by story, or one after the other; the cursor stays on its post."""
        chosen = self.mention.id if self.mention else ""
        self.by_story, self.loaded = not self.by_story, False
        self.newer = self.cursor = self.top = 0
        self.reload(chosen)

    def open_line(self) -> bool:
        """Fold or unfold the story under the cursor, or show more of it; False on a post."""
        line = self.line
        if line is None or line.kind == "post":
            return False
        if line.kind == "more":
            self._show_more(line.story)
        elif self.list.turn(line.story) and line.story != OTHERS:
            self._read(chosen=line.at, again=True)
        self.keep_in_view()
        self._told()
        return True

    def _show_more(self, story: str) -> None:
        fold = self.list.fold_of(story)
        last = fold.posts[-1].id if fold.posts else ""
        if self.list.grow(story):
            self._read(chosen=last, again=True)
        elif story == OTHERS:
            self.turn_over()
        else:
            self.by_story, self.filter = False, Filter(f"story:{story}")
            self.reload()

    def last(self) -> None:
        """Show the oldest."""
        if self.by_story:
            self.go(self.count() - 1)
        else:
            super().last()

    def seek_free(self, step: int) -> None:
        """Go to the next (1) or previous (-1) free mention; a story that has one opens for it."""
        if not self.by_story:
            super().seek_free(step)
            return
        place = self.cursor + (step if self.mention is not None or step < 0 else 0)
        while 0 <= place < len(self.list.lines):
            line = self.list.lines[place]
            if line.mention is not None and line.mention.state == "new":
                self.go(place)
                return
            if line.kind == "head" and self._opens_to_free(line, step):
                return
            place += step
        where = "below" if step > 0 else "above"
        self.post_message(self.Broke(Refused("no-more", f"no free post {where}")))

    def _opens_to_free(self, line: Line, step: int) -> bool:
        if self.list.is_open(line.story) or not self.list.free_of(line.story):
            return False
        self._landing = (line.story, step)
        self.list.turn(line.story)
        if line.story == OTHERS:
            self._land()
        else:
            self._read(chosen=line.at, again=True)
        return True

    def _land(self) -> None:
        """Go to the free post for which a story was opened, or to its head where none shows."""
        story, step = self._landing or ("", 1)
        self._landing = None
        lines = self.list.lines
        free = [
            place
            for place, line in enumerate(lines)
            if line.story == story and line.mention is not None and line.mention.state == "new"
        ]
        head = self.list.index_of(f"head:{story}")
        self.go((free[0] if step > 0 else free[-1]) if free else head or 0)

    def _read_ahead(self) -> None:
        if not self.by_story:
            super()._read_ahead()

    # Reading.

    def reload(self, chosen: str = "") -> None:
        """Read the list anew from the top, or around one mention."""
        if self.by_story:
            self._turn += 1
            self._busy = False
            self._read(chosen=chosen)
        else:
            super().reload(chosen)

    def _read(self, *, chosen: str = "", again: bool = False) -> None:
        """Read the stories; `again` leaves the lines in their places."""
        reader = StoryReader(self._room, self.filter.query(self._room.actor.name))
        opened = None if self.list.opened is None else frozenset(self.list.opened)
        after = self.list.newest if again else 0
        sizes = dict(self.list.sizes)
        self._start(partial(reader.read, opened, sizes, chosen=chosen, after=after))

    def changed(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Take note that mentions with these numbers changed or came."""
        if self.by_story:
            self._pending.clear()
            self.stir()
        else:
            super().changed(ranges)

    def stir(self) -> None:
        """Take note that stories changed: they are read again, at most once a second."""
        if not self.by_story or not self.loaded:
            return
        if self._busy or self._resting:
            self._stirred = True
            return
        self._busy, self._stirred = True, False
        self._resting = True
        self.set_timer(PACE, self._rested)
        self._read(again=not self.follows)

    def _rested(self) -> None:
        self._resting = False
        if self._stirred:
            self.stir()

    def on_feed_broke(self) -> None:
        """Open no story for a post that could not be read."""
        self._landing = None

    def _take(self, read: Read) -> None:
        if not isinstance(read, Told):
            super()._take(read)
        elif self.by_story:
            self._take_told(read)

    def _take_told(self, told: Told) -> None:
        before = self.at
        self._busy = False
        self.list.open_for(told)
        stays = told.again and not self.follows
        if stays:
            self.list.refresh(told)
        else:
            self.list.take(told)
            self._moved_at = self._room.clock.monotonic()
        self.newer = told.newer if stays else 0
        self.loaded, self.free, self._total = True, told.free, told.total
        self._stand(told.chosen or (before if stays else ""))
        self._told()

    def _stand(self, at: str) -> None:
        """Put the cursor where it was, or where it was meant to go."""
        place = self.list.index_of(at) if at else 0
        self.cursor = min(self.cursor, max(0, self.count() - 1)) if place is None else place
        if self._landing is not None:
            self._land()
        self.keep_in_view()

    # The place.

    def kept(self) -> dict[str, Any]:
        """Return how the list is looked at, to come back to."""
        if not self.by_story:
            return {}
        return {"by_story": True, "open": sorted(self.list.opened or ())[:FOLDS]}

    def come_back(self, kept: Mapping[str, Any]) -> None:
        """Look at the list as it was left; read it afterwards."""
        self.by_story = kept.get("by_story") is True
        named = kept.get("open")
        if self.by_story and isinstance(named, list):
            self.list.opened = {str(name) for name in named[:FOLDS]}
