"""A private PostgreSQL on loopback, without passwords and without durability: for tests only."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, Privileges, Server, free_port, run

RUNS_AS = Privileges(nobody=True)
FORGETFUL = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class Postgres(Server):
    """The user postgres needs no password at `url`, which names the database `name`."""

    name: ClassVar[str] = "postgres"

    def __init__(self, database: str) -> None:
        super().__init__()
        self.database = database
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        self._home = self.state / "nobody"
        self._data = self._home / "data"

    @classmethod
    def install(cls) -> None:
        install.require_root("a PostgreSQL that runs as nobody")
        install.apt("postgresql-15")

    def start(self) -> None:
        super().start()
        self._sql("postgres", f"CREATE DATABASE {self.database}")

    def prepare(self) -> Daemon:
        if not self._data.exists():
            self._create()
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", *FORGETFUL]
        settings += [f"unix_socket_directories={self._home}"]
        options = [word for one in settings for word in ("-c", one)]
        return Daemon(
            [str(_program("postgres")), "-D", str(self._data), *options],
            self.log,
            privileges=RUNS_AS,
        )

    def ready(self) -> bool:
        asked = [str(_program("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def _sql(self, database: str, command: str) -> None:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", database]
        run([str(_program("psql")), "-q", *where, "-c", command])

    def _create(self) -> None:
        self._home.mkdir()
        self._home.chmod(0o777)
        create = [str(_program("initdb")), "-D", str(self._data), "-U", "postgres", "-N"]
        create += ["-A", "trust", "--locale=C.UTF-8", "-E", "UTF8"]
        run(RUNS_AS.wrap(create), seconds=120)


def _program(name: str) -> Path:
    return Path("/usr/lib/postgresql/15/bin") / name
