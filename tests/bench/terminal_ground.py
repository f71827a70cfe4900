"""The rooms and the peers of the terminal's bench: what is run, on the same texts, on a pty."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.screen import BARE, FAR
from bench.terminal_pty import Pty
from bench.terminal_table import Table
from e2e.ground import CRISISROOM, Ground

from crisisroom.core.query import Query
from crisisroom.room import reading

POSTS = 400
LARGE, SMALL = (120, 40), (80, 24)
_HINTS = ("? keys", ": more")
_NEWSBOAT = "auto-reload no\nreload-only-visible-feeds no\n"
_SAID = (
    "charged twice for one night and nobody answers the telephone at the desk since noon they say "
    "it is my bank what now please share this refund still waiting room was cold again why does "
    "support never write back on sunday my order came broken kettle burns hand of a friend we "
    "stood outside in rain all evening until somebody let us in through kitchen door shame"
)
_WORDS = _SAID.split()


class Missing(Exception):
    """A peer that is not installed, or an option that this version does not have."""


@dataclass
class Bench:
    """What a run was asked for, and where its figures go."""

    table: Table
    rounds: int = 7
    quick: bool = False
    posting: str = ""
    soak: float = 0.0  # minutes
    stall: tuple[float, ...] = (6.0, 60.0)


def text_of(number: int) -> str:
    """Return a post of some 190 characters: wider than any pane, and like no other post."""
    words = random.Random(number).choices(_WORDS, k=36)
    return f"post {number}: {' '.join(words)}"


def posts(first: int, count: int) -> list[dict[str, object]]:
    """Return ordinary posts."""
    return [
        {
            "text": text_of(number),
            "source": "masto",
            "external_id": str(number),
            "author": {"handle": f"@guest{number % 7919}@example.test", "reach": number % 5000},
        }
        for number in range(first, first + count)
    ]


@contextmanager
def grounds(count: int = POSTS, *, incident: bool = True) -> Iterator[Ground]:
    """Yield a room with so many posts, and with an incident unless there is to be none."""
    with tempfile.TemporaryDirectory() as folder, Ground(Path(folder) / "ground") as ground:
        if incident:
            ground.declare()
        ground.ingest(posts(0, count))
        yield ground


# What is run.


@contextmanager
def room(
    ground: Ground,
    size: tuple[int, int] = LARGE,
    *,
    driver: str = "",
    argv: Sequence[str] = (),
    near: bool = False,
) -> Iterator[Pty]:
    """Open the room, as over SSH unless it is `near`; `argv` is run instead of the program."""
    asked = ["--driver", driver] if driver else []
    if driver and not has_drivers():
        raise Missing("`crisisroom open` has no --driver yet")
    program = [*(argv or CRISISROOM), "--room", str(ground.room), "open", "--no-watch", *asked]
    full = {**ground.env, **({} if near else FAR)}
    with Pty(program, env=full, cwd=ground.folder, size=size) as running:
        yield running


def hinted(running: Pty) -> Pty:
    """Wait until the room itself is there: it has hints in the last line."""

    def met() -> bool:
        return any(hint in running.screen.lines[-1] for hint in _HINTS)

    return running.until(met, "the hints")


def live(running: Pty, newest: int = POSTS - 1) -> Pty:
    """Wait until the room itself is there and shows its newest post."""
    return hinted(running).wait_for(f"guest{newest % 7919}")


def follow(running: Pty) -> Pty:
    """Let the feed follow what is newest."""
    if "follows the newest" not in running.screen.text:  # a room comes back as it was left
        running.press("F")
    return running.wait_for("follows the newest")


@cache
def has_drivers() -> bool:
    """Return whether the driver can be chosen."""
    done = subprocess.run([*CRISISROOM, "open", "--help"], capture_output=True, check=False)
    return b"--driver" in done.stdout


@contextmanager
def bare(ground: Ground, size: tuple[int, int] = LARGE) -> Iterator[Pty]:
    """Run a Textual app with one Static in it."""
    full = {**ground.env, **FAR}
    with Pty([sys.executable, "-c", BARE], env=full, cwd=ground.folder, size=size) as running:
        yield running


def _installed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise Missing(f"{program} is not installed")
    return found


@contextmanager
def lnav(ground: Ground, file: Path, size: tuple[int, int] = LARGE) -> Iterator[Pty]:
    """Run lnav over a file of lines."""
    with Pty([_installed("lnav"), str(file)], env=ground.env, cwd=ground.folder, size=size) as run:
        yield run


def lines_of(file: Path, texts: Iterable[tuple[int, str]]) -> Path:
    """Write texts as lines of a log, one a second, with their numbers for who said them."""
    with file.open("w", encoding="utf-8") as out:
        for number, text in texts:
            out.write(line_of(number, text))
    return file


def line_of(number: int, text: str) -> str:
    """Return a text as a line of a log."""
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_790_000_000 + number))
    return f"{at} @guest{number % 7919}@example.test {text}\n"


@contextmanager
def newsboat(ground: Ground, size: tuple[int, int] = LARGE) -> Iterator[Pty]:
    """Run newsboat on a cache that holds the same posts as entries of one feed."""
    argv = [_installed("newsboat"), *_newsboat_files(ground)]
    with Pty(argv, env=ground.env, cwd=ground.folder, size=size) as running:
        yield running


def _newsboat_files(ground: Ground) -> list[str]:
    folder = ground.folder / "newsboat"
    urls, cache_file, config, feed = (
        folder / name for name in ("urls", "cache.db", "config", "feed.xml")
    )
    files = ["-u", str(urls), "-c", str(cache_file), "-C", str(config)]
    if not folder.exists():
        folder.mkdir()
        items = "".join(
            f"<item><guid>{n}</guid><title>{text_of(n)}</title></item>" for n in range(POSTS)
        )
        title = "<title>posts</title><link>http://127.0.0.1</link>"
        feed.write_text(f'<rss version="2.0"><channel>{title}{items}</channel></rss>')
        urls.write_text(f"file://{feed}\n")
        config.write_text(_NEWSBOAT)
        reload = [_installed("newsboat"), *files, "-x", "reload"]
        subprocess.run(reload, env=ground.env, check=True, capture_output=True)
    return files


@contextmanager
def posting(bench: Bench, ground: Ground, size: tuple[int, int] = LARGE) -> Iterator[Pty]:
    """Run posting from a venv of its own."""
    if not bench.posting:
        raise Missing("no --posting PATH was given")
    if not Path(bench.posting).exists():
        raise Missing(f"there is no {bench.posting}")
    with Pty([bench.posting], env=ground.env, cwd=ground.folder, size=size) as running:
        yield running


# What happens to it.


def next_post(ground: Ground) -> int:
    """Return the number of the next post: they are counted from 0."""
    newest = ground.look(lambda room: reading.mentions(room, Query(limit=1, copies=True)))
    return newest[0].number if newest else 0


@contextmanager
def flowing(ground: Ground, rate: float, first: int) -> Iterator[list[float]]:
    """Let posts come in through a pipe, one by one; yields when each was written (monotonic)."""
    ingest = ground.start("ingest", "-", stdin=subprocess.PIPE)
    over, sent = threading.Event(), list[float]()
    assert ingest.stdin is not None
    pipe, began = ingest.stdin, time.monotonic()

    def feed() -> None:
        while not over.wait(max(0.0, began + len(sent) / rate - time.monotonic())):
            pipe.write(f"{json.dumps(posts(first + len(sent), 1)[0])}\n")
            pipe.flush()
            sent.append(time.monotonic())

    feeder = threading.Thread(target=feed, name="flowing")
    feeder.start()
    try:
        yield sent
    finally:
        over.set()
        feeder.join()
        with suppress(OSError, subprocess.TimeoutExpired):
            ingest.communicate(timeout=120)


def pause(seconds: float) -> None:
    """Let time pass: what a benchmark measures."""
    threading.Event().wait(seconds)


def load() -> str:
    """Return how busy the machine is, and whether that spoils wall times."""
    one = os.getloadavg()[0]
    busy = "; busy: go by CPU and bytes, run what is doubtful again" if one > 1 else ""
    return f"{os.cpu_count()} cores, load {one:.1f}{busy}"
