"""Incidents told by entries, without a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from room.people import PLAN

from crisisroom.core.apply import apply
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import GENESIS, Entry

START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return the moment so many minutes after the declaration."""
    return START + timedelta(minutes=minutes)


def entry(
    seq: int, kind: str, data: dict[str, Any], *, minute: float = 0, actor: str = "ada"
) -> Entry:
    """Return one entry; nothing is sealed or hashed."""
    return Entry(
        chain="c", seq=seq, uid=f"u{seq}", kind=kind, at=at(minute), recorded_at=at(minute),
        actor=actor, text=kind, data=data, prev_hash=GENESIS, hash=f"h{seq}",
    )  # fmt: skip


DECLARED: dict[str, Any] = {
    "id": "INC-1",
    "title": "Kettles overheat",
    "severity": "sev2",
    "drill": False,
    "zone": "Europe/Berlin",
    "brand": "Kessel",
    "plan": msgspec.to_builtins(PLAN),
    "playbook": {"id": "kettle", "version": 1, "sha256": "0" * 64},
}


class Told:
    """An incident, told on and on."""

    def __init__(self, **changes: Any) -> None:
        self.state: Incident = apply(None, entry(1, "incident.declared", DECLARED | changes))

    def tell(self, kind: str, /, minute: float = 0, actor: str = "ada", **data: Any) -> Incident:
        """Add one entry and return the incident after it."""
        following = entry(self.state.seq + 1, kind, data, minute=minute, actor=actor)
        self.state = apply(self.state, following)
        return self.state

    def words(self, id_: str, kind: str = "holding", **more: Any) -> dict[str, Any]:
        """Return the data of a drafted statement or reply."""
        return {
            "id": id_, "kind": kind, "words": f"text of {id_}", "sha256": f"sha of {id_}",
            "audience": "public", "template": "", "mention": "", "mention_id": "", "handle": "",
            "channel": "masto", "approval": "words", "uses": [],
        } | more  # fmt: skip

    def said(self, id_: str, words: str = "") -> dict[str, Any]:
        """Return the data of a verdict on the first version of a text."""
        sha256 = f"sha of {id_}"
        return {"id": id_, "version": 1, "sha256": sha256, "step": "words", "words": words}

    def trying(self, id_: str) -> dict[str, Any]:
        """Return the data of the first try to send."""
        return self.way(id_) | {"try": 1, "owner": "h:1:1"}

    def way(self, id_: str, key: str = "k1", **more: Any) -> dict[str, Any]:
        """Return the data of one step on the way out."""
        return {"id": id_, "channel": "masto", "key": key, "words": ""} | more
