"""Sorting mentions: the five answers of a good triage, for one post or for a whole story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Mention, MentionState, Verdict
from crisisroom.core.query import Query
from crisisroom.core.timeline import Draft
from crisisroom.room import Room
from crisisroom.room.linking import author_of
from crisisroom.room.reading import mention_in
from crisisroom.room.repeats import once
from crisisroom.room.stories import one as story_in
from crisisroom.room.triage import Mark, append_where_linked, set_mark
from crisisroom.store import Tx, clicks
from crisisroom.store import mentions as rows

MOST = 5_000  # posts that one act sorts

# What a person meant by it: worth somebody's time (1), or not (0). The room learns from these.
WANTED: dict[str, bool] = {"answer": True, "correct": True, "restore": True, "monitor": False}

WORDS: dict[str, str] = {
    "answer": "needs an answer",
    "correct": "needs the facts put right",
    "restore": "needs to be put right",
    "monitor": "is watched",
    "thank": "is to be thanked",
    "": "is unsorted again",
}


class Before(msgspec.Struct, frozen=True):
    """How a post stood before an act: what undo puts back."""

    id: str
    state: MentionState
    assignee: str
    verdict: Verdict


class Sorted(msgspec.Struct, frozen=True):
    """What an act came to: the posts as they are now, and how they were."""

    mentions: tuple[Mention, ...]
    before: tuple[Before, ...]


async def sort(
    room: Room, mention_ids: Sequence[str], verdict: Verdict, *, command_id: str = ""
) -> Sorted:
    """Say what posts need: answer, correct, restore, monitor, thank; empty takes it back."""
    if verdict not in get_args(Verdict):
        known = ", ".join(word for word in get_args(Verdict) if word)
        raise Usage("verdict", f"{verdict} is no answer of a triage", f"one of {known}")

    async def work(tx: Tx) -> Sorted:
        found = await _all(tx, mention_ids)
        changed = [one for one in found if one.verdict != verdict]
        await rows.set_verdict(tx, [one.number for one in changed], verdict)
        for one in changed:
            await _learn(tx, room, one, verdict)
            await _note(tx, room, one, verdict)
        return Sorted(await _all(tx, mention_ids), tuple(map(_before, changed)))

    return await once(room, command_id, work, again=_again, thing=_names)


async def _again(tx: Tx, names: str) -> Sorted:
    return Sorted(await _all(tx, names.split()), ())


def _names(made: Sorted) -> str:
    return " ".join(one.id for one in made.mentions)


async def _all(tx: Tx, mention_ids: Sequence[str]) -> tuple[Mention, ...]:
    return tuple([await mention_in(tx, one) for one in dict.fromkeys(mention_ids)])


def _before(mention: Mention) -> Before:
    return Before(mention.id, mention.state, mention.assignee, mention.verdict)


async def _learn(tx: Tx, room: Room, mention: Mention, verdict: Verdict) -> None:
    if verdict in WANTED:
        await clicks.set(tx, mention.number, WANTED[verdict], room.actor.name, room.clock.now())
    else:
        await clicks.clear(tx, mention.number)


async def _note(tx: Tx, room: Room, mention: Mention, verdict: Verdict) -> None:
    text = f"{author_of(mention)} {WORDS[verdict]}"
    data = {"mention": mention.uid, "verdict": verdict}
    entry = Draft(kind="mention.sorted", text=text, data=data)
    await append_where_linked(tx, room, mention, [entry])


async def posts_of(room: Room, narrative_id: str, *, free: bool = True) -> tuple[str, ...]:
    """Return the ids of a story's posts, the free ones only or all; at most `MOST`."""
    states = ("new",) if free else ()

    async def work(tx: Tx) -> tuple[str, ...]:
        story = await story_in(tx, narrative_id)
        query = Query(narrative=story.id, states=states, limit=MOST, copies=True)
        return tuple(f"M-{number}" for number in await rows.numbers(tx, query))

    return await room.store.read(work)


async def dismiss_all(room: Room, mention_ids: Sequence[str], *, command_id: str = "") -> Sorted:
    """Mark posts as not relevant, in one step; those somebody answered or works on stay."""
    return await _mark_all(room, mention_ids, "dismissed", "not relevant", command_id)


async def offline_all(room: Room, mention_ids: Sequence[str], *, command_id: str = "") -> Sorted:
    """Note that the conversations go on in private, in one step."""
    return await _mark_all(room, mention_ids, "offline", "moved to private", command_id)


async def _mark_all(
    room: Room, mention_ids: Sequence[str], state: MentionState, words: str, command_id: str
) -> Sorted:
    async def work(tx: Tx) -> Sorted:
        found = [one for one in await _all(tx, mention_ids) if one.state == "new"]
        if not found:
            raise Refused("none-free", "none of these posts is free", "somebody has them already")
        for one in found:
            text = f"{words}: {author_of(one)}"
            mark = Mark(state=state, assignee=room.actor.name, text=text)
            await set_mark(tx, room, one, mark)
        after = await _all(tx, [one.id for one in found])
        return Sorted(after, tuple(map(_before, found)))

    return await once(room, command_id, work, again=_again, thing=_names)


async def put_back(room: Room, before: Sequence[Before]) -> None:
    """Undo an act on posts: those that somebody has changed since stay as they are now."""

    async def work(tx: Tx) -> None:
        for was in before:
            mention = await mention_in(tx, was.id)
            if mention.verdict != was.verdict:
                await rows.set_verdict(tx, [mention.number], was.verdict)
                await _learn(tx, room, mention, was.verdict)
                await _note(tx, room, mention, was.verdict)
            ours = mention.assignee == room.actor.name and mention.state in ("dismissed", "offline")
            if mention.state != was.state and ours:
                text = f"took back: {author_of(mention)}"
                mark = Mark(state=was.state, assignee=was.assignee, text=text)
                await set_mark(tx, room, mention, mark)

    await room.store.write(work)
