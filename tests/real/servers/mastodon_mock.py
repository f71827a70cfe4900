"""mastodon_mock: a stateful fake of Mastodon, for what snac lacks, never in place of it.

It streams, honours Idempotency-Key, pages by Link headers, and fails on demand.
"""

from __future__ import annotations

import json
from typing import ClassVar, Literal

import httpx

from real.servers import install
from real.servers.base import Daemon, Server, ServerError, free_port
from real.servers.mastodon_api import Account, Json, account, request

REQUIREMENT = "mastodon-mock==0.6.1"
USERS = ("brand", "stranger")
FAULTS = "/api/v1/_mock/faults"

Effect = Literal["status", "ratelimit", "latency", "malformed", "timeout"]


class MastodonMock(Server):
    """The fake at `url` with two accounts of known tokens; its state is in memory."""

    name: ClassVar[str] = "mastodon-mock"
    brand: Account
    stranger: Account

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    @classmethod
    def install(cls) -> None:
        install.venv(REQUIREMENT, "mastodon_mock")

    def start(self) -> None:
        super().start()
        self.brand, self.stranger = (account(self.url, _token(user)) for user in USERS)

    def prepare(self) -> Daemon:
        config = self.state / "mock.toml"
        config.write_text(_seeds())
        serve = [str(install.venv(REQUIREMENT, "mastodon_mock")), "serve", "--in-memory"]
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--config", str(config)]
        return Daemon([*serve, *where], self.log)

    def ready(self) -> bool:
        try:
            request("GET", f"{self.url}/api/v1/instance")
        except (httpx.TransportError, ServerError):
            return False
        return True

    def fail(
        self,
        path: str,
        effect: Effect,
        *,
        status: int = 0,
        times: int = 1,
        delay_ms: int = 0,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Makes the next requests to a path (`*` is a wildcard) fail in the named way.

        `ratelimit` answers 429 with X-RateLimit headers and Retry-After: 300 unless given.
        """
        how: Json = {"type": effect, "delay_ms": delay_ms, "headers": headers or {}}
        if status:
            how["status"] = status
        rule = {"match": {"path": path}, "effect": how, "count": times}
        request("POST", f"{self.url}{FAULTS}", json=rule)

    def heal(self) -> None:
        """Ends all faults."""
        request("DELETE", f"{self.url}{FAULTS}")


def _token(user: str) -> str:
    return f"token-of-{user}"


def _seeds() -> str:
    tables = []
    for user in USERS:
        pairs = {"username": user, "display_name": user.title(), "access_token": _token(user)}
        lines = [f"{key} = {json.dumps(value)}" for key, value in pairs.items()]
        tables.append("\n".join(["[[seed.accounts]]", *lines]))
    return "\n".join(tables) + "\n"
