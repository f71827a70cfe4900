"""What is wanted of an export, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from crisisroom.core.incident import Incident
from crisisroom.report import Profile
from crisisroom.room.papers import KEPT, READ, SIGNED, WROTE, Order, Papers
from crisisroom.room.pictures import size_words


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written; `folder` is where to, None while nobody chose one."""

    order: Order
    folder: Path | None = None

    def but(self, **changes: object) -> Wish:
        """Return the wish with a part of its order changed; the public gets no evidence."""
        fields = {name: getattr(self.order, name) for name in self.order.__struct_fields__}
        order = Order(**(fields | changes))
        if order.profile == "public" and order.evidence:
            return self.but(**(changes | {"evidence": False}))
        return replace(self, order=order)


@dataclass(frozen=True, slots=True)
class Going:
    """How far the writing is: which part, how much of it is done, of how much (0: unknown)."""

    phase: str = READ
    done: int = 0
    of: int = 0

    def __str__(self) -> str:
        """Return it in words."""
        return {
            READ: f"read {self.done:,} of {self.of:,} entries",
            WROTE: f"wrote {size_words(self.done)}",
            KEPT: f"wrote {self.done:,} of {self.of:,} posts and kept things",
            SIGNED: f"signed {self.done:,} of {self.of:,} files",
        }[self.phase]


@dataclass(frozen=True, slots=True)
class Told:
    """What the screen shows: the incident, what is wanted, how far it is, what was written."""

    incident: Incident
    wish: Wish
    folder: Path
    room: str = ""  # where the room lies
    remote: bool = False
    shell: bool = False  # the restricted one, or a browser: what is written cannot be fetched
    web: bool = False  # of both the browser
    going: Going | None = None
    made: Papers | None = None

    @property
    def profile(self) -> Profile:
        """For whom it is."""
        return self.wish.order.profile

    @property
    def kept(self) -> tuple[int, int]:
        """How many things are kept, and how many bytes they have."""
        every = self.incident.evidence.values()
        return len(every), sum(one.size for one in every)
