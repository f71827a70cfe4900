"""What an act tells the app: what came of it, how to take it back, where to go, what to open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from textual.message import Message
from textual.screen import Screen

from crisisroom.core.errors import Refused


class Undo(msgspec.Struct, frozen=True):
    """How to take an act back, and what it was."""

    label: str
    back: Callable[[], Awaitable[object]]


def final(what: str) -> Undo:
    """Return what stands where there is no way back: the act before is not what one means."""

    async def back() -> None:
        raise Refused("final", f"{what} cannot be taken back", "m notes what was wrong")

    return Undo(what, back)


class Said(Message):
    """An act came to an end: what to say, and how to take it back."""

    def __init__(self, words: str, role: str = "ok", undo: Undo | None = None) -> None:
        super().__init__()
        self.words = words
        self.role = role
        self.undo = undo


class Go(Message):
    """Show another view, or another incident; `row` is one of the view, such as `task:pause`.

    `typed` is what narrows the feed, or the timeline, from then on.
    """

    def __init__(
        self,
        *,
        view: int = 0,
        incident: str | None = None,
        mention: str = "",
        row: str = "",
        typed: str | None = None,
    ) -> None:
        super().__init__()
        self.typed = typed
        self.row = row
        self.view = view
        self.incident = incident
        self.mention = mention


class Opened(Message):
    """A screen is to be opened."""

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self.screen = screen


class Given(Exception):
    """The person left a question without an answer: nothing happens."""
