"""Approval of the playbook's own words: of each text's hash, by a person, in the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook import Playbook
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.core.wordings import words_of
from crisisroom.room import Room, Scene
from crisisroom.room.allowed import refuse_approval
from crisisroom.room.checks import own, required
from crisisroom.store import Tx, log, settings
from crisisroom.store import approvals as rows


class ApprovedWords(msgspec.Struct, frozen=True):
    """Who approved a text, when, and which words of which playbook it was then."""

    by: str
    at: datetime
    playbook: str
    id: str


async def approved(room: Room) -> dict[str, ApprovedWords]:
    """Return the approved texts by their SHA-256."""
    return await room.store.read(approved_in)


async def approved_in(tx: Tx) -> dict[str, ApprovedWords]:
    """Return the approved texts by their SHA-256, as of this transaction."""
    return _standing(await rows.said(tx))


def _standing(entries: Sequence[rows.Said]) -> dict[str, ApprovedWords]:
    standing: dict[str, ApprovedWords] = {}
    for entry in entries:
        data = entry.data
        if entry.kind == "words.approved":
            standing[data["sha256"]] = ApprovedWords(
                entry.actor, entry.at, data["playbook"], data["id"]
            )
        elif entry.kind == "words.revoked":
            standing.pop(data["sha256"], None)
    return standing


async def approve_words(
    room: Room, playbook: Playbook, ids: Sequence[str] = (), *, command_id: str = ""
) -> tuple[str, ...]:
    """Approve words of a playbook as they read now, all of them when none is named.

    Returns the ids of what was not approved before.
    """
    words = {wording.id: wording for wording in words_of(playbook)}
    if unknown := [one for one in ids if one not in words]:
        raise Usage("unknown-words", f"{playbook.id} has no words {unknown[0]}", ", ".join(words))

    async def work(tx: Tx) -> tuple[str, ...]:
        if command_id and (before := await settings.outcome(tx, command_id)):
            return tuple(before.thing.split())
        await room.refresh(tx)
        _may_approve(room.scene(), playbook)
        standing = await approved_in(tx)
        fresh = [words[one] for one in (ids or words) if words[one].sha256 not in standing]
        drafts = [
            Draft(
                kind="words.approved",
                text=f"approved {playbook.id}/{wording.id}",
                data={
                    "playbook": playbook.id,
                    "version": playbook.version,
                    "id": wording.id,
                    "kind": wording.kind,
                    "sha256": wording.sha256,
                    "words": wording.text,
                },
            )
            for wording in fresh
        ]
        if drafts:
            await log.append(tx, ROOM, drafts, room.author(), room.clock.now())
        if command_id:
            came_to = settings.Outcome("", 0, 0, " ".join(wording.id for wording in fresh))
            await settings.remember(tx, command_id, room.clock.now(), came_to)
        return tuple(wording.id for wording in fresh)

    return await room.store.write(work)


def _may_approve(scene: Scene, playbook: Playbook) -> None:
    """Refuse whoever the playbook's approval step does not name; a room without a team has one."""
    if scene.solo:
        return
    step = playbook.approval(playbook.reply_approval)
    by = step.by if step else tuple(role for one in playbook.approvals for role in one.by)
    member = next((one for one in scene.config.team if one.id == scene.actor), None)
    if by and (member is None or not set(member.roles) & set(by)):
        raise Refused(
            "may-not-approve",
            f"{scene.actor} may not approve words of {playbook.id}",
            f"this is for whoever may be {' or '.join(by)}",
        )
    if playbook.reply_approval:
        what = f"words of {playbook.id}"
        refuse_approval(scene.config.team, scene.actor, playbook.reply_approval, by, what)


async def revoke(room: Room, sha256: str, reason: str) -> None:
    """Take the approval of a text back: it counts as free words from now on."""
    required(reason, "taking an approval back needs a reason")

    async def work(tx: Tx) -> None:
        standing = await approved_in(tx)
        if sha256 not in standing:
            raise Usage("unknown-text", "no approved text has this hash")
        held = standing[sha256]
        data = {"sha256": sha256, "words": own(reason, "reason")}
        text = f"took the approval of {held.playbook}/{held.id} back: {reason}"
        draft = Draft(kind="words.revoked", text=text, data=data)
        await log.append(tx, ROOM, [draft], room.author(), room.clock.now())

    await room.store.write(work)
