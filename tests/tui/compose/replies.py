"""A night with more to a reply: two languages, three forms, a line for stories, roles for press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from tui.compose.stage import PLAYBOOK, START, Night, night

from crisisroom.core.drafts import SavedDraft
from crisisroom.core.mention import Author, Incoming, Mention
from crisisroom.room import approvals, drafting, reading, triage

MORE = (
    PLAYBOOK.replace(
        "faq:\n",
        """  - id: km-6
    title: "patience"
    when: [thanks, "well done"]
    thanks: yes
    text: "Thank you for your patience."
faq:
""",
    )
    .replace(
        "version: 3\n", 'version: 3\nlanguage: en\nsource_of_truth: "https://ferrow.example/now"\n'
    )
    .replace('forbid: ["guarantee", "not our fault"]', 'forbid: ["guarantee"]\n  warn: ["always"]')
    + """pointer: "All we know stands here: {{source_of_truth}}"
goes_to: {press: comms, regulator: legal}
translations:
  - language: de
    greeting: "Hallo {{handle}},"
    sign_off: "{{me}}, {{brand}}"
    pointer: "Alles, was wir wissen, steht hier: {{source_of_truth}}"
    words:
      km-2: "Es tut uns leid. Ihre Karte wurde zweimal belastet, und das ist unser Fehler."
      km-5: "Schreiben Sie uns Ihre Nummer bitte privat, dort lesen nur wir mit."
"""
)
GERMAN = "Meine Karte wurde doppelt belastet, charged twice! Wann kommt das Geld zurück?"


@asynccontextmanager
async def reply_night(path: Path) -> AsyncIterator[Night]:
    """Open the night with all its words approved by cy, who is Legal."""
    async with night(path, approved=False, playbook=MORE) as stage:
        await approvals.approve_words(stage.by("cy"), stage.incident.plan)
        yield stage


async def post(stage: Night, text: str, external_id: str = "g1", lang: str = "") -> Mention:
    """Let somebody post on the network that we answer on, as part of the incident."""
    told = Incoming(
        text=text,
        source="masto",
        external_id=external_id,
        author=Author("uli@social.example", "Uli", 300),
        url="https://social.example/@uli/" + external_id,
        posted_at=START,
        lang=lang,
    )
    await triage.ingest(stage.room, [told])
    found = next(
        one for one in await reading.mentions(stage.room) if one.external_id == external_id
    )
    await triage.link(stage.room, stage.incident.id, [found.id])
    return found


async def writes(stage: Night, by: str, text: str, *, minutes_ago: float = 0) -> None:
    """Let a colleague have typed something into the reply to the post."""
    ref = stage.mention.id
    await drafting.autosave(
        stage.by(by),
        SavedDraft(
            id="/".join(("reply", stage.incident.id, ref, by)),
            incident=stage.incident.id,
            kind="reply",
            mention=ref,
            actor=by,
            text=text,
            updated_at=stage.clock.now() - timedelta(minutes=minutes_ago),
        ),
    )
