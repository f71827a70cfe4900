"""Where anchors of the room's logs are sent: each to somebody who could not change the room."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from crisisroom.config.kinds import path_flaw
from crisisroom.core.kinds import Id, Ref, Rule, Span

_FILE = "file:"


def _to_flaw(text: str) -> str:
    return path_flaw(text.removeprefix(_FILE)) if text.startswith(_FILE) else ""


To = Annotated[str, Rule(most=1000, flaw=_to_flaw)]
Often = Annotated[int, Span(least=60)]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place that anchors are sent to, at most once in `every` seconds and only with news.

    `to` is `file:PATH`, or with an `account` where its words go: a mail address, a webhook's path,
    a room; empty: where that account's own words go. `open` leaves out incidents that are over.
    `sign` has the watcher sign each with the SSH key of its user, or the first of the agent.
    """

    id: Id
    to: To = ""
    account: Ref = ""
    every: Often = 3600
    incidents: Literal["open", "all"] = "open"
    sign: bool = False

    @property
    def file(self) -> str:
        """Return the path of the file it is, empty where it is none."""
        return self.to.removeprefix(_FILE) if self.to.startswith(_FILE) else ""

    def beside(self, file: str) -> Place:
        """Return the place with another path."""
        return msgspec.structs.replace(self, to=f"{_FILE}{file}")
