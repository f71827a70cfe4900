"""An incident with something of everything in it, for the pages that tell of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from core.incident_builder import Told, at
from room.crisis import FULL

from crisisroom.core.playbook import Guardrails, Review

RULES = Guardrails(
    forbid=("no risk", "isolated case", "user error", "never", "always", "safe"),
    no_comment=("no comment",),
)


def stamp(moment: datetime) -> str:
    """Return a moment as the log writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def crisis() -> Told:
    """Return an incident with something of everything in it."""
    plan = msgspec.structs.replace(FULL, guardrails=RULES, review=Review(owner="lead"))
    told = Told(plan=msgspec.to_builtins(plan))
    told.tell("role.taken", role="lead", person="ada", was="")
    told.tell("role.taken", role="legal", person="cy", was="")
    for number in (1, 2, 3):
        told.tell("mention.linked", minute=number, **post(number))
    told.tell("fact.set", fact="product", state="known", value="the X1", words="the lab")
    told.tell("narrative.linked", **story())
    told.tell("line.set", narrative="n3", id="N-3", line="monitor", words="a hoax")
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.submitted", id="ST-1", version=1, sha256="s")
    return told


def post(number: int) -> dict[str, Any]:
    """Return a linked post."""
    return {
        "mention": f"u{number}", "id": f"M-{number}", "source": "masto",
        "external_id": f"p{number}", "handle": f"@pat{number}", "name": "", "quote": "it smokes",
        "url": "", "posted_at": stamp(at(-20 + number)), "state": "new", "assignee": "",
    }  # fmt: skip


def story() -> dict[str, Any]:
    """Return a linked story."""
    return {
        "narrative": "n3", "id": "N-3", "quote": "charged twice", "mentions": 9, "authors": 8,
        "sources": ["masto"], "first_at": stamp(at(-30)), "last_at": stamp(at(0)),
    }  # fmt: skip
