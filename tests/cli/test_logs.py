"""Whatever people write and however sources fail: every log keeps to ids, codes and numbers."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.driver import Cli
from pytest_httpserver import HTTPServer

from crisisroom.clock import SystemClock

PATIENCE = 40.0  # seconds
LINE = re.compile(r"\S+Z (debug|info|warn|error) [a-z0-9._-]+ [a-z0-9._-]+ pid=\d+( \S+=\S+)*")
MARK = "qqzx"  # in every word of a person, and in every secret
POSTS = (
    {
        "text": f"My kettle burns {MARK}, write to jo.{MARK}@mail.test or +49 30 {MARK}",
        "source": "in",
        "external_id": f"{MARK}-1",
        "author": {"handle": f"@{MARK}@fans.test", "name": f"Jo {MARK}", "reach": 3},
        "url": f"https://fans.test/@{MARK}/1",
    },
    {"text": f"{MARK}\nsecond line 2026-11-22T02:07:00.000Z info watch began", "source": "in"},
)
CONFIG = f"""
schema: 1
room: {{zone: UTC}}
brand: {{name: "{MARK} brand"}}
messengers: [{{id: push, type: ntfy, server: %(url)s, private: yes}}]
team:
  - {{id: ada, name: "Ada {MARK}", roles: [lead], reach: [{{by: ntfy, to: "{MARK}-on-call"}}]}}
accounts: [{{id: out, type: mastodon, server: %(url)s, private: yes, token_env: TOKEN}}]
sources:
  - {{id: in, type: jsonl, path: in.jsonl, every: 60s}}
  - {{id: torn, type: jsonl, path: torn.jsonl, every: 60s}}
  - {{id: gone, type: jsonl, path: "gone-{MARK}.jsonl", every: 60s}}
  - {{id: page, type: feed, url: "%(url)s/page-{MARK}", private: yes, every: 60s}}
  - {{id: down, type: feed, url: "%(url)s/down-{MARK}", private: yes, every: 60s}}
  - {{id: fedi, type: mastodon, account: out, home: yes, every: 60s}}
"""


@pytest.fixture
def troubled(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A server that fails in many ways, each with words of a person in its answer."""
    monkeypatch.setenv("TOKEN", f"token-{MARK}")
    httpserver.expect_request(f"/page-{MARK}").respond_with_data(
        f"<html>{MARK} wrote</html>", content_type=f"text/html; charset={MARK}"
    )
    httpserver.expect_request(f"/down-{MARK}").respond_with_data(f"{MARK} is down", 503)
    httpserver.expect_request(re.compile("/api/.*")).respond_with_json({"error": MARK}, 401)
    httpserver.expect_request("/", method="POST").respond_with_data(f"no {MARK}", 500)
    return httpserver.url_for("").rstrip("/")


@contextlib.contextmanager
def watching(*options: str) -> Iterator[Path]:
    """Let a watcher of its own work; gives what it writes into the usual log."""
    command = [sys.executable, "-m", "crisisroom", "watch", "--log-level", "debug", *options]
    with Path("said").open("w") as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            yield Path(os.environ["XDG_STATE_HOME"]) / "crisisroom" / "watch.log"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def until(log: Path, *words: str) -> None:
    """Wait until a log has all these words."""
    end = time.monotonic() + PATIENCE
    while not log.exists() or not all(word in log.read_text() for word in words):
        assert time.monotonic() < end, log.read_text() if log.exists() else "nothing"
        time.sleep(0.1)


def check(text: str) -> None:
    """Check that a log is lines of events, without a word of a person."""
    for line in text.splitlines():
        assert LINE.fullmatch(line), line
        assert MARK not in line


def test_no_log_has_a_word_of_anybody_in_it(
    cli: Cli, troubled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("crisisroom.yaml").write_text(CONFIG % {"url": troubled})
    Path("in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in POSTS))
    Path("torn.jsonl").write_text(f'{{"text": "{MARK}\n{MARK}@mail.test\n' * 12)
    monkeypatch.setattr("crisisroom.clock.SystemClock", SystemClock)
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "ada")
    words = f"{MARK} called, jo.{MARK}@mail.test"
    cli.ok("declare", f"Kettles {MARK}", "--playbook", "product-defect", "--severity", "sev1")
    cli.ok("note", "INC-1", words)
    failing = [f"source failing pid=\\d+ id={one}" for one in ("gone", "page", "down", "fedi")]
    with watching() as log:
        until(log, *(f"id={one} " for one in ("gone", "page", "down", "fedi")))
        cli("note", "INC-1", words)
    with watching("--log", "-"):
        until(Path("said"), "watch lead")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr("crisisroom.sources.make", broken)
    cli("watch", "--once", "--log", "aside.log")
    monkeypatch.setattr("crisisroom.room.reading.status", broken)
    assert cli("status").code == 70
    every = {one.name: one.read_text() for one in (*log.parent.iterdir(), Path("aside.log"))}
    assert every.keys() == {"watch.log", "errors.log", "aside.log"}
    for text in (*every.values(), Path("said").read_text()):
        check(text)
    assert all(re.search(one, every["watch.log"]) for one in failing)
    assert "error=RuntimeError" in every["aside.log"]
    assert "unexpected" in every["errors.log"]
