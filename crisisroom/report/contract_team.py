"""Who is here and who has what, as JSON.

As in `contract`: times are RFC 3339 UTC, fields may be added, these stay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crisisroom.core.hands import InHand
from crisisroom.report.contract import Json, moment


class Screen(Protocol):
    """An open screen; see `store.places`."""

    @property
    def actor(self) -> str: ...
    @property
    def incident(self) -> str: ...
    @property
    def view(self) -> str: ...
    @property
    def mention(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def doing(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def access(self) -> str: ...
    @property
    def since(self) -> datetime: ...
    @property
    def beat(self) -> datetime | None: ...


def screen_json(one: Screen) -> Json:
    """Return an open screen: whose it is, where they look, what they do there."""
    return {
        "actor": one.actor,
        "incident": one.incident,
        "view": one.view,
        "mention": one.mention,
        "at": one.at,
        "doing": one.doing,
        "observer": bool(one.access),
        "host": one.host,
        "since": moment(one.since),
        "beat": moment(one.beat),
    }


def hand_json(thing: InHand) -> Json:
    """Return one thing that somebody holds in an incident."""
    return {
        "kind": thing.kind,
        "incident": thing.incident,
        "id": thing.id,
        "title": thing.title,
        "offered": thing.offered,
    }
