"""How much may be on its way: a slow line is given the newest frame, not a queue of old ones.

A write to a terminal ends when the kernel has it. Behind the kernel stand sshd and the line, which
hold seconds of frames. So after some bytes the terminal is asked where its cursor is (CPR); until
its answer has come back, no further frame is sent.
"""

from __future__ import annotations

from collections import deque

ASK = "\x1b[6n"
DELAY = 0.3  # seconds of the line's bandwidth that may be on their way
LEAST, MOST = 2048, 65536  # bytes on their way
PATIENCE = 3.0  # seconds after which an answer is not waited for any more
LONGER = 9.0  # seconds, of a terminal that has answered before: the line is slow
DEAF = 2  # unanswered questions after which a terminal that never answered is not asked again
MOST_OWED = 8  # answers that may still come to questions given up


class Pace:
    """Counts what is on its way; times are seconds of any steady clock."""

    def __init__(self) -> None:
        self.window = LEAST * 2
        self.asked = False  # whether an answer is waited for
        self.answers = False  # whether one ever came
        self._on_its_way = 0
        # When each question was asked that has no answer, and behind how many bytes; the oldest
        # first, as answers come.
        self._questions: deque[tuple[float, int]] = deque(maxlen=MOST_OWED)
        self._quickest = PATIENCE  # the way there and back, without what is on its way
        self._unanswered = 0

    @property
    def owed(self) -> int:
        """Return how many answers may still come, also to questions given up."""
        return len(self._questions)

    @property
    def _is_deaf(self) -> bool:
        return not self.answers and self._unanswered >= DEAF

    def forget(self) -> None:
        """Begin anew: another program had the terminal."""
        self._on_its_way, self.asked = 0, False
        self._questions.clear()

    def holds(self, now: float) -> bool:
        """Say whether the next frame has to wait."""
        if self.asked:
            at, size = self._questions[-1]
            if now - at >= (LONGER if self.answers else PATIENCE):
                self.asked = False
                self._on_its_way -= size
                self._unanswered += 1
                if self.answers:  # lost, as are those before it
                    self._questions.clear()
        return self.asked and self._on_its_way >= self.window

    def probe(self, now: float) -> str:
        """Return a question that comes back as fast as the line is, and begin to wait for it."""
        return "" if self._is_deaf else self._ask(now, 0)

    def sends(self, size: int, now: float) -> str:
        """Count a frame of so many bytes; returns the question to send behind it, or nothing."""
        self._on_its_way += size
        if self.asked or self._is_deaf or self._on_its_way < self.window:
            return ""
        return self._ask(now, self._on_its_way)

    def _ask(self, now: float, size: int) -> str:
        self.asked = True
        self._questions.append((now, size))
        return ASK

    def answered(self, now: float) -> bool:
        """Take in an answer; False when none was asked for."""
        if not self._questions:
            return False
        at, size = self._questions.popleft()
        took = now - at
        self._quickest = min(self._quickest, took)
        if size:
            busy = max(took - self._quickest, took / 10, 0.001)
            most = min(MOST, 2 * self.window)  # one answer may be that to a question before
            self.window = int(min(max(size / busy * DELAY, LEAST), most))
        if not self._questions and self.asked:
            self.asked = False
            self._on_its_way -= size
        self.answers, self._unanswered = True, 0
        return True
