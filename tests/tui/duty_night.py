"""A night with every duty in it: calls, the law, questions, and each kind of evidence and fact."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, OptionList, TextArea
from tui.night import BEGIN, advance
from tui.seeing import see, until

from crisisroom.clock import ManualClock
from crisisroom.config import Member, RoomConfig
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.room import Actor, Room, lifecycle, reading, roles
from crisisroom.tui.app import RoomApp
from crisisroom.tui.reasons import TASKS

YAML = """
schema: 1
id: leak
title: "Leak"
version: 1
severities:
  - {id: sev1, label: "Crisis"}
  - {id: sev2, label: "Serious"}
facts:
  - {id: what, label: "what happened", ask: "To follow 'we know that'", may_fill: yes}
  - {id: personal, label: "personal data", type: choice, options: ["yes", "no", "unclear"],
     confirm_by: legal}
  - {id: known, label: "known outside", type: yes-no}
  - {id: count, label: "how many", type: number, unit: people}
  - {id: aware, label: "aware since", type: time}
roles:
  - {id: lead, title: "Crisis lead", required: yes, backup: bo, within: 40m,
     duties: "Decides, and sees that somebody does each task."}
  - {id: legal, title: "Legal", backup: lou}
  - {id: scribe, title: "Scribe"}
contacts:
  - {id: ada, name: "Ada Ax", roles: [lead], reach: [{by: phone, to: "+1"}]}
  - {id: bo, name: "Bo Bee", reach: [{by: phone, to: "+2"}, {by: signal, to: "+22"}]}
  - {id: lou, name: "Lou Lee", roles: [legal], reach: [{by: phone, to: "+3"}]}
  - {id: dpa, name: "The authority", org: authority, reach: [{by: phone, to: "+9"}]}
escalations:
  - id: call-lead
    title: "Reach the lead"
    steps:
      - {call: [bo], wait: 5m}
      - {call: [lou], wait: 5m}
    rounds: 1
  - id: call-law
    title: "Reach the lawyer"
    steps: [{call: [lou], wait: 5m}]
phases:
  - id: first
    title: "First"
    tasks:
      - {id: pause, title: "Pause posts", role: lead, within: 30m, required: yes, evidence: note,
         detail: "The newsletter first.", on_overdue: [{escalate: call-lead}, {notify: lead}]}
      - {id: page, title: "Write the page", evidence: link}
      - {id: post, title: "Find the first post", evidence: mention}
      - {id: said, title: "Publish", evidence: statement}
      - {id: fact, title: "Find one fact", evidence: fact}
      - {id: threads, title: "Look at the threads", within: 1h, repeat: 45m}
      - {id: judge, title: "Judge the risk", when: {is: {fact.personal: [yes, unclear]}},
         within: 2h}
      - {id: calm, title: "Say that nothing is lost", when: {is: {fact.personal: no}}}
  - id: last
    title: "Last"
    tasks:
      - {id: thank, title: "Thank them", needs: [pause]}
statements:
  - {id: update, kind: update, title: "Update", audience: public, approval: words,
     text: "We know."}
approvals:
  - {id: words, by: [legal]}
cadences:
  - {id: public, audience: public, statement: update, first_within: 50m, every: {sev1: 20m}}
deadlines:
  - {id: gdpr, title: "Tell the authority", starts: aware, within: 72h, role: legal,
     when: {is: {fact.personal: [yes, unclear]}}, law: "Article 33", detail: "Late is worse."}
  - {id: stock, title: "Tell the exchange", starts: what, within: 4bd}
"""


def plan() -> Playbook:
    """Return the plan of the night."""
    loaded, problems = load_playbook(YAML, "leak.yaml")
    assert loaded is not None, problems
    return loaded


@asynccontextmanager
async def duty_room(folder: Path, *, team: tuple[str, ...] = ()) -> AsyncIterator[Room]:
    """Open a room in which INC-1 was declared ten minutes ago; ada is its lead."""
    clock = ManualClock(BEGIN)
    async with await Room.open(str(folder / "room.db"), actor=Actor("ada"), clock=clock) as room:
        members = tuple(Member(one, one.title(), ("lead", "scribe")) for one in team)
        room.config = RoomConfig(zone="Europe/Berlin", team=members)
        await lifecycle.declare(room, "Leak", playbook=plan(), severity="sev1")
        await roles.take(room, "INC-1", "lead")
        advance(room, 10)
        yield room


async def now(room: Room) -> Incident:
    """Return the incident as it stands."""
    return await reading.incident(room, "INC-1")


def case(app: RoomApp) -> Incident:
    """Return the incident as the screen knows it."""
    assert app.situation.incident is not None
    return app.situation.incident


async def write(pilot: Pilot[int], typed: str) -> None:
    """Type words into the line or area that asks, and finish."""
    await until(pilot, lambda: pilot.app.screen.query("Input, TextArea"))
    asks = pilot.app.screen.query("Input, TextArea").first()
    if isinstance(asks, Input):
        asks.value = typed
        await pilot.press("enter")
    elif isinstance(asks, TextArea):
        asks.text = typed
        await pilot.press("ctrl+s")


async def tell(pilot: Pilot[int], question: str, typed: str) -> None:
    """Wait for a question, then answer it in words."""
    await see(pilot, question)
    await write(pilot, typed)


def offered(pilot: Pilot[int]) -> list[str]:
    """Return the lines of the list that asks, without their numbers."""
    listing = pilot.app.screen.query_one(OptionList)
    prompts = (listing.get_option_at_index(at).prompt for at in range(listing.option_count))
    return [" ".join(str(one).split()).lstrip("123456789 ") for one in prompts]


async def choose(pilot: Pilot[int], question: str, told: str) -> None:
    """Wait for a question, then take the line of its list that begins with these words."""
    await see(pilot, question)
    await until(pilot, lambda: pilot.app.screen.query(OptionList))
    await until(pilot, lambda: [one for one in offered(pilot) if one.startswith(told)])
    found = [number for number, one in enumerate(offered(pilot)) if one.startswith(told)]
    pilot.app.screen.query_one(OptionList).highlighted = found[0]
    await pilot.press("enter")


async def on_row(pilot: Pilot[int], at: str) -> None:
    """Put the cursor on a row of the checklist."""
    app = pilot.app
    assert isinstance(app, RoomApp)
    if app.room_screen.active != TASKS:
        await pilot.press("3")
    tasks = app.room_screen.tasks
    await until(pilot, lambda: tasks.index_of(at) is not None)
    tasks.seek(at)
    await until(pilot, lambda: tasks.settled)
    await pilot.pause()
