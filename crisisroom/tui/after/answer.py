"""The editor of one section of the review, above the screen: short answers are written here."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.hanging import hung
from crisisroom.tui.screens.dialogs import Dialog
from crisisroom.tui.shown import contents, painter

_UNSAVED = "not saved: ctrl+s saves it, esc again throws it away"


class Answer(Dialog[str | None]):
    """What stands under one heading; leaving asks twice where it would lose words."""

    place = "section"

    DEFAULT_CSS = """
    Answer {
        Editor { height: 9; margin-left: 3; }
        &.-tall Editor { height: 20; }
    }
    """

    def __init__(self, title: Row, helps: Sequence[Row], *, words: str = "") -> None:
        super().__init__(title, [("ctrl+s", "save"), ("esc", "leave it")])
        self._words = words
        self._helps = helps
        self._warned = False

    def body(self) -> ComposeResult:
        """Yield what helps, and the words."""
        if self._helps:
            rows = hung(self._helps, self.line_width)
            yield Static(contents(rows, painter(self.app)), id="helps")
        yield Editor(self._words)

    def on_mount(self) -> None:
        """Begin behind the last word."""
        self.set_class(self.app.size.height >= 36, "-tall")
        editor = self.query_one(Editor)
        editor.focus()
        editor.go_to(len(self._words))

    def on_resize(self, event: events.Resize) -> None:
        """Take the room there is."""
        self.set_class(event.size.height >= 36, "-tall")

    def on_editor_typed(self) -> None:
        """Whoever writes on does not mean to leave."""
        self._warned = False

    def on_editor_pasted(self, message: Editor.Pasted) -> None:
        """Say what was left out of a paste."""
        if told := message.told:
            self.say(told)

    def action_done(self) -> None:
        """Answer with the words."""
        self.dismiss(self.query_one(Editor).text)

    def action_leave(self) -> None:
        """Leave what is unchanged at once, else when it is said twice."""
        if self._warned or self.query_one(Editor).text == self._words:
            self.dismiss(None)
            return
        self._warned = True
        self.say(_UNSAVED)
