"""Carrying words by hand: copy exactly these bytes, post them, come back with the link."""

from __future__ import annotations

from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Words as Wording
from crisisroom.room import Room, sending
from crisisroom.text.links import safe_url
from crisisroom.tui.beside import beside
from crisisroom.tui.compose.ask import TOO_FAST, Line, Told
from crisisroom.tui.compose.guard import Guarded, Hand
from crisisroom.tui.compose.said import line, lines, short_hash
from crisisroom.tui.rows import BLANK
from crisisroom.tui.screens.dialogs import Dialog


def link_flaw(url: str) -> str:
    """Say what is wrong with a link; nothing for none at all."""
    return "" if not url or safe_url(url) else "a link starts with https:// or http://"


class ByHand(Guarded, Dialog[bool]):
    """Shows a text to carry by hand; dismissed with True once a person said that it is out."""

    place = "by-hand"

    DEFAULT_CSS = """
    ByHand {
        #text { height: auto; max-height: 12; scrollbar-size: 0 0; margin: 1 0; }
    }
    """

    def __init__(self, room: Room, incident_id: str, wording: Wording) -> None:
        title = line(
            "   ",
            (wording.id, "focus"),
            ("   by hand, exactly this text, " + short_hash(wording.sha256), "quiet"),
        )
        super().__init__(title, [("ctrl+y", "copy"), ("enter", "it is out"), ("esc", "later")])
        self._room = room
        self._incident_id = incident_id
        self._wording = wording
        self._hand = Hand(room.clock.monotonic)

    def body(self) -> ComposeResult:
        """Yield the text and the line for its link."""
        with VerticalScroll(id="text", can_focus=False):
            yield Told(lines(self._wording.text))
        ask = "Copy it, post it, then give its link here, or nothing."
        yield Told((line((ask, "quiet")), BLANK))
        yield Line(id="link")

    def on_mount(self) -> None:
        """Begin at the line for the link."""
        super().on_mount()
        self.query_one(Line).focus()

    def on_input_changed(self) -> None:
        """Remember when words came in."""
        self._hand.typed()

    def on_line_pasted(self) -> None:
        """Take a paste as what it is."""
        self._hand.pasted()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Confirm that the words are out."""
        url = event.value.strip()
        if not self._hand.meant():
            self.say(TOO_FAST)
        elif flaw := link_flaw(url):
            self.say(flaw)
        else:
            beside(self.app, partial(self._confirm, url), name="confirm", group="confirm")

    def action_copy(self) -> None:
        """Copy exactly the approved bytes to the terminal's clipboard (OSC 52)."""
        self.app.copy_to_clipboard(self._wording.text)
        self.say("copied, if your terminal allows it (OSC 52)")

    def action_leave(self) -> None:
        """Leave it for later: it stays in the outbox."""
        self.dismiss(False)

    async def _confirm(self, url: str) -> None:
        try:
            await sending.confirm(self._room, self._incident_id, self._wording.id, url)
        except Refused as refused:
            self.say(refused.message)
        else:
            self.dismiss(True)
