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
    searching,
    sheet,
    sorting,
    stories,
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
    "dismiss": sorting.dismiss,
    "private": sorting.offline,
    "add": posts.add,
    "sort-answer": sorting.answer,
    "sort-correct": sorting.correct,
    "sort-restore": sorting.restore,
    "sort-monitor": sorting.monitor,
    "sort-thank": sorting.thank,
    "unsort": sorting.unsort,
    "advocate": sorting.advocate,
    "story-name": stories.rename,
    "story-merge": stories.merge,
    "story-split": stories.split,
    "story-aside": stories.set_aside,
    "story-back": stories.take_back,
    "story-unlink": stories.unlink,
    "filters": searching.filters,
    "filter-save": searching.save,
    "filter-drop": searching.drop,
    "digest": searching.digest,
    "sources": searching.sources,
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
