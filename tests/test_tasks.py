"""Background tasks, named and kept, their failures shown; and signals heard beside them."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading

from crisisroom.tasks import off_signal, on_signal, spawn


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


async def test_a_signal_is_heard_until_it_is_not() -> None:
    heard: list[int] = []
    on_signal(signal.SIGUSR1, heard.append, 1)
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.sleep(0.05)
    off_signal(signal.SIGUSR1)
    assert heard == [1]
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL


def test_where_no_signal_comes_nothing_fails() -> None:
    failed: list[BaseException] = []

    async def tries() -> None:
        on_signal(signal.SIGUSR1, failed.clear)
        off_signal(signal.SIGUSR1)

    def run() -> None:
        try:
            asyncio.run(tries())
        except BaseException as error:
            failed.append(error)

    beside = threading.Thread(target=run)
    beside.start()
    beside.join()
    assert failed == []
