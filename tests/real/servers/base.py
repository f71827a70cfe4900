"""What every real server has in common: its processes, its ports, its readiness and its logs."""

from __future__ import annotations

import abc
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self, TypeVar

T = TypeVar("T")

STOP_SECONDS = 20.0
POLL_SECONDS = 0.1
LOG_LINES = 40


class ServerError(Exception):
    """A server did not do what the test ground needs of it."""


class Unavailable(ServerError):
    """A server is not installed here, and this run may not install it."""


def wait_until(condition: Callable[[], T | None], what: str, seconds: float = 60.0) -> T:
    """Asks until the condition gives something true and returns it; ServerError when time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(POLL_SECONDS)
    raise ServerError(f"waited {seconds:.0f} s in vain: {what}")


def accepts(address: str, port: int) -> bool:
    """Says whether somebody listens on the TCP port."""
    try:
        with socket.create_connection((address, port), timeout=2):
            return True
    except OSError:
        return False


def refuse_taken(address: str, port: int) -> None:
    """Raises ServerError when the port belongs to somebody else: never test a stranger's server."""
    if accepts(address, port):
        raise ServerError(f"{address}:{port} is taken by another process; stop it and run again")


def free_port() -> int:
    """A TCP port of the loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(argv: Sequence[str], *, stdin: str = "", seconds: float = 60.0) -> str:
    """Runs a command to its end and returns its output; ServerError carries the output."""
    done = subprocess.run(
        argv,
        input=stdin,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        raise ServerError(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Privileges:
    """Whom a process runs as: `nobody` in place of root, with low ports where it needs them."""

    nobody: bool = False
    low_ports: bool = False

    def wrap(self, argv: Sequence[str], *setpriv: str) -> list[str]:
        """The command line that runs argv with these privileges and further setpriv options."""
        options = list(setpriv)
        if self.nobody:
            options += ["--reuid=65534", "--regid=65534", "--clear-groups"]
        if self.low_ports:
            options += ["--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"]
        return ["setpriv", *options, *argv] if options else list(argv)


@dataclass(slots=True)
class Daemon:
    """One long-lived process in a session of its own; it ends with whoever started it."""

    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    privileges: Privileges = Privileges()
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process with its output appended to the log."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.privileges.wrap(self.argv, "--pdeathsig=TERM"),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.env},
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ends our process and its children: TERM, 20 s of patience, then KILL."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        # The process leads its group, so that its id names its workers too and nobody else.
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Ground(abc.ABC):
    """Something that tests stand on: a context manager that starts it and always closes it."""

    @classmethod
    @abc.abstractmethod
    def install(cls) -> None:
        """Makes the programs present; raises Unavailable where that is not allowed."""

    @abc.abstractmethod
    def start(self) -> None:
        """Starts and returns when all of it answers; ServerError carries the log."""

    @abc.abstractmethod
    def close(self) -> None:
        """Stops our own processes and removes their state."""

    @abc.abstractmethod
    def logs(self) -> str:
        """The last lines of the logs."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Server(Ground):
    """A real server on loopback: `install` once a machine, then start, stop, start again.

    State lies in a folder of its own under the temporary directory, survives `stop` and goes
    with `close`.
    """

    name: ClassVar[str]

    def __init__(self) -> None:
        self.state = Path(tempfile.mkdtemp(prefix=f"crisisroom-{self.name}-"))
        self.state.chmod(0o711)  # servers that run as nobody must reach their own folder in it
        self.log = self.state / "log"
        self._daemon: Daemon | None = None

    @abc.abstractmethod
    def prepare(self) -> Daemon:
        """Writes what is missing of the state and returns the process to start."""

    @abc.abstractmethod
    def ready(self) -> bool:
        """Whether the server answers."""

    def refuse(self) -> None:
        """Raises ServerError when a fixed address this server needs is taken."""

    def start(self) -> None:
        self.refuse()
        self._daemon = self.prepare()
        self._daemon.start()
        self.wait_ready()

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Waits until the server answers; ends early, with its log, when its process is gone."""
        try:
            wait_until(lambda: self.ready() or self._gone(), f"{self.name} to answer", seconds)
        except ServerError as late:
            raise ServerError(f"{late}\n{self.logs()}") from None
        if self._gone():
            raise ServerError(f"{self.name} ended while starting:\n{self.logs()}")

    def _gone(self) -> bool:
        return self._daemon is None or not self._daemon.alive

    def stop(self) -> None:
        """Stops our own process and keeps the state: an outage, until `start`."""
        if self._daemon is not None:
            self._daemon.stop()
            self._daemon = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.state, ignore_errors=True)

    def logs(self) -> str:
        if not self.log.exists():
            return "(no log)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_LINES:])
