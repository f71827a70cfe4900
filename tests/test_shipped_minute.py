"""The shipped playbooks in the first minutes: what a room lets out before anybody could agree."""

from __future__ import annotations

import msgspec
import pytest
from room.people import SETTINGS, as_
from shipped import NAMES, shipped, values

from crisisroom.config import Member
from crisisroom.core.incident import Words
from crisisroom.core.playbook import Playbook, StatementTemplate
from crisisroom.room import (
    Room,
    approvals,
    facts,
    lifecycle,
    reading,
    roles,
    sending,
    statements,
)
from crisisroom.room.addressing import BY_HAND
from crisisroom.room.settings import apply_config

every = pytest.mark.parametrize("name", NAMES)


def holding(playbook: Playbook) -> StatementTemplate:
    """Return the first words of a playbook."""
    return next(one for one in playbook.statements if one.kind == "holding")


async def begun(room: Room, playbook: Playbook) -> None:
    """Approve the words in calm weather; at night Ada is alone, and Cy says what is known."""
    parts = tuple(role.id for role in playbook.roles if role.id != "social")
    team = (Member("ada", "Ada", ("social",)), Member("cy", "Cy", parts))
    await apply_config(room, msgspec.structs.replace(SETTINGS, team=team), "crisisroom.yaml")
    cy = as_(room, "cy")
    await approvals.approve_words(cy, playbook)
    await lifecycle.declare(room, playbook.title, playbook=playbook, severity="sev1")
    needed = [one for one in playbook.facts if one.id in holding(playbook).needs_facts]
    for role in {one.confirm_by for one in needed} - {""}:
        await roles.take(cy, "", role)
    for fact in needed:
        await know(cy, playbook, fact.id)


async def know(room: Room, playbook: Playbook, fact: str) -> None:
    """Say a fact, as in the drill."""
    await facts.set_fact(room, "", fact, values(playbook)[f"fact.{fact}"], "known")


async def first_words(room: Room, playbook: Playbook) -> Words:
    """Draft the first words, and release them by hand."""
    drafted = await statements.draft(room, "", holding(playbook).id, channel=BY_HAND)
    released: Words = (await sending.send(room, "", drafted.thing.id)).thing
    return released


@every
async def test_the_first_words_go_out_with_nobody_awake_to_agree(room: Room, name: str) -> None:
    playbook = shipped(name)
    await begun(room, playbook)
    released = await first_words(room, playbook)
    assert released.state == "queued"
    counted = [one.text for one in await reading.timeline(room)][-2]
    what = f"counts as {name}/{holding(playbook).id}, approved beforehand by cy"
    assert counted == f"{released.id} v1 {what}"


@every
async def test_a_correction_begins_with_the_words_for_it(room: Room, name: str) -> None:
    playbook = shipped(name)
    await begun(room, playbook)
    released = await first_words(room, playbook)
    await sending.confirm(room, "", released.id, "https://example.org/1")
    for fact in ("mistake", "correct", "said_since"):
        await know(room, playbook, fact)
    corrects = (await statements.correct(room, "", released.id)).thing
    assert (corrects.kind, corrects.template) == ("correction", "correction")
    known = values(playbook)
    since, wrong = known["fact.said_since"], known["fact.mistake"]
    assert f"Since {since} we have been saying: {wrong}. That was not right." in corrects.text
