"""What we say: replies and statements drafted, approved, sent, each at most once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from crisisroom.core.approval import ladder_words
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.addressing import addressed
from crisisroom.room.checks import own, required
from crisisroom.room.desk import Desk, Prefill, Review, at_desk, desk_in, template_of
from crisisroom.room.reading import mention_in
from crisisroom.room.texts import (
    IN_HAND,
    approvers,
    desk_of,
    refuse_blocked,
    with_words,
    words_of,
)
from crisisroom.room.triage import claimed_mark, link_drafts
from crisisroom.room.verdicts import approve, reject, release, revoke
from crisisroom.store import Tx, drafts
from crisisroom.store import mentions as rows

_WAY_OUT = {"statement": "publish", "reply": "send"}

__all__ = [
    "IN_HAND",
    "approve",
    "approvers",
    "autosave",
    "desk_of",
    "discard",
    "draft_statement",
    "edit",
    "prefill",
    "refuse_blocked",
    "reject",
    "release",
    "reply_to",
    "review",
    "revoke",
    "save_reply",
    "saved_drafts",
    "submit",
    "with_words",
    "withdraw",
    "words_of",
]


async def prefill(room: Room, inc: str, mention_id: str) -> Prefill:
    """Return what the composer opens with for a mention."""
    desk = await at_desk(room, inc, mention_id=mention_id)
    assert desk.mention is not None
    mention = desk.mention
    kept = await room.store.read(
        lambda tx: drafts.find(tx, actor=room.actor.name, mention=mention.id)
    )
    before = reply_to(desk.incident, mention)
    saved = kept[0] if kept else None
    text = saved.text if saved else before.text if before else desk.first_text()
    return Prefill(text=text, desk=desk, suggestions=desk.suggestions(), draft=saved, words=before)


async def review(
    room: Room, inc: str, text: str, *, mention_id: str = "", template_id: str = ""
) -> Review:
    """Review a text as sending would."""
    desk = await at_desk(room, inc, mention_id=mention_id, template_id=template_id)
    return desk.review(text)


def reply_to(state: Incident, mention: Mention) -> Words | None:
    """Return the live reply to a mention, if there is one."""
    live = [one for one in state.replies.values() if one.mention == mention.uid and one.live]
    return live[-1] if live else None


async def save_reply(
    room: Room, inc: str, mention_id: str, text: str, channel: str = "", *, command_id: str = ""
) -> Acted:
    """Put a reply on the timeline: a new one, or a new version of the one in hand.

    Takes the claim and links the mention where needed; refused when somebody else is on it.
    """
    required(text, "a reply needs words")
    own(text, "reply")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        mention = await mention_in(tx, mention_id)
        linked = await link_drafts(tx, room, state, [mention.id])
        before = reply_to(state, mention)
        if before is not None:
            _may_write(before, scene)
        desk = await desk_in(tx, room, state, mention=mention, channel=channel)
        claim = await _claim(tx, mention, scene)
        if before is None:
            return [*linked, _new_reply(state, text, desk)]
        return [*claim, *_new_version(before, text, desk)]

    acted = await room.act_in(inc, decide, command_id=command_id)
    answered = await room.store.read(lambda tx: mention_in(tx, mention_id))
    return msgspec.structs.replace(acted, thing=reply_to(acted.incident, answered))


def _may_write(words: Words, scene: Scene) -> None:
    if words.state not in IN_HAND:
        raise Refused(
            "answered", f"{words.id} by {words.author} is {words.state}: nobody answers twice"
        )
    if words.author != scene.actor:
        raise Refused(
            "claimed",
            f"{words.author} writes {words.id} to this mention",
            "take the mention over first, or withdraw the reply together",
        )


async def _claim(tx: Tx, mention: Mention, scene: Scene) -> list[Draft]:
    """Take or renew the claim for a writer; returns the entry for one that was not held before.

    A new reply's own entry says as much, so that it needs none beside it.
    """
    mark = claimed_mark(mention, scene)
    await rows.mark(tx, mention.number, state=mark.state, assignee=mark.assignee, until=mark.until)
    if mention.state == "claimed" and mention.assignee == scene.actor:
        return []
    data = {"mention": mention.uid, "state": mark.state, "assignee": mark.assignee}
    return [Draft(kind="mention.triaged", text=mark.text, data=data)]


def _new_reply(state: Incident, text: str, desk: Desk) -> Draft:
    assert desk.mention is not None
    words_id = f"R-{len(state.replies) + 1}"
    handle = addressed(desk.mention, desk.kind)
    data = _drafted(words_id, "reply", text, desk) | {
        "mention": desk.mention.uid,
        "mention_id": desk.mention.id,
        "handle": handle,
    }
    who = handle or desk.mention.id
    return Draft(kind="reply.drafted", text=f"writes {words_id} to {who}", data=data)


def _drafted(words_id: str, kind: str, text: str, desk: Desk) -> dict[str, Any]:
    review = desk.review(text)
    return {
        "id": words_id,
        "kind": kind,
        "words": text,
        "sha256": review.sha256,
        "audience": desk.template.audience if desk.template else "public",
        "template": desk.template.id if desk.template else "",
        "mention": "",
        "mention_id": "",
        "handle": "",
        "channel": desk.channel,
    } | _read(review, desk, text)


def _read(review: Review, desk: Desk, text: str) -> dict[str, Any]:
    """Return what a review found in a text that the timeline keeps: a promised time among it."""
    promises = desk.promise_of(text)
    return {
        "approval": review.approval,
        "uses": list(review.check.used),
        "verbatim": review.verbatim,
        "promises": stamp(promises) if promises else None,
    }


def _new_version(before: Words, text: str, desk: Desk) -> list[Draft]:
    if text == before.text:
        return []
    review = desk.review(text)
    version = before.version + 1
    data = {
        "id": before.id,
        "version": version,
        "words": text,
        "sha256": review.sha256,
    } | _read(review, desk, text)
    lapsed = ", its approval lapsed" if before.approved_by() else ""
    said = f"wrote {before.id} v{version}{lapsed}"
    return [Draft(kind=f"{before.sort}.edited", text=said, data=data)]


async def draft_statement(
    room: Room,
    inc: str,
    template_id: str,
    text: str | None = None,
    channel: str = "",
    *,
    command_id: str = "",
) -> Acted:
    """Draft a statement from a template; without `text` it is filled from the facts."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        template = template_of(state, template_id)
        if template is None:
            raise Usage("template", "say which statement", "crisisroom playbook show lists them")
        desk = await desk_in(tx, room, state, template=template, channel=channel)
        words = own(text if text is not None else desk.first_text(), "statement")
        words_id = f"ST-{len(state.statements) + 1}"
        data = _drafted(words_id, template.kind, words, desk)
        said = f"drafted {words_id}, {template.title}"
        return [Draft(kind="statement.drafted", text=said, data=data)]

    acted = await room.act_in(inc, decide, command_id=command_id)
    return with_words(acted, acted.entry.data["id"])


async def edit(room: Room, inc: str, words_id: str, text: str, *, command_id: str = "") -> Acted:
    """Write a new version; an approval of the old one lapses."""
    required(text, "there is nothing left of it")
    own(text, "text")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        if words.state not in IN_HAND:
            raise Refused("closed", f"{words.id} is {words.state} and cannot change any more")
        return _new_version(words, text, await desk_of(tx, room, state, words))

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


async def submit(room: Room, inc: str, words_id: str, *, command_id: str = "") -> Acted:
    """Hand a text to whoever has to approve it; refused while it has problems."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        desk = await desk_of(tx, room, state, words)
        needed = desk.approval_of(words)
        more = words.state == "approved" and not desk.standing(words).complete
        if words.state not in ("draft", "rejected") and not more:
            raise Refused("state", f"{words.id} is {words.state}")
        refuse_blocked(words, desk.review(words.text))
        if not needed:
            hint = f"{_WAY_OUT[words.sort]} it"
            raise Refused("approved", f"{words.id} needs nobody's approval as it reads", hint)
        data = {
            "id": words.id,
            "version": words.version,
            "sha256": words.sha256,
            "approval": needed,
            "promises": stamp(words.promises) if words.promises else None,
        }
        said = f"sent {words.id} v{words.version} to {ladder_words(state, needed)}"
        return [Draft(kind=f"{words.sort}.submitted", text=said, data=data)]

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


async def withdraw(
    room: Room, inc: str, words_id: str, reason: str = "", *, command_id: str = ""
) -> Acted:
    """Take a text back before it is on its way."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        if words.state in ("sending", "sent", "unknown", "withdrawn"):
            raise Refused("state", f"{words.id} is {words.state} and cannot be taken back")
        data = {"id": words.id, "words": own(reason, "reason")}
        said = f"withdrew {words.id}" + (f": {reason}" if reason else "")
        return [Draft(kind=f"{words.sort}.withdrawn", text=said, data=data)]

    return with_words(await room.act(inc, decide, command_id=command_id), words_id)


async def autosave(room: Room, draft: SavedDraft) -> None:
    """Keep what somebody is writing; done within a second of the key press."""
    await room.store.write(lambda tx: drafts.save(tx, draft))


async def saved_drafts(room: Room) -> tuple[SavedDraft, ...]:
    """Return this person's unfinished words, newest first."""
    return await room.store.read(lambda tx: drafts.find(tx, actor=room.actor.name))


async def discard(room: Room, draft_id: str) -> None:
    """Throw unfinished words away."""
    await room.store.write(lambda tx: drafts.discard(tx, draft_id))
