"""The composer: approved words on one side, the post and the reply to it on the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.core.errors import Refused
from crisisroom.room import triage
from crisisroom.room.desk import Review
from crisisroom.store import Change
from crisisroom.tui.compose import replying
from crisisroom.tui.compose.base import Then
from crisisroom.tui.compose.choosing import Choosing
from crisisroom.tui.compose.cuts import cut_marks, cut_row
from crisisroom.tui.compose.editor import UNASKED, Editor, Mark
from crisisroom.tui.compose.forming import Forming
from crisisroom.tui.compose.forms import TITLES, language_note
from crisisroom.tui.compose.holding import Holding
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import marks_of
from crisisroom.tui.compose.moved import moved_marks
from crisisroom.tui.compose.opened import Opened
from crisisroom.tui.compose.panes import Post, Problems, Quiet
from crisisroom.tui.compose.said import count, line
from crisisroom.tui.compose.sendoff import SendOff
from crisisroom.tui.compose.sharing import Sharing
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.times import clock

MANY = 3  # keys beside which a small screen has little room


class ReplyScreen(Choosing, Forming, Sharing, Holding, SendOff):
    """Writes one reply to one mention; the draft is saved while one types."""

    place = "reply"

    DEFAULT_CSS = """
    ReplyScreen {
        #head, #notes, #theirs { padding-left: 3; }
        #moved { margin-bottom: 1; max-height: 3; }
        #words-title { padding-left: 3; margin-bottom: 1; }
        #words { height: 1fr; }
        #editor { margin-left: 3; height: 1fr; min-height: 4; }
        #measure { padding-left: 3; margin-top: 1; }
        #problems { max-height: 4; }
        #theirs { max-height: 3; }
        #others { padding-left: 3; }
        &.-wide {
            #theirs { margin-top: 1; }
            #editor { height: auto; max-height: 12; min-height: 5; }
            #measure { margin-top: 2; margin-bottom: 1; }
            #problems { max-height: 8; margin-bottom: 1; }
            #theirs { max-height: 9; margin-bottom: 1; }
        }
    }
    """
    beside = frozenset({"words"})

    def panes(self) -> Iterable[Widget]:
        """Approved words on the left; post, editor, length and problems on the right."""
        with Vertical(id="columns"):
            with Vertical(id="left"):
                yield Text(id="words-title")
                yield Items(id="words", spaced=True, digits=True)
            with Vertical(id="right"):
                yield Text(id="head")
                yield Text(id="notes")
                yield Post()
                yield Quiet(id="moved")
                yield Editor(id="editor", wary=self._hand.pasted)
                yield Text(id="measure")
                yield Problems(id="problems")
                yield Text(id="theirs")
                yield Text(id="others")

    async def load(self) -> Then:
        """Read everything the reply is measured against."""
        opened = await self.open()
        return lambda: self.show(opened)

    def take(self, batch: Sequence[Change]) -> None:
        """Read everything again, or only colleagues' drafts where nothing else changed."""
        if any(map(self.concerns, batch)):
            self.reload()
        elif any(map(self.heard, batch)):
            self.read_part(self.read_theirs)

    async def show(self, opened: Opened) -> None:
        """Show what was read; what is being written stays as it is."""
        first, self.opened = self.opened is None, opened
        self.incident = opened.desk.incident
        if first:
            self._begin(opened)
            if replying.is_mine(opened.place, self.room.actor.name):
                self.do(self._claim, name="claim")
        await self.refresh_all()
        if first:
            self.ready = True
            await self.catch_up()

    async def refresh_all(self) -> None:
        """Show the post, who else is here, the words, and what the review comes to."""
        assert self.opened is not None
        place = self.opened.place
        await self.query_one(Post).show(place, self.now, answers=2 if self.wide else 0)
        self.show_others()
        self._tell("#notes", *self._notes(self.opened))
        self.query_one("#words-title", Text).say(
            line(("Approved words", "bold"), ("   for this post", "quiet"))
        )
        await self.judge()

    def _notes(self, opened: Opened) -> Iterable[Row]:
        tongue = language_note(opened.desk.incident.plan, opened.language, opened.theirs)
        return replying.notes(opened.place, self.now, self.zone, tongue)

    def _tell(self, where: str, *rows: Row) -> None:
        """Show these lines, and take no room where there are none."""
        shown = self.query_one(where, Text)
        shown.display = bool(rows)
        shown.say(*rows)

    def _begin(self, opened: Opened) -> None:
        draft = opened.mine
        self.filled = "" if draft or opened.place.words else opened.text
        cursor = draft.cursor if draft else self.cursor_in(opened.text)
        self.begin(opened.text, cursor, focus=not self._ahead)
        if draft is not None:
            at = clock(draft.updated_at, self.now, self.zone)
            self.say(("your draft of " + at, "text"), ("   as you left it", "quiet"))

    async def _claim(self) -> Then:
        try:
            await triage.claim(self.room, self.mention_id)
        except Refused as refused:
            told = refused.message
            return lambda: self.say((told, "warn"), ("   only one of you can answer", "quiet"))
        return lambda: None

    def keys(self) -> list[tuple[str, str]]:
        """The keys while typing, or in the list of approved words."""
        if self.focused is not None and self.focused.id == "words":
            return [("1-9", "put in"), ("enter", "put in"), ("esc", "reply")]
        review = self.reviewed
        blocking = len(review.blocking) if review else 0
        told = "review: " + count(blocking, "problem") if blocking else "review"
        if self.moved and not self.wide:
            return [*self.moved_keys, ("ctrl+s", told), ("esc", "keep")]
        keys = [*self.moved_keys, ("ctrl+s", told), ("ctrl+t", "kind")]
        if any(mark.kind not in UNASKED for mark in self._marks):
            keys.append(("ctrl+n", "next problem" if self.wide else "next"))
        keys.append(("tab" if self.wide else "ctrl+k", "words"))
        if self.wide:
            keys.append(self.outside_key)
            keys += [("ctrl+r", "earlier")] * (self.saved_at is not None)
        crowded = not self.wide and len(keys) > MANY
        return [*keys, ("esc", "keep" if crowded else "keep draft"), ("ctrl+p", "commands")]

    @property
    def _marks(self) -> tuple[Mark, ...]:
        editors = self.query(Editor)
        return editors.first().marks if editors else ()

    def review_of(self, text: str) -> Review | None:
        """Review a text as sending would, without the store.

        Words that were held back are so only by what still stands in them.
        """
        if self.opened is None:
            return None
        self.look_for_moved(text)
        desk, words = self.opened.desk, self.opened.place.words
        if words is not None and words.suspended:
            held = tuple(one.fact for one in self.moved if one.held)
            words = msgspec.structs.replace(words, suspended=held)
            desk = msgspec.structs.replace(desk, words=words)
        return desk.review(text)

    async def judged(self, review: Review) -> None:
        """Show what the review came to."""
        assert self.opened is not None
        text = self.editor.text
        posts = self.desk.posts(text)
        cut = cut_row(text, posts)
        crowded = self.wide or review.problems  # no room for it, or it stands in the list
        why = None if crowded else replying.reason(self.opened.offered, review.check.used)
        rows = (replying.measure(review, len(posts)), cut, why)
        self.query_one("#measure", Text).say(*(row for row in rows if row is not None))
        await self.query_one(Problems).tell(review.problems)
        marks = (*marks_of(review.problems), *moved_marks(text, self.moved))
        self.show_theirs()
        await self.show_moved()
        self.editor.show_marks((*marks, *cut_marks(text, posts)))
        await self.query_one("#words", Items).show(self.offer_items_of(review))
        self._head()

    def _head(self) -> None:
        assert self.opened is not None
        saved = ", saved " + clock(self.saved_at, self.now, self.zone) if self.saved_at else ""
        told = "   " + replying.way(self.opened.place) + saved
        typing = self.focused is None or self.focused.id == "editor"
        title = (TITLES[self.form], "focus" if typing else "bold")
        self.query_one("#head", Text).say(line(title, (told, "quiet")))

    def on_drafting_saved(self) -> None:
        """Say when the draft was last saved."""
        self._head()
