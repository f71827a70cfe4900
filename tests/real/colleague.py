"""One person at work in a room: run as `python colleague.py ADDRESS NAME`, until stdin is closed.

Each act has a command id, which stands in its words; where its outcome is unknown it is done again
under the same id, as the program tells people to. What was acknowledged is printed, with when.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time

from crisisroom.clock import SystemClock
from crisisroom.core.errors import OutcomeUnknown, Unavailable
from crisisroom.room import Actor, Room, facts, record

BETWEEN = 0.04  # seconds, at most, between two acts


async def act(room: Room, number: int, name: str) -> str:
    """Do one thing, again and again until it is acknowledged; returns its id."""
    word = f"{name}-{number}"
    while True:
        try:
            if number % 5:
                await record.note(room, "INC-1", f"did {word}.", command_id=word)
            else:
                await facts.set_fact(room, "INC-1", "batch", f"did {word}.", command_id=word)
        except (Unavailable, OutcomeUnknown) as error:
            print(f"again {word} {error.code}", flush=True)
            await asyncio.sleep(BETWEEN)
        else:
            return word


async def work(address: str, name: str) -> None:
    """Act until nobody listens any more."""
    dice, over = random.Random(name), asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, over.set)
    async with await Room.open(address, actor=Actor(name), clock=SystemClock()) as room:
        await room.reload()
        number = 0
        while not over.is_set():
            number += 1
            begun = time.monotonic()
            word = await act(room, number, name)
            print(f"done {word} {begun:.3f} {time.monotonic():.3f}", flush=True)
            await asyncio.sleep(dice.uniform(0, BETWEEN))


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
