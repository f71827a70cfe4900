"""The settings of the room that listens for a day."""

from __future__ import annotations

from pathlib import Path

from crisisroom.config import Account, RoomConfig, Source, Term

CALM = "calm"  # the server that never fails


def settings(lines: Path, every: int) -> RoomConfig:
    """Return the room's settings: its file of lines, and the period of all sources in seconds."""
    accounts = (
        Account(id="main", type="mastodon", server="https://masto.test", handle="@acme",
                token_env="DAY_MASTO"),
        Account(id="bsky", type="bluesky", server="https://sky.test", handle="acme.test",
                token_env="DAY_SKY"),
    )  # fmt: skip
    sources = (
        Source(id="masto", type="mastodon", account="main", notifications=True, every=every),
        Source(id="sky", type="bluesky", account="bsky", notifications=True, every=every),
        Source(id="news", type="hackernews", server="https://news.test", every=every),
        Source(id="blog", type="feed", url="https://blog.test/rss", every=every),
        Source(id=CALM, type="feed", url="https://calm.test/rss", every=every),
        Source(id="lines", type="jsonl", path=str(lines), every=every),
    )
    us, them = Term(id="us", say="ferrow"), Term(id="them", say="rivalco", kind="competitor")
    return RoomConfig(name="day", accounts=accounts, sources=sources, terms=(us, them))
