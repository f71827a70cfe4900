"""The team: who works in the room, what they may do there, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from crisisroom.config.kinds import ExistingZone
from crisisroom.config.notifying import Notify
from crisisroom.config.sshkey import MOST, key_flaw
from crisisroom.core.kinds import Id, Rule
from crisisroom.core.playbook import Reach


def handle_flaw(text: str) -> str:
    """Say what keeps a text from being somebody's name on a network."""
    fits = bool(text) and text.isprintable() and " " not in text
    return "" if fits else "a handle is one word, like @ada@mastodon.example or ada.bsky.social"


Access = Literal["", "observer", "executive"]
Handle = Annotated[str, Rule(most=200, flaw=handle_flaw)]
PublicKey = Annotated[str, Rule(most=MOST, flaw=key_flaw)]


class Member(msgspec.Struct, frozen=True):
    """A person of the team: the roles they may hold, the approvals they may give, their keys.

    Without `approves` they may give every approval of the roles they hold. `access` is for who
    reads only: an observer, or an executive.
    """

    id: Id
    name: str
    roles: tuple[Id, ...] = ()
    approves: tuple[Id, ...] | None = None  # approvals of playbooks, by their ids
    handles: tuple[Handle, ...] = ()  # on networks
    keys: tuple[PublicKey, ...] = ()  # SSH public keys, as a .pub file has them
    reach: tuple[Reach, ...] = ()  # in the order to try them
    zone: ExistingZone = ""  # empty: the room's
    access: Access = ""
    notify: Notify = Notify()

    @property
    def reads_only(self) -> bool:
        """Whether they see the room and change nothing in it."""
        return bool(self.access)

    def may_hold(self, role_id: str) -> bool:
        """Whether they may take this part."""
        return role_id in self.roles and not self.reads_only

    def may_give(self, approval_id: str) -> bool:
        """Whether they may give this approval, once they hold a role that it asks for."""
        return not self.reads_only and (self.approves is None or approval_id in self.approves)


Team = tuple[Member, ...]


def member_of(team: Iterable[Member], person: str) -> Member | None:
    """Return the member with an id, None where nobody has it."""
    return next((one for one in team if one.id == person), None)


def who_may_hold(team: Iterable[Member], role_id: str) -> tuple[str, ...]:
    """Return the ids of those who may take a part."""
    return tuple(one.id for one in team if one.may_hold(role_id))
