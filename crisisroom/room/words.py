"""What we say: replies and statements drafted, approved, sent, each at most once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crisisroom.core.approval import ladder_words
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Form, Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.timeline import Draft, stamp
from crisisroom.core.truth import as_said
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.addressing import addressed
from crisisroom.room.checks import own, required
from crisisroom.room.desk import Desk, Prefill, Review, at_desk, desk_in
from crisisroom.room.reading import mention_in
from crisisroom.room.sending import unqueued
from crisisroom.room.texts import (
    IN_HAND,
    approvers,
    desk_of,
    refuse_blocked,
    refuse_faulty,
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
    "desk_of",
    "edit",
    "prefill",
    "refuse_blocked",
    "reject",
    "release",
    "reply_to",
    "review",
    "revoke",
    "save_reply",
    "submit",
    "with_words",
    "withdraw",
    "words_of",
]


async def prefill(room: Room, inc: str, mention_id: str, form: Form = "public") -> Prefill:
    """Return what the composer opens with for a mention: a draft of anybody's comes first."""
    desk = await at_desk(room, inc, mention_id=mention_id, form=form)
    assert desk.mention is not None
    mention = desk.mention
    kept = await room.store.read(lambda tx: drafts.find(tx, mention=mention.id))
    before = reply_to(desk.incident, mention)
    mine = [one for one in kept if one.actor == room.actor.name]
    saved = next(iter(mine or kept), None)  # a colleague's, where one takes over
    text = saved.text if saved else before.text if before else desk.first_text()
    desk = msgspec.structs.replace(desk, words=before)
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
    room: Room,
    inc: str,
    mention_id: str,
    text: str,
    channel: str = "",
    *,
    form: Form = "public",
    bulk: str = "",
    command_id: str = "",
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
        desk = await desk_in(tx, room, state, mention=mention, channel=channel, form=form)
        claim = await _claim(tx, mention, scene)
        if before is None:
            return [*linked, new_reply(state, text, desk, bulk)]
        return [*claim, *new_version(before, text, {}, desk)]

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


def new_reply(state: Incident, text: str, desk: Desk, bulk: str = "", number: int = 0) -> Draft:
    """Return the entry of a new reply; `number` is its own where several are made at once."""
    assert desk.mention is not None
    words_id = f"R-{number or len(state.replies) + 1}"
    handle = addressed(desk.mention, desk.kind)
    data = drafted(words_id, "reply", text, {}, desk) | {
        "mention": desk.mention.uid,
        "mention_id": desk.mention.id,
        "handle": handle,
        "bulk": bulk,
    }
    who = handle or desk.mention.id
    return Draft(kind="reply.drafted", text=f"writes {words_id} to {who}", data=data)


def drafted(
    words_id: str, kind: str, text: str, variants: Mapping[str, str], desk: Desk
) -> dict[str, Any]:
    """Return what the entry of a new text says of it."""
    review = desk.review(text, variants)
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
    } | _read(review, desk, text, variants)


def _read(
    review: Review,
    desk: Desk,
    text: str,
    variants: Mapping[str, str],
    before: Words | None = None,
) -> dict[str, Any]:
    """Return what a review found in a text that the timeline keeps: a promised time among it."""
    promises = desk.promise_of(text)
    texts = (text, *variants.values())
    used = {one: None for each in texts for one in desk.review(each).check.used}
    facts = desk.facts_of(texts, used)
    if before is not None:
        facts |= as_said(desk.incident, before, texts)
    return {
        "approval": review.approval,
        "uses": [*used],
        "verbatim": desk.reads_verbatim(text, variants),
        "promises": stamp(promises) if promises else None,
        "form": desk.form,
        "language": _language(used),
        "variants": [{"channel": one, "words": own} for one, own in variants.items()],
        "facts": [{"fact": fact, "value": value} for fact, value in facts.items()],
    }


def _language(used: Iterable[str]) -> str:
    """Return the language of the translated sentences in a text, empty for the playbook's own."""
    spoken = {one.partition("@")[2] for one in used}
    return spoken.pop() if len(spoken) == 1 else ""


def new_version(before: Words, text: str, variants: Mapping[str, str], desk: Desk) -> list[Draft]:
    """Return the entry of a new version; none where nothing differs and nothing was held back."""
    same = text == before.text and dict(variants) == before.variants
    if same and not before.suspended and desk.form == before.form:
        return []
    review = desk.review(text, variants)
    version = before.version + 1
    data = {
        "id": before.id,
        "version": version,
        "words": text,
        "sha256": review.sha256,
    } | _read(review, desk, text, variants, before)
    lapsed = ", its approval lapsed" if before.approved_by() else ""
    said = f"wrote {before.id} v{version}{lapsed}"
    return [Draft(kind=f"{before.sort}.edited", text=said, data=data)]


async def edit(
    room: Room,
    inc: str,
    words_id: str,
    text: str,
    variants: Mapping[str, str] | None = None,
    *,
    command_id: str = "",
) -> Acted:
    """Write a new version; an approval of the old one lapses.

    `variants` are all of its own words for channels; without them they stay as they are.
    """
    required(text, "there is nothing left of it")
    own(text, "text")
    for channel, words in (variants or {}).items():
        own(words, channel)

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = open_words(state, words_id)
        desk = await desk_of(tx, room, state, words)
        kept = words.variants if variants is None else named(room, variants, words.variants)
        return new_version(words, text, kept, desk)

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


def open_words(state: Incident, words_id: str) -> Words:
    """Return a text that may change still, else Refused."""
    words = words_of(state, words_id)
    if words.state not in IN_HAND:
        raise Refused("closed", f"{words.id} is {words.state} and cannot change any more")
    return words


def named(room: Room, variants: Mapping[str, str], before: Collection[str] = ()) -> dict[str, str]:
    """Return variants that say something, by accounts that there are, or that had some `before`.

    Usage for others.
    """
    known = [account.id for account in room.config.ways_out]
    for channel in variants:
        if channel not in known and channel not in before:
            raise Usage("channel", f"there is no channel {channel}", f"one of {', '.join(known)}")
    return {channel: own for channel, own in variants.items() if own.strip()}


async def submit(room: Room, inc: str, words_id: str, *, command_id: str = "") -> Acted:
    """Hand a text to whoever has to approve it; refused while it has problems."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        desk = await desk_of(tx, room, state, words)
        needed = desk.approval_of(words)
        more = words.state == "approved" and not desk.standing(words).complete
        if words.state not in ("draft", "rejected") and not more:
            raise Refused("state", f"{words.id} is {words.state}")
        refuse_faulty(words, desk.review_of(words))
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
    """Take a text back before it is on its way; where it is out already, what still waits."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        begun = any(way.parts for way in words.sends.values())
        waiting = unqueued(words, own(reason, "reason"))
        out = words.sent_at is not None and not waiting
        if begun or out or words.state in ("sending", "sent", "unknown", "withdrawn"):
            raise Refused("state", f"{words.id} is {words.state} and cannot be taken back")
        if words.sent_at is not None:
            return waiting
        data = {"id": words.id, "words": reason}
        said = f"withdrew {words.id}" + (f": {reason}" if reason else "")
        return [*waiting, Draft(kind=f"{words.sort}.withdrawn", text=said, data=data)]

    return with_words(await room.act(inc, decide, command_id=command_id), words_id)
