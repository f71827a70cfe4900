"""What may be said of an entry beside its words: when it was, what it is about, who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec

from crisisroom.core.about import checked
from crisisroom.core.corrected import plausible
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.recorded import Visibility
from crisisroom.core.timeline import Draft
from crisisroom.room import Scene
from crisisroom.room.leading import leader, leads, legal_of

MOST = 20  # things that one entry may be about


def placed(
    state: Incident,
    scene: Scene,
    draft: Draft,
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
) -> Draft:
    """Return an entry to be with its event time, its links and who may read it.

    Refused for a time that cannot be and for words made public by others than Legal or the lead;
    Usage for a link to what the incident does not have.
    """
    named = list(dict.fromkeys(checked(state, one) for one in about))
    if len(named) > MOST:
        raise Usage("about", f"an entry is about up to {MOST} things", "write another one")
    more: dict[str, Any] = {"about": named} if named else {}
    if visibility and visibility != "internal":
        if visibility not in get_args(Visibility):
            known = ", ".join(get_args(Visibility))
            raise Usage("visibility", f"{visibility[:40]} is no readership", f"one of {known}")
        if visibility == "public":
            refuse_unless_legal_or_lead(state, scene, "make words public")
        more["visibility"] = visibility
    moment = plausible(state, at, scene.now)
    return msgspec.structs.replace(draft, at=moment or draft.at, data=draft.data | more)


def refuse_unless_legal_or_lead(state: Incident, scene: Scene, what: str) -> None:
    """Refuse whoever neither speaks for Legal nor leads, and say who does."""
    legal = legal_of(state)
    if leads(state, scene) or (legal and legal.holder == scene.actor):
        return
    spoken = f"{legal.title} ({legal.holder})" if legal and legal.holder else ""
    told = " or ".join(dict.fromkeys(one for one in (spoken, leader(state)) if one))
    raise Refused("may-not", f"only {told} may {what}", f"ask {told}")
