"""What the screens that write have in common: an editor, its review, and a draft that is kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import ClassVar, Literal

from textual.css.query import NoMatches
from textual.message import Message

from crisisroom.core.drafts import SavedDraft, id_of_draft
from crisisroom.core.errors import Refused
from crisisroom.room import Room, drafting
from crisisroom.room.desk import Review
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.guard import Hand
from crisisroom.tui.compose.keeper import DELAY, DraftKeeper
from crisisroom.tui.compose.own_text import MOST, own_text
from crisisroom.tui.compose.said import count
from crisisroom.tui.outside import edited_outside


class Drafting(WordsScreen):
    """A screen with an `Editor`: each change is reviewed at once and saved within a second."""

    kind: ClassVar[Literal["reply", "statement"]] = "reply"
    mention_id = ""
    template_id = ""
    beside: ClassVar[frozenset[str]] = frozenset()  # lists beside the text, by their ids

    class Saved(Message):
        """The draft was saved."""

    def __init__(self, room: Room, incident_id: str) -> None:
        super().__init__(room, incident_id)
        self.reviewed: Review | None = None
        self.saved_at: datetime | None = None
        self._keeper = DraftKeeper(self._save)
        self._hand = Hand(room.clock.monotonic)
        self._waits = False  # a save is due
        self._judging = False  # a review is due
        self._held = ""  # what the editor began with, then what was wanted saved last

    def review_of(self, text: str) -> Review | None:
        """Review a text as sending would; None while nothing is read yet."""
        return None

    async def judged(self, review: Review) -> None:
        """Show what a review came to."""

    async def look(self) -> Then:
        """Gather what the step before sending shows, and open it. Here: nothing."""
        return lambda: None

    @property
    def draft_ref(self) -> str:
        """What the words are about, as a part of the draft's id."""
        return self.mention_id

    @property
    def draft_id(self) -> str:
        """The id of this person's draft of these words."""
        return id_of_draft(self.kind, self.incident_id, self.draft_ref, self.room.actor.name)

    def draft_of(self, text: str, cursor: int) -> SavedDraft:
        """Return the words as a draft to save."""
        return SavedDraft(
            id=self.draft_id,
            incident=self.incident_id,
            kind=self.kind,
            mention=self.mention_id,
            template=self.template_id,
            actor=self.room.actor.name,
            text=text,
            cursor=cursor,
            updated_at=self.now,
        )

    def begin(self, text: str, cursor: int, *, focus: bool = True) -> None:
        """Put the first text into the editor, and the cursor too where `focus` says so."""
        editor = self.query_one(Editor)
        self._keeper.resume()
        self.saved_at = None
        self._held = own_text(text)[0]
        editor.load_text(self._held)
        editor.go_to(cursor)
        if focus:
            editor.focus()

    async def judge(self) -> None:
        """Review what the editor holds, and show it."""
        self._judging = False
        editors = self.query(Editor)  # none once the screen was left
        review = self.review_of(editors.first().text) if editors else None
        if review is not None:
            self.reviewed = review
            with suppress(NoMatches):  # a screen that is being left loses its parts one by one
                await self.judged(review)
                self.show_keys()

    def on_text_area_changed(self) -> None:
        """Review once for all keys that came in one go, and save soon."""
        if not self.query(Editor):  # told of after the screen was left
            return
        if not self._judging:
            self._judging = True
            self.call_after_refresh(self.judge)
        self._keep()
        if self._keeper.behind and not self._waits:
            self._waits = True
            self.set_timer(DELAY, self._flush)

    def _keep(self) -> None:
        """Want saved what the editor holds, once this person has changed it."""
        editor = self.query_one(Editor)
        if editor.text != self._held:
            self._held = editor.text
            self._keeper.want(self.draft_of(editor.text, editor.cursor_at))

    def on_editor_typed(self) -> None:
        """Take a message away: it was read."""
        self.message_read()

    def on_editor_pasted(self, message: Editor.Pasted) -> None:
        """Be wary of keys for a moment; say what was left out."""
        self._hand.pasted()
        if told := message.told:
            self.say((told, "warn"))

    @property
    def outside_key(self) -> tuple[str, str]:
        """The hint for one's own editor, with the reason where it is off."""
        return ("", "ctrl+o editor: off here") if self.restricted else ("ctrl+o", "editor")

    def action_problem(self) -> None:
        """Select the next blank or forbidden phrase."""
        editor = self.query_one(Editor)
        editor.focus()
        if editor.next_mark() is None:
            self.say("no blank and no forbidden word is left")

    def action_outside(self) -> None:
        """Write in one's own editor."""
        if self.restricted:
            self.say(("no other program may start in this login", "warn"))
            return
        editor = self.query_one(Editor)
        try:
            text = edited_outside(self.app, editor.text, "words.txt", most=MOST)
        except Refused as refused:
            self.say((refused.message, "warn"), ("   " + refused.hint, "quiet"))
            return
        changed, dropped = own_text(text)
        editor.replace(changed, (0, 0), editor.document.end)
        if dropped:
            self.say((count(dropped, "control character") + " left out", "warn"))

    def action_review(self) -> None:
        """Open the step before sending; never by a paste."""
        if not self._hand.meant(0):
            self.say(("you just pasted: read it, then press ctrl+s", "warn"))
        elif self.reviewed is not None and self._editing:
            self.do(self.look, name="look")

    @property
    def _editing(self) -> bool:
        return self.app.screen is self

    def action_leave(self) -> None:
        """Go back to the text from what stands beside it; else leave, and keep the draft."""
        if self.focused is not None and self.focused.id in self.beside:
            self.query_one(Editor).focus()
            return
        self._keep()  # who types fast leaves before the editor has told of the last key
        kept = self.saved_at is not None or self._keeper.behind
        self.close_with(("your draft is kept" if kept else "nothing was written", "text"))

    async def forget(self) -> None:
        """Throw the draft away: its words are on the timeline now."""
        await self._keeper.stop()
        await drafting.discard(self.room, self.draft_id)

    async def on_unmount(self) -> None:
        """Save what is not saved yet, also when the program ends."""
        await self._keeper.flush()

    def _flush(self) -> None:
        self._waits = False
        self.do(self._flushed, name="draft")

    async def _flushed(self) -> Then:
        draft = await self._keeper.flush()
        return lambda: self._note_saved(draft)

    def _note_saved(self, draft: SavedDraft | None) -> None:
        if draft is not None:
            first, self.saved_at = self.saved_at is None, draft.updated_at
            if first:
                self.show_keys()
            self.post_message(self.Saved())

    async def _save(self, draft: SavedDraft) -> None:
        await drafting.autosave(self.room, draft)
