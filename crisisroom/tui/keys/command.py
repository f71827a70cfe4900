"""The commands that the palette offers, in the order in which it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NEVER = 1_000  # how long ago what was never used was used


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette: the reason is why it cannot be done now.

    `far` is 0 for the screen's own, 1 for the room's; `ago` how many commands were used since.
    """

    id: str
    words: str
    key: str
    reason: str
    far: int = 0
    ago: int = NEVER


def narrowed(commands: Sequence[Command], typed: str) -> tuple[Command, ...]:
    """Return the commands that have all typed words, those that can be done first.

    What is called so comes before what only speaks of it, then what was used last, then the
    screen's own before the room's.
    """
    words = typed.lower().split()
    fitting = [
        one for one in commands if all(word in f"{one.words} {one.id}".lower() for word in words)
    ]
    return tuple(
        sorted(fitting, key=lambda one: (bool(one.reason), _distance(one, words), one.ago, one.far))
    )


def _distance(command: Command, words: Sequence[str]) -> int:
    """Return how far a command is from what was typed: what it is called counts before its help."""
    label = command.words.partition(":")[0].lower()
    typed = " ".join(words)
    named = (label.startswith(typed), all(word in label for word in words))
    return 0 if named[0] else 1 if named[1] else 2
