"""Synapse, Matrix' own homeserver, alone: no federation, two people and a room of each test."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import httpx

from real.servers import install
from real.servers.base import Daemon, Server, free_port, run

SYNAPSE = "matrix-synapse==1.163.2"
NAME = "crisis.test"
_SECRET = "shared-test"


class Synapse(Server):
    """One homeserver; `crisis` is us and `alice` somebody of the team, with their tokens."""

    name: ClassVar[str] = "synapse"
    tokens: dict[str, str]

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.tokens = {}

    @classmethod
    def install(cls) -> None:
        install.venv(SYNAPSE, "synapse_homeserver")

    def start(self) -> None:
        super().start()
        for user in ("crisis", "alice"):
            if user not in self.tokens:
                self.tokens[user] = self._registered(user)

    def prepare(self) -> Daemon:
        config = self.state / "homeserver.yaml"
        argv = [str(install.venv(SYNAPSE, "synapse_homeserver")), "-c", str(config)]
        if not config.exists():
            config.write_text(json.dumps(self._settings()))  # JSON is YAML too
            (self.state / "log.yaml").write_text(json.dumps(_LOGGING))
            run([*argv, "--generate-keys"], seconds=120)
        return Daemon(argv, self.log)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=5).is_success
        except httpx.TransportError:
            return False

    def call(self, user: str, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Ask as a user; returns the answer, which has to be a good one."""
        headers = {"Authorization": f"Bearer {self.tokens[user]}"} if user else {}
        url = f"{self.url}/_matrix/client/v3{path}"
        answer = httpx.request(method, url, headers=headers, timeout=30, **more)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def room(self, alias: str, **more: Any) -> str:
        """Alice makes a room and lets us in; returns its id."""
        said = {"room_alias_name": alias, "invite": [f"@crisis:{NAME}"], **more}
        made = self.call("alice", "POST", "/createRoom", json=said)["room_id"]
        self.call("crisis", "POST", f"/rooms/{made}/join", json={})
        return str(made)

    def messages(self, room: str) -> list[dict[str, Any]]:
        """What stands in a room, newest first, as alice sees it; a redacted one has no body."""
        page = self.call("alice", "GET", f"/rooms/{room}/messages?dir=b&limit=100")
        return [one["content"] for one in page["chunk"] if one["type"] == "m.room.message"]

    def _registered(self, user: str) -> str:
        program = install.venv(SYNAPSE, "register_new_matrix_user")
        login = ["-u", user, "-p", f"pw-{user}", "--no-admin", "-k", _SECRET]
        run([str(program), *login, self.url], seconds=60)
        said = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user},
            "password": f"pw-{user}",
        }
        return str(self.call("", "POST", "/login", json=said)["access_token"])

    def _settings(self) -> dict[str, Any]:
        often = {"per_second": 1000, "burst_count": 1000}
        resources = [{"names": ["client"], "compress": False}]
        listener = {"port": self.port, "bind_addresses": ["127.0.0.1"], "type": "http"}
        return {
            "server_name": NAME,
            "public_baseurl": f"{self.url}/",
            "pid_file": str(self.state / "pid"),
            "listeners": [{**listener, "tls": False, "resources": resources}],
            "database": {"name": "sqlite3", "args": {"database": str(self.state / "db")}},
            "log_config": str(self.state / "log.yaml"),
            "media_store_path": str(self.state / "media"),
            "signing_key_path": str(self.state / "signing.key"),
            "registration_shared_secret": _SECRET,
            "report_stats": False,
            "macaroon_secret_key": "test",
            "form_secret": "test",
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "rc_message": {"per_second": 2, "burst_count": 15},
            "rc_login": {"address": often, "account": often},
        }


_LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
}
