"""An erasure that is killed, at any moment, never was or is ended by whoever opens the room."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from pathlib import Path

import pytest
from room.planted import person, plant, posts_of, traces_of

from crisisroom.clock import ManualClock
from crisisroom.core.persons import Person
from crisisroom.room import Actor, Room, erasing, reading, verifying
from crisisroom.store import Tx

MANY = 20
WHY = "requests of May"


def _json(one: Person) -> dict[str, object]:
    known: dict[str, object] = {"handle": one.handle, "name": one.names, "mail": one.mails}
    return known | {"phone": one.phones, "link": one.links}


def _command(path: str, people: Path) -> list[str]:
    erase = ["erase", "--from", str(people), "--why", "requests of May", "--wide"]
    return [sys.executable, "-m", "crisisroom", "--room", path, *erase]


async def _killed(command: list[str], seconds: float) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()


class Killed(Exception):
    """Stands for a process that ended between two commits."""


async def _until(room: Room, commits: int) -> int:
    """Erase until so many commits were made, as if killed then; returns how many there were."""
    done = 0
    write = room.store.under.write

    async def counted(*given: object, **more: object) -> object:
        nonlocal done
        if done == commits:
            raise Killed
        done += 1
        return await write(*given, **more)  # type: ignore[arg-type]

    room.store.under.write = counted  # type: ignore[method-assign, assignment]
    try:
        await erasing.erase(room, [person(n) for n in range(3)], WHY)
    except Killed:
        pass
    finally:
        room.store.under.write = write  # type: ignore[method-assign]
    return done


async def _dead(tx: Tx) -> None:
    """Let it look as if the process that erased were gone."""
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()
    await tx.run("UPDATE lease SET pid = ?, started = ''", (gone.pid,))


async def test_an_erasure_killed_between_any_two_commits_is_ended_at_the_next_start(
    tmp_path: Path, clock: ManualClock
) -> None:
    commits, killed = 0, True
    while killed:
        path = tmp_path / f"{commits}" / "room.db"
        async with await Room.open(str(path), actor=Actor("ada"), clock=clock) as room:
            await plant(room, 3)
            before = await traces_of(room)
            killed = await _until(room, commits) == commits
            await room.store.write(_dead)
            await erasing.resume(room)
            assert not await erasing.resume(room)
            left = await traces_of(room)
            assert left in ([], before), commits
            if left:
                await erasing.erase(room, [person(n) for n in range(3)], WHY)
            told = [one for one in await reading.room_log(room) if one.kind == "person.erased"]
            assert sum(one.data["mentions"] for one in told) == posts_of(3)
            assert all(not one.problems for one in await verifying.verify(room))
        commits += 1
    assert commits > 5


async def _run(command: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_again_and_again(
    seed: int, address: str, tmp_path: Path, clock: ManualClock
) -> None:
    moments = random.Random(seed)
    people = tmp_path / "people.jsonl"
    known = [person(number) for number in range(MANY)]
    lines = [json.dumps(_json(one)) for one in known]
    await asyncio.to_thread(people.write_text, "\n".join(lines))
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        await plant(room, MANY)
    for _ in range(3):
        await _killed(_command(address, people), moments.uniform(0.4, 2.0))
    await _run([sys.executable, "-m", "crisisroom", "--room", address, "status"])
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        begun = [one for one in await reading.timeline(room, "INC-1") if one.kind == "words.erased"]
        assert bool(begun) is not bool(await traces_of(room))
    if not begun:
        await _run(_command(address, people))
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        assert await traces_of(room) == []
        told = [one for one in await reading.room_log(room) if one.kind == "person.erased"]
        assert sum(one.data["mentions"] for one in told) == posts_of(MANY)
        assert all(not one.problems for one in await verifying.verify(room))
