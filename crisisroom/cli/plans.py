"""Playbooks: listed, and their words approved as they read now."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

import msgspec

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import PAGING, arg, paged, takes, text, words
from crisisroom.cli.output import document, say
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.core.canonical import digest
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.playbook_kept import snapshot
from crisisroom.core.problems import Problem
from crisisroom.core.timeline import stamp
from crisisroom.core.wordings import Wording, approval_in, words_of
from crisisroom.library import list_ids, load
from crisisroom.report.contract import Json, plainly
from crisisroom.room import approvals
from crisisroom.room.approvals import ApprovedWords

Standing = Mapping[str, ApprovedWords]


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A playbook as lists show it; one with problems has no words to speak of."""

    id: str
    title: str = ""
    version: int = 0
    sha256: str = ""
    approved: int = 0
    words: int = 0
    problems: tuple[Problem, ...] = ()


async def _list(context: Context, args: Namespace) -> int:
    standing = await approved_words(context)
    ids = paged(list_ids(context.playbooks()), args, str)
    found = [_listed(context, one, standing) for one in ids]
    context.show(
        lambda: [plainly(one) for one in found],
        lambda: [_line(one) for one in found] or ["no playbooks"],
    )
    return 0


async def approved_words(context: Context) -> Standing:
    """Return what is approved in the room; nothing is where there is no room yet."""
    try:
        room = await context.here()
    except Refused as refusal:
        if refusal.code != "no-room":
            raise
        return {}
    return await approvals.approved(room)


def _listed(context: Context, name: str, standing: Standing) -> Listed:
    try:
        playbook, problems = load(name, context.playbooks())
    except Refused as refusal:
        return Listed(id=name, problems=(Problem(name, 1, 1, refusal.message, refusal.hint),))
    if playbook is None:
        return Listed(id=name, problems=tuple(problems))
    wordings = words_of(playbook)
    return Listed(
        id=playbook.id,
        title=playbook.title,
        version=playbook.version,
        sha256=digest(snapshot(playbook)),
        approved=sum(approval_in(one, standing) is not None for one in wordings),
        words=len(wordings),
    )


def _line(one: Listed) -> str:
    if one.problems:
        return f"{one.id}: has {len(one.problems)} problems, first {one.problems[0]}"
    return f"{one.id}  {one.title}, version {one.version}, {one.approved} of {one.words} approved"


def word_json(word: Wording, approval: ApprovedWords | None) -> Json:
    """Return words of a playbook with who approved them."""
    return {
        "id": word.id,
        "kind": word.kind,
        "text": word.text,
        "sha256": word.sha256,
        "approved": approval is not None,
        "by": approval.by if approval else "",
        "at": stamp(approval.at) if approval else None,
    }


async def _approve(context: Context, args: Namespace) -> int:
    playbook = context.playbook(args.playbook)
    room = await context.room()
    fresh = await approvals.approve_words(room, playbook, args.ids)
    standing = await approvals.approved(room)
    if context.options.json:
        done = [one for one in words_of(playbook) if one.id in fresh]
        shown = [word_json(one, approval_in(one, standing)) for one in done]
        document({"playbook": playbook.id, "approved": shown})
        return 0
    for one in fresh:
        say(f"approved {playbook.id}/{one}")
    if not fresh:
        say(f"{playbook.id}: nothing to approve, these words are approved as they read now")
    return 0


async def _revoke(context: Context, args: Namespace) -> int:
    room = await context.here()
    sha256, held = _which(await approvals.approved(room), args.words)
    await approvals.revoke(room, sha256, words(args.reason))
    context.show(
        lambda: {"playbook": held.playbook, "id": held.id, "sha256": sha256, "approved": False},
        lambda: [f"the approval of {held.playbook}/{held.id} is taken back"],
    )
    return 0


def _which(standing: Standing, given: str) -> tuple[str, ApprovedWords]:
    """Return the approved text meant by PLAYBOOK/ID or by the beginning of its hash."""
    fitting = [
        (sha256, held)
        for sha256, held in standing.items()
        if f"{held.playbook}/{held.id}" == given
        or (len(given) >= 8 and sha256.startswith(given.lower()))
    ]
    if not fitting:
        hint = "crisisroom playbook show ID lists them"
        raise Usage("unknown-text", f"no approved text is {given[:80]}", hint)
    if len(fitting) > 1:
        listed = ", ".join(sha256[:12] for sha256, _ in fitting)
        raise Usage("which-text", f"several approved texts were {given}", f"name one: {listed}")
    return fitting[0]


_PLAYBOOK = arg("playbook", "the playbook's id or file")

VERBS = {
    "playbook list": Verb(_list, PAGING, over_key=READS),
    "playbook approve": Verb(
        _approve,
        takes(_PLAYBOOK, arg("ids", "ids of words; without them all", nargs="*", metavar="ID")),
        over_key=ACTS.by_id("playbook"),
    ),
    "playbook revoke": Verb(
        _revoke,
        takes(arg("words", "PLAYBOOK/ID, or the text's hash"), text("reason", "why")),
        over_key=ACTS,
    ),
}
