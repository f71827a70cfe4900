"""Statements put right, taken back, translated; and what a moved fact holds back."""

from __future__ import annotations

import msgspec
import pytest
from room.people import PLAN, TEAM, agreed, as_, declared, prepared, reply
from room.saying import went_out

from crisisroom.config import Account
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Words
from crisisroom.core.playbook import Translation, Variant
from crisisroom.room import (
    Room,
    approvals,
    facts,
    lifecycle,
    reading,
    sending,
    statements,
    versions,
    words,
)
from crisisroom.room.settings import apply_config


async def standing(room: Room) -> Words:
    """Draft the statement that names the product, and publish it."""
    await statements.draft(room, "", "standing", channel="masto")
    queued: Words = (await sending.send(room, "", "ST-1")).thing
    return queued


async def test_what_was_approved_beforehand_goes_out_from_the_first_minute(room: Room) -> None:
    await prepared(room, team=True)
    queued = await standing(room)
    assert queued.state == "queued"
    entries = [one.text for one in await reading.timeline(room)][-2:]
    assert entries[0] == "ST-1 v1 counts as kettle/standing, approved beforehand by ada"


async def test_a_moved_fact_holds_words_back(room: Room) -> None:
    await prepared(room, team=True)
    queued = await standing(room)
    assert queued.facts == {"product": "the X1 kettle"}
    acted = await facts.set_fact(room, "", "product", "the X2 kettle")
    kinds = [one.kind for one in acted.followed]
    assert kinds == ["fact.moved", "statement.suspended"]
    held = acted.incident.statements["ST-1"]
    assert (held.state, held.suspended) == ("draft", ("product",))
    assert held.sends["masto"].state == "failed"
    with pytest.raises(Refused):
        await sending.send(room, "", "ST-1")
    upheld = (await statements.uphold(room, "", "ST-1", "both are meant")).thing
    assert (upheld.suspended, upheld.state) == ((), "draft")


async def test_writing_it_anew_lets_it_go_again(room: Room) -> None:
    await prepared(room)
    await standing(room)
    await facts.set_fact(room, "", "product", "the X2 kettle")
    await facts.set_fact(room, "", "product", "", "known")
    fresh = (await words.edit(room, "", "ST-1", "Do not use the X2 kettle for now.")).thing
    assert (fresh.suspended, fresh.facts) == ((), {"product": "the X2 kettle"})
    await agreed(room, "ST-1")
    assert (await sending.send(room, "", "ST-1", "masto")).thing.state == "queued"


async def test_what_is_out_owes_a_correction(room: Room) -> None:
    await prepared(room, team=True)
    await went_out(room, await standing(room))
    acted = await facts.set_fact(room, "", "product", "the X2 kettle")
    (owed,) = acted.incident.owed.values()
    assert (owed.words, owed.was, owed.now) == ("ST-1", "the X1 kettle", "the X2 kettle")
    again = await facts.set_fact(room, "", "product", "the X3 kettle")
    assert len(again.incident.owed) == 1
    with pytest.raises(Refused, match="only Lead"):
        await statements.settle_owed(room, "", "ST-1", "close enough")
    bo = as_(room, "bo")
    settled = await statements.settle_owed(bo, "", "ST-1", "it names them both by now")
    (owed,) = settled.incident.owed.values()
    assert (owed.how, owed.settled_by) == ("stands", "bo")
    with pytest.raises(Refused, match="owes no correction"):
        await statements.settle_owed(bo, "", "ST-1", "twice")


async def test_a_correction_that_is_out_settles_what_was_owed(room: Room) -> None:
    await prepared(room)
    await went_out(room, await standing(room))
    await facts.set_fact(room, "", "product", "the X2 kettle")
    corrects = (await statements.correct(room, "", "ST-1", "It is the X2 kettle. Sorry.")).thing
    assert (corrects.kind, corrects.corrects, corrects.id) == ("correction", "ST-1", "ST-2")
    await agreed(room, "ST-2")
    queued = (await sending.send(room, "", "ST-2", "masto")).thing
    await went_out(room, queued, remote="r2")
    (owed,) = (await reading.incident(room)).owed.values()
    assert (owed.how, owed.settled_by) == ("corrected", "room")


async def test_only_what_is_out_is_corrected(room: Room) -> None:
    await prepared(room)
    await statements.draft(room, "", "standing", channel="masto")
    with pytest.raises(Refused, match="nothing of it is out"):
        await statements.correct(room, "", "ST-1")
    with pytest.raises(Refused, match="is not out"):
        await statements.retract(room, "", "ST-1", "it is wrong")


async def test_taking_back_is_the_leads_and_has_a_reason(room: Room) -> None:
    await prepared(room, team=True)
    await went_out(room, await standing(room))
    with pytest.raises(Refused, match=r"only Lead \(bo\) may take ST-1 back"):
        await statements.retract(room, "", "ST-1", "wrong plant")
    bo = as_(room, "bo")
    with pytest.raises(Usage, match="needs a reason"):
        await statements.retract(bo, "", "ST-1", " ")
    going = (await statements.retract(bo, "", "ST-1", "wrong plant")).thing
    assert going.sends["masto"].state == "retracting"
    with pytest.raises(Refused, match="is not out"):
        await statements.retract(bo, "", "ST-1", "again")


async def test_a_reply_taken_back_may_be_answered_anew(room: Room) -> None:
    await prepared(room)
    saved = await reply(room)
    queued = (await sending.send(room, "", saved.id, "by-hand")).thing
    await sending.confirm(room, "", queued.id, "https://x.test/1")
    back = (await statements.retract(room, "", saved.id, "the wrong thread")).thing
    assert (back.state, back.live) == ("withdrawn", False)


async def test_a_translation_lapses_with_its_source(room: Room) -> None:
    german = Translation(
        "de",
        statements={"standing": "Bitte {{fact.product}} nicht nutzen. Bis {{next_update}}."},
    )
    plan = msgspec.structs.replace(PLAN, translations=(german,))
    await declared(room)
    await lifecycle.declare(room, "Kettles again", playbook=plan, severity="sev2")
    await facts.set_fact(room, "INC-2", "product", "X1")
    await statements.draft(room, "INC-2", "standing", "Do not use X1 for now.", "masto")
    with pytest.raises(Usage, match="no standing in fr"):
        await statements.translate(room, "INC-2", "ST-1", "fr")
    other = (await statements.translate(room, "INC-2", "ST-1", "de")).thing
    assert other.text.startswith("Bitte X1 nicht nutzen.")
    assert (other.translates, other.language) == ("ST-1", "de")
    for name in ("ST-1", "ST-2"):
        handed = await words.submit(room, "INC-2", name)
        await words.approve(room, "INC-2", name, handed.thing.sha256)
    acted = await words.edit(room, "INC-2", "ST-1", "Do not use X1 any more.")
    assert [one.kind for one in acted.followed] == ["statement.lapsed"]
    assert acted.incident.statements["ST-2"].state == "draft"


async def test_each_channel_may_have_words_of_its_own(room: Room) -> None:
    short = {"masto": Variant("{{fact.product}}: do not use. {{next_update}}")}
    two = [
        msgspec.structs.replace(one, variants=short) if one.id == "standing" else one
        for one in PLAN.statements
    ]
    plan = msgspec.structs.replace(PLAN, statements=tuple(two))
    await declared(room)
    await lifecycle.declare(room, "Kettles again", playbook=plan, severity="sev2")
    await facts.set_fact(room, "INC-2", "product", "X1")
    await approvals.approve_words(room, plan)
    drafted = (await statements.draft(room, "INC-2", "standing")).thing
    assert drafted.text_on("masto").startswith("X1: do not use.")
    assert drafted.text_on("by-hand").startswith("Do not use X1 for now.")
    assert drafted.verbatim
    assert (
        await sending.publish(room, "INC-2", "ST-1", ["masto", "by-hand"])
    ).thing.sends.keys() == {
        "masto",
        "by-hand",
    }


async def test_an_approval_is_of_all_the_variants(room: Room) -> None:
    await prepared(room)
    await statements.draft(room, "", "standing", "It is safe.", "masto")
    handed = await words.submit(room, "", "ST-1")
    await words.edit(room, "", "ST-1", "It is safe.", {"masto": "Safe ‹when›."})
    with pytest.raises(Refused, match="masto: ‹when› is blank"):
        await words.submit(room, "", "ST-1")
    changed = (await words.edit(room, "", "ST-1", "It is safe.", {"masto": "Safe."})).thing
    assert changed.sha256 != handed.thing.sha256
    with pytest.raises(Usage, match="no channel nowhere"):
        await words.edit(room, "", "ST-1", "It is safe.", {"nowhere": "Safe."})
    first, last = await versions.two(room, "", "ST-1", 1)
    assert (first.variants, last.variants, last.version) == ({}, {"masto": "Safe."}, 3)


async def test_words_go_to_all_the_channels_or_to_none(room: Room) -> None:
    more = Account(id="blog", type="wordpress", server="https://blog.example")
    await prepared(room)
    config = msgspec.structs.replace(room.config, accounts=(*room.config.accounts, more))
    await apply_config(room, config, "crisisroom.yaml")
    await statements.draft(room, "", "standing", channel="masto")
    with pytest.raises(Usage, match="no channel nowhere"):
        await sending.publish(room, "", "ST-1", ["masto", "nowhere"])
    assert not (await reading.incident(room)).statements["ST-1"].sends
    both = (await sending.publish(room, "", "ST-1", ["masto", "blog"])).thing
    assert {way.state for way in both.sends.values()} == {"queued"}
    assert len({way.key for way in both.sends.values()}) == 2


async def test_words_for_colleagues_go_where_colleagues_read(room: Room) -> None:
    inside = Account(id="chat", type="matrix", server="https://m.example", to="!r:m.example")
    press = Account(
        id="press", type="mail", host="m.example", smtp="m.example", to="p@x.example",
        audience="media",
    )  # fmt: skip
    await prepared(room)
    config = msgspec.structs.replace(
        room.config, team=TEAM, accounts=(*room.config.accounts, inside, press)
    )
    await apply_config(room, config, "crisisroom.yaml")
    await statements.draft(room, "", "inside")
    for channel, why in (("masto", "everybody reads masto"), ("press", "press reaches media")):
        with pytest.raises(Refused, match=why):
            await sending.send(room, "", "ST-1", channel)
    assert (await sending.send(room, "", "ST-1", "chat")).thing.state == "queued"


async def test_a_vanished_account_keeps_nobody_from_changing_the_others(room: Room) -> None:
    await prepared(room)
    await statements.draft(room, "", "standing", "We are on it.", "masto")
    await statements.vary(room, "", "ST-1", "masto", "Short.")
    blog = Account(id="blog", type="wordpress", server="https://blog.example")
    settings = msgspec.structs.replace(room.config, accounts=(blog,))
    await apply_config(room, settings, "crisisroom.yaml")
    both = (await statements.vary(room, "", "ST-1", "blog", "Long.")).thing
    assert both.variants == {"masto": "Short.", "blog": "Long."}
    one = (await statements.vary(room, "", "ST-1", "masto", "")).thing
    assert one.variants == {"blog": "Long."}
    with pytest.raises(Usage, match="no channel masto"):
        await statements.vary(room, "", "ST-1", "masto", "Short.")


async def test_the_words_of_one_channel_change_nothing_else(room: Room) -> None:
    await prepared(room)
    await statements.draft(room, "", "standing", "We are on it.", "masto")
    await words.edit(room, "", "ST-1", "We have stopped the line.")
    varied = (await statements.vary(room, "", "ST-1", "masto", "Short.")).thing
    assert (varied.text, varied.version) == ("We have stopped the line.", 3)


@pytest.mark.parametrize("language", ["../../etc", "\x1b[31m", "", "x" * 40])
async def test_a_translation_is_into_a_language(room: Room, language: str) -> None:
    await prepared(room)
    await statements.draft(room, "", "standing")
    with pytest.raises(Usage, match="no language"):
        await statements.translate(room, "", "ST-1", language, "Wir sind dran.")


async def test_a_channel_with_words_of_its_own_takes_a_text_too_long_for_it(room: Room) -> None:
    await prepared(room)
    await statements.draft(room, "", "standing", "We are on it. " * 600, "by-hand")
    await agreed(room, "ST-1")
    with pytest.raises(Refused, match="too long"):
        await sending.send(room, "", "ST-1", "masto")
    await statements.vary(room, "", "ST-1", "masto", "We are on it.")
    await agreed(room, "ST-1")
    assert (await sending.send(room, "", "ST-1", "masto")).thing.state == "queued"
