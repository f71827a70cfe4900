"""What work beside the screen posts to the app when it has come to something."""

from __future__ import annotations

from textual.message import Message

from crisisroom.tui.looking import Look
from crisisroom.tui.rows.thread import Talk


class Looked(Message):
    """The room was read."""

    def __init__(self, seen: Look) -> None:
        super().__init__()
        self.seen = seen


class Talked(Message):
    """A conversation was read."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self.talk = talk


class Failed(Message):
    """Something did not work."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
