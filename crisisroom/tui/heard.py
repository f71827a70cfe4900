"""What work beside the screen posts to the app when it has come to something."""

from __future__ import annotations

from textual.message import Message

from crisisroom.store.moving import Gone
from crisisroom.store.places import Presence
from crisisroom.tui.looking import Look
from crisisroom.tui.rows.thread import Talk


class Looked(Message):
    """The room was read; `gone` is the incident that this person may not see any more."""

    def __init__(self, seen: Look, gone: str = "") -> None:
        super().__init__()
        self.seen = seen
        self.gone = gone


class Talked(Message):
    """A conversation was read."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self.talk = talk


class Told(Message):
    """Something of an incident that is not in view concerns this person."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.words = words


class Gathered(Message):
    """It was read who is here."""

    def __init__(self, people: tuple[Presence, ...]) -> None:
        super().__init__()
        self.people = people


class Located(Message):
    """It was read where the room moved to; None for one that lives here."""

    def __init__(self, gone: Gone | None) -> None:
        super().__init__()
        self.gone = gone


class Failed(Message):
    """Something did not work."""

    def __init__(self, error: Exception, *, asked: bool = False) -> None:
        super().__init__()
        self.error = error
        self.asked = asked  # whether somebody acted, and waits for an answer
