"""Action id -> act: what the room's screen does not do by itself."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.tui.acts import Act, case, declaring, posts, say

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
    "note": case.note,
    "decide": case.decide,
    "declare": declaring.declare,
    "severity": case.severity,
    "retitle": case.retitle,
    "resolve": case.resolve,
    "reopen": case.reopen,
    "roles": case.take_role,
    "contacts": case.contacts,
    "facts": case.set_facts,
    "brief": case.brief,
    "other": case.other,
    "statement": say.statement,
    "approvals": say.approvals,
    "outbox": say.outbox,
    "edit": say.edit,
    "export": say.export,
    "undo": say.undo,
}
