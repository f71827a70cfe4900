"""One person's text of an answer to many, changed by hand; what it comes to is said meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from crisisroom.core.approval import ladder_words
from crisisroom.core.drafts import SavedDraft, id_of_draft
from crisisroom.core.errors import Refused
from crisisroom.core.review import Review
from crisisroom.room import Room, drafting
from crisisroom.room.desk import Desk
from crisisroom.tui.beside import beside
from crisisroom.tui.bulk.listed import Line
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Words
from crisisroom.tui.compose.keeper import DELAY, DraftKeeper
from crisisroom.tui.compose.marked import marks_of
from crisisroom.tui.compose.said import line
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Dialog, asking
from crisisroom.tui.widgets.hints import Hints

_KEYS = (
    ("ctrl+s", "use it"),
    ("esc", "keep as draft"),
    ("ctrl+r", "as approved"),
    ("ctrl+z", "undo"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """The words for one person as they were left; `use` says whether they are what goes out."""

    text: str
    use: bool


class EditOne(Dialog[Written | None]):
    """The post, and below it the text that its author gets; leaving keeps what was typed.

    Every key is on disk within a second, as the draft of a reply to this post. None: nothing was
    changed.
    """

    place = "edit-one"

    DEFAULT_CSS = """
    EditOne {
        #quote { height: auto; max-height: 6; margin: 0 0 1 1; scrollbar-size: 0 0; }
        #text { height: auto; min-height: 5; max-height: 10; }
        #measure { padding-left: 3; margin-top: 1; }
    }
    """

    def __init__(self, room: Room, desk: Desk, one: Line, quote: Sequence[Row]) -> None:
        rest = "your draft" if one.draft else "others get theirs as they are"
        super().__init__(asking("Your words for this person", rest), _KEYS)
        self._room = room
        self._desk = desk
        self._line = one
        self._begun = one.draft or one.text
        self._quote = quote
        self._keeper = DraftKeeper(partial(drafting.autosave, room))
        self._waits = False  # a save is due
        self._kept = bool(one.draft)  # whether a draft is on disk, or soon

    def body(self) -> ComposeResult:
        """Yield the post, the editor, what the text comes to."""
        with VerticalScroll(id="quote", can_focus=False):
            yield Words(self._quote, quote=True)
        yield Editor(self._begun, id="text")
        yield Words(id="measure")

    def on_mount(self) -> None:
        """Begin at the end of the text, before what it is signed with."""
        super().on_mount()
        editor = self.query_one(Editor)
        editor.go_to(_before_sign_off(self._desk, self._begun))
        editor.focus()
        self._judge()

    def on_text_area_changed(self) -> None:
        """Say what the text comes to now, and save it soon."""
        self._judge()
        editor = self.query_one(Editor)
        if self._kept or editor.text != self._begun:
            self._kept = True
            self._keeper.want(self._draft(editor.text, editor.cursor_at))
        if self._keeper.behind and not self._waits:
            self._waits = True
            self.set_timer(DELAY, self._save)

    def on_editor_typed(self) -> None:
        """Take a message away: it was read."""
        self.query_one(Hints).clear()

    def on_editor_pasted(self, message: Editor.Pasted) -> None:
        """Say what was left out of a paste."""
        if told := message.told:
            self.say(told)

    def _judge(self) -> None:
        editor = self.query_one(Editor)
        review = self._desk.review(editor.text)
        editor.show_marks(marks_of(review.problems))
        self.query_one("#measure", Words).say(*measure(self._desk, review))

    def _draft(self, text: str, cursor: int) -> SavedDraft:
        inc, post, me = self._desk.incident.id, self._line.id, self._room.actor.name
        return SavedDraft(
            id=id_of_draft("reply", inc, post, me),
            incident=inc,
            kind="reply",
            mention=post,
            actor=me,
            text=text,
            cursor=cursor,
            updated_at=self._room.clock.now(),
        )

    def _save(self) -> None:
        self._waits = False
        beside(self.app, self._flushed, name="draft", group="draft")

    async def _flushed(self) -> None:
        try:
            await self._keeper.flush()
        except Refused as refused:  # still wanted: leaving tries again, and says so
            self.say(refused.message)

    def action_approved(self) -> None:
        """Put the approved words back; undoing brings one's own again."""
        text = self._line.person.text
        editor = self.query_one(Editor)
        if editor.text == text:
            self.say("it reads as it was approved")
        else:
            editor.fill(text, _before_sign_off(self._desk, text))
            self.say("as it was approved; ctrl+z brings your words back")

    def action_done(self) -> None:
        """Answer with the text, unless nothing is left of it."""
        if self.query_one(Editor).text.strip():
            self._end(use=True)
        else:
            self.say("nothing is left; space in the list leaves the person out")

    def action_leave(self) -> None:
        """Leave it for now: what was typed is kept as a draft."""
        self._end(use=False)

    def _end(self, *, use: bool) -> None:
        beside(self.app, partial(self._ended, use=use), name="edit-end", group="edit-end")

    async def _ended(self, *, use: bool) -> None:
        """Have on disk what was typed, and only then close."""
        text = self.query_one(Editor).text
        own = text.strip() not in ("", self._line.person.text.strip())
        try:
            if own and self._kept:
                self._keeper.want(self._draft(text, len(text)))
                await self._keeper.flush()
            elif self._kept:
                draft = self._draft("", 0).id
                await self._keeper.stop()
                await drafting.discard(self._room, draft)
        except Refused as refused:  # the words are still here, and nowhere else
            self._keeper.resume()
            self.say(f"not kept: {refused.message}")
            return
        changed = use or text != self._begun
        self.dismiss(Written(text.strip(), use) if changed else None)

    async def on_unmount(self) -> None:
        """Save what is not saved yet, also when the program ends."""
        await self._keeper.flush()


def _before_sign_off(desk: Desk, text: str) -> int:
    return len(desk.body_of(text).rstrip())


def measure(desk: Desk, review: Review) -> list[Row]:
    """Return the length, what is wrong, and who has to approve words of one's own."""
    over = review.limit is not None and review.length > review.limit
    size = f"{review.length} of {review.limit}" if review.limit else f"{review.length} characters"
    rows = [line((size, "late" if over else "quiet"))]
    rows += [line((problem.message, "late")) for problem in review.blocking[:2]]
    if who := needs(desk, review):
        rows.append(line((f"nobody approved your words: {who} decides first", "warn")))
    return rows


def needs(desk: Desk, review: Review) -> str:
    """Return who has to approve a text first, empty for nobody."""
    return ladder_words(desk.incident, review.approval) if review.approval else ""
