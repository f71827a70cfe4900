"""A room with a night in it, and an app that shows one screen of it."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from crisisroom.clock import ManualClock
from crisisroom.config import Account, Brand, Member, RoomConfig, Source
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Author, Incoming, Mention
from crisisroom.core.playbook_load import load_playbook
from crisisroom.firstpaint.cells import WHOLE
from crisisroom.room import (
    Actor,
    Room,
    approvals,
    facts,
    lifecycle,
    reading,
    roles,
    statements,
    stopping,
    triage,
    words,
)
from crisisroom.room.settings import apply_config
from crisisroom.tui.compose.base import ACTING
from crisisroom.tui.situation import Situation
from crisisroom.tui.theme import PALETTES, THEMES, Palette, theme_of
from crisisroom.tui.widgets.hints import Hints

START = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
PLAYBOOK = """
schema: 1
id: billing-error
title: "Billing error"
version: 3
severities:
  - {id: sev1, label: "Serious"}
  - {id: sev2, label: "Limited"}
facts:
  - {id: what, label: "what", may_fill: yes}
  - {id: since, label: "since", may_fill: yes}
  - {id: affected, label: "affected"}
  - {id: refund, label: "refund by", may_fill: yes}
roles:
  - {id: comms, title: "Communications", backup: eva, required: yes}
  - {id: legal, title: "Legal"}
contacts:
  - {id: eva, name: "Eva", reach: [{by: phone, to: "+00 000 0177"}]}
phases:
  - id: respond
    title: "Respond"
    tasks:
      - {id: pause, title: "Pause scheduled posts", within: 5m, required: yes}
statements:
  - id: holding
    kind: holding
    title: "Holding statement"
    audience: public
    approval: legal
    text: |
      Since {{fact.since}} {{fact.what}}. We are sorry. This is our mistake.

      Every second charge goes back by {{fact.refund}}. We write again here by {{next_update}}.
  - id: update
    kind: update
    title: "Public update"
    audience: public
    approval: legal
    text: "Update {{time}}: {{fact.what}}. Next word by {{next_update}}."
key_messages:
  - id: km-2
    title: "apology"
    when: ["charged twice", card]
    text: "We are sorry. You were charged twice, and that is our mistake."
  - id: km-4
    title: "refund date"
    when: [when, "money back", euros]
    text: "The second payment goes back to your card by {{fact.refund}}."
  - id: km-5
    title: "private channel"
    when: [rent, "customer number"]
    private: yes
    text: "Send us your pass number in private, only you and we can read it."
  - id: km-3
    title: "voucher"
    expires: "2026-10-31"
    text: "You get a voucher."
faq:
  - id: faq-1
    question: "Is my card safe?"
    when: [safe, bank, phone]
    answer: "No card data was involved. You do not need to block your card."
approvals:
  - {id: legal, by: [legal], within: 10m, preapproved: [update], break_glass: [comms]}
cadences:
  - id: public
    audience: public
    statement: update
    first_within: 30m
    every: {sev1: 30m, sev2: 60m}
guardrails:
  forbid: ["guarantee", "not our fault"]
greeting: "Hello {{handle}},"
sign_off: "{{me}}, for {{brand}}"
reply_approval: legal
"""
CONFIG = RoomConfig(
    name="Ferrow",
    zone="Europe/Berlin",
    brand=Brand(name="Ferrow"),
    accounts=(
        Account(id="masto", type="mastodon", server="https://social.example", handle="@ferrow"),
    ),
    sources=(
        Source(id="masto", type="mastodon", account="masto"),
        Source(id="forum", type="feed", url="https://forum.example/feed"),
    ),
    team=(
        Member(id="ada", name="Ada", roles=("comms",)),
        Member(id="bo", name="Bo", roles=("comms",)),
        Member(id="cy", name="Cy", roles=("legal",)),
    ),
)
POST = (
    "You charged my card TWICE for the November pass. 98 euros gone and my rent goes out on "
    "Monday. Your phone just rings. Is anybody there?"
)


@dataclass
class Night:
    """Everything a test touches: the room as ada sees it, colleagues, the case, the post."""

    room: Room
    clock: ManualClock
    incident: Incident
    mention: Mention
    forum: Mention

    def by(self, name: str) -> Room:
        """Return the room as a colleague sees it."""
        return self.room.as_actor(Actor(name))

    async def now(self) -> Incident:
        """Return the incident as it stands."""
        return await reading.incident(self.room, self.incident.id)

    async def words(self, words_id: str) -> Words:
        """Return a statement or reply as it stands."""
        found = (await self.now()).words(words_id)
        assert found is not None
        return found

    async def reply(self, text: str, *, by: str = "ada") -> Words:
        """Write a reply to the post."""
        acted = await words.save_reply(self.by(by), self.incident.id, self.mention.id, text)
        found: Words = acted.thing
        return found

    async def statement(self, template: str = "holding") -> Words:
        """Draft a statement."""
        acted = await statements.draft(self.room, self.incident.id, template)
        found: Words = acted.thing
        return found


@asynccontextmanager
async def night(
    path: Path, *, approved: bool = True, playbook: str = PLAYBOOK
) -> AsyncIterator[Night]:
    """Open a room with one incident, two posts, some facts, and approved words."""
    clock = ManualClock(START)
    plan, problems = load_playbook(playbook, "billing-error.yaml")
    assert plan is not None, problems
    async with await Room.open(str(path / "room.db"), actor=Actor("ada"), clock=clock) as room:
        await apply_config(room, CONFIG, "crisisroom.yaml")
        await room.reload()
        declared = await lifecycle.declare(room, "Double charge", playbook=plan, severity="sev1")
        inc = declared.incident.id
        await roles.take(room, inc, "comms")
        cy = room.as_actor(Actor("cy"))
        await roles.take(cy, inc, "legal")
        if approved:
            ids = ["greeting", "sign_off", "km-2", "km-4", "km-5", "km-3", "faq-1"]
            await approvals.approve_words(cy, plan, ids)
        await facts.set_fact(room, inc, "what", "some passes are charged twice", source="log")
        await facts.set_fact(room, inc, "since", "02:40", source="log")
        await facts.set_fact(room, inc, "affected", state="checking")
        await triage.ingest(room, [_post(), _answer(), _forum()])
        found = await reading.mentions(room)
        by_text = {one.external_id: one for one in found}
        await triage.link(room, inc, [by_text["1"].id])
        clock.advance(15 * 60)
        incident = await reading.incident(room, inc)
        yield Night(room, clock, incident, by_text["1"], by_text["f1"])


def _post() -> Incoming:
    return Incoming(
        text=POST,
        source="masto",
        external_id="1",
        author=Author("pat@social.example", "Pat", 2100),
        url="https://social.example/@pat/1",
        posted_at=START,
    )


def _answer() -> Incoming:
    return Incoming(
        text="same here, two debits at 02:41. my bank says ask ferrow",
        source="masto",
        external_id="2",
        reply_to="1",
        author=Author("lund@social.example"),
        posted_at=START,
    )


def _forum() -> Incoming:
    return Incoming(
        text="[@click=app.quit] is my card safe? [/red]",
        source="forum",
        external_id="f1",
        author=Author("kettle_on"),
        url="https://forum.example/t/1",
        posted_at=START,
    )


class Stand(Screen[None]):
    """What one comes back to."""

    def compose(self) -> Any:
        """Show the line on which acts answer."""
        yield Hints()


class Themed(App[None]):
    """An app in one of our palettes."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, palette: str = "dark") -> None:
        super().__init__()
        self.palette: Palette = PALETTES[palette]
        self.ascii_only = palette == "mono"
        self.tint = WHOLE
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_of(self.palette.name)


class Shown(Themed):
    """An app that shows one screen above an empty one, as the real one does."""

    def __init__(self, screen: Screen[Any], know: Situation, palette: str = "dark") -> None:
        super().__init__(palette)
        self.situation = know
        self._first = screen

    async def on_mount(self) -> None:
        """Open the screen."""
        await self.push_screen(Stand())
        await self.push_screen(self._first)

    def told(self) -> str:
        """Return the message on the line of keys."""
        return "".join(hints.message for hints in self.screen.query(Hints))


@asynccontextmanager
async def showing(
    stage: Night, screen: Screen[Any], size: tuple[int, int] = (120, 36), palette: str = "dark"
) -> AsyncIterator[tuple[Shown, Pilot[None]]]:
    """Run an app with this screen on it."""
    status = await reading.status(stage.room)
    incident = await stage.now()
    know = Situation(
        stage.clock.now(),
        stage.room.actor.name,
        incident,
        status.clocks,
        status,
        stopped=await stopping.stopped(stage.room),
    )
    app = Shown(screen, know, palette)
    async with app.run_test(size=size) as pilot:
        yield app, pilot


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait for a condition, letting the app work."""
    for _ in range(3000):  # a busy machine is no failure
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to that")


async def settled(app: Shown, pilot: Pilot[None]) -> None:
    """Wait until every act came to its end; what follows changes goes on for ever."""
    while acting := [one for one in app.workers if one.group == ACTING]:
        await app.workers.wait_for_complete(acting)
    await pilot.pause()


def picture(app: Shown, name: str) -> None:
    """Save what is on the screen as a picture, to be looked at."""
    path = Path("/tmp/shots")
    path.mkdir(exist_ok=True)
    (path / f"{name}.svg").write_text(
        app.export_screenshot().replace("<svg ", '<svg xml:space="preserve" ', 1)
    )
    subprocess.run(
        ["rsvg-convert", "-w", "1100", path / f"{name}.svg", "-o", path / f"{name}.png"], check=True
    )


def text_of(app: Shown) -> str:
    """Return what is on the screen as plain lines."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()[:height]
    return "\n".join("".join(segment.text for segment in strip)[:width].rstrip() for strip in lines)
