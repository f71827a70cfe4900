"""The emergency release: a reason typed by hand, after everything that is passed over was shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.widgets import Input

from crisisroom.core.incident import Words
from crisisroom.room import words
from crisisroom.room.verdicts import REASON_WORDS
from crisisroom.tui.compose.ask import TOO_FAST, Ask, Line, Told
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.guard import QUIET
from crisisroom.tui.compose.said import line, short_hash
from crisisroom.tui.rows import Row
from crisisroom.tui.screens.dialogs import asking

After = Callable[[str], Awaitable[None] | None]
"""What the screen does once it is done: it is told what came of it."""

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
        self._hand.pasted()
        self.say(PASTED)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the reason back until no key came for a moment; then the question is answered."""
        if not self._hand.meant(QUIET):
            event.prevent_default()  # every class on the way up would take it as an answer
            self._hand.typed()
            self.say(TOO_FAST)


class Typed(Line):
    """A line into which nothing can be pasted."""

    pastes = False


def ask_back(screen: WordsScreen, held: Words, after: After, inc: str = "") -> None:
    """Take the approval of a text back, once it was said why; `inc` is another incident's."""
    title = asking("Take the approval of " + held.id + " back", "why?")
    told = "the approval of " + held.id + " is taken back"

    async def go(why: str) -> Then:
        await words.revoke(screen.room, inc or screen.incident_id, held.id, why)
        return partial(after, told)

    screen.app.push_screen(
        Ask(title, screen.room.clock.monotonic, verb="take it back"),
        lambda why: screen.do(partial(go, why), name="revoke") if why else None,
    )


def ask_release(
    screen: WordsScreen, held: Words, passed_over: str, after: After, inc: str = ""
) -> None:
    """Release a text without approval, once a reason was typed; `passed_over` did not agree."""
    inc = inc or screen.incident_id
    told = (
        line("exactly this text, ", (short_hash(held.sha256), "bold")),
        line((passed_over + " did not agree, and will be told", "warn")),
        line(("your name and your reason stay on the timeline", "quiet")),
    )
    title = asking("EMERGENCY RELEASE of " + held.id, "without approval: why?")

    async def go(why: str) -> Then:
        await words.release(screen.room, inc, held.id, why, sha256=held.sha256)
        return partial(after, held.id + " is released WITHOUT APPROVAL: it may go out now")

    screen.app.push_screen(
        Release(title, told, screen.room.clock.monotonic),
        lambda why: screen.do(partial(go, why), name="release") if why else None,
    )


def _too_short(reason: str) -> str:
    enough = len(reason.split()) >= REASON_WORDS
    return "" if enough else "say why, in " + str(REASON_WORDS) + " words or more"
