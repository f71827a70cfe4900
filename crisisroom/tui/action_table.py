"""The table of all actions: id, keys, verb, help, group, views, and why one cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

from crisisroom.tui import reasons
from crisisroom.tui.reasons import (
    FEED,
    POSTS,
    TASKS,
    THREAD,
    TIMELINE,
    WORDS,
    Reason,
)

EVERYWHERE = frozenset((FEED, THREAD, TASKS, TIMELINE, WORDS))
CHECKLIST = frozenset((TASKS,))


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do: `label` is the hint's verb, `help` one line of plain words."""

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    views: frozenset[int] = EVERYWHERE
    reason: Reason = lambda context: ""


MOVE, LOOK, POST, CASE, SAY, ROOM = (
    "Moving",
    "Looking",
    "Posts",
    "The incident",
    "Words",
    "The room",
)

ACTIONS: tuple[Action, ...] = (
    Action("down", ("j", "down"), "down", "next row", MOVE),
    Action("up", ("k", "up"), "up", "row before", MOVE),
    Action("top", ("g", "home"), "newest", "first row; in the feed also what has come since", MOVE),
    Action("bottom", ("G", "end"), "oldest", "last row", MOVE),
    Action("page-down", ("pagedown", "ctrl+d"), "page", "a page down", MOVE),
    Action("page-up", ("pageup", "ctrl+u"), "page", "a page up", MOVE),
    Action("pane-next", ("tab",), "next pane", "next pane or view", MOVE),
    Action("pane-before", ("shift+tab",), "pane before", "pane or view before", MOVE),
    Action("feed", ("1",), "feed", "view 1: the feed", MOVE),
    Action("thread", ("2",), "thread", "view 2: the thread of the chosen post", MOVE),
    Action("tasks", ("3",), "tasks", "view 3: the checklist", MOVE),
    Action("timeline", ("4",), "timeline", "view 4: the timeline", MOVE),
    Action("words", ("5",), "words", "view 5: facts, statements, replies", MOVE),
    Action("next", ("n",), "next free", "next post that is free", MOVE, POSTS, reasons.needs_post),
    Action(
        "before",
        ("p",),
        "unread before",
        "free post before this one",
        MOVE,
        POSTS,
        reasons.needs_post,
    ),
    Action("open", ("enter",), "open", "show the row: thread, detail, words; fold a phase", LOOK),
    Action("back", ("escape",), "back", "back; clears the filter", LOOK),
    Action(
        "filter", ("slash",), "filter", "narrow the list: words, is:free who:me on:SOURCE", LOOK
    ),
    Action("follow", ("F",), "follow", "let the feed follow the newest, or hold it", LOOK),
    Action(
        "raw",
        (),
        "original",
        "the post's original text and its edits",
        LOOK,
        POSTS,
        reasons.needs_post,
    ),
    Action(
        "brief",
        ("b",),
        "brief",
        "where the incident stands, on one page",
        LOOK,
        reason=reasons.needs_any_incident,
    ),
    Action(
        "other",
        (),
        "other incident",
        "look at another incident",
        LOOK,
        reason=reasons.needs_another,
    ),
    Action(
        "reply", ("r",), "reply", "answer the post on its own channel", POST, POSTS, reasons.replies
    ),
    Action("claim", ("a",), "claim", "take the post or task as yours", POST, reason=reasons.claims),
    Action("release", (), "let go", "give a claim back", POST, POSTS, reasons.needs_post),
    Action(
        "assign",
        ("A",),
        "assign",
        "give the post or task to somebody",
        POST,
        reason=reasons.assigns,
    ),
    Action("link", ("i",), "link", "link the post to the incident", POST, POSTS, reasons.links),
    Action(
        "unlink", (), "unlink", "take the post out of the incident", POST, POSTS, reasons.unlinks
    ),
    Action(
        "dismiss",
        ("x",),
        "not relevant",
        "mark the post as not relevant",
        POST,
        POSTS,
        reasons.needs_unanswered,
    ),
    Action(
        "private",
        (),
        "moved to private",
        "note that it goes on in private",
        POST,
        POSTS,
        reasons.needs_post,
    ),
    Action(
        "add",
        ("plus",),
        "add by hand",
        "add a post that somebody saw",
        POST,
        EVERYWHERE - CHECKLIST,
    ),
    Action("declare", ("I",), "declare", "declare an incident; nothing is published by it", CASE),
    Action(
        "tick",
        ("space",),
        "done",
        "tick the task, with its evidence; settle a call, duty or question",
        CASE,
        CHECKLIST,
        reasons.needs_task,
    ),
    Action(
        "skip",
        ("x",),
        "skip",
        "leave the task out, with the reason",
        CASE,
        CHECKLIST,
        reasons.needs_open_task,
    ),
    Action(
        "add-task",
        ("plus",),
        "add a task",
        "put a task on the checklist that the playbook does not have",
        CASE,
        CHECKLIST,
        reasons.needs_incident,
    ),
    Action(
        "escalate",
        (),
        "escalate",
        "call people step by step until one acknowledges",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "duties",
        (),
        "legal duties",
        "meet a duty by law, or waive it with the reason",
        CASE,
        reason=reasons.needs_duty,
    ),
    Action(
        "enquire",
        ("E",),
        "question",
        "write down a question by media, authority or partner",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "put-off",
        (),
        "put off",
        "put the next update off, with the reason",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "note",
        ("m",),
        "note",
        "write a note on the timeline; -12m puts it back",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "decide",
        (),
        "decision",
        "record a decision and its reason",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "severity",
        ("s",),
        "severity",
        "raise or lower the severity",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "roles",
        ("R",),
        "roles",
        "who does what; take a role, give it, hand yours over",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "contacts",
        ("exclamation_mark",),
        "call",
        "whom to call next; notes reached, no answer, message",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "retitle",
        (),
        "retitle",
        "give the incident another title",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "resolve",
        (),
        "resolve",
        "close the incident; asks for what is still open",
        CASE,
        reason=reasons.needs_incident,
    ),
    Action(
        "reopen",
        (),
        "reopen",
        "open a resolved incident again",
        CASE,
        reason=reasons.needs_resolved,
    ),
    Action(
        "statement",
        ("c",),
        "statement",
        "write a statement, or go on with one",
        SAY,
        reason=reasons.needs_incident,
    ),
    Action(
        "facts",
        ("f",),
        "facts",
        "set what is known, checked, unknown",
        SAY,
        reason=reasons.needs_incident,
    ),
    Action(
        "approvals",
        (),
        "approvals",
        "approve or reject exactly one text",
        SAY,
        reason=reasons.needs_any_incident,
    ),
    Action(
        "outbox",
        (),
        "outbox",
        "what is on its way, in doubt, or failed; decide on it",
        SAY,
        reason=reasons.needs_any_incident,
    ),
    Action("undo", ("z",), "undo", "take your last act back", ROOM, reason=reasons.undoes),
    Action(
        "link-open",
        ("o",),
        "open link",
        "show the link with its real host; opens it here",
        ROOM,
        reason=reasons.opens,
    ),
    Action("copy", ("y",), "copy", "copy the row's words", ROOM, reason=reasons.needs_row),
    Action(
        "edit",
        ("e",),
        "edit",
        "go on writing these words; ctrl+o there opens $EDITOR",
        SAY,
        frozenset((WORDS,)),
        reasons.needs_row,
    ),
    Action(
        "export", ("w",), "export", "write the incident to a file", ROOM, reason=reasons.exports
    ),
    Action("look", (), "dark or light", "change between dark and light", ROOM),
    Action("palette", ("colon", "ctrl+p"), "commands", "every command by name", ROOM),
    Action("help", ("question_mark",), "keys", "all keys", ROOM),
    Action("quit", ("q",), "quit", "back, or leave the room", ROOM),
    Action("leave", ("Q", "ctrl+q"), "leave", "leave the room at once", ROOM),
)
