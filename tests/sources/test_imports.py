"""What an import may cost: the HTTP library loads with the client only."""

from __future__ import annotations

import subprocess
import sys

import pytest

LAZY = ("httpx", "feedparser", "textual", "sqlite3")


@pytest.mark.parametrize(
    "module",
    ["sources", "sources.feed", "sources.mastodon", "sources.jsonl", "sources.mail",
     "sources.webhook", "sources.wordpress",
     "sources.x", "mastodon.login",
     "channels", "channels.mastodon", "channels.by_hand", "channels.standin"],
)  # fmt: skip
def test_imports_stay_light(module: str) -> None:
    code = f"import sys, crisisroom.{module}; print([m for m in {LAZY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
