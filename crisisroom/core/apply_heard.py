"""What listening leaves on an incident's timeline: its early warning, its stories."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from crisisroom.core.incident import Incident, LinkedStory, Warned
from crisisroom.core.timeline import Entry, unstamp

replace = msgspec.structs.replace


def _warned(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    warned = Warned(
        uid=data["candidate"],
        id=data["id"],
        at=entry.at,
        level=data["level"],
        reason=data["reason"],
        observed=data["observed"],
        expected_hundredths=data["expected_hundredths"],
        window_minutes=data["window_minutes"],
        authors=data["authors"],
        sources=data["sources"],
        narratives=tuple(data["narratives"]),
        suggested_playbook=data["suggested_playbook"],
    )
    return replace(state, warnings=(*state.warnings, warned))


def _story(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    story = LinkedStory(
        uid=data["narrative"],
        id=data["id"],
        title=data["quote"],
        mentions=data["mentions"],
        authors=data["authors"],
        sources=tuple(data["sources"]),
        first_at=unstamp(data["first_at"]),
        last_at=unstamp(data["last_at"]),
        linked_at=entry.at,
    )
    return replace(state, stories=state.stories | {story.uid: story})


def _no_story(state: Incident, entry: Entry) -> Incident:
    rest = {uid: kept for uid, kept in state.stories.items() if uid != entry.data["narrative"]}
    return replace(state, stories=rest)


HEARD: dict[str, Callable[[Incident, Entry], Incident]] = {
    "candidate.raised": _warned,
    "narrative.linked": _story,
    "narrative.unlinked": _no_story,
    "mention.sorted": lambda state, entry: state,
}
