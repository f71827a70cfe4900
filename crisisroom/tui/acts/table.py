"""Action id -> act: what the room's screen does not do by itself."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.tui.acts import (
    Act,
    Desk,
    calls,
    case,
    declaring,
    detail,
    duties,
    ending,
    outside,
    people,
    posts,
    say,
    sheet,
)
from crisisroom.tui.warn import acts as warn_acts


async def volume(desk: Desk) -> None:
    """Open the charts."""
    from crisisroom.tui.charts.screen import VolumeScreen  # loaded with the first one

    desk.open(VolumeScreen(desk))


ACTS: Mapping[str, Act] = {
    "claim": posts.claim,
    "release": posts.release,
    "assign": posts.assign,
    "link": posts.link,
    "unlink": posts.unlink,
    "dismiss": posts.dismiss,
    "private": posts.private,
    "add": posts.add,
    "reply": posts.reply,
    "link-open": posts.link_open,
    "copy": posts.copy,
    "raw": posts.raw,
    "tick": case.tick,
    "skip": case.skip,
    "add-task": case.add_task,
    "note": case.note,
    "decide": case.decide,
    "declare": declaring.begin,
    "warnings": warn_acts.show,
    "volume": volume,
    "severity": case.severity,
    "retitle": case.retitle,
    "resolve": ending.resolve,
    "reopen": ending.reopen,
    "roles": people.roles_board,
    "contacts": calls.contacts,
    "escalate": calls.escalate,
    "duties": duties.duties,
    "enquire": outside.enquire,
    "put-off": duties.put_off,
    "detail": detail.detail,
    "facts": sheet.set_facts,
    "brief": people.brief,
    "other": case.other,
    "statement": say.statement,
    "approvals": say.approvals,
    "outbox": say.outbox,
    "edit": say.edit,
    "export": say.export,
    "undo": say.undo,
}
