"""The review: what is written under each heading, its state, its factors, what should change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.narrative import Narrative
from crisisroom.core.postmortem import (
    Heading,
    all_headings,
    base_of,
    blamed,
    blaming,
    find,
    gentle,
    open_headings,
    said,
    task_of,
    trimmed,
    written,
)
from crisisroom.core.programme import Change, Heard, changes
from crisisroom.core.query import numbered
from crisisroom.core.recorded import Factor, ReviewStatus, ReviewText
from crisisroom.core.reviewdoc import Section
from crisisroom.core.timeline import Draft
from crisisroom.report.metrics import Metric
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.checks import own, required
from crisisroom.room.leading import lead_of
from crisisroom.room.overtaking import Attention
from crisisroom.room.statistics import figures_of
from crisisroom.store import Tx
from crisisroom.store import mentions as mention_rows
from crisisroom.store import narratives as narrative_rows

STATES: tuple[str, ...] = get_args(ReviewStatus)
SORTS = ("contributed", "well", "badly", "lucky")
_STATE_WORDS = {
    "draft": "a draft again",
    "in_review": "in review",
    "reviewed": "reviewed",
    "closed": "closed",
}


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """Words that were not written, because somebody else wrote under that heading meanwhile."""

    heading: Heading
    mine: str
    theirs: str
    by: str


class Saved(msgspec.Struct, frozen=True):
    """What came of an edited document."""

    acted: Acted
    written: tuple[Heading, ...]
    clashes: tuple[Clash, ...]
    asks: tuple[str, ...]  # gentle: who is named where nobody need be


async def write(
    room: Room,
    inc: str,
    section: str,
    words: str,
    *,
    add: bool = False,
    replace: bool = False,
    command_id: str = "",
) -> Acted:
    """Write under a heading; what somebody else wrote there is only added to, or replaced if asked.

    `thing` is what is gently asked of whoever names people, empty where nobody is named.
    """
    kept = trimmed(words)
    if not replace:
        required(kept, "write some words, or --replace what stands there by nothing")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _refuse_closed(state)
        heading = _heading(state, section)
        before = written(state, heading.id)
        if before and before.by != scene.actor and not (add or replace):
            hint = "--add puts yours below it, --replace in its place"
            raise Refused("written", f"{before.by} wrote under {heading.title} already", hint)
        both = f"{trimmed(before.words)}\n\n{kept}" if add and before else kept
        return [] if before and trimmed(before.words) == both else [_text(heading, both)]

    acted = await room.act(inc, decide, command_id=command_id)
    heading = _heading(acted.incident, section)
    return msgspec.structs.replace(acted, thing=_asked(room, acted.incident, heading, kept))


async def save(room: Room, inc: str, sections: Mapping[str, Section]) -> Saved:
    """Write what an edited document says, where nobody else wrote since the document was made."""
    done: list[Heading] = []
    clashes: list[Clash] = []

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _refuse_closed(state)
        done.clear()
        clashes.clear()
        drafts = []
        for name, section in sections.items():
            heading, now = _heading(state, name), said(state, name)
            if section.words == now or not section.touched:
                continue
            if base_of(now) != section.base:
                clashes.append(_clash(state, heading, section))
                continue
            done.append(heading)
            drafts.append(_text(heading, section.words))
        return drafts

    # it tells itself of what was overtaken, with the words of both
    acted = await room.attending(Attention()).act(inc, decide)
    asks = [_asked(room, acted.incident, one, sections[one.id].words) for one in done]
    return Saved(acted, tuple(done), tuple(clashes), tuple(one for one in asks if one))


def _clash(state: Incident, heading: Heading, section: Section) -> Clash:
    theirs: ReviewText | None = state.review.get(heading.id)
    by = theirs.by if theirs else "somebody"
    return Clash(heading=heading, mine=section.words, theirs=said(state, heading.id), by=by)


def _text(heading: Heading, words: str) -> Draft:
    data = {"section": heading.id, "words": own(words, heading.title)}
    what = "wrote" if words else "emptied"
    return Draft(kind="review.written", text=f"{what} in the review: {heading.title}", data=data)


def _heading(state: Incident, named: str) -> Heading:
    if heading := find(state, named):
        return heading
    known = ", ".join(one.id for one in all_headings(state))
    raise Usage("unknown-section", f"the review has no section {named[:60]}", f"one of {known}")


def _refuse_closed(state: Incident) -> None:
    if state.review_state == "closed":
        hint = f"crisisroom review state {state.id} in_review opens it again"
        raise Refused("closed", f"the review of {state.id} is closed", hint)


def people(room: Room, state: Incident) -> dict[str, str]:
    """Return whom words could name, by id: the team, in a room without one whoever has a part."""
    if team := {member.id: member.name for member in room.config.team}:
        return team
    ours = {one.id: one.name for one in state.plan.contacts if one.org == "internal"}
    here = (*state.people, *(role.holder for role in state.roles.values() if role.holder))
    return {name: name for name in here} | ours


def _asked(room: Room, state: Incident, heading: Heading, words: str) -> str:
    """Return what is gently asked of whoever names or judges people; thanks may name them."""
    return asked_of(room, state, words, praises=heading.praises)


def asked_of(room: Room, state: Incident, words: str, *, praises: bool = False) -> str:
    """Return what is gently asked of whoever wrote these words, empty for nothing."""
    return gentle(() if praises else blamed(words, people(room, state)), blaming(words))


async def move(room: Room, inc: str, status: str, *, command_id: str = "") -> Acted:
    """Move the review on, or back: for who owns it and who leads. Closed, nothing may be open.

    That it was held ticks the action which the end of the incident put on a list.
    """
    if status not in STATES:
        raise Usage(
            "state", f"{status[:40]} is no state of a review", f"one of {', '.join(STATES)}"
        )

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _refuse_others(state, scene)
        if status == state.review_state:
            return []
        missing = open_headings(state)
        if status == "closed" and missing:
            titles = "; ".join(one.title for one in missing)
            hint = f"crisisroom review edit {state.id}, or review write"
            raise Refused("open", f"nothing is written yet under: {titles}", hint)
        text = f"the review is {_STATE_WORDS[status]}"
        drafts = [Draft(kind="review.state", text=text, data={"state": status, "words": ""})]
        task = task_of(state)
        if status in ("reviewed", "closed") and task is not None and task.state == "open":
            data = {"action": task.id, "words": text}
            told = f"done: action {task.id}, {task.title}"
            drafts.append(Draft(kind="action.done", text=told, data=data))
        return drafts

    return await room.act(inc, decide, command_id=command_id)


def _refuse_others(state: Incident, scene: Scene) -> None:
    """Refuse whoever neither leads nor owns the review, and say who does."""
    owner = state.roles.get(state.plan.review.owner)
    task, lead = task_of(state), lead_of(state)
    may = [owner.holder if owner else "", lead.holder if lead else "", task.owner if task else ""]
    named = [one for one in dict.fromkeys(may) if one]
    if scene.solo or (lead is None and owner is None) or scene.actor in named:
        return
    who = " or ".join(named) or next(one.title for one in (owner, lead) if one)
    raise Refused("may-not", f"only {who} may move the review on", f"ask {who}")


async def add_factor(
    room: Room, inc: str, words: str, sort: str = "contributed", *, command_id: str = ""
) -> Acted:
    """Write down what contributed, went well, went badly, or was luck: of things, not of people.

    `thing` is what is gently asked of whoever names people.
    """
    required(words, "what was it?")
    if sort not in SORTS:
        raise Usage("sort", f"{sort[:40]} is no sort of factor", f"one of {', '.join(SORTS)}")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _refuse_closed(state)
        name = f"F-{(numbered(state.last_factor, 'F-') or 0) + 1}"
        data = {"factor": name, "words": own(words, "factor"), "sort": sort}
        return [Draft(kind="factor.added", text=f"factor {name} ({sort}): {words}", data=data)]

    acted = await room.act(inc, decide, command_id=command_id)
    ask = asked_of(room, acted.incident, words, praises=sort == "well")
    return msgspec.structs.replace(acted, thing=ask)


async def drop_factor(
    room: Room, inc: str, factor_id: str, why: str = "", *, command_id: str = ""
) -> Acted:
    """Take a factor off the list; `thing` is the factor as it was."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        _refuse_closed(state)
        factor = _factor(state, factor_id)
        note = f": {why}" if why else ""
        data = {"factor": factor.id, "words": own(why, "reason")}
        return [Draft(kind="factor.dropped", text=f"dropped factor {factor.id}{note}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _factor(state: Incident, factor_id: str) -> Factor:
    factor = state.factors.get(factor_id.upper())
    if factor is None:
        hint = f"crisisroom factor list {state.id}"
        raise Usage("unknown-factor", f"{state.id} has no factor {factor_id[:40]}", hint)
    return factor


async def figures(room: Room, inc: str) -> tuple[Metric, ...]:
    """Return the figures that the playbook wants looked at in the review, in its order."""
    told = await figures_of(room, inc)
    known = {metric.id: metric for metric in told.metrics}
    wanted = told.incident.plan.review.metrics
    return tuple(known[name] for name in wanted if name in known)


async def programme(room: Room, inc: str) -> tuple[Change, ...]:
    """Return what should change, by the stories' counts as they are now."""
    state = await reading.incident(room, inc)

    async def work(tx: Tx) -> tuple[Change, ...]:
        heard: dict[str, Heard] = {}
        for linked in state.stories.values():
            story = await narrative_rows.get(tx, numbered(linked.id, "N-") or 0)
            if story is not None and story.uid == linked.uid:
                heard[linked.uid] = Heard(
                    mentions=story.mentions, complaints=story.complaints, sources=story.sources
                )
        return changes(state, heard, await _told_in(tx, state))

    return await room.store.read(work)


async def _told_in(tx: Tx, state: Incident) -> dict[str, str]:
    """Return the uid of the story of each post that we promised something to, by the post's uid."""
    found: dict[str, str] = {}
    stories: dict[str, Narrative | None] = {}
    for uid in dict.fromkeys(one.mention for one in state.promised.values() if one.mention):
        number = await mention_rows.number_of(tx, uid)
        post = await mention_rows.get(tx, number) if number is not None else None
        if post is None or not post.narrative:
            continue
        if post.narrative not in stories:
            at = numbered(post.narrative, "N-") or 0
            stories[post.narrative] = await narrative_rows.get(tx, at)
        if story := stories[post.narrative]:
            found[uid] = story.uid
    return found
