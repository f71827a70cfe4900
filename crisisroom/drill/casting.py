"""Who takes part in a drill, and the settings of its room."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crisisroom.config import DRILL, Account, Member, RoomConfig, Source
from crisisroom.core.playbook import Playbook, Role

ACCOUNT = Account(id="drill", type="mastodon", server="https://social.example")


class Cast(msgspec.Struct, frozen=True):
    """The people of a drill, and who plays which role.

    Without `team` there is one person for everything, as in a room without a team.
    """

    players: tuple[Member, ...]
    parts: dict[str, str]  # role -> person
    stand_ins: tuple[str, ...] = ()  # titles of the roles that nobody else may take
    team: bool = True


def alone(playbook: Playbook, person: str) -> Cast:
    """Return a cast of one person who does everything."""
    every = tuple(role.id for role in playbook.roles)
    return Cast((Member(person, person, every),), dict.fromkeys(every, person), team=False)


def cast(playbook: Playbook, team: Sequence[Member]) -> Cast:
    """Give every role to somebody, as few as possible to one person.

    Who is asked first are the team, or without one the playbook's contacts; a role that none of
    them may take goes to a stand-in.
    """
    known = [*team] or _contacts(playbook)
    parts: dict[str, str] = {}
    stand_ins: list[Member] = []
    for role in playbook.roles:
        able = [one.id for one in known if role.id in one.roles]
        if not able:
            stand_ins.append(_stand_in(role))
            able = [stand_ins[-1].id]
        parts[role.id] = min(able, key=lambda person: [*parts.values()].count(person))
    missing = {role for one in stand_ins for role in one.roles}
    titles = tuple(role.title for role in playbook.roles if role.id in missing)
    return Cast((*known, *stand_ins), parts, titles)


def _contacts(playbook: Playbook) -> list[Member]:
    return [Member(one.id, one.name, one.roles) for one in playbook.contacts if one.roles]


def _stand_in(role: Role) -> Member:
    return Member(f"{role.id}-stand-in", f"{role.title} (stand-in)", (role.id,))


def with_person(cast: Cast, playbook: Playbook, person: str) -> Cast:
    """Return the cast with the person at the screen in it, who may take every role if unknown."""
    if any(one.id == person for one in cast.players):
        return cast
    every = tuple(role.id for role in playbook.roles)
    return msgspec.structs.replace(cast, players=(*cast.players, Member(person, person, every)))


def settings(playbook: Playbook, cast: Cast, real: RoomConfig) -> RoomConfig:
    """Return the settings of the drill's room: ours, but it hears and reaches nobody real.

    The accounts lose the way to their tokens, so that not even a room opened later can post.
    """
    nothing = {"token_env": "", "token_file": "", "token_command": "", "token_credential": ""}
    accounts = tuple(msgspec.structs.replace(one, **nothing) for one in real.accounts) or (ACCOUNT,)
    heard = dict.fromkeys(step.mention.source for step in playbook.drill if step.mention)
    return msgspec.structs.replace(
        real,
        name=f"{DRILL} {real.name or playbook.title}",
        accounts=accounts,
        sources=tuple(Source(id=one, type="demo", account=accounts[0].id) for one in heard),
        messengers=(),
        team=cast.players if cast.team else (),
        oncall=real.oncall if cast.team else None,
    )
