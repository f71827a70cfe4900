"""Following a room that is away for a while, and one that goes to live elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.room import Room, following, moving
from crisisroom.room.following import Turn

Fresh = Callable[[], AsyncIterator[int]]


def failing(*codes: str) -> Fresh:
    """Return what fails once for each code before it finds 1, then 2, then 3 …"""
    left, number = list(codes), 0

    async def fresh() -> AsyncIterator[int]:
        nonlocal number
        if left and (code := left.pop(0)):
            raise Unavailable(code, "not now")
        number += 1
        yield number

    return fresh


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "RETRY", 0)


async def test_away_and_back_are_said_once_before_what_comes_then(room: Room) -> None:
    now = room.clock.now()
    found = following.following(room, failing("unreachable", "store", ""))
    told = [await anext(found), await anext(found), await anext(found)]
    assert told == [Turn(True, now), Turn(False, now), 1]
    await found.aclose()  # type: ignore[attr-defined]


async def test_what_another_try_does_not_mend_ends_it(room: Room) -> None:
    with pytest.raises(Unavailable, match="not now"):
        await anext(following.following(room, failing("newer-room")))


async def test_what_is_refused_ends_it(room: Room) -> None:
    async def fresh() -> AsyncIterator[int]:
        for number in (1, 2):
            if number == 2:
                raise Refused("not-in-team", "no more")
            yield number

    found = following.following(room, fresh)
    assert await anext(found) == 1
    with pytest.raises(Refused, match="no more"):
        await anext(found)


@pytest.mark.sqlite("moving needs a second place")
async def test_a_room_that_moves_away_ends_it_with_where_it_is(room: Room, tmp_path: Path) -> None:
    found = following.following(room, failing())
    assert await anext(found) == 1
    new = tmp_path / "new" / "room.db"
    new.parent.mkdir(mode=0o700)
    await moving.move(room, str(new))
    with pytest.raises(Unavailable, match=str(new)) as told:
        await anext(found)
    assert str(new) in told.value.hint
