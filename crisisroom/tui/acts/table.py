"""Action id -> act: what the room's screen does not do by itself."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.tui.acts import Act, case, declaring, duties, ending, people, posts, say, sheet

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
    "declare": declaring.declare,
    "severity": case.severity,
    "retitle": case.retitle,
    "resolve": ending.resolve,
    "reopen": ending.reopen,
    "roles": people.roles_board,
    "contacts": people.contacts,
    "escalate": duties.escalate,
    "duties": duties.duties,
    "enquire": duties.enquire,
    "put-off": duties.put_off,
    "detail": duties.detail,
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
