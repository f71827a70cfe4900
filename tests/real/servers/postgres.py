"""Private PostgreSQL servers on loopback, without passwords.

`Postgres` forgets all when it dies. `PostgresPair` keeps what it acknowledged, as one in use must:
a primary, and a hot standby that has every commit before the client hears of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import ClassVar

from real.servers import install
from real.servers.base import (
    STOP_SECONDS,
    Daemon,
    Ground,
    Privileges,
    Server,
    ServerError,
    free_port,
    run,
)
from real.servers.base import wait_until as wait

RUNS_AS = Privileges(nobody=True)
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
KEEPING = ("wal_level=replica", "hot_standby=on", "max_wal_senders=8")
WAITED_FOR = "synchronous_standby_names"
STANDBY = "other"


class Postgres(Server):
    """The user postgres needs no password at `url`, which names the database `name`."""

    name: ClassVar[str] = "postgres"

    def __init__(self, database: str = "rooms", settings: tuple[str, ...] = FORGETFUL) -> None:
        super().__init__()
        self.database = database
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        self._settings = settings
        self._home = self.state / "nobody"
        self.data = self._home / "data"

    @classmethod
    def install(cls) -> None:
        install.require_root("a PostgreSQL that runs as nobody")
        install.apt("postgresql-15")

    def start(self) -> None:
        super().start()
        if not self.sql("SELECT 1 FROM pg_database WHERE datname = current_database()"):
            self.sql(f"CREATE DATABASE {self.database}", "postgres")

    def prepare(self) -> Daemon:
        if not self.data.exists():
            self._create()
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", *self._settings]
        settings += [f"unix_socket_directories={self._home}"]
        options = [word for one in settings for word in ("-c", one)]
        return Daemon(
            [str(_program("postgres")), "-D", str(self.data), *options],
            self.log,
            privileges=RUNS_AS,
        )

    def ready(self) -> bool:
        asked = [str(_program("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def sql(self, command: str, database: str = "") -> str:
        """Run a command; returns what it gives, empty where the database is not there yet."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        words = [str(_program("psql")), "-qtAX", *where, database or self.database, "-c", command]
        try:
            return run(words).strip()
        except ServerError as error:
            if "does not exist" in str(error) and not database:
                return ""
            raise

    def stop(self) -> None:
        """End it in good order, without waiting for whoever is connected."""
        if self._daemon is not None and self._daemon.process is not None:
            self._daemon.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._daemon.process.wait(STOP_SECONDS)
        super().stop()

    def kill(self) -> None:
        """Let it die at once with all its processes, as its machine would."""
        assert self._daemon is not None
        assert self._daemon.process is not None
        leader = self._daemon.process.pid
        os.kill(leader, signal.SIGSTOP)  # or it would begin new ones
        for pid in [leader, *_children(leader)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._daemon.process.wait()
        self._daemon = None

    def copy_of(self, other: Postgres, as_name: str) -> None:
        """Become a standby of another server, known there by that name; what was here is gone."""
        shutil.rmtree(self.data, ignore_errors=True)
        self._begin_home()
        to = f"host=127.0.0.1 port={other.port} user=postgres application_name={as_name}"
        words = [str(_program("pg_basebackup")), "-D", str(self.data), "-R", "-X", "stream"]
        run(RUNS_AS.wrap([*words, "-c", "fast", "-d", to]), seconds=120)

    def wait_for_nobody(self) -> None:
        """Acknowledge without a standby, from the next start on."""
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"\n{WAITED_FOR} = ''\n")

    def _create(self) -> None:
        self._begin_home()
        create = [str(_program("initdb")), "-D", str(self.data), "-U", "postgres", "-N", "-k"]
        create += ["-A", "trust", "--locale=C.UTF-8", "-E", "UTF8"]
        run(RUNS_AS.wrap(create), seconds=120)

    def _begin_home(self) -> None:
        self._home.mkdir(exist_ok=True)
        self._home.chmod(0o777)


class PostgresPair(Ground):
    """A primary and its synchronous standby; `url` names both, the database is `name`."""

    def __init__(self, database: str = "room") -> None:
        self.first = Postgres(database, KEEPING)
        self.second = Postgres(database, KEEPING)
        self.primary, self.standby = self.first, self.second
        hosts = f"127.0.0.1:{self.first.port},127.0.0.1:{self.second.port}"
        self.url = f"postgresql://postgres@{hosts}/{database}"

    @classmethod
    def install(cls) -> None:
        Postgres.install()

    def start(self) -> None:
        self.first.start()
        self._follow()

    def stop_primary(self, *, kill: bool = False) -> None:
        """End the primary: in good order, or at once."""
        if kill:
            self.primary.kill()
        else:
            self.primary.stop()

    def promote(self) -> None:
        """Let the standby take over; returns when it takes writes. It waits for no other."""
        self.standby.sql("SELECT pg_promote(true, 60)", "postgres")
        self.primary, self.standby = self.standby, self.primary

    def rejoin(self) -> None:
        """Bring the old primary back, as the synchronous standby of the new one."""
        self._follow()

    def _follow(self) -> None:
        """Begin the standby; from then on only what it has on disk too is acknowledged."""
        self.standby.copy_of(self.primary, STANDBY)
        self.standby.wait_for_nobody()
        self.standby.start()
        asked = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        wait(lambda: self.primary.sql(asked) == "1", "the standby to follow the primary")
        self.wait_for_standby(True)

    def wait_for_standby(self, waits: bool) -> None:
        """Say whether a commit waits for the standby before it is acknowledged."""
        self.primary.sql(f"ALTER SYSTEM SET {WAITED_FOR} = '{STANDBY if waits else ''}'")
        self.primary.sql("SELECT pg_reload_conf()")
        asked, wanted = "SELECT sync_state FROM pg_stat_replication", "sync" if waits else "async"
        wait(lambda: self.primary.sql(asked) == wanted, f"the standby to be {wanted}")

    def close(self) -> None:
        self.second.close()
        self.first.close()

    def logs(self) -> str:
        return f"{self.first.logs()}\n--- the other\n{self.second.logs()}"


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in told]


def _program(name: str) -> Path:
    return Path("/usr/lib/postgresql/15/bin") / name
