"""Questions that one colleague asks another about a text: open until whoever is asked answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from crisisroom.core.incident import Incident


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to know before they decide; `whom` is a person, or a role by its id."""

    id: str
    words: str  # ST-3, R-1; empty: about no text
    whom: str
    ask: str
    by: str
    at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered_at is None


def asked_of(state: Incident, person: str, roles: Collection[str]) -> tuple[Question, ...]:
    """Return the open questions to a person, by name or by one of these roles."""
    every = (one for one in state.questions.values() if one.open)
    return tuple(one for one in every if one.whom == person or one.whom in roles)
