"""The Mastodon channel's budget, the thread it answers in, and what it takes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from mastodon_contract import ME, TOKEN, Mastodon, status
from werkzeug import Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, make
from crisisroom.channels.mastodon import MastodonChannel
from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher

FIRST_TRY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WORDS = Outgoing(key="k1", text="Sorry", first_try_at=FIRST_TRY, in_reply_to="7")
POSTS = "/api/v1/statuses"


def _channel(mastodon: Mastodon) -> MastodonChannel:
    options = {"server": mastodon.url, "private": True}
    channel = make("mastodon", "acme", options, token=TOKEN, clock=ManualClock(FIRST_TRY))
    assert isinstance(channel, MastodonChannel)
    return channel


async def test_a_spent_budget_is_heeded(mastodon: Mastodon, fetch: Fetcher) -> None:
    channel = _channel(mastodon)
    assert channel.wait == 0
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"}
    mastodon.answers[POSTS] = Response(json.dumps(status(7, account=ME)), headers=spent)
    await channel.send(WORDS, fetch)
    assert channel.wait == 60


async def test_a_language_and_who_may_read_it(mastodon: Mastodon, fetch: Fetcher) -> None:
    words = Outgoing(
        key="k", text="Wir", first_try_at=FIRST_TRY, visibility="private", language="de"
    )
    await _channel(mastodon).send(words, fetch)
    said = {"status": "Wir", "visibility": "private", "language": "de"}
    assert mastodon.asked[-1].get_json() == said


@pytest.mark.parametrize(
    ("shown", "refused"),
    [
        (status(7), ""),
        (status(7, url=None, uri="https://fans.test/@pat/7"), ""),
        (status(7, account=ME, url="https://acme.test/@acme/7"), ""),
        (status(7, url="https://else.test/7"), "not the one that it answers"),
        (None, "is gone"),
    ],
)
async def test_only_the_post_that_was_meant_is_answered(
    mastodon: Mastodon, fetch: Fetcher, shown: dict[str, Any] | None, refused: str
) -> None:
    if shown:
        mastodon.answers[f"{POSTS}/7"] = Response(json.dumps(shown))
    words = msgspec.structs.replace(WORDS, url="https://fans.test/@pat/7")
    if refused:
        with pytest.raises(SendRefused, match=refused):
            await _channel(mastodon).send(words, fetch)
        assert POSTS not in mastodon.paths
    else:
        assert (await _channel(mastodon).send(words, fetch)).remote_id


async def test_taking_back(mastodon: Mastodon, fetch: Fetcher) -> None:
    channel = _channel(mastodon)
    mastodon.answers[f"{POSTS}/9"] = Response(status=404)
    await channel.retract(Receipt("9"), fetch)
    mastodon.answers[f"{POSTS}/9"] = Response(status=500)
    with pytest.raises(SendLater):
        await channel.retract(Receipt("9"), fetch)
    with pytest.raises(SendRefused, match="not a status id"):
        await channel.retract(Receipt("../9"), fetch)
    assert [one.method for one in mastodon.asked].count("DELETE") == 2
    mastodon.answers[f"{POSTS}/9"] = Response("{}")
    await channel.retract(Receipt("9"), fetch)
    assert channel.limits.retracts
