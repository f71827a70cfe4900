"""The way out: queued by a person, tried by the outbox, never twice, in doubt shown."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Send, Words
from crisisroom.core.mention import MentionState
from crisisroom.core.timeline import Draft
from crisisroom.core.truth import corrections_due
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.approvals import approved_in
from crisisroom.room.checks import own
from crisisroom.room.desk import BY_HAND
from crisisroom.room.stopping import stopped_in
from crisisroom.room.texts import desk_of, refuse_unready, with_words, words_of
from crisisroom.store import Tx, lessons
from crisisroom.store import mentions as rows
from crisisroom.store.ids import uuid7
from crisisroom.store.processes import here, started_at
from crisisroom.text.links import safe_url


async def send(
    room: Room,
    inc: str,
    words_id: str,
    channel: str = "",
    *,
    sha256: str = "",
    command_id: str = "",
) -> Acted:
    """Queue a text for a channel; refused with a blank, over-long, or not approved as it reads.

    With `sha256`, only exactly the text that was reviewed goes out.
    """
    channels = (channel,) if channel else ()
    return await publish(room, inc, words_id, channels, sha256=sha256, command_id=command_id)


async def publish(
    room: Room,
    inc: str,
    words_id: str,
    channels: Sequence[str] = (),
    *,
    sha256: str = "",
    command_id: str = "",
) -> Acted:
    """Queue a text for several channels at once, all of them or, where one is refused, none.

    Each has its own outcome afterwards. Without channels it is the one the text was written for.
    """

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        if sha256 and words.sha256 != sha256:
            raise Refused("changed", f"{words.id} reads differently now", "review it once more")
        targets = tuple(dict.fromkeys(channels or (words.channel,)))
        if not targets[0]:
            raise Usage("channel", f"where should {words.id} go?", "name the channel")
        await refuse_stopped(tx)
        return await release_drafts(tx, room, state, words, targets, scene)

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


async def release_drafts(
    tx: Tx, room: Room, state: Incident, words: Words, targets: Sequence[str], scene: Scene
) -> list[Draft]:
    """Return the entries that release a text for channels; Refused where one of them may not."""
    beforehand, queued = "", []
    _refuse_owing(state, words)
    for target in targets:
        _refuse_unknown(target, scene)
        _refuse_repeat(words, target)
        _refuse_wrong_audience(words, target, scene)
        _refuse_second(state, words)
        desk = await desk_of(tx, room, state, words, target)
        beforehand = refuse_unready(words, desk) or beforehand
        queued.append(_queued(words, target, scene))
    await _learn(tx, state, words, scene)
    return [*(await _counted(tx, words, beforehand) if beforehand else []), *queued]


def _queued(words: Words, target: str, scene: Scene) -> Draft:
    data = {"id": words.id, "channel": target, "key": uuid7(scene.now), "words": ""}
    to = f" to {words.handle}" if words.handle else ""
    said = f"released {words.id} v{words.version}{to} on {target}"
    return Draft(kind=f"{words.sort}.queued", text=said, data=data)


def _refuse_unknown(target: str, scene: Scene) -> None:
    known = [*(account.id for account in scene.config.ways_out), BY_HAND]
    if target not in known:
        raise Usage("channel", f"there is no channel {target}", f"one of {', '.join(known)}")


async def refuse_stopped(tx: Tx) -> None:
    """Refuse to release words while somebody stopped all of them."""
    halt = await stopped_in(tx)
    if halt is not None:
        why = f": {halt.why}" if halt.why else ""
        raise Refused(
            "stopped", f"{halt.by} stopped all outgoing words{why}", "the lead lets them go again"
        )


def _refuse_owing(state: Incident, words: Words) -> None:
    """Refuse to put words that owe a correction on yet another channel."""
    for one in corrections_due(state, words.id):
        if one.now != one.was:
            told = (
                f"{words.id} says {one.was}, and {one.label} is {one.now or 'not known any more'}"
            )
            raise Refused("moved", told, "correct it, or decide that it stands")


async def _learn(tx: Tx, state: Incident, words: Words, scene: Scene) -> None:
    """Remember what a post was answered with: it teaches what fits the next one."""
    if words.sort != "reply" or not words.uses or state.drill:
        return
    number = await rows.number_of(tx, words.mention)
    mention = await rows.get(tx, number) if number else None
    if mention is not None and number:
        used = tuple(dict.fromkeys(one.partition("@")[0].partition("/")[0] for one in words.uses))
        await lessons.learn(
            tx, number, state.plan.id, used, mention.narrative, words.author, scene.now
        )


async def _counted(tx: Tx, words: Words, sha256: str) -> list[Draft]:
    """Return the entry that says whose approval beforehand these words go out on."""
    held = (await approved_in(tx))[sha256]
    reason = f"{held.playbook}/{held.id}, approved beforehand by {held.by}"
    data = {
        "id": words.id,
        "version": words.version,
        "sha256": words.sha256,
        "step": words.approval,
        "verdict": "approved",
        "words": reason,
        "rung": 0,
        "complete": True,
        "beforehand": sha256,
    }
    late = "nobody decided in time: " if words.submitted_at is not None else ""
    said = f"{late}{words.id} v{words.version} counts as {reason}"
    kind = f"{words.sort}.approved"
    return [Draft(kind=kind, text=said, data=data, actor="room", source="rule")]


def _refuse_wrong_audience(words: Words, channel: str, scene: Scene) -> None:
    """Refuse to put words for colleagues or journalists on a channel that everybody reads.

    A reply goes where it was asked; a public statement may go to colleagues too.
    """
    account = next((one for one in scene.config.ways_out if one.id == channel), None)
    if words.sort == "reply" or words.audience == "public" or account is None:
        return
    hint = f"send it by hand: --channel {BY_HAND}"
    if account.read_by == "public":
        told = f"{words.id} is for {words.audience}, and everybody reads {channel}"
        raise Refused("audience", told, hint)
    if account.audience != words.audience and (account.audience or account.read_by == "written"):
        reached = account.audience or "nobody in particular"
        told = f"{words.id} is for {words.audience}, and {channel} reaches {reached}"
        raise Refused("audience", told, f"{hint}, or give the account audience: {words.audience}")


def _refuse_repeat(words: Words, channel: str) -> None:
    """Refuse what is out or on its way; a failed try may be released again.

    A statement goes to each channel once, a reply to one person once.
    """
    for before in words.sends.values():
        same = words.sort == "reply" or before.channel == channel
        if same and before.state != "failed":
            raise Refused("repeat", f"{words.id} is {before.state} on {before.channel} already")
    if words.state in ("withdrawn", "rejected"):
        raise Refused("state", f"{words.id} is {words.state}")


def _refuse_second(state: Incident, words: Words) -> None:
    """Refuse a reply whose mention left the incident, or was given to another reply since."""
    if words.sort != "reply":
        return
    linked = state.mentions.get(words.mention)
    if linked is None:
        raise Refused("unlinked", f"{words.mention_id} does not belong to {state.id} any more")
    other = next(
        (
            one
            for one in state.replies.values()
            if one.live and one.mention == words.mention and one.id != words.id
        ),
        None,
    )
    if other is not None:
        raise Refused("answered", f"{other.id} answers {words.mention_id}: nobody answers twice")


async def confirm(
    room: Room, inc: str, words_id: str, url: str = "", *, command_id: str = ""
) -> Acted:
    """Say that words which go by hand are out, with their link."""
    return await _close(room, inc, words_id, ("queued",), True, url, command_id, channel=BY_HAND)


async def settle(
    room: Room,
    inc: str,
    words_id: str,
    sent: bool,
    url: str = "",
    *,
    channel: str = "",
    command_id: str = "",
) -> Acted:
    """Decide, after looking, whether words in doubt went out on a channel, or on the first one."""
    return await _close(room, inc, words_id, ("unknown",), sent, url, command_id, channel=channel)


async def _close(
    room: Room,
    inc: str,
    words_id: str,
    states: tuple[str, ...],
    sent: bool,
    url: str,
    command_id: str,
    *,
    channel: str,
) -> Acted:
    if url and not safe_url(url):
        raise Usage("link", "that is not a link to a page", "it starts with https://")

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        words = words_of(state, words_id)
        ways = [one for one in words.sends.values() if one.state in states]
        way = next((one for one in ways if channel in ("", one.channel)), None)
        if way is None or words.state == "withdrawn":
            raise Refused("state", f"{words.id} does not wait for that: it is {words.state}")
        if sent:
            return await sent_drafts(tx, words, way, "", own(url, "link"), f"{words.id} is out")
        said = f"{words.id} did not go out on {way.channel}"
        return [way_draft(words, way, "failed", said, {"words": "not sent, a person looked"})]

    return with_words(await room.act_in(inc, decide, command_id=command_id), words_id)


async def sent_drafts(
    tx: Tx, words: Words, way: Send, remote_id: str, url: str, said: str
) -> list[Draft]:
    """Return the entry that says words are out, and mark their mention as answered."""
    if words.mention and (number := await rows.number_of(tx, words.mention)):
        state: MentionState = "offline" if words.form == "private" else "answered"
        await rows.mark(tx, number, state=state, assignee=words.author)
    return [way_draft(words, way, "sent", said, {"remote_id": remote_id, "remote_url": url})]


def way_draft(words: Words, way: Send, step: str, said: str, more: dict[str, Any]) -> Draft:
    """Return the entry of one step on a text's way out."""
    data = {"id": words.id, "channel": way.channel, "key": way.key} | more
    return Draft(kind=f"{words.sort}.{step}", text=said, data=data)


def unqueued(words: Words, why: str) -> list[Draft]:
    """Return the entries that take a text out of every queue it waits in."""
    because = f": {why}" if why else ""
    return [
        way_draft(
            words,
            way,
            "failed",
            f"{words.id} does not go out on {way.channel}, withdrawn{because}",
            {"words": "withdrawn"},
        )
        for way in words.sends.values()
        if way.state == "queued"
    ]


def owner() -> str:
    """Return what proves, later, whether the process that tried is dead."""
    return f"{here()}:{os.getpid()}:{started_at(os.getpid())}"
