"""A room on PostgreSQL outlives its servers: nothing acknowledged is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from e2e.terminal import Terminal
from room.people import PLAN

from crisisroom.clock import SystemClock
from crisisroom.config import Brand, RoomConfig
from crisisroom.room import Actor, Room, lifecycle, reading
from crisisroom.room.settings import apply_config
from real.conftest import standing
from real.servers.base import Daemon, wait_until
from real.servers.line import Line
from real.servers.postgres import Postgres, PostgresPair

pytestmark = pytest.mark.losing

SEED = int(os.environ.get("CRISISROOM_SEED", "20261122"))
PEOPLE = 8
BY_VERB = 2  # of them work with verbs, the others in one long session
SCREENS = 2
BACK = 10.0  # seconds from the promotion until a screen shows what was done since
LIVELY = 1.5  # seconds of work between two events
CUTS = 50
DID = re.compile(r"did ([pv]\d+-\d+)\.")
CRISISROOM = (sys.executable, "-m", "crisisroom")


@dataclass
class Colleague:
    """A process that acts, and what it was told is done: id, when begun, when acknowledged."""

    process: subprocess.Popen[str]
    done: list[tuple[str, float, float]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Read what it says until it ends."""
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                word, name, *times = line.split()
                if word == "done":
                    self.done.append((name, float(times[0]), float(times[1])))
                else:
                    self.again.append(name)


class ByVerb(threading.Thread):
    """A person who types one verb after the other; `done` as a colleague has it."""

    def __init__(self, team: Team, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.done: list[tuple[str, float, float]] = []
        self.again: list[str] = []
        self._team = team

    def run(self) -> None:
        """Note after note, each until it is acknowledged."""
        number = 0
        while not self._team.over.is_set():
            number += 1
            word, begun = f"{self.name}-{number}", time.monotonic()
            argv = ["--command-id", word, "note", "INC-1", f"did {word}."]
            while self._team.verb(argv, self.name).returncode:
                self.again.append(word)
            self.done.append((word, begun, time.monotonic()))


class Keeping(Postgres):
    """One that has on disk what it acknowledged."""

    def __init__(self) -> None:
        super().__init__(settings=())


class Team:
    """Eight people at work in one room, two screens, and a watcher."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self.over = threading.Event()
        self.colleagues: list[Colleague] = []
        self.typists: list[ByVerb] = []
        self.screens: list[Terminal] = []
        self.line: Line | None = None

    @property
    def env(self) -> dict[str, str]:
        """Nothing of whoever runs the tests."""
        parts = {"HOME": "home", "XDG_RUNTIME_DIR": "run", "TMPDIR": "tmp"}
        for part in parts.values():
            (self.folder / part).mkdir(mode=0o700, exist_ok=True)
        own = {name: str(self.folder / part) for name, part in parts.items()}
        path = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        return {**path, "LANG": "C.UTF-8", "TERM": "xterm-256color", **own}

    def verb(self, argv: Sequence[str], name: str) -> subprocess.CompletedProcess[str]:
        """Run a verb as somebody."""
        command = [*CRISISROOM, "--room", self.address, "--as", name, *argv]
        return subprocess.run(
            command, env=self.env, cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    @contextmanager
    def working(self, *, verbs: int = 0, screens: int = 0) -> Iterator[Team]:
        """Let everybody work until the end of the block, and to the end of what they had begun."""
        with ExitStack() as stack:
            if screens:
                log = self.folder / "watch.log"
                watcher = Daemon([*CRISISROOM, "--room", self.address, "watch"], log, env=self.env)
                watcher.start()
                stack.callback(watcher.stop)
            for number in range(screens):
                stack.enter_context(self._screen(f"s{number}"))
            readers = [self._colleague(f"p{number}") for number in range(PEOPLE - verbs)]
            self.typists = [ByVerb(self, f"v{number}") for number in range(verbs)]
            for one in self.typists:
                one.start()
            stack.callback(self._end)
            yield self
            self.over.set()
            for colleague, reader in zip(self.colleagues, readers, strict=True):
                assert colleague.process.stdin is not None
                colleague.process.stdin.close()
                assert colleague.process.wait(60) == 0
                reader.join(60)
            for one in self.typists:
                one.join(60)

    def _end(self) -> None:
        """End whoever still works."""
        self.over.set()
        for colleague in self.colleagues:
            colleague.process.kill()

    @contextmanager
    def _screen(self, name: str) -> Iterator[Terminal]:
        argv = [*CRISISROOM, "--room", self.address, "--as", name, "open"]
        with Terminal(argv, env=self.env, cwd=self.folder, size=(140, 40)) as screen:
            screen.wait_for("Kettles overheat")
            self.screens.append(screen)
            yield screen

    def _colleague(self, name: str) -> threading.Thread:
        script = str(Path(__file__).with_name("colleague.py"))
        process = subprocess.Popen(
            [sys.executable, script, self.address, name], env=self.env, cwd=self.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        colleague = Colleague(process)
        self.colleagues.append(colleague)
        reader = threading.Thread(target=colleague.listen, daemon=True)
        reader.start()
        return reader

    @property
    def people(self) -> list[Colleague | ByVerb]:
        """Everybody."""
        return [*self.colleagues, *self.typists]

    @property
    def done(self) -> list[tuple[str, float, float]]:
        """What anybody was told is done, in that order."""
        return sorted((one for who in self.people for one in who.done), key=lambda one: one[2])

    @property
    def again(self) -> int:
        """How often somebody was told to do it again."""
        return sum(len(who.again) for who in self.people)

    def wait_for_all(self) -> None:
        """Wait until everybody has done something."""
        wait_until(lambda: all(who.done for who in self.people), "everybody to have begun")

    def first_since(self, moment: float) -> float:
        """Wait for an act that was begun after a moment; returns the seconds to its end."""

        def found() -> float | None:
            return next((end - moment for _, begun, end in self.done if begun > moment), None)

        return wait_until(found, "somebody to act")

    def first_shown_since(self, moment: float, screen: Terminal) -> float:
        """Return the seconds from a moment until a screen shows what was begun after it."""

        def shown(seen: Terminal) -> bool:
            new = {word for word, begun, _ in self.done if begun > moment}
            return any(word in new for word in DID.findall(seen.text))

        screen.wait_for(shown, seconds=60, why="what was done since")
        return time.monotonic() - moment


async def _prepared(address: str) -> None:
    async with await Room.open(address, actor=Actor("ada"), clock=SystemClock()) as room:
        await apply_config(room, RoomConfig(name="kettles", brand=Brand("Kessel")), "x")
        plan = msgspec.structs.replace(PLAN, cadences=())
        await lifecycle.declare(room, "Kettles overheat", playbook=plan, severity="sev2")


async def _counts(address: str) -> Counter[str]:
    """Return how often each act is on record."""
    async with await Room.open(address, actor=Actor("ada"), clock=SystemClock()) as room:
        entries = await reading.timeline(room, "INC-1")
    told = (str(one.data.get("value") or one.text) for one in entries if one.kind != "fact.moved")
    return Counter(word for text in told for word in DID.findall(text))


def _check(team: Team, what: str) -> None:
    """Nothing acknowledged is missing, nothing is there twice, and the chain holds."""
    counts, done = asyncio.run(_counts(team.address)), team.done
    lost = [word for word, _, _ in done if word not in counts]
    twice = [word for word, count in counts.items() if count > 1]
    pause = max(later[2] - earlier[2] for earlier, later in itertools.pairwise(done))
    print(
        f"{what}: {len(done)} acts acknowledged, {len(lost)} lost, {len(twice)} twice, "
        f"{team.again} told to try again; the longest pause {pause:.1f} s"
    )
    assert not lost
    assert not twice
    assert not counts.keys() - {word for word, _, _ in done}
    verified = team.verb(["verify"], "ada")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.fixture
def pair() -> Iterator[PostgresPair]:
    """A primary and a standby that it waits for."""
    with standing(PostgresPair) as ground:
        yield ground


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One server that keeps what it acknowledged."""
    with standing(Keeping) as ground:
        yield ground


def test_a_standby_takes_over_while_eight_people_work(pair: PostgresPair, tmp_path: Path) -> None:
    asyncio.run(_prepared(pair.url))
    with Team(pair.url, tmp_path).working(verbs=BY_VERB, screens=SCREENS) as team:
        team.wait_for_all()
        time.sleep(LIVELY)
        pair.stop_primary(kill=True)
        time.sleep(random.Random(SEED).uniform(0.5, 1.5))
        pair.promote()
        promoted = time.monotonic()
        acting = team.first_since(promoted)
        screens = [team.first_shown_since(promoted, one) for one in team.screens]
        time.sleep(LIVELY)
    print(
        f"acts go on after {acting:.1f} s, screens {', '.join(f'{one:.1f}' for one in screens)} s"
    )
    _check(team, "fail-over")
    log = (tmp_path / "home/.local/state/crisisroom/watch.log").read_text()
    assert log.count("room-away") == log.count("room-back") == 1
    assert max(acting, *screens) <= BACK


def _events(server: Postgres, tmp_path: Path, what: str, act: Callable[[Team], object]) -> None:
    """Let eight people work while something happens to their server."""
    name = f"room_{what.replace(' ', '_')}"
    server.sql(f"CREATE DATABASE {name}", "postgres")
    address = f"postgresql://postgres@127.0.0.1:{server.port}/{name}"
    asyncio.run(_prepared(address))
    with Line(server.port).standing() as line:
        through = address.replace(str(server.port), str(line.port))
        team = Team(through, tmp_path)
        team.line = line
        with team.working():
            team.wait_for_all()
            act(team)
            team.first_since(time.monotonic())
        _check(team, what)


def test_connections_that_are_ended_at_any_moment_lose_nothing(
    server: Postgres, tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {}"

    def act(team: Team) -> None:
        database = "datname LIKE 'room%' AND pid != pg_backend_pid()"
        for number in range(CUTS):
            time.sleep(dice.uniform(0, 0.2))
            some = f"{database} AND random() < 0.5" if number % 2 else database
            server.sql(ended.format(some), "postgres")

    _events(server, tmp_path, "ended", act)


def test_a_server_that_is_started_anew_loses_nothing(server: Postgres, tmp_path: Path) -> None:
    def act(team: Team) -> None:
        server.stop()
        time.sleep(1.0)
        server.start()
        team.first_since(time.monotonic())
        server.kill()
        server.start()

    _events(server, tmp_path, "anew", act)


@pytest.mark.parametrize("seconds", [3, pytest.param(20, marks=pytest.mark.full)])
def test_a_line_that_is_dead_for_a_while_loses_nothing(
    server: Postgres, tmp_path: Path, seconds: int
) -> None:
    def act(team: Team) -> None:
        assert team.line is not None
        team.line.cut()
        time.sleep(seconds)
        team.line.mend()

    _events(server, tmp_path, f"cut_{seconds}", act)
