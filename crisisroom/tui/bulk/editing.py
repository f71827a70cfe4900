"""One person's text of an answer to many, changed by hand; what it comes to is said meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from crisisroom.core.approval import ladder_words
from crisisroom.core.review import Review
from crisisroom.room.desk import Desk
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Words
from crisisroom.tui.compose.marked import marks_of
from crisisroom.tui.compose.said import line
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Dialog, asking


class EditOne(Dialog[str | None]):
    """The post, and below it the text that its author gets; dismissed with the new text."""

    DEFAULT_CSS = """
    EditOne {
        #quote { height: auto; max-height: 6; margin: 0 0 1 1; scrollbar-size: 0 0; }
        #text { height: auto; min-height: 5; max-height: 10; }
        #measure { padding-left: 3; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "done", "done", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, text: str, quote: Sequence[Row]) -> None:
        super().__init__(
            asking("Your words for this person", "others get theirs as they are"),
            [("ctrl+s", "done"), ("esc", "leave it as it was")],
        )
        self._desk = desk
        self._text = text
        self._quote = quote

    def body(self) -> ComposeResult:
        """Yield the post, the editor, what the text comes to."""
        with VerticalScroll(id="quote", can_focus=False):
            yield Words(self._quote, quote=True)
        yield Editor(self._text, id="text")
        yield Words(id="measure")

    def on_mount(self) -> None:
        """Begin at the end of the text, before what it is signed with."""
        super().on_mount()
        editor = self.query_one(Editor)
        editor.go_to(_before_sign_off(self._desk, self._text))
        editor.focus()
        self._judge()

    def on_text_area_changed(self) -> None:
        """Say what the text comes to now."""
        self._judge()

    def _judge(self) -> None:
        editor = self.query_one(Editor)
        review = self._desk.review(editor.text)
        editor.show_marks(marks_of(review.problems))
        self.query_one("#measure", Words).say(*measure(self._desk, review))

    def action_done(self) -> None:
        """Answer with the text, unless nothing is left of it."""
        text = self.query_one(Editor).text.strip()
        if text:
            self.dismiss(text)
        else:
            self.say("nothing is left; space in the list leaves the person out")


def _before_sign_off(desk: Desk, text: str) -> int:
    signed = desk.ready(desk.language).get(("sign_off", "sign_off"))
    body = text.removesuffix(signed.text) if signed else text
    return len(body.rstrip())


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
