"""kill -9, whenever and whomever: nothing acknowledged is lost, nothing goes out twice."""

from __future__ import annotations

import pytest
from e2e.fake_mastodon import FakeMastodon
from e2e.ground import Ground
from e2e.kills import (
    Senders,
    dice,
    kill_screens,
    kill_verbs,
    kill_while_typing,
    lost_or_doubled,
)
from e2e.scene import OPEN_WORD
from mastodon_contract import TOKEN

FULL_TIME = 3600  # seconds
full = [pytest.mark.full, pytest.mark.timeout(FULL_TIME)]


@pytest.mark.parametrize("count", [10, pytest.param(320, marks=full)])
def test_no_verb_loses_what_it_acknowledged(ground: Ground, count: int) -> None:
    rng = dice()
    ground.declare()
    tally = kill_verbs(ground, rng, count)
    print(f"verbs: {tally}")
    assert not lost_or_doubled(ground, tally)
    assert not ground.broken()


@pytest.mark.parametrize("count", [2, pytest.param(40, marks=full)])
def test_no_screen_loses_what_it_showed(ground: Ground, count: int) -> None:
    rng = dice()
    ground.declare()
    ground.ingest([{"text": "post 0"}])
    tally = kill_screens(ground, rng, count)
    print(f"screens: {tally}")
    assert not lost_or_doubled(ground, tally)
    assert not ground.broken()


@pytest.mark.parametrize("count", [1, pytest.param(20, marks=full)])
def test_a_draft_is_there_again(ground: Ground, count: int) -> None:
    rng = dice()
    ground.declare()
    for number in range(count):
        handle = {"handle": f"writer{number}"}
        ground.ingest([{"text": f"post {number}", "external_id": str(number), "author": handle}])
        settled, kept = kill_while_typing(ground, rng, f"M-{number + 1}")
        assert kept.startswith(settled), (settled, kept)
        with ground.screen() as again:
            again.wait_for(OPEN_WORD).wait_for(f"writer{number}")
            again.press("r").wait_for("Approved words").wait_for(settled)
    print(f"drafts: {count} kills")
    assert not ground.broken()


@pytest.mark.timeout(400)  # a lost request is tried again after a minute, not before
@pytest.mark.parametrize("idempotent", [True, False], ids=["remembers-keys", "forgets-keys"])
@pytest.mark.parametrize("count", [4, pytest.param(60, marks=full)])
def test_no_reply_goes_out_twice(ground: Ground, count: int, idempotent: bool) -> None:
    rng = dice()
    with FakeMastodon(idempotent=idempotent) as fake:
        ground.configure(fake.url, TOKEN)
        ground.declare()
        senders = Senders(ground, fake, rng)
        senders.prepare(count)
        for number in range(count):
            print(senders.kill(number))
        replies = senders.settle()
    print(f"replies: {count} kills, {len(fake.posts)} posts")
    assert len(replies) == count
    assert not senders.untrue(replies)
    assert not ground.broken()
