"""From the composer to what a reply promises: asked for step by step."""

from __future__ import annotations

from functools import partial

from textual.app import App

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words


async def promise_in(app: App[object], incident: Incident, reply: Words) -> str:
    """Ask what a reply promises and write it down; return what to say, empty when left.

    It runs in a worker: each question waits for its answer.
    """
    from crisisroom.room import promising
    from crisisroom.tui.acted import Given, Undo  # the room's screen brings all of these
    from crisisroom.tui.acts import Desk
    from crisisroom.tui.acts.promises import add
    from crisisroom.tui.hearing import HearingApp
    from crisisroom.tui.reasons import FEED, Context

    if not isinstance(app, HearingApp):
        raise Refused("promise", "this screen stands alone", "crisisroom promise add does it")
    context = Context(view=FEED, me=app.room.actor.name, incident=incident, words=reply)
    try:
        desk = Desk(app, context)
        made, told = await add(desk, incident, reply.id)
    except Given:
        return ""
    back = partial(promising.drop, app.room, incident.id, made, "written down by mistake")
    desk.said(told, Undo(f"promise {made}", back))
    return told
