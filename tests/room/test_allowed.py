"""Roles and approvals as the team in force gives them."""

from __future__ import annotations

import msgspec
import pytest
from room.people import as_
from room.test_verdicts import EVERY, PLAN, TEAM, begun

from crisisroom.config import Member
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Reach
from crisisroom.room import Room, approvals, members, roles, words
from crisisroom.room.settings import apply_config


async def restricted(room: Room, name: str, **more: object) -> None:
    """Put another team into force, in which one person may less."""
    team = tuple(msgspec.structs.replace(one, **more) if one.id == name else one for one in TEAM)
    await apply_config(room, msgspec.structs.replace(room.config, team=team), "crisisroom.yaml")


async def test_an_approval_the_team_gives_to_others_is_refused_with_who_may(room: Room) -> None:
    text = await begun(room)
    await restricted(room, "cy", approves=("other-words",))
    with pytest.raises(Refused, match="cy may not approve ST-1: cy approves only other-w") as said:
        await words.approve(as_(room, "cy"), "", "ST-1", text.sha256)
    assert said.value.hint == "ada or bo or dee may approve it"
    assert (await words.approve(as_(room, "bo"), "", "ST-1", text.sha256)).thing.approved_by()


async def test_the_words_of_a_playbook_are_approved_by_the_same_people(room: Room) -> None:
    await begun(room)
    await restricted(room, "cy", approves=())
    plan = msgspec.structs.replace(PLAN, reply_approval="words")
    with pytest.raises(Refused, match="cy approves nothing, not words"):
        await approvals.approve_words(as_(room, "cy"), plan)
    assert await approvals.approve_words(as_(room, "bo"), plan)


async def test_a_role_is_refused_with_who_may_hold_it(room: Room) -> None:
    await begun(room)
    await restricted(room, "dee", roles=("social",))
    await roles.leave(as_(room, "dee"), "", "exec")
    with pytest.raises(Refused, match="dee may not be Executive") as said:
        await roles.take(as_(room, "dee"), "", "exec")
    assert said.value.hint == "ada or bo or cy may be Executive"
    await restricted(room, "dee", roles=(), access="observer")
    with pytest.raises(Refused, match=r"dee reads only \(observer\)"):
        await roles.assign(room, "", "exec", "dee")


async def test_a_role_of_nobody_says_so(room: Room) -> None:
    await begun(room)
    await roles.leave(as_(room, "dee"), "", "exec")
    none = tuple(Member(one.id, one.name, ("social",)) for one in TEAM)
    await apply_config(room, msgspec.structs.replace(room.config, team=none), "crisisroom.yaml")
    with pytest.raises(Refused) as said:
        await roles.take(as_(room, "bo"), "", "exec")
    assert said.value.hint == "nobody of the team may yet: crisisroom.yaml says who does"


async def test_the_team_as_it_stands(room: Room) -> None:
    await begun(room)
    await restricted(room, "cy", approves=("words",))
    ada, _, cy, _ = await members.members(room)
    assert ada.holds == (("INC-1", "Social media"),)
    assert members.may_words(cy.member) == f"may be {', '.join(EVERY)}; approves words only"
    assert members.keys_words(cy.member) == "no SSH key"
    assert members.reach_words(cy.member) == "no way to reach them"


async def test_the_log_tells_of_keys_and_numbers_without_keeping_them(room: Room) -> None:
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    await begun(room)
    reach = (Reach("phone", "+49 30 99887766"),)
    await restricted(room, "cy", keys=(key,), reach=reach)
    changes = await apply_config(room, room.config, "crisisroom.yaml")
    assert changes == ()
    log = await room.store.read(lambda tx: tx.rows("SELECT * FROM entry ORDER BY seq"))
    told = repr(log)
    assert "SHA256:" in told
    assert "99887766" not in told
