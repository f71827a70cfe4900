"""Why words cannot be stopped, answered to many or promised now: the reasons stand in the hints."""

from __future__ import annotations

from crisisroom.tui.reasons import Context, needs_any_incident, needs_incident


def stops(context: Context) -> str:
    """Need words that still go out."""
    return f"{context.stopped.by} stopped them already" if context.stopped else ""


def resumes(context: Context) -> str:
    """Need a stop; without an incident in view the act itself finds out."""
    return "" if context.stopped or context.incident is None else "nothing is stopped"


def answers_story(context: Context) -> str:
    """Need an open incident, and a story or a post of one."""
    if reason := needs_incident(context):
        return reason
    told = context.story is not None or (context.mention and context.mention.narrative)
    return "" if told else "choose a story first, v shows them"


def needs_bulk(context: Context) -> str:
    """Need an answer to many."""
    if reason := needs_any_incident(context):
        return reason
    known = context.incident is not None and context.incident.bulks
    return "" if known else "nobody answered many at once"


def promises(context: Context) -> str:
    """Need a reply in an open incident."""
    if reason := needs_incident(context):
        return reason
    known = context.incident is not None and context.incident.replies
    return "" if known else "no reply yet"
