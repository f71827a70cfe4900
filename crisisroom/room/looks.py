"""Where a colleague looks and what they do there, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisisroom.store.places import Presence

VIEWS = {"1": "the feed", "2": "a thread", "3": "the checklist", "4": "the timeline", "5": "words"}
_DOES = {"reply": "replies to", "statement": "writes", "approve": "decides on"}


def looks_at(one: Presence) -> str:
    """Return what one screen shows: `replies to M-12 in INC-7`, `looks at the feed`."""
    where = f" in {one.incident}" if one.incident else ""
    kind, _, name = one.at.partition(":")
    if one.doing:
        about = one.mention if one.doing == "reply" else name
        return f"{_DOES[one.doing]} {about or 'words'}{where}"
    if one.view in ("1", "2") and one.mention:
        return f"looks at {one.mention}{where}"
    if kind and name:
        return f"looks at {kind} {name}{where}"
    return f"looks at {VIEWS.get(one.view, one.view or 'the room')}{where}"


def on_mention(people: Iterable[Presence], mention: str, me: str) -> tuple[Presence, ...]:
    """Return the colleagues who are on a post, those who write first, each once."""
    there = [one for one in people if one.mention == mention and one.actor != me]
    return tuple(_once(sorted(there, key=lambda one: not one.doing)))


def on_row(people: Iterable[Presence], incident: str, at: str, me: str) -> tuple[Presence, ...]:
    """Return the colleagues who are on a row of an incident, such as `task:pause`, each once."""
    there = [one for one in people if one.incident == incident and one.at == at and one.actor != me]
    return tuple(_once(sorted(there, key=lambda one: not one.doing)))


def _once(people: Iterable[Presence]) -> Iterator[Presence]:
    seen: set[str] = set()
    for one in people:
        if one.actor not in seen:
            seen.add(one.actor)
            yield one
