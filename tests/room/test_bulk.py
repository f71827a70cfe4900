"""One answer to many: each greeted, nobody twice, nothing unapproved, stoppable."""

from __future__ import annotations

import msgspec
import pytest
from room.people import PLAN, as_, declared, post

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Translation
from crisisroom.core.timeline import stamp
from crisisroom.room import Room, approvals, bulk, facts, lifecycle, reading, stories, triage, words
from crisisroom.room.bulk import Chosen
from crisisroom.store import Tx

NAMES = ("pat", "kim", "lee", "joe", "mia")


async def story(room: Room) -> str:
    """Let five people, one of them twice, complain, and make it one story of INC-1."""
    await declared(room)
    heard = [post(f"money back please {n}", f"s{n}", f"{who}@social.example")
             for n, who in enumerate((*NAMES, "pat"))]  # fmt: skip
    await triage.ingest(room, heard)
    await facts.set_fact(room, "", "product", "the X1 kettle")
    await approvals.approve_words(room, PLAN)
    ids = [f"M-{n}" for n in range(2, 8)]

    async def put(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO narrative (id, uid, title, first_at, last_at)"
            " VALUES (1, 'u1', 'money', ?, ?)",
            (stamp(room.clock.now()), stamp(room.clock.now())),
        )
        for one in ids:
            await tx.run("UPDATE mention SET narrative = 'N-1' WHERE id = ?", (int(one[2:]),))

    await room.store.write(put)
    return "N-1"


async def test_everybody_is_greeted_and_got_once(room: Room) -> None:
    found = await bulk.propose(room, "", await story(room), "refund")
    assert [one.mention.author.handle.partition("@")[0] for one in found.going] == [
        "kim", "lee", "joe", "mia", "pat",
    ]  # fmt: skip
    assert found.going[0].text == ("Hello @kim@social.example,\nYou get your money back.\n\nKessel")
    assert len({one.text for one in found.going}) == 5


async def test_without_a_name_the_best_fitting_words_are_taken(room: Room) -> None:
    found = await bulk.propose(room, "", await story(room))
    assert found.words == "refund"
    with pytest.raises(Usage, match="no words nope"):
        await bulk.propose(room, "", "N-1", "nope")


async def test_what_somebody_else_has_in_hand_is_left_to_them(room: Room) -> None:
    name = await story(room)
    await triage.claim(as_(room, "bo"), "M-3")
    await triage.dismiss(room, "M-4")
    whys = {
        one.mention.id: one.why_not for one in (await bulk.propose(room, "", name, "refund")).people
    }
    assert (whys["M-3"], whys["M-4"]) == ("bo is on it", "is dismissed")


async def chosen(room: Room, name: str) -> list[Chosen]:
    """Return everybody of the proposal."""
    found = await bulk.propose(room, "", name, "refund")
    return [Chosen(one.mention.id, one.text) for one in found.going]


def states(state: Incident) -> dict[str, str]:
    """Return the replies' states by id."""
    return {one.id: one.state for one in state.replies.values()}


async def test_the_reviewed_list_is_queued_and_what_is_changed_waits(room: Room) -> None:
    name = await story(room)
    lines = await chosen(room, name)
    lines[0] = Chosen(lines[0].mention, lines[0].text + " Promised by me.")
    result = await bulk.send(room, "", name, "refund", lines, command_id="b")
    assert (result.bulk.id, result.bulk.replies, len(result.queued)) == ("B-1", 5, 4)
    ((held, why),) = result.held
    assert held == "R-1"
    assert "nobody approved" in why
    assert states(result.acted.incident)["R-1"] == "draft"
    again = await bulk.send(room, "", name, "refund", lines, command_id="b")
    assert len(again.acted.incident.replies) == 5
    assert len(again.acted.incident.bulks) == 1
    assert dict(bulk.progress(again.acted.incident, "B-1")) == {"draft": 1, "queued": 4}


async def test_nobody_gets_the_very_same_words(room: Room) -> None:
    name = await story(room)
    same = [Chosen("M-2", "You get your money back."), Chosen("M-3", "You get your money back.")]
    with pytest.raises(Refused, match="2 people would get the very same words"):
        await bulk.send(room, "", name, "refund", same)
    with pytest.raises(Usage, match="nobody is on the list"):
        await bulk.send(room, "", name, "refund", [])
    many = [Chosen(f"M-{n}", str(n)) for n in range(bulk.MOST + 1)]
    with pytest.raises(Refused, match="are a public"):
        await bulk.send(room, "", name, "refund", many)


async def test_stopping_is_everybodys_and_going_on_is_not(room: Room) -> None:
    name = await story(room)
    await bulk.send(room, "", name, "refund", await chosen(room, name))
    stopped = await bulk.stop(as_(room, "cy"), "", "B-1", "the money is late")
    assert stopped.incident.bulks["B-1"].stopped_by == "cy"
    assert not (await bulk.stop(room, "", "b-1")).changed
    going = await bulk.resume(room, "", "B-1")
    assert going.incident.bulks["B-1"].stopped_at is None
    with pytest.raises(Usage, match="has no B-7"):
        await bulk.stop(room, "", "B-7")


async def test_wordings_take_turns_and_languages_are_kept(room: Room) -> None:
    await declared(room)
    german = Translation("de", greeting="Hallo {{handle}},", words={"refund": "Ihr Geld kommt."})
    messages = [
        msgspec.structs.replace(one, also=("Your money comes back.",))
        if one.id == "refund"
        else one
        for one in PLAN.key_messages
    ]
    plan = msgspec.structs.replace(PLAN, key_messages=tuple(messages), translations=(german,))
    await approvals.approve_words(room, plan)
    texts = [post("money", f"t{n}", f"{who}@social.example") for n, who in enumerate(NAMES)]
    texts[4] = msgspec.structs.replace(texts[4], lang="de")
    added = (await triage.ingest(room, texts)).added
    await lifecycle.declare(room, "Money", playbook=plan, severity="sev2")

    async def put(tx: Tx) -> None:
        await tx.run(
            "INSERT INTO narrative (id, uid, title, first_at, last_at)"
            " VALUES (1, 'u1', 'money', ?, ?)",
            (stamp(room.clock.now()), stamp(room.clock.now())),
        )
        for number in added:
            await tx.run("UPDATE mention SET narrative = 'N-1' WHERE id = ?", (number,))

    await room.store.write(put)
    assert (await stories.narrative(room, "N-1")).id == "N-1"
    found = await bulk.propose(room, "INC-2", "N-1", "refund")
    bodies = [one.text.split("\n")[1] for one in found.going]
    assert set(bodies[:4]) == {"You get your money back.", "Your money comes back."}
    assert found.going[4].text.startswith("Hallo @mia@social.example,\nIhr Geld kommt.")
    prefilled = await words.prefill(room, "INC-2", found.going[4].mention.id)
    assert prefilled.text.startswith("Hallo @mia")
    assert (await reading.incident(room, "INC-2")).replies == {}


async def test_nobody_is_on_the_list_twice(room: Room) -> None:
    name = await story(room)
    twice = [Chosen("M-2", "You get your money back."), Chosen("m-2", "Your money comes back.")]
    with pytest.raises(Usage, match="M-2 is on the list twice"):
        await bulk.send(room, "", name, "refund", twice)
    spelt = [Chosen("M-2", "You get your money back."), Chosen("M-02", "Your money comes back.")]
    result = await bulk.send(room, "", name, "refund", spelt)
    assert len(result.acted.incident.replies) == 1


async def test_whom_we_talk_to_in_private_meanwhile_is_left_alone(room: Room) -> None:
    name = await story(room)
    lines = await chosen(room, name)
    await triage.offline(room, lines[0].mention)
    result = await bulk.send(room, "", name, "refund", lines)
    assert result.held == ((lines[0].mention, f"{lines[0].mention}: is offline"),)


async def test_a_repeat_needs_no_list(room: Room) -> None:
    name = await story(room)
    first = await bulk.send(room, "", name, "refund", await chosen(room, name), command_id="b")
    again = await bulk.send(room, "", name, "refund", [], command_id="b")
    assert (again.bulk.id, again.queued) == (first.bulk.id, first.queued)


async def test_only_words_of_the_plan_are_sent_to_many(room: Room) -> None:
    name = await story(room)
    with pytest.raises(Usage, match="has no words nothing"):
        await bulk.send(room, "", name, "nothing", await chosen(room, name))


async def test_a_bulk_is_named_in_any_case(room: Room) -> None:
    name = await story(room)
    await bulk.send(room, "", name, "refund", await chosen(room, name))
    assert (await bulk.stop(room, "", "b-1")).incident.bulks["B-1"].stopped_at
    assert (await bulk.resume(room, "", "b-1")).incident.bulks["B-1"].stopped_at is None
