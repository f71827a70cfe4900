"""Background tasks: named, kept, their failures shown."""

from __future__ import annotations

import asyncio
import gc

from crisisroom.tasks import spawn


async def test_a_failure_is_shown_with_its_name() -> None:
    shown: list[tuple[str, BaseException]] = []

    async def fails() -> None:
        raise LookupError("gone")

    task = spawn(fails(), name="feed", on_error=lambda *seen: shown.append(seen))
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert task.get_name() == "feed"
    assert [(name, str(error)) for name, error in shown] == [("feed", "gone")]


async def test_the_end_and_a_cancellation_are_no_failures() -> None:
    shown: list[str] = []
    waits = spawn(asyncio.Event().wait(), name="a", on_error=lambda name, _: shown.append(name))
    ends = spawn(asyncio.sleep(0), name="b", on_error=lambda name, _: shown.append(name))
    await ends
    waits.cancel()
    await asyncio.wait([waits])
    await asyncio.sleep(0)
    assert shown == []


async def test_nobody_has_to_hold_on_to_it() -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0)
        gc.collect()
        done.set()

    spawn(work(), name="kept", on_error=lambda name, error: None)
    gc.collect()
    assert await asyncio.wait_for(done.wait(), 5)
