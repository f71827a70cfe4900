"""What a moved fact does to words that were held back, looked at again, or written before it."""

from __future__ import annotations

import msgspec
import pytest
from room.people import PLAN, agreed, prepared, reply
from room.saying import went_out

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Words
from crisisroom.core.playbook import Translation
from crisisroom.room import Room, approvals, facts, lifecycle, reading, sending, statements, words

BATCH = "It concerns batch 4012. We are sorry."


async def said(room: Room, words_id: str = "ST-1") -> Words:
    """Return words as they stand."""
    found = (await reading.incident(room)).words(words_id)
    assert found is not None
    return found


async def queued(room: Room, text: str = BATCH) -> Words:
    """Write a statement, approve it, and release it."""
    await statements.draft(room, "", "standing", text, "masto")
    await agreed(room, "ST-1")
    found: Words = (await sending.send(room, "", "ST-1", "masto")).thing
    return found


async def test_what_was_upheld_while_a_fact_was_checked_moves_with_its_answer(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await queued(room)
    await facts.set_fact(room, "", "batch", "", "checking")
    assert (await said(room)).suspended == ("batch",)
    await statements.uphold(room, "", "ST-1", "the lab told us so")
    await agreed(room, "ST-1")
    await sending.send(room, "", "ST-1", "masto")
    await facts.set_fact(room, "", "batch", "4013")
    held = await said(room)
    assert (held.state, held.suspended) == ("draft", ("batch",))
    assert held.sends["masto"].state == "failed"


async def test_what_was_written_before_a_fact_was_known_stands_on_it(room: Room) -> None:
    await prepared(room)
    await queued(room)
    assert "batch" not in (await said(room)).facts
    await facts.set_fact(room, "", "batch", "4012")
    assert (await said(room)).state == "queued"
    await facts.set_fact(room, "", "batch", "4013")
    assert (await said(room)).suspended == ("batch",)
    await words.edit(room, "", "ST-1", f"Hello. {BATCH}")
    assert (await said(room)).suspended == ("batch",)


async def test_an_edit_that_leaves_the_old_value_stays_held_back(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await queued(room)
    await facts.set_fact(room, "", "batch", "4013")
    await words.edit(room, "", "ST-1", "It concerns batch 4012. We are so sorry.")
    assert (await said(room)).suspended == ("batch",)
    with pytest.raises(Refused, match="changed since"):
        await words.submit(room, "", "ST-1")
    await words.edit(room, "", "ST-1", "It concerns batch 4013. We are so sorry.")
    now = await said(room)
    assert (now.suspended, now.facts["batch"]) == ((), "4013")


async def test_what_is_owed_follows_the_fact(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await went_out(room, await queued(room))
    seen = []
    for value, state in (("4013", "known"), ("", "checking"), ("4014", "known"), ("4012", "known")):
        acted = await facts.set_fact(room, "", "batch", value, state)
        (owed,) = acted.incident.owed.values()
        seen.append((owed.was, owed.now, owed.settled_at))
    assert seen == [("4012", now, None) for now in ("4013", "", "4014", "4012")]


async def test_what_was_decided_while_a_fact_was_checked_is_asked_again(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await went_out(room, await queued(room))
    await facts.set_fact(room, "", "batch", "", "checking")
    await statements.settle_owed(room, "", "ST-1", "nothing is certain yet")
    acted = await facts.set_fact(room, "", "batch", "4013")
    (owed,) = acted.incident.owed.values()
    assert (owed.now, owed.settled_at) == ("4013", None)


async def test_what_owes_a_correction_goes_nowhere_else(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await went_out(room, await queued(room))
    await facts.set_fact(room, "", "batch", "4013")
    with pytest.raises(Refused, match="says 4012, and Batch is 4013"):
        await sending.send(room, "", "ST-1", "by-hand")
    await statements.settle_owed(room, "", "ST-1", "both are meant")
    assert (await sending.send(room, "", "ST-1", "by-hand")).thing.sends["by-hand"]


async def test_what_did_not_go_out_is_held_back_too(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await failed(room, await queued(room))
    await facts.set_fact(room, "", "batch", "4013")
    with pytest.raises(Refused, match="changed since"):
        await sending.send(room, "", "ST-1", "masto")


async def failed(room: Room, words: Words) -> None:
    """Write that words did not go out."""
    (way,) = words.sends.values()
    draft = sending.way_draft(words, way, "failed", "is refused", {"words": "refused"})
    await room.act("INC-1", lambda state, scene: [draft])


async def test_a_failed_reply_stays_away_from_the_next_one(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    saved = await reply(room, "It is batch 4012.")
    await agreed(room, saved.id)
    await failed(room, (await sending.send(room, "", saved.id)).thing)
    again = await reply(room, "We look into it.")
    await facts.set_fact(room, "", "batch", "4013")
    assert ((await said(room, saved.id)).live, (await said(room, again.id)).live) == (False, True)


async def test_withdrawn_words_do_not_come_back_when_a_fact_moves(room: Room) -> None:
    await prepared(room)
    await facts.set_fact(room, "", "batch", "4012")
    await queued(room)
    gone = (await words.withdraw(room, "", "ST-1", "too early")).thing
    assert (gone.state, gone.sends["masto"].state) == ("withdrawn", "failed")
    await facts.set_fact(room, "", "batch", "4013")
    assert (await said(room)).state == "withdrawn"


async def test_what_was_withdrawn_stays_in_when_the_rest_is_taken_back(room: Room) -> None:
    await prepared(room)
    await went_out(room, await queued(room))
    await sending.send(room, "", "ST-1", "by-hand")
    after = (await words.withdraw(room, "", "ST-1", "one is enough")).thing
    assert {one.channel: one.state for one in after.sends.values()} == {
        "masto": "sent",
        "by-hand": "failed",
    }
    assert after.live
    with pytest.raises(Refused, match="cannot be taken back"):
        await words.withdraw(room, "", "ST-1")
    back = (await statements.retract(room, "", "ST-1", "wrong")).thing
    assert "queued" not in {one.state for one in back.sends.values()}


async def test_a_translation_that_lapses_leaves_the_queue(room: Room) -> None:
    german = Translation("de", statements={"standing": "Bitte nicht benutzen: {{fact.product}}."})
    plan = msgspec.structs.replace(PLAN, translations=(german,))
    await prepared(room)
    await lifecycle.declare(room, "Again", playbook=plan, severity="sev2")
    await approvals.approve_words(room, plan)
    await facts.set_fact(room, "INC-2", "product", "the X1 kettle")
    await statements.draft(room, "INC-2", "standing", channel="masto")
    await statements.translate(room, "INC-2", "ST-1", "de")
    for words_id in ("ST-1", "ST-2"):
        handed = (await words.submit(room, "INC-2", words_id)).thing
        await words.approve(room, "INC-2", words_id, handed.sha256)
    await sending.send(room, "INC-2", "ST-2", "masto")
    await words.edit(room, "INC-2", "ST-1", "Please do not use the X1 kettle.")
    lapsed = (await reading.incident(room, "INC-2")).statements["ST-2"]
    assert (lapsed.state, lapsed.sends["masto"].state) == ("draft", "failed")
