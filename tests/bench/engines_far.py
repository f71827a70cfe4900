"""A room whose server is far away: what each act costs where every trip takes its time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from room.people import PLAN

from crisisroom.clock import SystemClock
from crisisroom.core.query import Query
from crisisroom.room import Actor, Room, lifecycle, reading, record, triage
from crisisroom.store.address import ServerAddress, parse

TRIP = 0.020  # seconds there and back
TIMES = 20


@asynccontextmanager
async def far(port: int, trip: float = TRIP) -> AsyncIterator[int]:
    """Pass bytes on to a server on loopback, late; gives the port to connect to."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        for one, other in ((reader, back), (there, writer)):
            task = asyncio.create_task(_late(one, other, trip / 2))
            tasks.add(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, late: float) -> None:
    loop, sent = asyncio.get_running_loop(), 0.0
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            sent = max(sent, loop.time() + late)
            loop.call_at(sent, writer.write, data)
        loop.call_at(max(sent, loop.time() + late), writer.close)


async def acts(server: str) -> None:
    """Print how long it takes to open a room, look, write, and take in, over such a line."""
    near = parse(server)
    assert isinstance(near, ServerAddress)
    async with far(near.hosts[0][1]) as port:
        address = server.replace(f":{near.hosts[0][1]}/", f":{port}/")
        began = time.perf_counter()
        room = await Room.open(address, actor=Actor("ada"), clock=SystemClock())
        print(f"far       open                       {_trips(time.perf_counter() - began)}")
        async with room:
            inc = (await lifecycle.declare(room, "far away", playbook=PLAN)).incident.id
            for what, act in _acts(room, inc):
                print(f"far       {what:26} {await _usual(act)}")


def _acts(room: Room, inc: str) -> list[tuple[str, Callable[[], Awaitable[Any]]]]:
    return [
        ("a feed window", lambda: reading.mentions(room, Query(limit=50))),
        ("a search", lambda: reading.mentions(room, Query(limit=50, text="refund"))),
        ("the timeline", lambda: reading.timeline(room, inc)),
        ("a status", lambda: reading.status(room)),
        ("a note", lambda: record.note(room, inc, "the press calls")),
        ("a batch of no new mention", lambda: triage.ingest(room, [], durable=False)),
    ]


async def _usual(act: Callable[[], Awaitable[Any]]) -> str:
    found = []
    for _ in range(TIMES):
        await asyncio.sleep(TRIP * 2)  # as people do: the next view is begun by then
        began = time.perf_counter()
        await act()
        found.append(time.perf_counter() - began)
    ordered = sorted(found)
    return f"{_trips(ordered[len(ordered) // 2])}, 95th percentile {ordered[-2] * 1000:.0f} ms"


def _trips(seconds: float) -> str:
    return f"{seconds * 1000:6.0f} ms = {seconds / TRIP:4.1f} trips"
