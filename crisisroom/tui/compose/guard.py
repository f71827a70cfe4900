"""What keeps a paste from sending words: keys count only when a hand can have meant them."""

from __future__ import annotations

from collections.abc import Callable

QUIET = 0.3  # seconds of silence before words may go out
BURST = 0.02  # seconds between keys: no hand is that fast, a paste that comes as keys is


class Hand:
    """Remembers when something was pasted or typed, to tell a hand from a paste."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._pasted = self._typed = float("-inf")

    def pasted(self) -> None:
        """Note a paste."""
        self._pasted = self._monotonic()

    def typed(self) -> None:
        """Note a key."""
        self._typed = self._monotonic()

    def meant(self, pause: float = BURST) -> bool:
        """Tell whether the key that comes now was meant: `pause` seconds after the one before.

        A paste is a reason to doubt every key for `QUIET` seconds.
        """
        now = self._monotonic()
        return now - self._pasted >= QUIET and now - self._typed >= pause


class Guarded:
    """A screen with a `Hand`: keys typed above it, in the palette say, count as typed here."""

    _hand: Hand

    def typed_above(self) -> None:
        """Note keys that another screen got."""
        self._hand.typed()

    def on_screen_resume(self) -> None:
        """Come on top again: what follows may be the rest of a paste."""
        self.typed_above()
