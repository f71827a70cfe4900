"""What a key of a screen is, and what a screen is to who asks for help."""

from __future__ import annotations

from dataclasses import dataclass

LOOKS = "looks"  # changes nothing that others see
UNDO = "undo"  # `z` takes it back
ASKS = "asks"  # asks before it does it, by name, in words
DRAFT = "it is only your own draft, whose earlier states are kept"
BACK_WORDS = {LOOKS: "", DRAFT: "", UNDO: "can be undone", ASKS: "asks first"}


@dataclass(frozen=True, slots=True)
class Key:
    """One act of a screen: its id, its usual keys, what the screen does, and plain words for it.

    `back` is LOOKS, UNDO, ASKS, DRAFT, or in words why it is none of them. A key of no action is
    told in help and cannot be changed: a part of the screen reads it itself. `typing`: it works
    while one types, before the text gets the key.
    """

    id: str
    keys: tuple[str, ...]
    action: str
    help: str
    back: str = LOOKS
    typing: bool = False

    @property
    def fixed(self) -> bool:
        """Whether nobody can give it another key."""
        return not self.action

    @property
    def told_back(self) -> str:
        """Return how it is taken back, or why that is not needed, in words; may be empty."""
        return BACK_WORDS.get(self.back, self.back)


@dataclass(frozen=True, slots=True)
class Place:
    """A screen, or a view of one: what it is called, what it is for, what its keys do.

    `texts`: words are typed there most of the time, so that single letters are words.
    `asks`: it lies above another screen and waits for an answer; the room's commands wait too.
    """

    id: str
    title: str
    about: str
    acts: tuple[Key, ...]
    texts: bool = False
    asks: bool = False


def key(
    keys: str, action: str, told: str, id: str, back: str = LOOKS, *, typing: bool = False
) -> Key:
    """Make a key of a screen: `keys` are separated by commas."""
    return Key(id, tuple(keys.split(",")), action, told, back, typing)


def fixed(keys: str, told: str) -> Key:
    """Make a key that a part of the screen reads by itself: told in help, never changed."""
    return Key("", tuple(keys.split(",")), "", told)
