"""What the team answered teaches what it is offered next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from conftest import START

from crisisroom.core.mention import Incoming
from crisisroom.core.playbook import KeyMessage, Playbook
from crisisroom.room import Room, triage
from crisisroom.room.lessons import Memory, remembered, suggest, suggester_for
from crisisroom.store import lessons as rows
from crisisroom.store.lessons import PER_WORDS, Lesson

PLAN = Playbook(
    schema=1,
    id="billing",
    title="x",
    version=1,
    key_messages=(
        KeyMessage("sorry", "apology", "We are sorry.", ("charged twice",)),
        KeyMessage("gate", "entrance", "Our staff open for you by hand."),
    ),
)
PLAN_JSON = msgspec.json.encode(PLAN)


async def answered(room: Room, posts: Sequence[str], words: str, narrative: str = "") -> None:
    """Take posts in and answer each with the same words."""
    items = [Incoming(text=text, source="web", external_id=text) for text in posts]
    taken = await triage.ingest(room, items)
    for at, number in enumerate(taken.added):
        now = START + timedelta(seconds=at)
        await room.store.write(
            lambda tx, number=number, now=now: rows.learn(  # type: ignore[misc]
                tx, number, "billing", (words,), narrative, "ada", now
            )
        )


async def test_what_was_answered_is_remembered_by_story(room: Room) -> None:
    assert await room.store.read(lambda tx: remembered(tx, "billing")) == Memory()
    await answered(room, ["portal stays shut", "portal broken again"], "gate", "N-1")
    await answered(room, ["charged me two times"], "sorry", "N-2")
    memory = await room.store.read(lambda tx: remembered(tx, "billing", "N-1"))
    assert memory.chosen_here == {"gate": 2}
    assert memory.chosen_lately == {"sorry": 1}
    assert set(memory.examples["gate"]) == {"portal stays shut", "portal broken again"}
    first = suggest(PLAN, memory, ["this portal is shut"])[0]
    assert first.id == "gate"
    assert "answered so 2 times in this story" in first.why
    assert "portal" not in first.why


async def test_purged_posts_teach_nothing(room: Room) -> None:
    await answered(room, ["portal stays shut"], "gate", "N-1")
    await room.store.write(lambda tx: tx.run("DELETE FROM mention"))
    memory = await room.store.read(lambda tx: remembered(tx, "billing", "N-1"))
    assert memory == Memory()
    assert suggest(PLAN, memory, ["this portal is shut"]) == ()


def test_a_suggester_is_kept_and_takes_new_lessons_in() -> None:
    first = Lesson(1, ("gate",), "portal stays shut")
    known = suggester_for(PLAN_JSON, Memory((first,)))
    assert known.rank("the portal")[0].id == "gate"
    second = Lesson(2, ("gate",), "turnstile jammed")
    assert suggester_for(PLAN_JSON, Memory((second, first))) is known
    assert known.rank("a jammed turnstile")[0].id == "gate"
    assert suggester_for(PLAN_JSON, Memory((second, first))) is known


def _full(first: int, last: int) -> Memory:
    """Return the memory of answers by number, the newest first."""
    return Memory(
        tuple(
            Lesson(at, ("gate",), f"portal {at}", f"2026-11-22T02:{at:02}:00.000Z")
            for at in range(last, first - 1, -1)
        )
    )


def test_what_made_room_for_newer_posts_does_no_harm_but_what_was_purged_is_forgotten() -> None:
    plan = msgspec.json.encode(msgspec.structs.replace(PLAN, version=2))
    known = suggester_for(plan, _full(0, PER_WORDS - 1))
    assert suggester_for(plan, _full(1, PER_WORDS)) is known
    purged = Memory(tuple(one for one in _full(0, PER_WORDS).lessons if one.mention != 9))
    anew = suggester_for(plan, purged)
    assert anew is not known
    nothing = suggester_for(plan, Memory())
    assert nothing is not anew
    assert nothing.rank("portal") == ()
