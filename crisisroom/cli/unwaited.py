"""Threads that nobody waits for at the end: what hangs in one must not hold the program."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NoReturn, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Unwaited(ThreadPoolExecutor):
    """Runs each call in a thread of its own, which ends with the program at the latest."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin a call."""
        future: Future[T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                outcome = fn(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(outcome)

        threading.Thread(target=work, name="unwaited", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End without waiting for anybody."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)


async def within(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return what comes of it; TimeoutError without waiting for it to notice that it shall end."""
    begun = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({begun}, timeout=seconds)
    if not done:
        raise TimeoutError
    return begun.result()


def leave(code: int) -> NoReturn:
    """End the program at once, where a room that does not answer would be waited for.

    Only for verbs that write nothing: nothing of theirs can be half done.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
