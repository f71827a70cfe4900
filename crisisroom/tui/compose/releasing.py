"""The emergency release: a reason typed by hand, after everything that is passed over was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import Input

from crisisroom.core.incident import Words
from crisisroom.room.verdicts import REASON_WORDS
from crisisroom.tui.compose.ask import TOO_FAST, Ask, Line, Told
from crisisroom.tui.compose.guard import QUIET
from crisisroom.tui.compose.said import line, short_hash
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import asking

PASTED = "type the reason by hand: it stands under your name"


class Release(Ask):
    """Asks why a text goes out without approval; dismissed with the reason, or with None.

    A paste does not get in, and `enter` counts only after a moment of silence.
    """

    def __init__(self, title: Row, told: Sequence[Row], monotonic: Callable[[], float]) -> None:
        super().__init__(title, monotonic, verb="release it", flaw=_too_short)
        self._told = told

    def body(self) -> ComposeResult:
        """Yield what is passed over, then the line for the reason."""
        yield Told(self._told)
        yield Typed(id="line")

    def on_line_pasted(self) -> None:
        """Say that only typed words count."""
        super().on_line_pasted()
        self.say(PASTED)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the reason, after a moment in which no key came."""
        if not self._hand.meant(QUIET):
            self._hand.typed()
            self.say(TOO_FAST)
            return
        super().on_input_submitted(event)


class Typed(Line):
    """A line into which nothing can be pasted."""

    pastes = False


def release_dialog(held: Words, passed_over: str, monotonic: Callable[[], float]) -> Release:
    """Return the question for one text; `passed_over` names who did not agree to it."""
    told = (
        line("exactly this text, ", (short_hash(held.sha256), "bold")),
        line((passed_over + " did not agree, and will be told", "warn")),
        line(("your name and your reason stay on the timeline", "quiet")),
    )
    title = asking("EMERGENCY RELEASE of " + held.id, "without approval: why?")
    return Release(title, told, monotonic)


def _too_short(words: str) -> str:
    enough = len(words.split()) >= REASON_WORDS
    return "" if enough else "say why, in " + str(REASON_WORDS) + " words or more"
