"""The watcher's log: what happened to the room as a service, and never a word of anybody."""

from __future__ import annotations

import random
import re

from e2e.hostile import words as hostile
from room.people import as_, declared, post
from watch.fakes import Fake, with_sources
from watch.watching import log, source_is, watcher

from crisisroom.clock import ManualClock
from crisisroom.logbook import Logbook
from crisisroom.room import Room, reading, record
from crisisroom.room.settings import apply_config
from crisisroom.sources import Batch
from crisisroom.watch.chronicle import Chronicle
from crisisroom.wire.answer import FetchError

LINE = re.compile(r"\S+Z (debug|info|warn|error) [a-z0-9._-]+ [a-z0-9._-]+ pid=\d+( \S+=\S+)*")
MARK = "zzq"  # in every word that nobody may find in the log
SECRET = f"s3cret-token-{MARK}"
POLLS = 30
Sources = dict[str, Fake]


def lines() -> list[str]:
    return log().splitlines()


def hostile_day(dice: random.Random) -> list[Batch | BaseException]:
    """Return what a source gives in a day: posts of all kinds, refusals, faults of ours."""
    found: list[Batch | BaseException] = []
    for number in range(POLLS):
        text, handle = f"{MARK}{hostile(dice, 4)}{MARK}", f"{MARK}{hostile(dice, 1)}"[:60]
        kind = number % 5
        if kind == 3:
            found.append(FetchError("status", f"401 for https://x.test/?access_token={SECRET}"))
        elif kind == 4:
            found.append(RuntimeError(f"{SECRET} {text}"))
        else:
            item = post(text, f"{MARK}{number}", handle, url=f"https://{MARK}.test/{number}")
            found.append(Batch((item,), {"at": f"{SECRET}{number}"}))
    return found


async def test_a_day_of_hostile_posts_leaves_no_word_in_the_log(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await declared(room)
    await apply_config(room, with_sources("a", every=1), "x")
    sources["a"] = Fake("a", *hostile_day(random.Random(7)))
    book = Logbook.usual(clock, "watch", level="debug")
    chronicle = Chronicle(as_(room, "watch"), book, lambda: True)
    await chronicle.look()
    while sources["a"].answers:
        clock.advance(900)
        await watcher(room, clock).once()
        await record.note(room, "", f"{MARK} written by ada, {SECRET}")
        await chronicle.look()
    await chronicle.look()
    assert await reading.count(room) > POLLS // 3
    told = log()
    assert MARK not in told
    assert SECRET not in told
    assert " source " in told
    for line in told.splitlines():
        assert LINE.fullmatch(line), line


async def test_sources_are_told_of_when_they_change(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    sources["a"] = Fake("a", Batch((), {}), FetchError("status", "404 Not Found"), Batch((), {}))
    chronicle = Chronicle(as_(room, "watch"), Logbook.usual(clock, "watch"), lambda: True)
    for state in ("ok", "failing", "ok"):
        await watcher(room, clock).once()
        await source_is(room, "a", state)
        await chronicle.look()
        clock.advance(90)
    clock.advance(600)
    await chronicle.look()
    told = [line.split(" ", 4) for line in lines() if " source " in line]
    assert [(one[1], one[3]) for one in told] == [
        ("warn", "failing"),
        ("info", "back"),
        ("warn", "stale"),
    ]
    assert all("id=a" in one[4] for one in told)


async def test_unreadable_lines_are_counted_once(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources("a"), "x")
    cursor = {"unread": {"lines": 12, "first": 3, "why": f"not JSON {MARK}", "at": 1}}
    more = {"files": {"1": cursor, "2": {"unread": {"lines": 1}}}}
    sources["a"] = Fake("a", Batch((), {}), *(Batch((), cursor) for _ in range(3)), Batch((), more))
    chronicle = Chronicle(as_(room, "watch"), Logbook.usual(clock, "watch"), lambda: True)
    while sources["a"].answers:
        await watcher(room, clock).once()
        await chronicle.look()
        clock.advance(60)
    again = Chronicle(as_(room, "watch"), Logbook.usual(clock, "watch"), lambda: True)
    await again.look()  # as after a restart
    told = [line.split() for line in lines() if " unreadable " in line]
    assert [(one[1], one[2], *one[-2:]) for one in told] == [
        ("warn", "source", "id=a", "lines=12"),
        ("warn", "source", "id=a", "lines=13"),
    ]
    assert MARK not in log()


async def test_only_who_leads_writes_it_down(room: Room, clock: ManualClock) -> None:
    leads = [False]
    chronicle = Chronicle(as_(room, "watch"), Logbook.usual(clock, "watch"), lambda: leads[0])
    await chronicle.look()
    await apply_config(room, with_sources("a"), "x")
    await chronicle.look()
    assert lines() == []
    leads[0] = True
    await apply_config(room, with_sources("b"), "x")
    await chronicle.look()
    assert [line.split()[2:4] for line in lines()] == [["config", "applied"]]
