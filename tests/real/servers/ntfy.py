"""ntfy, which brings messages to phones: a real server, with a user who may write and read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, ClassVar

import httpx

from real.servers import install
from real.servers.base import Daemon, Server, free_port, run, wait_until

_SUITE = "trixie"  # the suite before it has no ntfy; the program needs little of its system
_CONFIG = """\
listen-http: "127.0.0.1:{port}"
base-url: "http://127.0.0.1:{port}"
cache-file: "{state}/cache.db"
auth-file: "{state}/auth.db"
auth-default-access: "deny-all"
"""
_TOKEN = re.compile(r"tk_[a-z0-9]+")


class Ntfy(Server):
    """One ntfy server; only our own user reads and writes, by `token`."""

    name: ClassVar[str] = "ntfy"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = ""

    @classmethod
    def install(cls) -> None:
        cls._program()

    @staticmethod
    def _program() -> Path:
        return install.unpack("ntfy", "usr/bin/ntfy", _SUITE)

    def prepare(self) -> Daemon:
        config = self.state / "server.yml"
        if not config.exists():
            config.write_text(_CONFIG.format(port=self.port, state=self.state))
        argv = [str(self._program()), "serve", "--config", str(config)]
        return Daemon(argv, self.log)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/v1/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def start(self) -> None:
        super().start()
        if not self.token:
            self._add_user()

    def _add_user(self) -> None:
        options = ["--config", str(self.state / "server.yml")]
        env = ["env", "NTFY_PASSWORD=pw-room", str(self._program())]
        run([*env, "user", *options, "add", "--role=admin", "room"])
        self.token = _TOKEN.findall(run([*env, "token", *options, "add", "room"]))[0]

    def messages(self, topic: str) -> list[dict[str, Any]]:
        """What the phones that listen to a topic got, oldest first."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.get(f"{self.url}/{topic}/json?poll=1", headers=headers, timeout=10)
        lines = [json.loads(line) for line in answer.text.splitlines() if line]
        return [one for one in lines if one["event"] == "message"]

    def wait_message(self, topic: str, count: int = 1) -> dict[str, Any]:
        """Wait until a topic has so many messages; returns the last."""

        def there() -> list[dict[str, Any]] | None:
            found = self.messages(topic)
            return found if len(found) >= count else None

        return wait_until(there, f"{count} messages for {topic}")[-1]
