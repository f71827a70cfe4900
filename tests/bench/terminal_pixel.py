"""From an event at the socket to the pixel on the pty, and a key on a line of 64 kbit/s."""

from __future__ import annotations

import http.client
import json
import re
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench import terminal_ground as ground_of
from bench.terminal_ground import LARGE, POSTS, Bench, Missing, pause, posts
from bench.terminal_pty import Arrival, Pty
from bench.terminal_seen import Emulated
from e2e.ground import Ground

SLOW = 8_000.0  # bytes a second: 64 kbit/s
_CALLERS = 16
_CONFIG = """\
schema: 1
room: {{address: {room}, name: "Bench", zone: UTC}}
brand: {{name: "Ferrow"}}
sources:
  - {{id: hook, type: webhook, listen: "127.0.0.1:{port}"}}
"""
_WORDS = "qzqqzzqzqzzzqqqzqqzqzzqqqzzzz"  # letters that no post has
_POST = re.compile(r"post (\d+):")
_CHOSEN = re.compile(r"[▌>]\S* +\d\d:\d\d\S* .*?post (\d+)")


def measure(bench: Bench) -> None:
    """Measure events at 10/s and 100/s, near and over SSH; then keys on a slow line."""
    seconds = 10.0 if bench.quick else 30.0
    bench.table.part(f"5. Webhook -> watcher -> store -> screen -> pty, {seconds:g} s each")
    for rate, goal in ((10, 80.0), (100, 150.0)):
        for near in (True, False):
            _events(bench, rate, seconds, goal, near=near)
    for driver in ("", "stock"):
        try:
            _keys(bench, driver, 10 if bench.quick else 25)
        except Missing as why:
            bench.table.skipped("keys on a slow line, stock driver", str(why))


@contextmanager
def watched() -> Iterator[tuple[Ground, int]]:
    """Yield a room with an incident and a watcher that listens at a port."""
    with ground_of.grounds() as ground:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        config = _CONFIG.format(room=ground.room, port=port)
        (ground.folder / "crisisroom.yaml").write_text(config)
        ground.do("apply", "crisisroom.yaml")
        ground.start("watch")
        ground.until(lambda: _listens(port), "the webhook")
        yield ground, port


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


# Events.


def _events(bench: Bench, rate: int, seconds: float, goal: float, *, near: bool) -> None:
    with watched() as (ground, port), ground_of.room(ground, LARGE, near=near) as screen:
        ground_of.follow(ground_of.live(screen)).rest(1.5)
        first = len(screen.arrivals)
        before = b"".join(one.data for one in screen.arrivals)
        sent = _called(port, rate, int(rate * seconds))
        screen.rest(2.5)
        shown = _shown(before, screen.arrivals[first:])
    took = sorted((shown[number] - at) * 1000 for number, at in sent.items() if number in shown)
    where = "near" if near else "over SSH"
    figure = f"event to pixel, 95 of 100, {rate}/s, {where}"
    said = f"p50 {_at(took, 0.5):.0f}, p99 {_at(took, 0.99):.0f}, {len(took)}/{len(sent)} seen"
    bench.table.limit(figure, _at(took, 0.95), "ms", goal, said)


def _at(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("inf")


def _called(port: int, rate: int, count: int) -> dict[int, float]:
    """Call the webhook so often a second; return when each post was sent (monotonic seconds)."""
    sent: dict[int, float] = {}
    lines = threading.local()

    def call(number: int) -> None:
        if not hasattr(lines, "open"):
            lines.open = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        body = json.dumps(posts(number, 1)[0])
        sent[number] = time.monotonic()
        try:
            _post(lines.open, body)
        except (http.client.HTTPException, OSError):  # it keeps lines open for so long only
            lines.open.close()
            _post(lines.open, body)

    began = time.monotonic()
    with ThreadPoolExecutor(_CALLERS) as callers:
        for number in range(count):
            pause(max(0.0, began + number / rate - time.monotonic()))
            callers.submit(call, POSTS + number)
    return sent


def _post(line: http.client.HTTPConnection, body: str) -> None:
    line.request("POST", "/mentions", body, {"Content-Type": "application/json"})
    answer = line.getresponse()
    said = answer.read()
    assert answer.status == 200, said


def _shown(before: bytes, arrivals: list[Arrival]) -> dict[int, float]:
    """Return when each post first stood on the screen."""
    screen, found = Emulated(LARGE), dict[int, float]()
    screen.feed(before)
    for one in arrivals:
        screen.feed(one.data)
        for number in _POST.findall(screen.text):
            found.setdefault(int(number), one.at)
    return found


# Keys.


def _keys(bench: Bench, driver: str, count: int) -> None:
    """Press keys on a line of 64 kbit/s while 5 posts a second come in."""
    with watched() as (ground, port), ground_of.room(ground, LARGE, driver=driver) as screen:
        ground_of.live(screen).rest(2.0)
        screen.rate = SLOW
        coming = threading.Thread(target=_called, args=(port, 5, 5 * (2 * count + 10)))
        coming.start()
        pause(3.0)
        cursor = [_echo(screen, "j", lambda: _chosen(screen)) for _ in range(count)]
        ground_of.follow(screen)
        pause(3.0)
        screen.press("m")
        screen.wait_for("Note ")
        typed = [_typed(screen, _WORDS[: n + 1]) for n in range(count)]
        coming.join()
    name = f", {driver} driver" if driver else ""
    most = None if driver else 1000.0
    for what, found in (("a step of the cursor", cursor), ("a letter, feed following", typed)):
        said = f"median {statistics.median(found):.0f} ms"
        bench.table.limit(f"64 kbit/s, 5/s: {what}{name}, longest", max(found), "ms", most, said)


def _echo(screen: Pty, key: str, read: Callable[[], str]) -> float:
    """Press a key; return the ms until what is read differs, at most 20 s."""
    was, began = read(), time.monotonic()
    screen.press(key)
    while read() == was and time.monotonic() < began + 20:
        pause(0.005)
    took = (time.monotonic() - began) * 1000
    pause(0.6)
    return took


def _chosen(screen: Pty) -> str:
    """Return which post the cursor is on."""
    found = _CHOSEN.search(screen.screen.text)
    return found[1] if found else ""


def _typed(screen: Pty, words: str) -> float:
    return _echo(screen, words[-1], lambda: str(words in screen.screen.text))
