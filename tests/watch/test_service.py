"""What the watcher says to systemd, seen from a socket in systemd's place."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.tasks import spawn
from crisisroom.watch.pulse import Pulse
from crisisroom.watch.service import Service


class Ear:
    """A socket in systemd's place."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self._socket.setblocking(False)

    def heard(self) -> list[str]:
        """Return the lines that have come in."""
        lines: list[str] = []
        while True:
            try:
                lines += self._socket.recv(4096).decode().split("\n")
            except BlockingIOError:
                return lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["file", "abstract"])
def ear(request: pytest.FixtureRequest) -> Iterator[Ear]:
    folder = os.environ["XDG_RUNTIME_DIR"]
    address = f"{folder}/n" if request.param == "file" else f"@crisisroom-test-{os.getpid()}"
    listening = Ear(address)
    yield listening
    listening.close()


def service(ear: Ear, **more: str) -> Service:
    return Service.of({"NOTIFY_SOCKET": ear.address} | more, SystemClock())


def test_ready_reloading_and_stopping_are_said(ear: Ear) -> None:
    told = service(ear)
    told.ready("leads\nREADY=0")
    told.reloading()
    told.stopping()
    said = ear.heard()
    assert said[:2] == ["READY=1", "STATUS=leads READY=0"]
    assert said[2] == "RELOADING=1"
    assert said[3].startswith("MONOTONIC_USEC=")
    assert said[4] == "STOPPING=1"


def test_without_systemd_nothing_is_said_and_nothing_fails(tmp_path: Path) -> None:
    Service.of({}, SystemClock()).ready("x")
    Service.of({"NOTIFY_SOCKET": str(tmp_path / "gone")}, SystemClock()).ready("x")


def test_the_watchdog_of_another_process_is_not_ours() -> None:
    clock = SystemClock()
    assert Service.of({"WATCHDOG_USEC": "90000000"}, clock).watchdog == 90.0
    ours = {"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}
    assert Service.of(ours, clock).watchdog == 90.0
    assert Service.of(ours | {"WATCHDOG_PID": "1"}, clock).watchdog == 0.0
    assert Service.of({"WATCHDOG_USEC": "x"}, clock).watchdog == 0.0


async def test_signs_of_life_are_given_only_while_there_is_life(ear: Ear) -> None:
    told = service(ear, WATCHDOG_USEC="30000")
    works, alive, problems = [False], [True], list[str]()
    telling = spawn(
        told.tell(lambda: works[0], lambda: alive[0], lambda: "asks 1 of 2 sources"),
        name="service",
        on_error=lambda name, error: problems.append(name),
    )

    async def until(line: str) -> list[str]:
        said: list[str] = []
        async with asyncio.timeout(10):
            while line not in said:
                said += ear.heard()
                await asyncio.sleep(0.01)
        return said

    assert ear.heard() == []
    works[0] = True
    assert (await until("WATCHDOG=1"))[0] == "READY=1"
    alive[0] = False
    await until("STATUS=asks 1 of 2 sources")
    ear.heard()
    await until("STATUS=asks 1 of 2 sources")
    alive[0] = True
    await until("WATCHDOG=1")
    telling.cancel()
    assert problems == []


def test_a_loop_that_goes_round_no_more_is_told_of(clock: ManualClock) -> None:
    pulse = Pulse(clock)
    pulse.beat("share")
    pulse.beat("outbox", 300)
    assert pulse.still() == ()
    clock.advance(61)
    assert pulse.still() == ("share",)
    pulse.beat("share")
    clock.advance(59)
    assert pulse.still() == ()
    clock.advance(240)
    assert pulse.still() == ("outbox", "share")
