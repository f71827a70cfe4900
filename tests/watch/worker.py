"""A watcher in a process of its own: run as `python worker.py FILE`."""

from __future__ import annotations

import asyncio
import sys

from crisisroom.clock import SystemClock
from crisisroom.logbook import Logbook
from crisisroom.room import Actor, Room
from crisisroom.watch.watcher import Watcher


async def main(file: str) -> None:
    clock = SystemClock()
    async with await Room.open(file, actor=Actor("watch"), clock=clock) as room:
        await Watcher(room, Logbook.usual(clock, "watch")).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
