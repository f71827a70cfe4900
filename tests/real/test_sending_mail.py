"""Mail against Dovecot and a real SMTP server with TLS and a login: once, and in doubt never again.

The channel itself is driven here, by processes that are killed as well.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.mail import MailChannel
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher
from real.conftest import standing
from real.servers.submission import MailHost

TEXT = "Dear Pat,\n\nwe know: größer 👩‍🚒.\n.\nFrom here on it is fixed."
_SENDER = """\
import asyncio, json, sys
from datetime import datetime
from crisisroom.channels import Outgoing, make
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher

async def main():
    options, token, words = json.load(sys.stdin)
    words["first_try_at"] = datetime.fromisoformat(words["first_try_at"])
    async with Fetcher() as fetch:
        channel = make("mail", "help", options, token=token, clock=SystemClock())
        print("begins", flush=True)
        await channel.send(Outgoing(**words), fetch)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def host() -> Iterator[MailHost]:
    with standing(MailHost) as ground:
        yield ground


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


def options(host: MailHost, *, mailbox: bool = True) -> dict[str, object]:
    given = {"smtp": host.smtp, "handle": host.user, "private": True, "ca_file": str(host.ca_file)}
    return {**given, **({"host": host.host} if mailbox else {})}


def channel(host: MailHost, *, mailbox: bool = True, password: str = "") -> MailChannel:
    given = options(host, mailbox=mailbox)
    made = make("mail", "help", given, token=password or host.password, clock=SystemClock())
    assert isinstance(made, MailChannel)
    return made


def words() -> Outgoing:
    key = uuid4().hex
    return Outgoing(
        key=key,
        text=TEXT,
        first_try_at=datetime.now(UTC),
        in_reply_to="1234@fans.test",
        to="pat@fans.test",
        title=f"Where is it {key}",
    )


async def test_a_mail_goes_out_once_and_is_kept(host: MailHost, fetch: Fetcher) -> None:
    way, ours = channel(host), words()
    await way.prepare(fetch)
    assert await way.find(ours, fetch) is None
    receipt = await way.send(ours, fetch)
    (mail,) = host.outside(ours.key)
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == TEXT
    assert mail["X-For"] == "pat@fans.test"
    assert (mail["Message-ID"], mail["In-Reply-To"]) == (
        f"<{receipt.remote_id}>",
        "<1234@fans.test>",
    )
    assert [one["Message-ID"] for one in host.sent_folder() if ours.key in one["Subject"]] == [
        f"<{receipt.remote_id}>"
    ]
    assert await way.find(ours, fetch) == receipt
    assert await way.send(ours, fetch) == receipt
    assert len(host.outside(ours.key)) == 1


@pytest.mark.parametrize(("code", "kind"), [("451", SendLater), ("554", SendRefused)])
async def test_a_no_leaves_nothing(
    host: MailHost, fetch: Fetcher, code: str, kind: type[Exception]
) -> None:
    ours = words()
    host.fault(code)
    with pytest.raises(kind, match=code):
        await channel(host).send(ours, fetch)
    assert await channel(host).find(ours, fetch) is None
    assert host.outside(ours.key) == []
    assert [one for one in host.sent_folder() if ours.key in one["Subject"]] == []


@pytest.mark.parametrize("fault", ["mute", "deaf"])
@pytest.mark.parametrize("mailbox", [True, False])
async def test_a_lost_answer_is_unknown_and_never_a_second_mail(
    host: MailHost, fetch: Fetcher, fault: str, mailbox: bool
) -> None:
    way, ours = channel(host, mailbox=mailbox), words()
    host.fault(fault)
    with pytest.raises(SendUnknown):
        await way.send(ours, fetch)
    with pytest.raises(SendUnknown):
        await way.find(ours, fetch)
    if mailbox:
        with pytest.raises(SendUnknown):
            await way.send(ours, fetch)
    assert len(host.outside(ours.key)) == (1 if fault == "mute" else 0)


async def test_a_wrong_password_and_a_stranger_s_certificate(
    host: MailHost, fetch: Fetcher
) -> None:
    with pytest.raises(SendRefused, match="535") as caught:
        await channel(host, password="canary-wrong").prepare(fetch)
    assert "canary" not in str(caught.value)
    unknown = {**options(host), "ca_file": ""}
    way = make("mail", "help", unknown, token=host.password, clock=SystemClock())
    with pytest.raises(SendLater, match="certificate"):
        await way.prepare(fetch)


async def test_an_outage_is_later(host: MailHost, fetch: Fetcher) -> None:
    way, ours = channel(host), words()
    host.outage()
    try:
        with pytest.raises(SendLater):
            await way.send(ours, fetch)
    finally:
        host.begin()
    await way.send(ours, fetch)
    assert len(host.outside(ours.key)) == 1


def _killed(host: MailHost, ours: Outgoing, after: float) -> None:
    """Send in a process that is killed so many seconds after it has begun."""
    said = {name: getattr(ours, name) for name in ("key", "text", "in_reply_to", "to", "title")}
    said["first_try_at"] = ours.first_try_at.isoformat()
    with subprocess.Popen(
        [sys.executable, "-c", _SENDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        json.dump([options(host), host.password, said], process.stdin)
        process.stdin.close()
        assert process.stdout.readline() == "begins\n"
        time.sleep(after)
        process.kill()


async def _storm(host: MailHost, fetch: Fetcher, kills: int, seed: int) -> Counter[str]:
    rng, way = random.Random(seed), channel(host)
    outcomes: Counter[str] = Counter()
    for _ in range(kills):
        ours = words()
        await asyncio.to_thread(_killed, host, ours, rng.uniform(0, 0.25))
        try:
            found: Receipt | None = await way.find(ours, fetch)
        except SendUnknown:
            outcomes["in doubt"] += 1
            assert len(host.outside(ours.key)) <= 1
            continue
        assert len(host.outside(ours.key)) == (1 if found else 0)
        outcomes["found" if found else "never begun"] += 1
        if found is None:
            await way.send(ours, fetch)
        assert len(host.outside(ours.key)) == 1
    print(f"{kills} kills: {outcomes}")
    return outcomes


async def test_kill_9_at_random_moments_sends_nothing_twice(host: MailHost, fetch: Fetcher) -> None:
    assert (await _storm(host, fetch, 10, seed=3)).total() == 10


@pytest.mark.full
@pytest.mark.timeout(900, func_only=True)
async def test_kill_9_many_times(host: MailHost, fetch: Fetcher) -> None:
    assert (await _storm(host, fetch, 150, seed=10)).total() == 150
