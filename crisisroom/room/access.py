"""Who may see an incident, and who may change anything: one person's view of the room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from crisisroom.config import member_of
from crisisroom.config.sshkey import fingerprint
from crisisroom.core.errors import Refused
from crisisroom.store import Tx, log
from crisisroom.store.opened import looking_on

if TYPE_CHECKING:
    from crisisroom.config import Member
    from crisisroom.core.incident import Incident
    from crisisroom.room import Room

LEGAL = "legal"
SPECTATOR = "spectator"  # as what somebody reads who opened the room only to look on
_LEADS = "lead"
SHUT_OUT = ("not-in-team", "key-removed")  # what no SSH key opens any more, by code

_WHAT = {
    "observer": "an observer here: observers see everything that is for all and change nothing",
    "executive": "an executive here: executives read the brief and change nothing",
}


class Reader:
    """The person who acts in a room, as the store asks about them."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @property
    def _member(self) -> Member | None:
        return member_of(self._room.config.team, self._room.actor.name)

    def called(self) -> str:
        """Return their name."""
        return self._room.actor.name

    def in_legal(self, holders: Mapping[str, str]) -> bool:
        """Tell whether they may read what is for Legal, where roles have these holders.

        Those may who hold the role in the incident, and whom the team lets hold it; in a plan
        without the role whoever leads. A room without a team has one person, who may.
        """
        member = self._member
        if not self._room.config.team or (member is not None and LEGAL in member.roles):
            return True
        role = LEGAL if LEGAL in holders else _LEADS
        return holders.get(role) == self.called()

    async def refuse_to_write(self, tx: Tx) -> None:
        """Refuse, as of a transaction, if the team lets them only read, or not even that."""
        await self.refuse_to_look(tx)
        await self._room.refresh(tx)
        if refusal := read_only(self._room):
            raise refusal

    async def refuse_to_look(self, tx: Tx) -> None:
        """Refuse, as of a transaction, whom an SSH key let in that opens the room no more."""
        if self._room.actor.confined:
            await self._room.refresh(tx)
            if refusal := shut_out(self._room):
                raise refusal


def shut_out(room: Room) -> Refused | None:
    """Return why an SSH key opens the room no more, None where it does.

    That counts for what is open already too: at its next look it finds the door shut.
    """
    actor = room.actor
    member = member_of(room.config.team, actor.name)
    hint = "somebody of the team adds you under `team` in crisisroom.yaml and applies it"
    if member is None:
        return Refused("not-in-team", f"{actor.name} is not in this room's team", hint)
    if actor.key and actor.key not in map(fingerprint, member.keys):
        return Refused("key-removed", f"this key of {member.id}'s opens the room no more", hint)
    return None


def read_only(room: Room) -> Refused | None:
    """Return why whoever looks at the room may change nothing in it, None where they may."""
    if room.store.looks_on:
        return looking_on()
    member = member_of(room.config.team, room.actor.name)
    if member is None or not member.reads_only:
        return None
    message = f"{member.id} is {_WHAT[member.access]}"
    return Refused("read-only", message, "ask the lead to do it, or to have you added to the team")


async def refuse_unseen(
    tx: Tx, state: Incident, seen: Incident, decide: Callable[[Incident], Awaitable[object]]
) -> None:
    """Refuse an act on what is Legal's and not for who acts, in the words for what never was.

    `seen` has such things without their words, so that none of their numbers is given again. What
    they come to where they are not there at all is looked at first, and taken back.
    """
    bare = await log.as_seen(tx, state)
    if bare is seen or bare == seen:
        return
    told = len(tx.notes)
    await tx.run("SAVEPOINT unseen")
    await decide(bare)  # a refusal ends the transaction
    await tx.run("ROLLBACK TO unseen")
    await tx.run("RELEASE unseen")
    del tx.notes[told:]


def reads_legal(room: Room, incident: Incident) -> bool:
    """Tell whether somebody may read what is for Legal in an incident, see `Reader.in_legal`."""
    return Reader(room).in_legal({one.id: one.holder for one in incident.roles.values()})


def access_of(room: Room) -> str:
    """Return as what somebody only reads the room; empty: they act.

    That is `observer` or `executive` by the team, or `spectator`: they opened it only to look on.
    """
    member = member_of(room.config.team, room.actor.name)
    access = member.access if member is not None else ""
    return access or (SPECTATOR if room.store.looks_on else "")
