"""What lies beside a restricted incident: its bytes, warnings, stops and anchors; and its rows."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest
from room.people import PLAN, as_
from room.test_access import legal_night
from room.test_restricting import CANARY, secret

from crisisroom.core.candidate import Candidate
from crisisroom.core.errors import Refused, Usage
from crisisroom.report import Problem
from crisisroom.room import (
    Room,
    anchoring,
    correcting,
    evidence,
    lifecycle,
    reading,
    record,
    restricting,
    roles,
    stopping,
    verifying,
    warnings,
)
from crisisroom.room.evidence import Found
from crisisroom.store import candidates
from crisisroom.store.views import UnfitError

Raw = Callable[[str, str], list[tuple[object, ...]]]


async def test_bytes_that_only_it_cites_are_not_there(room: Room) -> None:
    cy = await secret(room)
    theirs = Found("secret.txt", CANARY.encode())
    both = Found("letter.txt", b"to all")
    await evidence.add(room, "INC-2", [theirs, both])
    await evidence.add(cy, "INC-1", [both])
    (known,) = await evidence.in_room(cy)
    assert (known.incidents, known.cited and known.cited.name) == (("INC-1",), "letter.txt")
    hidden = next(one for one in await evidence.in_room(room) if one.sha256 != known.sha256)
    with pytest.raises(Usage, match="nothing here"):
        await evidence.content(cy, hidden.sha256)
    assert (await evidence.content(as_(room, "bo"), hidden.sha256))[1] == CANARY.encode()
    await evidence.add(cy, "INC-1", [theirs])  # the same bytes, by themselves
    assert len(await evidence.in_room(cy)) == 2


async def test_what_only_legal_cites_is_not_there_for_others(room: Room) -> None:
    dan = await legal_night(room)
    cy = as_(room, "cy")
    acted = await evidence.add(cy, "INC-1", [Found("secret.txt", CANARY.encode())])
    assert len(await evidence.in_room(dan)) == 1
    await correcting.mark(cy, "INC-1", acted.entry.seq, "legal", "counsel")
    assert await evidence.in_room(dan) == ()
    assert len(await evidence.in_room(cy)) == 1


async def test_an_early_warning_that_became_it_is_gone_with_it(room: Room) -> None:
    cy = await secret(room)
    made = Candidate(
        id="",
        uid="w",
        at=room.clock.now(),
        term="kettle",
        level="early",
        reason="more than usual",
        observed=9,
        expected=1.0,
        window_minutes=10,
    )
    await room.store.write(lambda tx: candidates.add(tx, made))
    assert len(await warnings.candidates(cy)) == 1
    await lifecycle.declare(room, CANARY, playbook=PLAN, candidate="C-1", restricted_to=["bo"])
    assert await warnings.candidates(cy) == ()
    assert "INC-3" in str(await warnings.candidates(room))
    again = msgspec.structs.replace(made, uid="w2")
    added = await cy.store.write(lambda tx: candidates.add(tx, again))
    assert added.id == "C-2"  # its number is taken


async def test_a_stop_in_it_stops_all_and_names_it_to_nobody(room: Room) -> None:
    cy = await secret(room)
    await roles.take(as_(room, "dee"), "INC-1", "lead")
    await stopping.stop(room, "wait", inc="INC-2")
    halt = await stopping.stopped(cy)
    assert halt is not None
    assert (halt.by, halt.incident) == ("ada", "")
    own = await stopping.stopped(room)
    assert own is not None
    assert own.incident == "INC-2"
    told = f"{await reading.room_log(cy)} {await reading.timeline(cy, 'INC-1')}"
    assert "STOPPED all outgoing words: wait" in told
    assert "INC-2" not in told
    with pytest.raises(Refused, match="ada stopped them") as why:
        await stopping.resume(as_(room, "dee"), "it is over")
    assert "INC-2" not in str(why.value)
    await roles.take(as_(room, "bo"), "INC-2", "lead")
    await stopping.resume(as_(room, "bo"), "it is over")
    assert await stopping.stopped(cy) is None


async def test_who_does_not_see_it_stops_its_words_too_on_record(room: Room) -> None:
    cy = await secret(room)
    await stopping.stop(cy, "wait")
    assert (await reading.timeline(room, "INC-2"))[-1].kind == "outgoing.stopped"


async def test_anchors_are_told_without_its_log(room: Room) -> None:
    cy = await secret(room)
    await anchoring.note(room, "notary", await anchoring.make(room), state="sent")
    (theirs,), (ours,) = await anchoring.sent(cy), await anchoring.sent(room)
    heads = [one.id for one in anchoring.body_of(theirs).anchors[0].chains]
    assert heads == ["room", "INC-1"]
    assert len(anchoring.body_of(ours).anchors[0].chains) == 3
    (said,) = [one for one in await reading.room_log(cy) if one.kind == "anchor.sent"]
    assert (said.text, "heads" in said.data) == ("noted where the logs end: notary", False)


def wrong(found: tuple[verifying.Checked, ...]) -> list[Problem]:
    return [problem for one in found for problem in one.problems]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM restriction",
        "DELETE FROM restriction WHERE person = 'bo'",
        "UPDATE restriction SET person = 'eve' WHERE person = 'bo'",
    ],
)
async def test_who_opens_it_behind_the_room_s_back_is_told_of(
    room: Room, raw: Raw, address: str, sql: str
) -> None:
    await secret(room)
    raw(address, sql)
    (problem,) = wrong(await verifying.verify(room))
    assert (problem.code, problem.where) == ("access", "INC-2")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM shut WHERE seq = 4",
        "UPDATE shut SET author = 'dan' WHERE seq = 4",
        "INSERT INTO shut (chain, seq, author) SELECT chain, 2, '' FROM shut WHERE seq = 4",
    ],
)
async def test_what_is_for_legal_is_held_against_the_log(
    room: Room, raw: Raw, address: str, sql: str
) -> None:
    dan = await legal_night(room)
    assert not wrong(await verifying.verify(dan))
    raw(address, sql)
    (problem,) = wrong(await verifying.verify(dan))
    assert (problem.code, problem.where) == ("access", "INC-1")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT head FROM chain UNION ALL SELECT data FROM entry UNION SELECT words FROM sealed",
        "SELECT (SELECT max(s.words) FROM sealed AS s WHERE s.chain = c.id) FROM chain c",
        "SELECT x.words FROM (SELECT * FROM sealed WHERE seq > 0) AS x, chain WHERE chain.seq > 0",
        "WITH RECURSIVE one AS (SELECT words FROM sealed), two AS (SELECT * FROM one)"
        " SELECT * FROM two",
    ],
)
async def test_no_shape_of_a_query_reads_it(room: Room, sql: str) -> None:
    cy = await secret(room)
    assert CANARY in json.dumps(await room.store.read(lambda tx: tx.rows(sql)))
    assert CANARY not in json.dumps(await cy.store.read(lambda tx: tx.rows(sql)))


async def test_what_does_not_fit_is_refused_in_every_room(room: Room) -> None:
    for sql in ("SELECT words FROM main.sealed", "VALUES ((SELECT max(words) FROM sealed))"):
        with pytest.raises(UnfitError):
            await room.store.read(lambda tx, sql=sql: tx.rows(sql))  # type: ignore[misc]
    copied = "INSERT INTO room (key, value) SELECT chain, words FROM sealed"
    with pytest.raises(UnfitError):
        await room.store.write(lambda tx: tx.run(copied))


async def test_restricting_anew_and_lifting_agree_with_the_log(room: Room) -> None:
    await secret(room)
    await restricting.restrict(room, "INC-2", ["cy"])
    await record.note(room, "INC-2", "for Legal", visibility="legal")
    await restricting.lift(room, "INC-2")
    assert not wrong(await verifying.verify(room))
