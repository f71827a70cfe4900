"""What the parts of the composer share: what was read, the form, and the text in the editor."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.incident import Form
from crisisroom.core.placeholders import blanks_in
from crisisroom.room import Room
from crisisroom.room.desk import Desk
from crisisroom.store.places import Doing
from crisisroom.tui.compose.drafting import Drafting
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.moved import Moved
from crisisroom.tui.compose.opened import Opened


class ReplyBase(Drafting):
    """A reply to one mention; the parts of the screen are built on this."""

    def __init__(self, room: Room, incident_id: str, mention_id: str) -> None:
        super().__init__(room, incident_id)
        self.mention_id = mention_id
        self.opened: Opened | None = None
        self.filled = ""  # what the room put into the editor last, to the letter
        self.moved: Sequence[Moved] = ()  # facts that moved under these words

    def engaged(self) -> tuple[Doing, str, str]:
        """Let the others know that a reply is being written."""
        return "reply", self.mention_id, ""

    @property
    def desk(self) -> Desk:
        """The desk in the form and language chosen; only once everything was read."""
        assert self.opened is not None
        return self.opened.desk

    @property
    def form(self) -> Form:
        """The form of the reply."""
        return self.opened.form if self.opened else "public"

    @property
    def editor(self) -> Editor:
        """Where the reply is written."""
        return self.query_one(Editor)

    def put_in(self, text: str, cursor: int | None = None) -> None:
        """Put a whole text into the editor; undoing brings back what stood there."""
        self.editor.fill(text, len(text) if cursor is None else cursor)
        self.editor.focus()

    def cursor_in(self, text: str) -> int:
        """Return where one goes on: the first blank, else the line before the sign-off."""
        if blanks := blanks_in(text):
            return blanks[0].start
        body = self.desk.body_of(text)
        return len(body.rstrip("\n")) + body.endswith("\n")

    async def refresh_all(self) -> None:
        """Show everything as it stands by now. Here: nothing."""
