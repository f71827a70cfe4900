"""What a network's answer means for words on their way out, the same for all that speak HTTP.

An answer that says no in words of its own is a refusal; 429, and 503 with a time to come back, are
later; whatever else happens once bytes have gone out leaves open whether the words are public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from crisisroom.channels import Outgoing, SendFailure, SendLater, SendRefused, SendUnknown
from crisisroom.text import clean_line
from crisisroom.wire.answer import FetchError
from crisisroom.wire.waits import spent_until

if TYPE_CHECKING:
    from crisisroom.clock import Clock

BUSY = 60.0  # seconds to wait where a busy server names none
AGAIN = 30.0  # seconds to wait when it was not reached
SKEW = timedelta(minutes=10)  # between the server's clock and ours, as long as both are right
ASTRAY = timedelta(days=1)  # how far off a clock may have been at the first try
_OPEN = frozenset({408, 409, 425})  # says nothing about whether the words were taken
_SHOWN = 300  # characters of what a server says
_Post = TypeVar("_Post")


class Rest:
    """How long a network wants to be left alone, by what it said last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = 0.0

    @property
    def wait(self) -> float:
        """Seconds from now; 0 when words may go."""
        return max(0.0, self._until - self._clock.monotonic())

    def heed(self, headers: Mapping[str, str]) -> None:
        """Take note of a budget that an answer's headers call spent."""
        self.seconds(spent_until(headers) or 0.0)

    def seconds(self, wait: float) -> None:
        """Take note that so many seconds have to pass."""
        if wait > 0:
            self._until = max(self._until, self._clock.monotonic() + wait)


def ours(
    found: Iterable[_Post], written: Callable[[_Post], datetime | None], words: Outgoing
) -> list[_Post]:
    """Return those of our posts, with these words at their place, that a try of them made.

    What answers is written once, so that it is ours though a clock says it was before. A statement
    may have been made before with the same words: SendUnknown where only a wrong clock could tell.
    """
    times = [(one, written(one) or words.first_try_at) for one in found]
    near = [(one, at) for one, at in times if at >= words.first_try_at - ASTRAY]
    if words.in_reply_to:
        return [one for one, _ in near]
    sure = [one for one, at in near if at >= words.first_try_at - SKEW]
    if near and not sure:
        raise SendUnknown("the same words stand there from before the first try, by its clock")
    return sure


def not_asked(error: FetchError, said: str = "") -> SendFailure:
    """Say what it means that nothing was sent yet, and the server did not answer a question."""
    message = in_words(error, said)
    denied = 400 <= error.status < 500 and error.status not in (*_OPEN, 429)
    if denied or error.code in ("address", "redirect"):
        return SendRefused(message)
    return SendLater(message, error.retry_after or AGAIN)


def outcome(error: FetchError, said: str = "") -> SendFailure:
    """Say what a failed post means: refused, later, or nobody knows."""
    message = in_words(error, said)
    if error.status == 429:
        return SendLater(message, error.retry_after or BUSY)
    if error.status == 503 and error.retry_after is not None:
        return SendLater(message, error.retry_after or BUSY)
    if error.status in _OPEN or error.status >= 500:
        return SendUnknown(message)
    if error.status >= 400 or error.code in ("address", "redirect"):
        return SendRefused(message)
    return SendUnknown(message) if error.sent else SendLater(message, AGAIN)


def not_retracted(error: FetchError, said: str = "") -> SendFailure:
    """Say what it means that something could not be taken back; trying again harms nothing."""
    failure = outcome(error, said)
    if isinstance(failure, SendUnknown):
        return SendLater(failure.message, error.retry_after or AGAIN)
    return failure


def in_words(error: FetchError, said: str = "") -> str:
    """Return what went wrong as one line that is safe to show."""
    return clean_line(f"{error.message}: {said}" if said else error.message, limit=_SHOWN)
