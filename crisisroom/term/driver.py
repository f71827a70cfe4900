"""The lean driver: Textual's frames become cells, and only cells that differ go to the terminal."""

from __future__ import annotations

import os
import signal
import sys
import threading
from asyncio import TimerHandle
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar

from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Resize

from crisisroom.term import handover
from crisisroom.term.facts import facts_of
from crisisroom.term.pace import PATIENCE, Pace
from crisisroom.term.remote import Remote
from crisisroom.term.writer import Writer

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

LEAVING = 1.0  # seconds that a terminal which does not read or answer may delay the end
SETTLED = 0.1  # seconds after which a terminal that changed its size is painted at the latest
ALTERNATE_ON = "\x1b[?1049h"
UNFINISHED = "\x18\x1b[?2026l\x1b[r"  # ends whatever was cut off


class LeanDriver(LinuxDriver):
    """Draws for Linux and macOS; use as `App(driver_class=LeanDriver)`.

    `hold` is for how many seconds what is on the screen first may stay until `show` is called: an
    application that begins by painting what it does not know yet need not send that.
    """

    hold: ClassVar[float] = 0.0

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        terminal = sys.__stderr__  # what the base class draws on
        assert terminal is not None, "there is no terminal"
        self._encoding = terminal.encoding
        self._output = terminal.fileno()
        self._home = threading.get_ident()  # the one thread that touches what follows
        self._remote = Remote(*self._terminal(), facts_of(os.environ))
        self._pace = Pace()
        self._writer: Writer | None = None
        self._due = False
        self._leaving = False
        self._hold = self.hold
        self._held: TimerHandle | None = None
        self._later: TimerHandle | None = None
        self._came = threading.Semaphore(0)  # answers that the pace has not taken in yet

    # What Textual calls.

    def write(self, data: str) -> None:
        """Take what is to be seen; it goes out when this turn of the loop is over."""
        if threading.get_ident() != self._home:
            self._loop.call_soon_threadsafe(self.write, data)
            return
        self._remote.frames.resize(*self._app.size)
        self._remote.take(data)
        if not (self._due or self._leaving or self._writer is None):
            self._due = True
            self._loop.call_soon(self._send)

    def start_application_mode(self) -> None:
        """Take the terminal over, from a first paint where one was shown."""
        first = handover.take()
        self._remote.forget()
        self._pace.forget()
        self._due = self._leaving = False
        self._writer = Writer(self._output, self._written)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if first is not None:
            self._go_on_from(first)
        self._controls.append(self._pace.probe(self._loop.time()))
        if self._hold:
            self._held = self._loop.call_later(self._hold, self.show)
        self._watch_size()

    def show(self) -> None:
        """Send what is to be seen from now on; what came first stays no longer."""
        self._hold = 0.0  # when the application comes back, all is known
        if self._held is not None:
            self._held.cancel()
            self._held = None
            self._send()

    def stop_application_mode(self) -> None:
        """Give the terminal back, within a second even if it does not read."""
        self._send_no_more()
        hangs = self._hangs()
        if not hangs:
            self._wait_for_answer()
        super().stop_application_mode()
        last = UNFINISHED if hangs else ""
        self._write_out(f"{last}{self._remote.ending()}{self._remote.controls()}")

    def close(self) -> None:
        """End the threads that write."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.stop(LEAVING / 4)
        super().close()

    def process_message(self, message: Message) -> None:
        """Take the terminal's answers for itself; runs in the thread that reads keys."""
        if isinstance(message, CursorPosition) and self._pace.owed:
            self._came.release()
            self._loop.call_soon_threadsafe(self._answered)
            return
        if isinstance(message, Resize):
            self._loop.call_soon_threadsafe(self._changed_size)
        super().process_message(message)

    def _sigtstp_application(self, *_: object) -> None:
        """Stop between two turns of the loop: a frame that is being made is finished first."""
        stop = super()._sigtstp_application
        if self._auto_restart:
            self._loop.call_soon_threadsafe(stop)
        else:
            stop()

    def _sigcont_application(self, *_: object) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._come_back)

    def _come_back(self) -> None:
        """Begin again; what was stopped without being asked ends first."""
        if self._writer is not None:
            self.suspend_application_mode()
        self.resume_application_mode()

    # Sending.

    def _answered(self) -> None:
        self._came.acquire(blocking=False)
        self._pace.answered(self._loop.time())
        self._send()

    def _written(self) -> None:
        """Go on once the terminal took a piece; runs in the writer's thread."""
        try:
            self._loop.call_soon_threadsafe(self._send)
        except RuntimeError:  # the loop is closed
            return

    def _send(self) -> None:
        """Send what differs now, unless the terminal or the line still has enough to do."""
        self._due = False
        writer = self._writer
        if writer is None or writer.busy or self._leaving:
            return
        told = self._remote.controls()
        if self._pace.holds(self._loop.time()):
            self._wait()
        elif self._held is None:
            told += self._frame()
        if told:
            writer.write(told.encode(self._encoding, "replace"))

    def _wait(self) -> None:
        """Look again later, for a terminal that does not answer."""
        if self._later is not None:
            self._later.cancel()
        self._later = self._loop.call_later(PATIENCE, self._send)

    def _frame(self) -> str:
        """Return what makes the terminal show what it should, and what it is asked behind it."""
        self._remote.fit(*self._terminal())
        told = self._remote.frame(cursor=self._is_focused())
        if not told:
            return ""
        size = len(told.encode(self._encoding, "replace"))
        return told + self._pace.sends(size, self._loop.time())

    def _is_focused(self) -> bool:
        return bool(self._app.screen_stack) and self._app.focused is not None

    @property
    def _controls(self) -> list[str]:
        return self._remote.frames.controls

    def _terminal(self) -> tuple[int, int]:
        """Return how many columns and rows the terminal has now."""
        try:
            size = os.get_terminal_size(self._output)
        except OSError:
            return self._get_terminal_size()
        return (size.columns or 80, size.lines or 24)

    def _watch_size(self) -> None:
        """Hear of each change of the terminal's size, beside Textual."""
        textual = signal.getsignal(signal.SIGWINCH)

        def changed(number: int, frame: FrameType | None) -> None:
            self._loop.call_soon_threadsafe(self._changed_size)
            if callable(textual):
                textual(number, frame)

        signal.signal(signal.SIGWINCH, changed)

    def _changed_size(self) -> None:
        """Forget what is shown: a terminal cuts and moves its cells.

        Where it has its old size again by the time Textual looks, Textual paints nothing.
        """
        self._remote.forget()
        self._loop.call_later(SETTLED, self._send)

    # Beginning and end.

    def _go_on_from(self, first: handover.FirstPaint) -> None:
        """Take a first paint for what the terminal shows, and its attributes to go back to."""
        if first.attributes is not None:
            self.attrs_before = first.attributes
        if ALTERNATE_ON in self._controls:
            self._controls.remove(ALTERNATE_ON)  # a second time, a terminal may clear the screen
        if first.size == self._terminal():
            self._remote.adopt(first.frame, *first.size)

    def _send_no_more(self) -> None:
        self._leaving = True
        for timer in (self._later, self._held):
            if timer is not None:
                timer.cancel()
        self._later = self._held = None

    def _wait_for_answer(self) -> None:
        """Wait a moment for answers on their way: they would be typed into the shell."""
        end = self._loop.time() + (LEAVING if self._pace.answers else LEAVING / 4)
        for _ in range(self._pace.owed):
            if not self._came.acquire(timeout=max(0.0, end - self._loop.time())):
                return

    def _hangs(self) -> bool:
        writer = self._writer
        if writer is None or writer.rest(LEAVING / 2):
            return False
        writer.drop()
        writer.rest(LEAVING / 4)
        return True

    def _write_out(self, last: str) -> None:
        writer = self._writer
        if writer is not None and not writer.busy:
            writer.write(last.encode(self._encoding, "replace"))
            writer.rest(LEAVING / 2)
