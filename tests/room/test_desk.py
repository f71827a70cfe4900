"""The desk: words and limits by channel, and what a text promises."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from room.people import PLAN, prepared

from crisisroom.clock import ManualClock
from crisisroom.core.playbook import Variant
from crisisroom.room import Room, approvals, desk, facts, lifecycle, statements


async def test_a_channel_has_words_and_a_limit_of_its_own(room: Room) -> None:
    await prepared(room)
    short = Variant("Do not use {{fact.product}}.", most=30)
    standing = next(one for one in PLAN.statements if one.id == "standing")
    other = msgspec.structs.replace(standing, variants={"mastodon": short})
    plan = msgspec.structs.replace(PLAN, id="short", statements=(other,), cadences=())
    await lifecycle.declare(room, "Kettles again", playbook=plan, severity="sev2")
    await facts.set_fact(room, "INC-2", "product", "the X1 kettle")
    drafted = (await statements.draft(room, "INC-2", "standing", channel="masto")).thing
    assert drafted.text == "Do not use the X1 kettle."
    there = await desk.at_desk(room, "INC-2", template_id="standing", channel="masto")
    assert (there.review(drafted.text).length, there.review(drafted.text).limit) == (25, 30)
    assert "too_long" in {one.code for one in there.review("x" * 31).blocking}
    by_hand = await desk.at_desk(room, "INC-2", template_id="standing", channel="by-hand")
    assert by_hand.first_text().startswith("Do not use the X1 kettle for now.")
    assert by_hand.review("x" * 600).limit is None


async def test_a_variant_is_approved_for_itself(room: Room) -> None:
    short = Variant("Do not use {{fact.product}}.")
    standing = next(one for one in PLAN.statements if one.id == "standing")
    other = msgspec.structs.replace(standing, variants={"masto": short})
    plan = msgspec.structs.replace(PLAN, statements=(other,))
    await prepared(room)
    await approvals.approve_words(room, plan, ["standing/masto"])
    await lifecycle.declare(room, "Kettles again", playbook=plan, severity="sev2")
    await facts.set_fact(room, "INC-2", "product", "the X1 kettle")
    drafted = (await statements.draft(room, "INC-2", "standing", channel="masto")).thing
    assert (drafted.uses, drafted.verbatim) == (("standing/masto",), True)


@pytest.mark.parametrize(
    ("template", "promise", "minutes"),
    [("standing", 5400, 90), ("standing", None, 60), ("inside", None, 60)],
)
async def test_what_we_promise_comes_from_the_template_or_the_cadence(
    room: Room, clock: ManualClock, template: str, promise: int | None, minutes: int
) -> None:
    await prepared(room)
    plan = msgspec.structs.replace(
        PLAN,
        statements=tuple(
            msgspec.structs.replace(one, promise_next=promise, text="More by {{next_update}}.")
            for one in PLAN.statements
        ),
    )
    await lifecycle.declare(room, "Kettles again", playbook=plan, severity="sev2")
    drafted = (await statements.draft(room, "INC-2", template)).thing
    assert drafted.promises == clock.now() + timedelta(minutes=minutes)


async def test_words_that_ask_to_go_on_in_private_are_public_themselves(room: Room) -> None:
    await prepared(room)
    there = await desk.at_desk(room, "", mention_id="M-1", form="private")
    found = there.review("Your card is 4111 1111 1111 1111, please write to us.").blocking
    assert [one.code for one in found] == ["personal"]
