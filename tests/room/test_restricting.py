"""Restricted incidents: there for the people they are for, for nobody else not at all."""

from __future__ import annotations

import json
from functools import partial

import pytest
from room.people import PLAN, WITH_TEAM, as_, declared

from crisisroom.core.drafts import SavedDraft, id_of_draft
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Incoming
from crisisroom.core.persons import Person as PersonOutside
from crisisroom.core.query import Query
from crisisroom.room import (
    Room,
    corrective,
    drafting,
    enquiries,
    erasing,
    exporting,
    holding,
    importing,
    lifecycle,
    linking,
    places,
    reading,
    record,
    restricting,
    roles,
    searches,
    tasks,
    triage,
    verifying,
)
from crisisroom.room.settings import apply_config
from crisisroom.store import Change, log, pages
from crisisroom.store.pages import Page, Try
from crisisroom.store.seeing import Seeing

CANARY = "zanzibar"


async def secret(room: Room) -> Room:
    """Declare INC-1 for all and INC-2 for ada and bo; return the room as cy, who is left out."""
    await declared(room)
    await apply_config(room, WITH_TEAM, "x")
    await triage.ingest(room, [Incoming(text="it smokes", source="masto", external_id="1")])
    await lifecycle.declare(
        room, f"the {CANARY} matter", playbook=PLAN, restricted_to=["bo"], mentions=["M-2"]
    )
    return as_(room, "cy")


async def test_it_is_there_for_its_people_alone(room: Room) -> None:
    cy = await secret(room)
    for name in ("ada", "bo"):
        assert [one.id for one in await reading.incidents(as_(room, name))] == ["INC-2", "INC-1"]
    assert [one.id for one in await reading.incidents(cy)] == ["INC-1"]
    assert (await reading.incident(cy)).id == "INC-1"  # the only open one, as far as cy can see


async def test_unknown_and_hidden_are_told_in_the_same_words(room: Room) -> None:
    cy = await secret(room)
    said = []
    for inc in ("INC-2", "INC-9"):
        for ask in (
            reading.incident(cy, inc),
            record.note(cy, inc, "x"),
            reading.timeline(cy, inc),
        ):
            with pytest.raises(Usage) as told:
                await ask
            said.append((str(told.value.message).replace(inc, "INC"), told.value.hint))
    assert len(set(said)) == 1


async def test_nothing_of_it_shows_beside_it(room: Room) -> None:
    cy = await secret(room)
    draft = SavedDraft(
        id=id_of_draft("reply", "INC-2", "M-2", "ada"),
        incident="INC-2",
        kind="reply",
        mention="M-2",
        template="",
        actor="ada",
        text=CANARY,
        cursor=1,
        updated_at=room.clock.now(),
    )
    await drafting.autosave(room, draft)
    await searches.save(room, "ours", "refund in:INC-2")
    await places.here(room, "s1", "INC-2", "1", "M-2")
    await corrective.add(room, "INC-2", f"stop {CANARY}", owner="bo")
    await holding.set_hold(room, "INC-2", CANARY)
    await exporting.note_export(room, await exporting.exportable(room, "INC-2"), "md", "internal")
    assert (await reading.mention(cy, "M-2")).incident == ""
    assert await reading.count(cy, Query(incident="INC-2")) == 0
    assert await drafting.saved_drafts(cy, everybody=True) == ()
    assert await searches.filters_of(cy) == ()
    people = (await reading.status(cy)).people
    assert [(one.actor, one.incident, one.mention) for one in people] == [("ada", "", "")]
    assert await holding.held_incidents(cy) == ()
    log_ = str(await reading.room_log(cy))
    assert "INC-2" not in log_
    assert CANARY not in log_
    status = await reading.status(cy)
    assert [one.id for one in status.incidents] == ["INC-1"]
    assert all(clock.id.find(CANARY) < 0 for clock in status.clocks)
    # its own people see all of that
    assert (await reading.mention(as_(room, "bo"), "M-2")).incident == "INC-2"
    assert "INC-2" in str(await reading.room_log(as_(room, "bo")))


async def test_a_filter_of_it_is_nobody_else_s_to_change(room: Room) -> None:
    cy = await secret(room)
    await searches.save(room, "ours", "refund in:INC-2")
    await searches.save(room, "later", "in:INC-21")
    assert [one.name for one in await searches.filters_of(cy)] == ["later"]
    with pytest.raises(Usage, match="there is no filter ours"):
        await searches.remove(cy, "ours")
    with pytest.raises(Refused, match="ours cannot be taken"):
        await searches.save(cy, "ours", "is:free")
    (_, kept) = await searches.filters_of(as_(room, "bo"))
    assert (kept.typed, kept.actor) == ("refund in:INC-2", "ada")
    await searches.save(cy, "later", "is:free")
    await searches.remove(as_(room, "bo"), "ours")


async def test_messages_are_told_but_for_those_about_it(room: Room) -> None:
    cy = await secret(room)
    uids = {f"INC-{number}": uid for uid, number in await room.store.read(log.chains)}
    for number, inc in enumerate((*uids, ""), 1):
        now, chain = room.clock.now(), uids.get(inc, "")
        page = Page(
            number=number, key=inc, person="bo", kind="told", chain=chain, at=now, due_at=now
        )
        one = Try(
            id=f"t{number}", at=now, person="bo", way="ntfy", messenger="m", pages=(number,),
            title=inc,
        )  # fmt: skip
        await room.store.write(lambda tx, page=page: pages.add(tx, page))  # type: ignore[misc]
        await room.store.write(lambda tx, one=one: pages.begin(tx, one))  # type: ignore[misc]

    async def told(who: Room) -> set[str]:
        found = await who.store.read(lambda tx: pages.newest_tries(tx, 9))
        return {one.title for one in found}

    assert await told(cy) == {"INC-1", ""}
    assert await told(as_(room, "bo")) == {"INC-1", "INC-2", ""}


async def test_what_an_erasure_takes_from_it_is_counted_for_its_people_alone(room: Room) -> None:
    cy = await secret(room)
    await record.note(room, "INC-2", "@zoe@fans.test called")
    found = [
        await erasing.erase(who, [PersonOutside(handle="@zoe@fans.test")], "", dry_run=True)
        for who in (cy, as_(room, "bo"))
    ]
    assert [one.texts for one in found] == [0, 2]  # its text, and the same among its data
    assert [[*one.incidents] for one in found] == [[], ["INC-2"]]


async def test_they_may_verify_and_learn_no_name(room: Room) -> None:
    cy = await secret(room)
    assert [one.id for one in await verifying.verify(cy)] == ["room", "INC-1"]
    assert [one.id for one in await verifying.verify(room)] == ["room", "INC-1", "INC-2"]


@pytest.mark.sqlite("changes the room's file by hand")
async def test_what_is_wrong_with_it_is_told_without_its_name(room: Room) -> None:
    import sqlite3

    cy = await secret(room)
    connection = sqlite3.connect(room.store.path)
    connection.execute("DROP TRIGGER entry_unchanged")
    chain = dict((number, one) for one, number in await room.store.read(log.chains))[2]
    connection.execute("UPDATE entry SET actor = 'eve' WHERE chain = ? AND seq = 2", (chain,))
    connection.commit()
    connection.close()
    found = await verifying.verify(cy)
    assert any("a log that is not for you" in one.where for one in found[0].problems)
    assert "INC-2" not in str(found)


async def test_changes_of_it_wake_nobody_else(room: Room) -> None:
    cy = await secret(room)
    after = await reading.latest_change(room)
    await record.note(room, "INC-2", CANARY)
    await record.note(room, "INC-1", "for all")
    told: list[Change] = [one for one in await anext(cy.changes(after)) if one.topic == "entry"]
    chains = {number: chain for chain, number in await room.store.read(log.chains)}
    assert {one.chain for one in told} == {chains[1]}


async def test_it_follows_at_once_who_is_added_and_who_is_not(room: Room) -> None:
    cy = await secret(room)
    after = await reading.latest_change(room)
    await restricting.restrict(room, "INC-2", ["cy"], "cy takes over")
    assert any(one.topic == "reset" for one in await anext(cy.changes(after)))
    assert (await reading.incident(cy, "INC-2")).restricted_to == ("ada", "cy")
    with pytest.raises(Usage, match="no incident"):
        await reading.incident(as_(room, "bo"), "INC-2")
    await restricting.lift(cy, "INC-2", "it is out")
    assert (await reading.incident(as_(room, "bo"), "INC-2")).restricted_to == ()
    kinds = [one.kind for one in await reading.timeline(room, "INC-2")]
    assert [one for one in kinds if one.startswith("access.")] == [
        *("access.restricted", "access.restricted", "access.lifted")
    ]


async def test_the_declarer_and_who_restricts_are_always_among_them(room: Room) -> None:
    await declared(room)
    await apply_config(room, WITH_TEAM, "x")
    acted = await restricting.restrict(as_(room, "bo"), "INC-1", ["cy"])
    assert acted.incident.restricted_to == ("ada", "bo", "cy")
    assert not (await restricting.restrict(as_(room, "bo"), "INC-1", ["cy", "ada"])).changed
    with pytest.raises(Usage, match="not in the team"):
        await restricting.restrict(room, "INC-1", ["eve"])
    await restricting.lift(room, "INC-1")
    with pytest.raises(Refused, match="for everybody"):
        await restricting.lift(room, "INC-1")


async def test_what_others_do_with_its_posts_is_on_its_timeline(room: Room) -> None:
    cy = await secret(room)
    claimed = await triage.claim(cy, "M-2")
    assert claimed.incident == ""
    assert (await reading.timeline(room, "INC-2"))[-1].kind == "mention.triaged"
    await triage.ingest(cy, [Incoming(text="it burns", source="masto", external_id="1")])
    assert (await reading.timeline(room, "INC-2"))[-1].kind == "mention.edited"
    with pytest.raises(Refused, match="M-2 cannot be linked") as told:
        await linking.link(cy, "INC-1", ["M-2"])
    assert "INC-2" not in str(told.value)


async def test_no_part_in_it_for_who_does_not_see_it(room: Room) -> None:
    await secret(room)
    with pytest.raises(Refused, match="INC-2 is restricted, cy does not see it"):
        await roles.assign(room, "INC-2", "legal", "cy")
    await restricting.restrict(room, "INC-2", ["bo", "cy"])
    acted = await roles.assign(room, "INC-2", "legal", "cy")
    assert acted.incident.roles["legal"].holder == "cy"


async def test_nothing_of_it_is_given_to_who_does_not_see_it(room: Room) -> None:
    await secret(room)
    await enquiries.add(room, "INC-2", "media", "The Post", "What burns?")
    for give in (
        partial(tasks.assign, room, "INC-2", "pause"),
        partial(enquiries.assign, room, "INC-2", "EQ-1"),
        partial(triage.assign, room, "M-2"),
    ):
        with pytest.raises(Refused, match="INC-2 is restricted, cy does not see it"):
            await give("cy")
    assert (await triage.assign(room, "M-2", "bo")).assignee == "bo"


async def test_numbers_are_given_once_whoever_declares(room: Room) -> None:
    cy = await secret(room)
    acted = await lifecycle.declare(cy, "another", playbook=PLAN)
    assert acted.incident.id == "INC-3"


async def test_an_import_is_for_whom_it_was_for(room: Room) -> None:
    cy = await secret(room)
    state = await reading.incident(room, "INC-2")
    entries = await reading.timeline(room, "INC-2")
    with pytest.raises(Refused, match="for ada, bo alone"):
        await importing.take_in(cy, entries, state)


async def test_the_machine_sees_everything(room: Room) -> None:
    cy = await secret(room)
    machine = cy.for_machine()
    assert len(await reading.incidents(machine)) == 2
    assert machine.as_actor(cy.actor).store.machine
    assert not cy.as_actor(cy.actor).store.machine


async def test_a_query_nobody_thought_of_sees_no_more(room: Room) -> None:
    cy = await secret(room)
    asked = (
        "SELECT chain, seq, data FROM entry",
        "WITH one AS (SELECT * FROM sealed) SELECT words FROM one",
        "SELECT p.body FROM chain AS c JOIN projection AS p ON p.chain = c.id",
        "SELECT (SELECT max(number) FROM chain)",
    )
    for sql in asked:
        rows = await cy.store.read(lambda tx, sql=sql: tx.rows(sql))  # type: ignore[misc]
        told = json.dumps(rows)
        assert CANARY not in told, sql
        assert "INC-2" not in told, sql
    assert await cy.store.read(lambda tx: tx.row(asked[-1])) == (1,)
    assert isinstance(cy.store, Seeing)
