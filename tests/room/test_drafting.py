"""Drafts are the team's: seen, kept in their earlier states, brought back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from room.people import as_, prepared

from crisisroom.clock import ManualClock
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Usage
from crisisroom.room import Room, drafting, purging

ID = "reply/INC-1/M-1/ada"


def draft(clock: ManualClock, text: str, id_: str = ID) -> SavedDraft:
    """Return what ada writes at this moment."""
    return SavedDraft(
        id=id_, incident="INC-1", kind="reply", mention="M-1", actor="ada", text=text,
        cursor=len(text), updated_at=clock.now(),
    )  # fmt: skip


async def test_earlier_states_are_kept_about_one_a_minute(room: Room, clock: ManualClock) -> None:
    await prepared(room)
    for number in range(10):
        await drafting.autosave(room, draft(clock, f"state {number}"))
        clock.advance(20)
    states = [one.text for one in await drafting.history(room, ID)]
    assert states[-1] == "state 0"
    assert 3 <= len(states) <= 5
    assert "state 9" not in states


async def test_what_is_cut_away_at_once_is_kept(room: Room, clock: ManualClock) -> None:
    await prepared(room)
    await drafting.autosave(room, draft(clock, "We are sorry, and we look into it."))
    await drafting.autosave(room, draft(clock, "We are sorry, and we look into it now."))
    assert await drafting.history(room, ID) == ()  # a letter more is no state of its own
    await drafting.autosave(room, draft(clock, "We"))
    (kept,) = await drafting.history(room, ID)
    assert kept.text == "We are sorry, and we look into it now."


async def test_what_is_thrown_away_comes_back_to_whoever_wants_it(
    room: Room, clock: ManualClock
) -> None:
    await prepared(room)
    await drafting.autosave(room, draft(clock, "We are sorry."))
    await drafting.discard(room, ID)
    assert await drafting.saved_drafts(room) == ()
    (gone,) = await drafting.thrown_away(room, "INC-1")
    assert (gone.draft, gone.text) == (ID, "We are sorry.")
    mine = await drafting.bring_back(as_(room, "bo"), ID)
    assert (mine.id, mine.actor, mine.text) == ("reply/INC-1/M-1/bo", "bo", "We are sorry.")
    everybody = await drafting.saved_drafts(room, everybody=True, mention="M-1")
    assert everybody == (mine,)
    with pytest.raises(Usage, match="has no state 9"):
        await drafting.bring_back(room, ID, 9)
    with pytest.raises(Usage, match="there is no draft nope"):
        await drafting.history(room, "nope")


async def test_states_go_after_a_month_and_are_never_too_many(
    room: Room, clock: ManualClock
) -> None:
    await prepared(room)
    for number in range(40):
        await drafting.autosave(room, draft(clock, f"state {number}"))
        clock.advance(61)
    assert len(await drafting.history(room, ID)) <= 30
    clock.advance(31 * 86_400)
    other = msgspec.structs.replace(draft(clock, "x"), id="reply/INC-1/M-2/ada")
    await drafting.autosave(room, other)
    clock.advance(61)
    await drafting.autosave(room, msgspec.structs.replace(other, text="y", updated_at=clock.now()))
    assert await drafting.thrown_away(room) == ()
    assert await drafting.history(room, ID) == ()


async def test_a_purge_takes_states_that_are_older_than_a_month(
    room: Room, clock: ManualClock
) -> None:
    await prepared(room)
    await drafting.autosave(room, draft(clock, "We are sorry."))
    await drafting.discard(room, ID)
    clock.advance(31 * 86_400)
    await purging.purge(room, clock.now() - timedelta(days=90))
    assert await drafting.thrown_away(room) == ()
