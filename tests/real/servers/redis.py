"""A private Redis on loopback that keeps nothing."""

from __future__ import annotations

from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, Privileges, Server, accepts, free_port


class Redis(Server):
    """Answers at 127.0.0.1 and `port`."""

    name: ClassVar[str] = "redis"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()

    @classmethod
    def install(cls) -> None:
        install.apt("redis-server")

    def prepare(self) -> Daemon:
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", "/tmp"]
        serve = ["redis-server", *where, "--save", "", "--appendonly", "no"]
        return Daemon(serve, self.log, privileges=Privileges(nobody=True))

    def ready(self) -> bool:
        return accepts("127.0.0.1", self.port)
