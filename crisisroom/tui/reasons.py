"""What a key would act on, and why it cannot: the reasons stand in the hints."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from crisisroom.core.handing import offers_to
from crisisroom.core.incident import (
    DeadlineState,
    Enquiry,
    EscalationRun,
    FactState,
    Incident,
    TaskState,
    Words,
)
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.core.said import Stopped
from crisisroom.core.timeline import Entry

FEED, THREAD, TASKS, TIMELINE, WORDS = 1, 2, 3, 4, 5
POSTS = frozenset((FEED, THREAD))


class Context(msgspec.Struct, frozen=True):
    """What a key would act on at this moment."""

    view: int
    me: str
    incident: Incident | None = None
    mention: Mention | None = None
    task: TaskState | None = None
    run: EscalationRun | None = None
    deadline: DeadlineState | None = None
    enquiry: Enquiry | None = None
    entry: Entry | None = None
    words: Words | None = None
    fact: FactState | None = None
    at: str = ""
    undo: str = ""
    remote: bool = False
    restricted: bool = False
    reads_only: str = ""  # who may change nothing: as what they are here
    settled: bool = True
    incidents: int = 0
    drill_over: bool = False
    warned: int = 0  # early warnings that wait for a person
    story: Narrative | None = None  # of the head, or of the post in the list by story
    marked: tuple[Mention, ...] = ()
    typed: str = ""  # the feed's filter
    stopped: Stopped | None = None  # who stopped all outgoing words

    @property
    def kind(self) -> str:
        """Return what sort of row the cursor stands on: task, phase, call, deadline …"""
        return self.at.partition(":")[0]


Reason = Callable[[Context], str]
"""Says why an action cannot be done now; an empty text when it can."""


def needs_incident(context: Context) -> str:
    """Need an open incident."""
    if context.incident is None:
        return "no incident, I declares one"
    return "" if context.incident.status == "open" else f"{context.incident.id} is resolved"


def needs_any_incident(context: Context) -> str:
    """Need an incident, also a resolved one."""
    return "" if context.incident else "no incident, I declares one"


def needs_post(context: Context) -> str:
    """Need a post that has stood under the cursor."""
    return "choose a post first" if context.mention is None else _moved(context)


def _moved(context: Context) -> str:
    return "" if context.settled else "the list just moved, press again"


def needs_unanswered(context: Context) -> str:
    """Need a post nobody has answered."""
    if reason := needs_post(context):
        return reason
    answered = context.mention is not None and context.mention.state == "answered"
    return "answered already" if answered else ""


def sorts(context: Context) -> str:
    """Need a post, marked posts, or a story that has free ones."""
    if context.marked:
        return ""
    if context.mention is None and context.story is not None:
        return "" if context.story.free else "none of its posts is free"
    return needs_post(context)


def dismisses(context: Context) -> str:
    """Need a post nobody has answered, marked posts, or a story that has free ones."""
    bulk = bool(context.marked) or (context.mention is None and context.story is not None)
    return sorts(context) if bulk else needs_unanswered(context)


def tags(context: Context) -> str:
    """Need a post."""
    return "" if context.marked else needs_post(context)


def walks(context: Context) -> str:
    """Need a post, or the head of a story."""
    return "" if context.at else needs_post(context)


def needs_story(context: Context) -> str:
    """Need a story under the cursor."""
    return "" if context.story else "choose a story first, v shows them"


def splits(context: Context) -> str:
    """Need posts of one story."""
    posts = context.marked or ((context.mention,) if context.mention else ())
    told = {post.narrative for post in posts}
    if not posts:
        return "mark its posts first, with space"
    if "" in told:
        return "a post of no story cannot be broken off"
    return "" if len(told) == 1 else "the marked posts are of several stories"


def unlinks_story(context: Context) -> str:
    """Need a story that is part of the incident."""
    if reason := needs_incident(context) or needs_story(context):
        return reason
    linked = context.incident and context.story and context.story.uid in context.incident.stories
    return "" if linked else "it does not belong to the incident"


def saves(context: Context) -> str:
    """Need a filter."""
    return "" if context.typed else "nothing narrows the feed, / does"


def claims(context: Context) -> str:
    """Need a post, task or question that can be taken."""
    if context.view == TASKS:
        if context.enquiry:
            mine = context.enquiry.owner == context.me
            return "it is yours already" if mine else _moved(context)
        return needs_open_task(context)
    if reason := needs_unanswered(context):
        return reason
    mention = context.mention
    if mention and mention.state == "claimed" and mention.assignee == context.me:
        return "it is yours already"
    return ""


def needs_open_task(context: Context) -> str:
    """Need a task that is not closed."""
    if reason := needs_incident(context) or _moved(context):
        return reason
    if context.task is None:
        return "choose a task first"
    if context.task.state in ("done", "skipped"):
        return f"it is {context.task.state} already"
    if context.task.state == "not_needed":
        return "it is not needed as things stand"
    return ""


def needs_task(context: Context) -> str:
    """Need a task that can be ticked, or a call, duty or question that can be settled."""
    if context.run:
        return needs_incident(context) or _moved(context)
    if context.enquiry:
        return _moved(context)
    if context.deadline is not None:
        closed = context.deadline.state in ("met", "waived")
        return f"it is {context.deadline.state} already" if closed else _moved(context)
    if context.kind == "deadlines":
        return "they wait, enter lists them"
    if reason := needs_open_task(context):
        return reason
    assert context.task is not None
    waits = context.task.waiting_for
    return f"it waits for {waits}" if waits else ""


def assigns(context: Context) -> str:
    """Need a post, task or question that can be given."""
    if context.view == TASKS and context.enquiry:
        return _moved(context)
    return needs_open_task(context) if context.view == TASKS else needs_unanswered(context)


def needs_duty(context: Context) -> str:
    """Need a duty by law that is neither met nor waived; some go on after the end."""
    if context.incident is None:
        return "no incident, I declares one"
    states = [one.state for one in context.incident.deadlines.values()]
    return "" if {"running", "waiting"} & set(states) else "no legal duty is open"


def replies(context: Context) -> str:
    """Need an incident and an unanswered post."""
    return needs_incident(context) or needs_unanswered(context)


def links(context: Context) -> str:
    """Need a post that belongs to no incident."""
    if context.mention is None and context.story is not None:
        return needs_incident(context) or _linked(context)
    if reason := needs_incident(context) or needs_post(context):
        return reason
    linked = context.mention.incident if context.mention else ""
    return f"it belongs to {linked} already" if linked else ""


def _linked(context: Context) -> str:
    state, story = context.incident, context.story
    there = state is not None and story is not None and story.uid in state.stories
    return f"it belongs to {state.id} already" if state and there else ""


def unlinks(context: Context) -> str:
    """Need a post of an incident."""
    if reason := needs_incident(context) or needs_post(context):
        return reason
    return "" if context.mention and context.mention.incident else "it belongs to no incident"


def opens(context: Context) -> str:
    """Need a row with a link."""
    if context.view in (WORDS, TIMELINE, TASKS):
        return "" if link_of(context) else "nothing to open here"
    if reason := needs_post(context):
        return reason
    return "" if link_of(context) else "this post has no link"


def link_of(context: Context) -> str:
    """Return the link of what the cursor stands on, empty where there is none."""
    if context.words is not None:
        return next((send.remote_url for send in context.words.sends.values()), "")
    if context.view in POSTS and context.mention:
        return context.mention.url
    if context.task is not None and context.task.given.startswith("http"):
        return context.task.given
    return ""


def undoes(context: Context) -> str:
    """Need an act of mine."""
    return "" if context.undo else "nothing of yours to take back"


def needs_row(context: Context) -> str:
    """Need a row."""
    return "" if context.at else "nothing chosen"


def needs_owed(context: Context) -> str:
    """Need words that are out and rest on a fact that moved since."""
    if context.incident is None:
        return "no incident, I declares one"
    return "" if context.incident.owed else "no correction is due"


def needs_offer(context: Context) -> str:
    """Need a role that somebody offers me."""
    if context.incident is None:
        return "no incident, I declares one"
    return "" if offers_to(context.incident, context.me) else "nobody offers you a role"


def needs_resolved(context: Context) -> str:
    """Need a resolved incident."""
    if context.incident is None:
        return "no incident"
    return "" if context.incident.status == "resolved" else f"{context.incident.id} is open"


def needs_another(context: Context) -> str:
    """Need a second incident."""
    return "" if context.incidents > 1 else "there is no other incident"
