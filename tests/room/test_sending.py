"""The way out: released by a person, never twice, never beside another answer."""

from __future__ import annotations

import pytest
from room.people import agreed, as_, prepared, reply

from crisisroom.core.errors import Refused, Usage
from crisisroom.room import (
    Room,
    reading,
    sending,
    statements,
    triage,
    words,
)


async def test_nothing_is_sent_twice(room: Room) -> None:
    await prepared(room)
    saved = await reply(room)
    await sending.send(room, "", saved.id, command_id="go")
    assert (await sending.send(room, "", saved.id, command_id="go")).thing.state == "queued"
    for channel in ("", "masto", "by-hand"):
        with pytest.raises(Refused, match="queued on masto already"):
            await sending.send(room, "", saved.id, channel)
    with pytest.raises(Refused, match="cannot change any more"):
        await words.edit(room, "", saved.id, "other words")
    with pytest.raises(Refused, match="nobody answers twice"):
        await words.save_reply(room, "", "M-1", "other words")
    with pytest.raises(Refused, match="has a reply"):
        await triage.unlink(room, "", "M-1")


async def test_a_statement_goes_to_each_channel_once(room: Room) -> None:
    await prepared(room)
    drafted = (await statements.draft(room, "", "standing")).thing
    await agreed(room, drafted.id)
    with pytest.raises(Usage, match="where should ST-1 go"):
        await sending.send(room, "", drafted.id)
    with pytest.raises(Usage, match="no channel mars"):
        await sending.send(room, "", drafted.id, "mars")
    await sending.send(room, "", drafted.id, "masto")
    both = await sending.send(room, "", drafted.id, "by-hand")
    assert set(both.thing.sends) == {"masto", "by-hand"}
    with pytest.raises(Refused, match="already"):
        await sending.send(room, "", drafted.id, "by-hand")


async def test_by_hand_is_out_when_a_person_says_so(room: Room) -> None:
    await prepared(room)
    saved = await reply(room)
    with pytest.raises(Refused, match="does not wait"):
        await sending.confirm(room, "", saved.id)
    await sending.send(room, "", saved.id, "by-hand")
    with pytest.raises(Usage, match="not a link"):
        await sending.confirm(room, "", saved.id, "javascript:alert(1)")
    done = await sending.confirm(room, "", saved.id, "https://social.example/@us/1")
    assert (done.thing.state, done.thing.sends["by-hand"].remote_url) == (
        "sent",
        "https://social.example/@us/1",
    )
    mention = await reading.mention(room, "M-1")
    assert (mention.state, mention.assignee) == ("answered", "ada")
    assert done.incident.mentions[mention.uid].state == "answered"
    with pytest.raises(Refused, match="does not wait"):
        await sending.confirm(room, "", saved.id)
    with pytest.raises(Refused, match="answered M-1 already"):
        await triage.claim(as_(room, "bo"), "M-1")
    with pytest.raises(Refused, match="answered M-1 already"):
        await triage.assign(room, "M-1", "bo")


async def test_what_was_withdrawn_stays_in(room: Room) -> None:
    await prepared(room)
    saved = await reply(room)
    await sending.send(room, "", saved.id, "by-hand")
    gone = await words.withdraw(room, "", saved.id, "they called us")
    assert gone.thing.state == "withdrawn"
    for act in (sending.confirm, sending.send, words.submit, words.withdraw):
        with pytest.raises(Refused):
            await act(room, "", saved.id)
    second = await reply(room, "We are sorry.")
    assert (second.id, second.state) == ("R-2", "draft")


async def _fail(room: Room, words_id: str) -> None:
    """Let a queued reply fail as the outbox would say it."""
    queued = (await reading.incident(room)).replies[words_id]
    way = next(iter(queued.sends.values()))
    draft = sending.way_draft(queued, way, "failed", "refused", {"words": "too long"})
    await room.act("", lambda state, scene: [draft])


async def test_a_failed_reply_is_not_sent_beside_the_one_that_took_its_place(room: Room) -> None:
    await prepared(room)
    first = await reply(room)
    await sending.send(room, "", first.id)
    await _fail(room, first.id)
    second = await reply(room)
    assert second.id == "R-2"
    with pytest.raises(Refused, match="R-2 answers M-1: nobody answers twice"):
        await sending.send(room, "", first.id)
    await words.withdraw(room, "", second.id)
    again = await sending.send(room, "", first.id)
    way = again.thing.sends["masto"]
    assert (way.state, way.tries, way.first_try_at) == ("queued", 0, None)


async def test_a_failed_reply_that_went_by_hand_has_answered(room: Room) -> None:
    await prepared(room)
    first = await reply(room)
    await sending.send(room, "", first.id)
    await _fail(room, first.id)
    await sending.send(room, "", first.id, "by-hand")
    done = await sending.confirm(room, "", first.id)
    assert done.thing.live
    with pytest.raises(Refused, match="nobody answers twice"):
        await words.save_reply(room, "", "M-1", "a second answer")
    with pytest.raises(Refused, match="sent on by-hand already"):
        await sending.send(room, "", first.id, "masto")


async def test_a_reply_whose_mention_left_is_not_sent(room: Room) -> None:
    await prepared(room)
    first = await reply(room)
    await sending.send(room, "", first.id)
    await _fail(room, first.id)
    await triage.unlink(room, "", "M-1")
    with pytest.raises(Refused, match="does not belong to INC-1 any more"):
        await sending.send(room, "", first.id)
