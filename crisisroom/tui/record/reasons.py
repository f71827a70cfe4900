"""Why what is done with the record cannot be done now."""

from __future__ import annotations

from crisisroom.tui.reasons import Context, needs_any_incident, needs_incident, needs_post


def needs_entry(context: Context) -> str:
    """Need an entry of the timeline."""
    return "" if context.entry else needs_any_incident(context) or "choose an entry first"


def keeps(context: Context) -> str:
    """Need a post; one that belongs to no incident needs an open one."""
    linked = context.mention and context.mention.incident
    return needs_post(context) or ("" if linked else needs_incident(context))


def attaches(context: Context) -> str:
    """Need an incident, and a machine whose files may be read."""
    shut = "files of the host cannot be read from here" if context.restricted else ""
    return shut or needs_any_incident(context)
