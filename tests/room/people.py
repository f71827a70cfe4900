"""A small playbook, a team, and the room as each of them sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from crisisroom.config import Account, Brand, Member, RoomConfig, Source
from crisisroom.core.incident import Words
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.playbook import (
    Answer,
    Approval,
    Cadence,
    Contact,
    Fact,
    Guardrails,
    KeyMessage,
    Phase,
    Playbook,
    Reach,
    Role,
    Severity,
    StatementTemplate,
    Task,
)
from crisisroom.room import Acted, Actor, Room, approvals, facts, lifecycle, roles, triage, words
from crisisroom.room.settings import apply_config

PLAN = Playbook(
    schema=1,
    id="kettle",
    title="A kettle overheats",
    version=1,
    severities=(Severity("sev1", "Grave"), Severity("sev2", "Serious"), Severity("sev3", "Minor")),
    facts=(
        Fact("product", "Product", may_fill=True),
        Fact("batch", "Batch", may_fill=True),
        Fact("cause", "Cause"),
    ),
    roles=(
        Role("lead", "Lead", required=True),
        Role("social", "Social media"),
        Role("legal", "Legal"),
    ),
    contacts=(Contact("lab", "The lab", (Reach("phone", "+49 30 1234"),)),),
    phases=(
        Phase(
            "first",
            "First hour",
            (
                Task("pause", "Pause what is scheduled", role="social", within=300, required=True),
                Task("ask", "Ask the lab", within=600, evidence="note", needs_facts=("product",)),
                Task("page", "Put up a page", evidence="link", needs=("pause",)),
            ),
        ),
    ),
    statements=(
        StatementTemplate(
            "holding",
            "holding",
            "First words",
            "We look into {{fact.product}}. The cause: {{fact.cause}}. More by {{next_update}}.",
            approval="words",
        ),
        StatementTemplate(
            "standing",
            "update",
            "Where we stand",
            "Do not use {{fact.product}} for now. We write again by {{next_update}}.",
            approval="words",
        ),
        StatementTemplate("inside", "internal", "To colleagues", "We are on it.", "employees"),
    ),
    key_messages=(
        KeyMessage(
            "unplug",
            "Unplug it",
            "Please unplug {{fact.product}}. We write again by {{next_update}}.",
            when=("smoke", "burn", "hot", "fire"),
        ),
        KeyMessage("refund", "Money back", "You get your money back.", when=("money", "refund")),
    ),
    faq=(Answer("batches", "Which batch is affected?", "Batches {{fact.batch}}.", ("batch",)),),
    approvals=(Approval("words", by=("legal", "lead"), within=600, preapproved=("standing",)),),
    cadences=(
        Cadence("public", "public", "holding", 1800, {"sev1": 1800, "sev2": 3600, "sev3": 7200}),
    ),
    guardrails=Guardrails(forbid=("no risk",), warn=("impossible",)),
    greeting="Hello {{handle}},",
    sign_off="{{brand}}",
    reply_approval="words",
)

# what the composer opens with once `prepared` is done
READY = (
    "Hello @pat@social.example,\nPlease unplug the X1 kettle. We write again by 04:07.\n\nKessel"
)

ACCOUNT = "masto"
SETTINGS = RoomConfig(
    name="kettles",
    zone="Europe/Berlin",
    brand=Brand("Kessel", ("Kessel",), (ACCOUNT,)),
    accounts=(Account(id=ACCOUNT, type="mastodon", server="https://social.example"),),
    sources=(Source(id="masto-in", type="mastodon", account=ACCOUNT),),
)
TEAM = (
    Member("ada", "Ada", ("social",)),
    Member("bo", "Bo", ("social", "lead")),
    Member("cy", "Cy", ("legal",)),
    Member("dee", "Dee", ("lead", "legal")),
)
WITH_TEAM = msgspec.structs.replace(SETTINGS, team=TEAM)


def names_beside(address: str) -> set[str]:
    """Return the names of the files in a room's folder, none where there is no folder."""
    folder = Path(address).parent
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def as_(room: Room, name: str) -> Room:
    """Return the room as somebody else sees it."""
    return room.as_actor(Actor(name))


def post(text: str, key: str, handle: str = "pat@social.example", **more: Any) -> Incoming:
    """Return a post on the network that we answer on."""
    return Incoming(
        text=text, source="masto-in", external_id=key, author=Author(handle), lang="en", **more
    )


async def declared(
    room: Room, settings: RoomConfig = SETTINGS, texts: Sequence[str] = ("my kettle is on fire",)
) -> Acted:
    """Set the room up, let posts arrive as M-1 … and declare INC-1 with all of them."""
    await apply_config(room, settings, "crisisroom.yaml")
    heard = [post(text, f"p{number}") for number, text in enumerate(texts, 1)]
    await triage.ingest(room, heard)
    ids = [f"M-{number}" for number in range(1, len(texts) + 1)]
    return await lifecycle.declare(
        room, "Kettles overheat", playbook=PLAN, severity="sev2", mentions=ids
    )


async def reply(room: Room, text: str = "", mention: str = "M-1") -> Words:
    """Save a reply to a mention: the prefilled words, or these."""
    if not text:
        text = (await words.prefill(room, "INC-1", mention)).text
    saved: Words = (await words.save_reply(room, "INC-1", mention, text)).thing
    return saved


async def agreed(room: Room, words_id: str, by: str = "", inc: str = "INC-1") -> None:
    """Hand a text in and approve it: alone, or as `by`."""
    handed = await words.submit(room, inc, words_id)
    judge = as_(room, by) if by else room
    await words.approve(judge, inc, words_id, handed.thing.sha256)


async def prepared(room: Room, *, team: bool = False) -> None:
    """Declare, know the product, and have the playbook's words approved."""
    await declared(room)
    await facts.set_fact(room, "", "product", "the X1 kettle")
    await approvals.approve_words(room, PLAN)
    if team:
        await apply_config(room, WITH_TEAM, "crisisroom.yaml")
        await roles.take(as_(room, "cy"), "", "legal")
        await roles.take(as_(room, "bo"), "", "lead")
