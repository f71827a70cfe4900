"""A night with two public accounts, one for colleagues, and a playbook with translations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from tui.compose.stage import CONFIG, PLAYBOOK, Night, night

from crisisroom.config import Account
from crisisroom.core.incident import Words
from crisisroom.room import facts, sending, statements, words
from crisisroom.room.settings import apply_config

MORE = """
translations:
  - language: de
    statements:
      holding: |
        Seit {{fact.since}} {{fact.what}}. Das tut uns leid, es ist unser Fehler.

        Jede zweite Abbuchung kommt bis {{fact.refund}} zurück. Neues hier bis {{next_update}}.
"""
SHORT = "Some passes are charged twice. We are sorry. Every second charge goes back by Tuesday."
ACCOUNTS = (
    *CONFIG.accounts,
    Account(id="bsky", type="bluesky", handle="ferrow.example"),
    Account(id="staff", type="webhook", server="https://hooks.example/x", private=True),
)
SENT = {"remote_id": "1", "remote_url": "https://social.example/@ferrow/1"}


@asynccontextmanager
async def spoken(path: Path, *, playbook: str = PLAYBOOK + MORE) -> AsyncIterator[Night]:
    """Open the night with three accounts; the refund is known."""
    async with night(path, playbook=playbook) as stage:
        config = msgspec.structs.replace(CONFIG, accounts=ACCOUNTS)
        await apply_config(stage.room, config, "crisisroom.yaml")
        await stage.room.reload()
        await facts.set_fact(stage.room, stage.incident.id, "refund", "Tuesday", source="finance")
        yield stage


async def drafted(stage: Night, variants: dict[str, str] | None = None) -> Words:
    """Draft the holding statement, with words of its own for some channels."""
    acted = await statements.draft(stage.room, stage.incident.id, "holding", variants=variants)
    found: Words = acted.thing
    return found


async def agreed(stage: Night, variants: dict[str, str] | None = None) -> Words:
    """Have it approved by Legal as it reads."""
    held = await drafted(stage, variants)
    await words.submit(stage.room, stage.incident.id, held.id)
    await words.approve(stage.by("cy"), stage.incident.id, held.id, held.sha256)
    return await stage.words(held.id)


async def published(
    stage: Night, *channels: str, variants: dict[str, str] | None = None, out: bool = True
) -> Words:
    """Publish it; with `out`, as if the outbox had carried it everywhere."""
    held = await agreed(stage, variants)
    await sending.publish(stage.room, stage.incident.id, held.id, channels)
    if out:
        await went_out(stage, held.id)
    return await stage.words(held.id)


async def went_out(stage: Night, words_id: str, step: str = "sent") -> None:
    """Write down that every way of a text came to this end."""
    held = await stage.words(words_id)
    more = SENT if step == "sent" else {"words": "no answer from social.example"}
    told = f"{held.id} {step}"
    steps = [sending.way_draft(held, way, step, told, more) for way in held.sends.values()]
    await stage.room.act(stage.incident.id, lambda state, scene: steps)


async def moved(stage: Night) -> None:
    """Let the refund's day move."""
    await facts.set_fact(
        stage.room, stage.incident.id, "refund", "Friday", source="finance", state="changed"
    )
