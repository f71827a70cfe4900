"""Approvers without a terminal: asked by a message with the text and a one-time code.

The code itself is in the message and nowhere else; see `entering` for what becomes of it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

import msgspec

from crisisroom.config import Member
from crisisroom.core import codes
from crisisroom.core.approval import Progress, roles_for, titles
from crisisroom.core.codes_letter import Asking, letter_of, title_of
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.playbook import Contact, Reach
from crisisroom.core.said import Asked
from crisisroom.core.timeline import Draft, stamp
from crisisroom.notifiers.messages import Carrier, Carriers, InDoubt, Message, NotDelivered
from crisisroom.notifiers.standin import StandIns
from crisisroom.room import Acted, Room, Scene, reading
from crisisroom.room.allowed import approval_flaw
from crisisroom.room.looked import Looked, look
from crisisroom.room.texts import refuse_blocked, words_of
from crisisroom.room.verdicts import refuse_decided
from crisisroom.store import settings as kept

_DOUBT = "; nobody knows whether the message arrived"


class Sent(msgspec.Struct, frozen=True):
    """What asking came to; not `sure` means that the message may not have arrived, and `why`."""

    ask: Asked
    sure: bool = True
    why: str = ""


class Askable(msgspec.Struct, frozen=True):
    """Somebody who may be asked: as what, and the ways (email, sms) that a messenger serves."""

    contact: Contact
    roles: tuple[str, ...]
    ways: tuple[str, ...]


async def asks(room: Room, inc: str) -> tuple[tuple[Asked, codes.AskState], ...]:
    """Return everybody who was asked by message, oldest first, and whether their codes hold."""
    state, now = await reading.incident(room, inc), room.clock.now()
    return tuple(
        (one, codes.state_of(one, state.words(one.words), now)) for one in state.asked.values()
    )


async def askable(room: Room, inc: str, words_id: str, messengers: Carriers) -> tuple[Askable, ...]:
    """Return the contacts whose word a submitted text waits for, those nobody can reach as well."""
    looked = await look(room, inc, words_id)
    standing = looked.standing
    if looked.words.state != "submitted" or standing is None:
        return ()
    team, carriers = room.config.team, _carriers(room, looked.incident, messengers)
    return tuple(
        Askable(
            contact,
            speaks_as(looked.incident, contact, standing, team),
            tuple(way.by for way in contact.reach if carriers.serving(way.by)),
        )
        for contact in looked.incident.plan.contacts
        if not flaw_of(looked.incident, looked.words, contact, standing, team)
    )


async def ask(
    room: Room,
    inc: str,
    words_id: str,
    contact_id: str,
    *,
    way: str = "",
    messengers: Carriers,
    command_id: str = "",
) -> Acted:
    """Send a submitted text with a code to a contact, and put down that they were asked.

    `.thing` is `Sent`. Refused where their word does not count now, or where the message did not
    go: then nothing is put down. In a drill a file beside the room takes the message.
    """
    if before := await given_before(room, inc, command_id):
        return _sent(before)
    await room.reload()
    looked = await look(room, inc, words_id)
    asking = _asking(room, looked, contact_id)
    reach, carrier = _way(asking.contact, way, _carriers(room, looked.incident, messengers))
    now, code, salt = room.clock.now(), codes.make(secrets.choice), secrets.token_hex(16)
    digest = await asyncio.to_thread(codes.digest, code, asking.words.sha256, salt)
    message = Message(
        id=f"ask.{secrets.token_hex(12)}",
        title=title_of(asking),
        text=letter_of(asking, code, now),
        at=now,
    )
    why = await _carried(carrier, reach, message, code)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        if words.state != "submitted" or words.sha256 != asking.words.sha256:
            told = f"{words.id} changed while the message was on its way: its code is not good"
            raise Refused("changed", told, "ask again")
        return [_asked(state, asking, reach.by, (salt, digest), scene, why)]

    return _sent(await room.act(looked.incident.id, decide, command_id=command_id), why)


def _carriers(room: Room, state: Incident, messengers: Carriers) -> Carriers:
    """Return the ways out of a room; of a drill nothing goes anywhere real."""
    if state.drill or room.config.rehearses:
        return StandIns(room.store.here)
    return messengers


async def given_before(room: Room, inc: str, command_id: str) -> Acted | None:
    """Return what this command came to when it was given before."""
    if not command_id:
        return None
    if await room.store.read(lambda tx: kept.outcome(tx, command_id)) is None:
        return None
    return await room.act(inc, lambda state, scene: [], command_id=command_id)


def _sent(acted: Acted, why: str = "") -> Acted:
    asked = acted.incident.asked[acted.entry.data["ask"]]
    sure = not acted.entry.text.endswith(_DOUBT)
    return msgspec.structs.replace(acted, thing=Sent(asked, sure, why))


def _asking(room: Room, looked: Looked, contact_id: str) -> Asking:
    """Return who asks whom about what; Refused where it cannot count."""
    state, words, standing = looked.incident, looked.words, looked.standing
    refuse_decided(words, room.scene())
    if standing is None or standing.present is None:
        raise Refused("approved", f"{words.id} has every approval it needs now: it may go out")
    if looked.review is not None:
        refuse_blocked(words, looked.review)
    contact = contact_of(state, contact_id)
    team = room.config.team
    if flaw := flaw_of(state, words, contact, standing, team):
        hint = "contact list shows who has which part"
        raise Refused("may-not-approve", flaw, hint)
    asker = next((one.name for one in team if one.id == room.actor.name), room.actor.name)
    return Asking(state, words, standing, asker, contact, speaks_as(state, contact, standing, team))


def contact_of(state: Incident, contact_id: str) -> Contact:
    """Return a contact of the plan; Usage names those there are."""
    found = next((one for one in state.plan.contacts if one.id == contact_id), None)
    if found is None:
        known = ", ".join(one.id for one in state.plan.contacts) or "nobody"
        raise Usage("unknown-contact", f"{state.id} has no contact {contact_id}", f"it has {known}")
    return found


def speaks_as(
    state: Incident, contact: Contact, standing: Progress, team: Sequence[Member]
) -> tuple[str, ...]:
    """Return the roles as which a contact's word counts in the present step.

    A contact has the roles that the plan gives them, and those they hold in the room.
    """
    names = _names(contact, team)
    held = (role.id for role in state.roles.values() if role.holder in names)
    return roles_for(standing, {*contact.roles, *held})


def _names(contact: Contact, team: Sequence[Member]) -> set[str]:
    """Return what a contact may be called in the room."""
    return {contact.id, contact.name, *(one.id for one in team if one.name == contact.name)}


def flaw_of(
    state: Incident, words: Words, contact: Contact, standing: Progress, team: Sequence[Member]
) -> str:
    """Say why a contact's word does not count for a text now; empty where it does."""
    if words.author in _names(contact, team) and not standing.approval.self_approval:
        return f"{contact.name} wrote {words.id}: nobody approves their own words"
    for name in sorted(_names(contact, team)):
        if flaw := approval_flaw(team, name, standing.approval.id):
            return flaw
    step = standing.present.step if standing.present else None
    if step is not None and not step.by:
        return "" if contact.org == "internal" else f"{contact.name} is no colleague of ours"
    if not speaks_as(state, contact, standing, team):
        who = " or ".join(titles(state, standing.waits_for))
        return f"{words.id} waits for {who}, which {contact.name} is not"
    return ""


def _way(contact: Contact, way: str, carriers: Carriers) -> tuple[Reach, Carrier]:
    """Return the first of a contact's ways that a messenger serves, or the one that was named."""
    for reach in contact.reach:
        if way in ("", reach.by) and (carrier := carriers.serving(reach.by)):
            return reach, carrier
    ways = ", ".join(one.by for one in contact.reach) or "none at all"
    what = f"by {way}" if way else "by any of their ways"
    message = f"no messenger reaches {contact.name} {what}; the plan has: {ways}"
    raise Refused("no-way", message, "add one to messengers: in crisisroom.yaml, or call them")


async def _carried(carrier: Carrier, reach: Reach, message: Message, code: str) -> str:
    """Hand the message over; returns why it may not have arrived, usually nothing."""
    try:
        await carrier.carry(reach.to, message)
    except NotDelivered as error:
        told = f"nobody was asked: {_without(code, error.message)}"
        raise Refused("not-sent", told, error.hint or "try again, or call them") from None
    except InDoubt as error:
        return _without(code, error.message)
    return ""


def _without(code: str, said: str) -> str:
    """Return a stranger's words without the code, which a server may repeat."""
    for shown in (code, codes.read(code)):
        said = said.replace(shown, "(code)")
    return said


def _asked(
    state: Incident,
    asking: Asking,
    by: str,
    sealed: tuple[str, str],
    scene: Scene,
    why: str,
) -> Draft:
    contact, words, (salt, digest) = asking.contact, asking.words, sealed
    as_what = " or ".join(titles(state, asking.roles)) or "a colleague"
    data = {
        "ask": f"K-{len(state.asked) + 1}",
        "id": words.id,
        "sha256": words.sha256,
        "contact": contact.id,
        "name": contact.name,
        "roles": list(asking.roles),
        "way": by,
        "salt": salt,
        "digest": digest,
        "expires_at": stamp(scene.now + codes.GOOD_FOR),
    }
    said = f"asked {contact.name}, as {as_what}, by {by} to approve {words.id} v{words.version}"
    return Draft(kind="approval.asked", text=f"{said}{_DOUBT if why else ''}", data=data)
