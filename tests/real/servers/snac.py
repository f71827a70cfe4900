"""snac2: a small real ActivityPub server with the Mastodon API, over plain HTTP on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, Privileges, Server, ServerError, accepts, refuse_taken, run

# A mention reads @user@host and takes no port: each instance has port 80 of its own address.
PORT = 80
ADDRESSES = {"acme.test": "127.0.0.2", "fans.test": "127.0.0.3"}
RUNS_AS = Privileges(nobody=True, low_ports=True)
SETTINGS = {
    "protocol": "http",
    "disable_email_notifications": True,
    "queue_retry_minutes": 1,
    "queue_retry_max": 2,
    "badlogin_retries": 1000,
    "show_instance_timeline": True,
}


class Snac(Server):
    """One instance, at http://HOST, with the given users; `passwords` has a login's password."""

    name: ClassVar[str] = "snac"

    def __init__(self, host: str, users: Sequence[str]) -> None:
        super().__init__()
        self.host = host
        self.url = f"http://{host}"
        self.users = tuple(users)
        self.passwords: dict[str, str] = {}
        self._home = self.state / "nobody"
        self._data = self._home / "data"

    @classmethod
    def install(cls) -> None:
        install.require_root("snac on port 80")
        install.apt("libcurl4")
        cls._program()
        install.hosts(ADDRESSES)

    @staticmethod
    def _program() -> Path:
        return install.unpack("snac2", "usr/bin/snac", suite="bookworm-backports")

    def refuse(self) -> None:
        refuse_taken(ADDRESSES[self.host], PORT)

    def prepare(self) -> Daemon:
        if not self._data.exists():
            self._home.mkdir()
            self._home.chmod(0o777)
            self._run("init", str(self._data), stdin=self._answers())
            self._configure()
            self.passwords = {user: self._add(user) for user in self.users}
        serve = [str(self._program()), "httpd", str(self._data)]
        return Daemon(serve, self.log, privileges=RUNS_AS)

    def ready(self) -> bool:
        return accepts(ADDRESSES[self.host], PORT)

    def _answers(self) -> str:
        """What `snac init` asks for: address, port, host, path prefix, the admin's address."""
        return f"{ADDRESSES[self.host]}\n{PORT}\n{self.host}\n\n\n"

    def _configure(self) -> None:
        file = self._data / "server.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | SETTINGS, indent=1))

    def _add(self, user: str) -> str:
        """Adds a user and returns the password that snac made up."""
        said = self._run("adduser", str(self._data), user, stdin=f"{user}\n\n")
        found = re.search(r"password is (\S+)", said)
        if found is None:
            raise ServerError(f"snac named no password for {user}:\n{said}")
        return found.group(1)

    def _run(self, *arguments: str, stdin: str = "") -> str:
        return run(RUNS_AS.wrap([str(self._program()), *arguments]), stdin=stdin)
