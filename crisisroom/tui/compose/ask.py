"""Questions before an act that counts: no paste can answer them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from crisisroom.tui.compose.guard import QUIET, Guarded, Hand
from crisisroom.tui.compose.items import Words
from crisisroom.tui.compose.own_text import own_text
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import Dialog

TOO_FAST = "too fast to be meant: press the same key once more"


class Confirm(Guarded, Dialog[bool]):
    """Asks yes or no; `y` counts only after a moment of silence."""

    place = "confirm"

    def __init__(
        self, title: Row, told: Sequence[Row], monotonic: Callable[[], float], *, verb: str
    ) -> None:
        super().__init__(title, [("y", verb), ("n", "no")])
        self._told = told
        self._hand = Hand(monotonic)
        self._hand.typed()

    def body(self) -> ComposeResult:
        """Yield what will happen."""
        yield Told(self._told)

    def on_key(self, event: events.Key) -> None:
        """Take every other key as a sign that keys may come from a paste."""
        if event.key not in self.keys_of("confirm.yes"):
            self._hand.typed()

    def on_paste(self) -> None:
        """Take a paste as what it is."""
        self._hand.pasted()

    def action_yes(self) -> None:
        """Answer yes."""
        if self._hand.meant(QUIET):
            self.dismiss(True)
            return
        self._hand.typed()
        self.say(TOO_FAST)

    def action_leave(self) -> None:
        """Answer no."""
        self.dismiss(False)


class Told(Words):
    """Lines under the title of a question."""

    DEFAULT_CSS = "Told { padding-left: 3; }"


class Line(Input):
    """One line of our own words: no control character gets in, and no paste where it may not."""

    pastes: ClassVar[bool] = True

    class Pasted(Message):
        """Something was pasted."""

    def __init__(self, text: str = "", *, id: str) -> None:
        super().__init__(own_text(text)[0], id=id, select_on_focus=False, max_length=2000)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()  # the base class would insert it as it is
        event.stop()
        if self.pastes:
            words = " ".join(own_text(event.text)[0].split())
            self.replace(words, *self.selection)
        self.post_message(self.Pasted())


def not_empty(words: str) -> str:
    """Refuse an empty answer."""
    return "" if words else "a few words, please"


class Ask(Guarded, Dialog[str | None]):
    """Asks for one line of words; dismissed with the words, or with None by escape.

    `flaw` says what is wrong with an answer; an empty string lets it through.
    """

    place = "line"

    def __init__(
        self,
        title: Row,
        monotonic: Callable[[], float],
        *,
        verb: str = "done",
        flaw: Callable[[str], str] = not_empty,
    ) -> None:
        super().__init__(title, [("enter", verb), ("esc", "leave it")])
        self._flaw = flaw
        self._hand = Hand(monotonic)

    def body(self) -> ComposeResult:
        """Yield the line."""
        yield Line(id="line")

    def on_input_changed(self) -> None:
        """Remember when words came in."""
        self._hand.typed()

    def on_line_pasted(self) -> None:
        """Take a paste as what it is."""
        self._hand.pasted()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line, unless it came too fast or has a flaw."""
        words = event.value.strip()
        if not self._hand.meant():
            self.say(TOO_FAST)
        elif flaw := self._flaw(words):
            self.say(flaw)
        else:
            self.dismiss(words)
