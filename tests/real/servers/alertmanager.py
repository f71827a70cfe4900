"""Prometheus' Alertmanager, which posts what fires and what ends to a webhook of ours."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import httpx

from real.servers import install
from real.servers.base import Daemon, Server, free_port
from real.servers.mastodon_api import request

PROGRAM = "prometheus-alertmanager"
_CONFIG = """\
route: {{receiver: room, group_by: [alertname], group_wait: 0s, group_interval: 1s,
  repeat_interval: 1h}}
receivers: [{{name: room, webhook_configs: [{{url: '{webhook}', send_resolved: true,
  http_config: {{authorization: {{credentials: '{secret}'}}}}}}]}}]
"""


class Alertmanager(Server):
    """One Alertmanager without a cluster; `webhook` is the place that it calls."""

    name: ClassVar[str] = "alertmanager"
    secret: ClassVar[str] = "canary-alerts"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.listen = f"127.0.0.1:{free_port()}"

    @classmethod
    def install(cls) -> None:
        install.apt(PROGRAM)

    def prepare(self) -> Daemon:
        webhook = f"http://{self.listen}/alertmanager"
        config = self.state / "alertmanager.yml"
        config.write_text(_CONFIG.format(webhook=webhook, secret=self.secret))
        argv = [
            shutil.which(PROGRAM) or PROGRAM,
            f"--config.file={config}",
            f"--storage.path={self.state / 'data'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--cluster.listen-address=",
        ]
        return Daemon(argv, self.log)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/-/ready", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def fire(self, name: str, summary: str, *, over: bool = False) -> None:
        """Let an alert fire, or tell that it is over."""
        now = datetime.now(UTC)
        alert = {
            "labels": {"alertname": name, "severity": "critical"},
            "annotations": {"summary": summary},
            "startsAt": (now - timedelta(seconds=30)).isoformat(),
            **({"endsAt": now.isoformat()} if over else {}),
        }
        request("POST", f"{self.url}/api/v2/alerts", json=[alert])

    def failed_calls(self) -> int:
        """How many of its calls were not answered with 2xx, by its own count."""
        lines = httpx.get(f"{self.url}/metrics", timeout=5).text.splitlines()
        name = 'alertmanager_notification_requests_failed_total{integration="webhook"}'
        return next((int(float(line.split()[-1])) for line in lines if line.startswith(name)), 0)
