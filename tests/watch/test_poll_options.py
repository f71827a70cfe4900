"""What a source is built with, from its settings and its account's."""

from __future__ import annotations

import pytest

from crisisroom.clock import ManualClock
from crisisroom.config import Account, RoomConfig, Source, Term
from crisisroom.room import Room
from crisisroom.room.settings import apply_config
from crisisroom.sources.mastodon import MastodonSource
from crisisroom.watch.poll import build, options_of, watched

ACCOUNT = Account(
    id="main", type="mastodon", server="https://masto.test", handle="@acme", token_env="TOKEN"
)
TERMS = (
    Term(id="us", say='ferrow OR "ferro w"'),
    Term(id="them", say="rivalco", kind="competitor"),
)


def test_a_mastodon_account_may_say_its_handle() -> None:
    source = Source(id="s", type="mastodon", account="main", notifications=True)
    said = {"server": "https://masto.test", "notifications": True}
    assert options_of(source, ACCOUNT) == said


async def test_mastodon_searches_for_the_watched_terms(
    room: Room, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "canary")
    source = Source(
        id="s", type="mastodon", account="main", search=True, notifications=True, keywords=("pass",)
    )
    config = RoomConfig(name="x", accounts=(ACCOUNT,), sources=(source,), terms=TERMS)
    await apply_config(room, config, "x")
    assert [one.id for one in watched(source, config)] == ["us"]
    assert isinstance(build(source, room), MastodonSource)
