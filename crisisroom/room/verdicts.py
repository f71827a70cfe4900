"""Verdicts on a text: approved step by step, sent back, taken back, or released in an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.approval import (
    Progress,
    approval_of,
    progress,
    progress_words,
    roles_for,
    titles,
    with_verdict,
)
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Verdict, Words
from crisisroom.core.said import Asked
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.allowed import refuse_approval
from crisisroom.room.checks import own, required
from crisisroom.room.texts import desk_of, refuse_blocked, with_words, words_of
from crisisroom.store import Tx

REASON_WORDS = 3  # of a typed reason for an emergency release, at least
_ON_ITS_WAY = ("queued", "sending", "sent", "unknown")


async def approve(
    room: Room, inc: str, words_id: str, sha256: str, *, command_id: str = ""
) -> Acted:
    """Approve exactly the text with this hash (the whole of it, or its first 8 digits or more).

    It is one step's approval; `.thing.state` becomes "approved" with the last one.
    """

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        refuse_decided(words, scene)
        if not (len(sha256) >= 8 and words.sha256.startswith(sha256)):
            raise Refused(
                "changed",
                f"{words.id} reads differently now: version {words.version} by {words.author}",
                "read it again before you approve",
            )
        standing = progress(state, words, scene.now)
        held = _may_approve(state, words, standing, scene)
        return [approved_draft(state, words, standing, held, scene)]

    return with_words(await room.act(inc, decide, command_id=command_id), words_id)


def refuse_decided(words: Words, scene: Scene) -> None:
    """Refuse a text that nobody asks a verdict on, with who gave one."""
    if words.state == "submitted":
        return
    said = words.verdicts[-1] if words.verdicts else None
    if said is not None and said.sha256 == words.sha256 and words.state in ("approved", "rejected"):
        told = f"{said.by} {said.verdict} {words.id} {ago(said.at, scene.now)}"
        raise Refused("state", told, "somebody else decided already")
    raise Refused("state", f"{words.id} is {words.state}, nobody asks for its approval")


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was: `20 s ago`, `5m ago`."""
    span = now - then
    if span < timedelta(minutes=1):
        return f"{int(span.total_seconds())} s ago"
    return f"{minutes(span)} ago"


def _may_approve(
    state: Incident, words: Words, standing: Progress, scene: Scene
) -> tuple[str, ...]:
    """Return the roles as which somebody approves the present step; Refused with who may."""
    if standing.present is None:
        raise Refused("approved", f"{words.id} has every approval it needs now: it may go out")
    if scene.solo:
        return ()
    _refuse_own(words, standing, scene)
    refuse_approval(
        scene.config.team, scene.actor, standing.approval.id, standing.waits_for, words.id
    )
    if not standing.present.step.by:
        return ()
    held = roles_for(standing, state.holds(scene.actor))
    if not held:
        raise _not_you(state, words, standing, scene)
    return held


def _refuse_own(words: Words, standing: Progress, scene: Scene) -> None:
    if words.author == scene.actor and not standing.approval.self_approval:
        raise Refused("own-words", "nobody approves their own words", "ask a colleague")


def _not_you(state: Incident, words: Words, standing: Progress, scene: Scene) -> Refused:
    """Return the refusal that says whose turn it is and why it is not this person's."""
    who = " or ".join(titles(state, standing.waits_for))
    held = set(state.holds(scene.actor))
    mine = [one for one in standing.agreed if one.by == scene.actor]
    ours = [one for one in standing.agreed if held & set(one.roles)]
    told = f"{words.id} is for {who} to approve"
    if mine:
        told = f"you approved {words.id} {ago(mine[-1].at, scene.now)}; now it waits for {who}"
    elif ours:
        since = ago(ours[-1].at, scene.now)
        told = f"{ours[-1].by} approved {words.id} {since} already; now it waits for {who}"
    elif held & set(standing.may_object):
        told = f"it is not your turn yet: {words.id} waits for {who} first"
    return Refused("may-not-approve", told, "role take gives you a role")


def approved_draft(
    state: Incident,
    words: Words,
    standing: Progress,
    held: Sequence[str],
    scene: Scene,
    ask: Asked | None = None,
) -> Draft:
    """Return the entry of an approval: of whoever acts, or of who was asked and gave their code."""
    rung = standing.present
    verdict = Verdict(
        by=ask.name if ask else scene.actor,
        step=words.approval,
        at=scene.now,
        verdict="approved",
        sha256=words.sha256,
        version=words.version,
        rung=rung.number if rung else len(standing.approval.ladder),
        roles=tuple(held),
        alone=scene.solo and ask is None,
    )
    after = with_verdict(state, words, verdict)
    data = verdict_data(words, "approved", "") | {
        "rung": verdict.rung,
        "roles": list(held),
        "alone": verdict.alone,
        "step_done": after.place > standing.place,
        "complete": after.complete,
    }
    if ask:
        data |= {"name": ask.name, "ask": ask.id}
    more = "" if after.complete else f", {progress_words(state, after)}"
    whose = f"has the word of {ask.name}, by code: " if ask else ""
    said = f"{whose}approved {words.id} v{words.version}{more}"
    return Draft(kind=f"{words.sort}.approved", text=said, data=data)


def verdict_data(words: Words, verdict: str, reason: str) -> dict[str, Any]:
    """Return what every verdict's entry says."""
    return {
        "id": words.id,
        "version": words.version,
        "sha256": words.sha256,
        "step": words.approval,
        "verdict": verdict,
        "words": reason,
    }


async def reject(
    room: Room, inc: str, words_id: str, reason: str, *, command_id: str = ""
) -> Acted:
    """Send a text back with the reason; whoever decides in any of its steps may."""
    required(reason, "a rejection needs a reason")
    own(reason, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        refuse_decided(words, scene)
        standing = progress(state, words, scene.now)
        if not scene.solo:
            _refuse_own(words, standing, scene)
        _refuse_stranger(state, words, standing, scene)
        said = f"rejected {words.id} v{words.version}: {reason}"
        data = verdict_data(words, "rejected", reason)
        return [Draft(kind=f"{words.sort}.rejected", text=said, data=data)]

    return with_words(await room.act(inc, decide, command_id=command_id), words_id)


def _refuse_stranger(state: Incident, words: Words, standing: Progress, scene: Scene) -> None:
    """Refuse whoever has no word in any step of this approval."""
    may = standing.may_object
    if scene.solo or not may or set(state.holds(scene.actor)) & set(may):
        return
    who = " or ".join(titles(state, may))
    raise Refused(
        "may-not-approve", f"{words.id} is for {who} to approve", "role take gives you a role"
    )


async def revoke(
    room: Room, inc: str, words_id: str, reason: str, *, command_id: str = ""
) -> Acted:
    """Take an approval back before the text is on its way: its approval begins anew.

    For whoever approved it, and for everybody who has a word in one of its steps.
    """
    required(reason, "taking an approval back needs a reason")
    own(reason, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        if words.state in _ON_ITS_WAY:
            raise Refused(
                "state", f"{words.id} is {words.state}: its approval cannot be taken back"
            )
        standing = progress(state, words, scene.now)
        given = [*standing.agreed, *([standing.released] if standing.released else [])]
        if words.state not in ("submitted", "approved") or not given:
            raise Refused("state", f"{words.id} has no approval to take back: it is {words.state}")
        if all(verdict.by != scene.actor for verdict in given):
            _refuse_stranger(state, words, standing, scene)
        said = f"took the approval of {words.id} v{words.version} back: {reason}"
        data = verdict_data(words, "revoked", reason)
        return [Draft(kind=f"{words.sort}.revoked", text=said, data=data)]

    return with_words(await room.act(inc, decide, command_id=command_id), words_id)


async def release(
    room: Room,
    inc: str,
    words_id: str,
    reason: str,
    *,
    sha256: str = "",
    command_id: str = "",
) -> Acted:
    """Release a text without approval, in an emergency: for the plan's break-glass roles alone.

    The typed reason and the name stay on the timeline, and everybody who should have approved is
    told. What blocks a text (a blank, a forbidden phrase) blocks it all the same.
    """
    own(reason, "reason")
    if len(reason.split()) < REASON_WORDS:
        raise Usage("reason", f"an emergency release needs a reason, {REASON_WORDS} words or more")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        if sha256 and not (len(sha256) >= 8 and words.sha256.startswith(sha256)):
            raise Refused("changed", f"{words.id} reads differently now", "read it again first")
        if words.state not in ("draft", "submitted", "rejected", "approved"):
            raise Refused("state", f"{words.id} is {words.state}")
        desk = await desk_of(tx, room, state, words)
        needed = desk.approval_of(words)
        if not needed or desk.standing(words).complete:
            hint = "publish it" if words.sort == "statement" else "send it"
            raise Refused("approved", f"{words.id} needs no release: it may go out", hint)
        words = msgspec.structs.replace(words, approval=needed)
        _refuse_no_glass(state, words, scene)
        refuse_blocked(words, desk.review_of(words))
        return [*_told(state, words, desk.standing(words), scene), _released(words, reason)]

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


def _refuse_no_glass(state: Incident, words: Words, scene: Scene) -> None:
    roles = approval_of(state, words).break_glass
    if not roles:
        raise Refused(
            "no-release",
            f"the playbook lets nobody release {words.id} without approval",
            f"crisisroom {words.sort} submit {state.id} {words.id}",
        )
    if not scene.solo and not set(roles) & set(state.holds(scene.actor)):
        who = " or ".join(titles(state, roles))
        raise Refused("may-not-release", f"only {who} may release {words.id} without approval")


def _released(words: Words, reason: str) -> Draft:
    said = f"RELEASED {words.id} v{words.version} WITHOUT APPROVAL: {reason}"
    data = verdict_data(words, "released", reason)
    return Draft(kind=f"{words.sort}.released", text=said, data=data)


def _told(state: Incident, words: Words, standing: Progress, scene: Scene) -> list[Draft]:
    """Return the entries that ring on the screens of everybody who should have approved."""
    said = f"{scene.actor} releases {words.id} without approval"
    return [
        Draft(
            kind="person.notified",
            text=f"tells {title}: {said}",
            data={"who": role, "words": said},
            actor="room",
            source="rule",
        )
        for rung in standing.rungs
        for role, title in zip(rung.step.by, titles(state, rung.step.by), strict=True)
        if role not in state.holds(scene.actor)
    ]
