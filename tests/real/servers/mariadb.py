"""A private MariaDB with one empty database, on a UNIX socket only."""

from __future__ import annotations

import socket
from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, Privileges, Server, run

RUNS_AS = Privileges(nobody=True)
PROGRAM = "/usr/sbin/mariadbd"
SMALL_AND_FORGETFUL = [  # for tests: little memory, no durability
    "--innodb-buffer-pool-size=64M",
    "--innodb-flush-log-at-trx-commit=0",
    "--performance-schema=off",
    "--skip-log-bin",
]


class MariaDb(Server):
    """The user root of the database `name` needs no password at `socket`."""

    name: ClassVar[str] = "mariadb"

    def __init__(self, database: str) -> None:
        super().__init__()
        self.database = database
        self._home = self.state / "nobody"
        self.socket = self._home / "socket"
        self._data = self._home / "data"

    @classmethod
    def install(cls) -> None:
        install.require_root("a MariaDB that runs as nobody")
        install.apt("mariadb-server-core", "mariadb-client-core")

    def prepare(self) -> Daemon:
        if not self._data.exists():
            self._create()
        options = [
            f"--datadir={self._data}",
            f"--socket={self.socket}",
            f"--pid-file={self._home / 'pid'}",
            f"--init-file={self.state / 'init.sql'}",
            f"--tmpdir={self._home}",
            "--skip-networking",
            *SMALL_AND_FORGETFUL,
        ]
        return Daemon([PROGRAM, "--no-defaults", *options], self.log, privileges=RUNS_AS)

    def ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def _create(self) -> None:
        self._home.mkdir()
        self._home.chmod(0o777)
        sql = f"CREATE DATABASE IF NOT EXISTS {self.database} CHARACTER SET utf8mb4;\n"
        (self.state / "init.sql").write_text(sql)
        create = ["env", f"TMPDIR={self._home}", "mariadb-install-db", "--no-defaults"]
        create += [f"--datadir={self._data}"]
        create += ["--auth-root-authentication-method=normal", "--skip-test-db"]
        run(RUNS_AS.wrap(create), seconds=120)
