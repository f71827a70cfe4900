"""How entries change what belongs to the record itself: corrections, pins, evidence, the review."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.recorded import (
    Correction,
    Evidence,
    Factor,
    Hold,
    Offer,
    ReviewText,
    Volume,
)
from crisisroom.core.timeline import Entry, unstamp

replace = msgspec.structs.replace


def _corrected(state: Incident, entry: Entry) -> Incident:
    """Take a correction; one of a correction is one of what that one corrected."""
    data, seq = entry.data, entry.corrects or 0
    root = next((key for key, one in state.corrected.items() if one.entry == seq), f"{seq}")
    before = state.corrected.get(root)
    at = unstamp(data["at"]) if data.get("at") else before.at if before else None
    words = data["words"] or (before.words if before else "")
    made = Correction(words=words, at=at, entry=entry.seq, by=entry.actor)
    return replace(state, corrected=state.corrected | {root: made})


def _pinned(state: Incident, entry: Entry) -> Incident:
    seq = entry.data["entry"]
    rest = tuple(one for one in state.pinned if one != seq)
    return replace(state, pinned=(*rest, seq) if entry.kind == "entry.pinned" else rest)


def _marked(state: Incident, entry: Entry) -> Incident:
    key, seen_by = f"{entry.data['entry']}", entry.data["visibility"]
    return replace(state, marked=state.marked | {key: seen_by})


def _evidence(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    before = state.evidence.get(data["sha256"])
    post = data["mention"]
    kept = before or Evidence(
        sha256=data["sha256"],
        size=data["size"],
        media=data["media"],
        sort=data["sort"],
        name=data["name"],
        url=data["url"],
        by=entry.actor,
        at=entry.at,
    )
    if post and post not in kept.mentions:
        kept = replace(kept, mentions=(*kept.mentions, post))
    shown = replace(state, evidence=state.evidence | {kept.sha256: kept})
    linked = state.mentions.get(post)
    if linked is None or kept.sha256 in linked.pictures:
        return shown
    linked = replace(linked, pictures=(*linked.pictures, kept.sha256))
    return replace(shown, mentions=state.mentions | {linked.uid: linked})


def _held(state: Incident, entry: Entry) -> Incident:
    return replace(state, hold=Hold(by=entry.actor, at=entry.at, words=entry.data["words"]))


def _lifted(state: Incident, entry: Entry) -> Incident:
    return replace(state, hold=None)


def _restricted(state: Incident, entry: Entry) -> Incident:
    return replace(state, restricted_to=tuple(entry.data["people"]))


def _open_to_all(state: Incident, entry: Entry) -> Incident:
    return replace(state, restricted_to=())


def _review_written(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    text = ReviewText(words=data["words"], by=entry.actor, at=entry.at)
    return replace(state, review=state.review | {data["section"]: text})


def _review_state(state: Incident, entry: Entry) -> Incident:
    return replace(state, review_state=entry.data["state"])


def _factor(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    made = Factor(
        id=data["factor"], words=data["words"], sort=data["sort"], by=entry.actor, at=entry.at
    )
    return replace(state, factors=state.factors | {made.id: made}, last_factor=made.id)


def _no_factor(state: Incident, entry: Entry) -> Incident:
    rest = {key: one for key, one in state.factors.items() if key != entry.data["factor"]}
    return replace(state, factors=rest)


_ACTION_FIELDS = ("title", "owner", "due", "kind", "narrative")


def _action_changed(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    named = {key: data[key] for key in _ACTION_FIELDS if key in data}
    link = {"link": data["url"]} if "url" in data else {}
    item = replace(state.actions[data["action"]], **named, **link)
    return replace(state, actions=state.actions | {item.id: item})


def _action_dropped(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    before = state.actions[data["action"]]
    item = replace(before, state="dropped", closed_at=entry.at, outcome=data["words"])
    return replace(state, actions=state.actions | {item.id: item})


def _action_reopened(state: Incident, entry: Entry) -> Incident:
    before = state.actions[entry.data["action"]]
    item = replace(before, state="open", closed_at=None, outcome="")
    return replace(state, actions=state.actions | {item.id: item})


def _volume(state: Incident, entry: Entry) -> Incident:
    """Take in how much was said; a later count of the same time replaces the earlier."""
    rows = {row["start"]: row for row in entry.data["rows"]}
    kept = {stamp: one for stamp, one in state.volume.items() if stamp not in rows}
    new = {
        start: Volume(
            start=unstamp(start),
            seconds=row["seconds"],
            mentions=row["mentions"],
            complaints=row["complaints"],
            usual_hundredths=row["usual_hundredths"],
            sources=row["sources"],
            slots=tuple((at, many, bad) for at, many, bad in row.get("slots", ())),
        )
        for start, row in rows.items()
    }
    return replace(state, volume=dict(sorted((kept | new).items())))


def _offered(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    offer = Offer(
        role=data["role"],
        person=data["person"],
        by=entry.actor,
        at=entry.at,
        words=data["words"],
        tasks=tuple(data["tasks"]),
    )
    return replace(state, offers=state.offers | {offer.role: offer})


def _offer_over(state: Incident, entry: Entry) -> Incident:
    rest = {key: one for key, one in state.offers.items() if key != entry.data["role"]}
    return replace(state, offers=rest)


def _unchanged(state: Incident, entry: Entry) -> Incident:
    return state


Change = Callable[[Incident, Entry], Incident]

RECORD: dict[str, Change] = {
    "entry.corrected": _corrected,
    "entry.pinned": _pinned,
    "entry.unpinned": _pinned,
    "entry.marked": _marked,
    "evidence.kept": _evidence,
    "access.restricted": _restricted,
    "access.lifted": _open_to_all,
    "hold.set": _held,
    "hold.lifted": _lifted,
    "review.written": _review_written,
    "review.state": _review_state,
    "factor.added": _factor,
    "factor.dropped": _no_factor,
    "action.changed": _action_changed,
    "action.dropped": _action_dropped,
    "action.reopened": _action_reopened,
    "action.reminded": _unchanged,
    "volume.counted": _volume,
    "role.offered": _offered,
    "role.declined": _offer_over,
    "words.erased": _unchanged,
    "page.sent": _unchanged,
    "page.acknowledged": _unchanged,
    "page.unanswered": _unchanged,
}
