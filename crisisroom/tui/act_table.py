"""Action id -> act: what the room's screen does not do by itself.

An act is named by the module and function that holds it, and loaded when its key is first
pressed: none of them is needed to show the room.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crisisroom.tui.acts import Act

ACTS: Mapping[str, str] = {
    "claim": "acts.posts:claim",
    "release": "acts.posts:release",
    "assign": "acts.posts:assign",
    "link": "acts.posts:link",
    "unlink": "acts.posts:unlink",
    "dismiss": "acts.sorting:dismiss",
    "private": "acts.sorting:offline",
    "add": "acts.posts:add",
    "sort-answer": "acts.sorting:answer",
    "sort-correct": "acts.sorting:correct",
    "sort-restore": "acts.sorting:restore",
    "sort-monitor": "acts.sorting:monitor",
    "sort-thank": "acts.sorting:thank",
    "unsort": "acts.sorting:unsort",
    "advocate": "acts.sorting:advocate",
    "story-name": "acts.stories:rename",
    "story-merge": "acts.stories:merge",
    "story-split": "acts.stories:split",
    "story-aside": "acts.stories:set_aside",
    "story-back": "acts.stories:take_back",
    "story-unlink": "acts.stories:unlink",
    "filters": "acts.searching:filters",
    "filter-save": "acts.searching:save",
    "filter-drop": "acts.searching:drop",
    "digest": "acts.searching:digest",
    "sources": "acts.searching:sources",
    "pages": "acts.searching:pages",
    "reply": "acts.posts:reply",
    "link-open": "acts.posts:link_open",
    "copy": "acts.posts:copy",
    "raw": "acts.posts:raw",
    "tick": "acts.case:tick",
    "skip": "acts.case:skip",
    "add-task": "acts.case:add_task",
    "note": "record.noting:note",
    "decide": "record.noting:decide",
    "entry": "record.entry:read",
    "pin": "record.saying:pin",
    "correct": "record.saying:correct",
    "readers": "record.saying:readers",
    "entry-filters": "record.filters:filters",
    "keep": "record.evidence:keep",
    "evidence": "record.evidence:screen",
    "attach": "record.evidence:attach",
    "restrict": "acts.restricting:restrict",
    "hold": "record.holding:hold",
    "declare": "acts.declaring:begin",
    "warnings": "warn.acts:show",
    "volume": "acts.opening:volume",
    "figures": "acts.opening:figures",
    "who": "acts.opening:who",
    "since": "acts.meanwhile:since",
    "severity": "acts.case:severity",
    "retitle": "acts.case:retitle",
    "resolve": "acts.ending:resolve",
    "reopen": "acts.ending:reopen",
    "roles": "acts.people:roles_board",
    "accept": "acts.people:accept",
    "contacts": "acts.calls:contacts",
    "escalate": "acts.calls:escalate",
    "duties": "acts.duties:duties",
    "enquire": "acts.outside:enquire",
    "put-off": "acts.duties:put_off",
    "detail": "acts.detail:detail",
    "facts": "acts.sheet:set_facts",
    "brief": "acts.people:brief",
    "review": "after.acts:review",
    "actions": "after.acts:actions",
    "programme": "after.acts:programme",
    "other": "acts.case:other",
    "statement": "acts.say:statement",
    "approvals": "acts.say:approvals",
    "outbox": "acts.say:outbox",
    "owed": "acts.righting:owed",
    "answers": "acts.righting:answers",
    "stop": "acts.stopping:stop",
    "resume-words": "acts.stopping:resume",
    "story-answer": "acts.bulk:answer_story",
    "bulks": "acts.bulk:bulks",
    "line": "acts.lines:set_line",
    "promises": "acts.promises:promises",
    "promise": "acts.promises:promise",
    "pauses": "acts.pauses:pauses",
    "edit": "acts.say:edit",
    "export": "papers.acts:export",
    "undo": "acts.say:undo",
}


def act_of(name: str) -> Act:
    """Return the act of an action, loading it; KeyError for what is no act."""
    module, _, function = ACTS[name].partition(":")
    act: Act = getattr(import_module(f"crisisroom.tui.{module}"), function)
    return act
