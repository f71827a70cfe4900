"""A token from a command that the network refuses by now is asked for once more, and no oftener."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from room.people import SETTINGS, declared, post
from watch.boxes import Obedient
from watch.fakes import Fake, Stream, batch, until

from crisisroom.channels import Channel, Outgoing, Receipt, SendLater, SendRefused, SendUnknown
from crisisroom.clock import ManualClock
from crisisroom.config import Account, Source
from crisisroom.config.token import command_path
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, reading
from crisisroom.room.settings import apply_config
from crisisroom.store import sources as rows
from crisisroom.watch import poll, stream
from crisisroom.watch.poll import Poller
from crisisroom.watch.renewing import BETWEEN, Renewing
from crisisroom.watch.ways import Ways
from crisisroom.wire.answer import FetchError, Response, is_login
from crisisroom.wire.smtp import Denied, Reply

WORDS = Outgoing(key="k", text="We look into it.", first_try_at=datetime(2026, 11, 22, tzinfo=UTC))


def refused() -> FetchError:
    """Return what a network says to a token that is over."""
    return FetchError("status", "401", response=Response(401, {}, b"", "https://one.example"))


class Network(Obedient):
    """A network that knows one token."""

    def __init__(self, clock: ManualClock, token: str, good: Callable[[], str]) -> None:
        super().__init__(clock)
        self.token = token
        self._good = good

    def _check(self) -> None:
        if self.token != self._good():
            raise SendRefused("the access token is invalid") from refused()

    async def prepare(self, fetch: Fetcher) -> None:
        self._check()

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        self._check()
        return await super().send(words, fetch)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        try:
            self._check()
        except SendRefused as failure:
            raise SendUnknown("could not look") from failure
        return None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        self._check()


class Vault:
    """A command whose token the network takes, or not."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.gives = "one"
        self.good = "one"
        self.runs = 0
        self.made: list[Network] = []

    def ask(self) -> str:
        self.runs += 1
        if not self.gives:
            raise Refused("token_command", "the vault is locked")
        return self.gives

    def make(self, token: str) -> Channel:
        self.made.append(Network(self.clock, token, lambda: self.good))
        return self.made[-1]

    def channel(self) -> Renewing:
        return Renewing(self.ask, self.make, self.clock)


@pytest.fixture
def vault(clock: ManualClock) -> Vault:
    return Vault(clock)


async def test_what_was_refused_is_tried_again_with_the_new_token(
    vault: Vault, fetch: Fetcher
) -> None:
    channel = vault.channel()
    await channel.prepare(fetch)
    assert vault.runs == 1
    vault.good = vault.gives = "two"
    await channel.send(WORDS, fetch)
    assert (vault.runs, [one.token for one in vault.made]) == (2, ["one", "two"])
    assert [len(one.sent) for one in vault.made] == [0, 1]
    assert (channel.kind, channel.wait) == (vault.made[1].kind, vault.made[1].wait)


@pytest.mark.parametrize("act", ["prepare", "find", "retract"])
async def test_every_act_is_tried_again(vault: Vault, fetch: Fetcher, act: str) -> None:
    channel = vault.channel()
    vault.good = vault.gives = "two"
    done: dict[str, Callable[[], Awaitable[object]]] = {
        "prepare": lambda: channel.prepare(fetch),
        "find": lambda: channel.find(WORDS, fetch),
        "retract": lambda: channel.retract(Receipt("1"), fetch),
    }
    await done[act]()
    assert vault.runs == 2


async def test_the_command_runs_once_a_minute_at_most(
    vault: Vault, fetch: Fetcher, clock: ManualClock
) -> None:
    channel = vault.channel()
    vault.good, vault.gives = "never", "two"
    for _ in range(3):
        with pytest.raises(SendRefused, match="token is invalid"):
            await channel.prepare(fetch)
    assert vault.runs == 2
    clock.advance(BETWEEN - 1)
    with pytest.raises(SendRefused):
        await channel.prepare(fetch)
    assert vault.runs == 2
    clock.advance(1)
    vault.good = vault.gives = "three"
    await channel.prepare(fetch)
    assert vault.runs == 3


async def test_the_same_token_again_is_not_tried(vault: Vault, fetch: Fetcher) -> None:
    channel = vault.channel()
    vault.good = "two"
    with pytest.raises(SendRefused, match=r"invalid$"):
        await channel.send(WORDS, fetch)
    assert (vault.runs, len(vault.made)) == (2, 1)


async def test_a_command_that_fails_is_told(vault: Vault, fetch: Fetcher) -> None:
    channel = vault.channel()
    vault.good, vault.gives = "two", ""
    with pytest.raises(SendRefused) as failure:
        await channel.send(WORDS, fetch)
    told = "the access token is invalid; no new token: the vault is locked"
    assert failure.value.message == told


@pytest.mark.parametrize(
    "failure", [SendRefused("too long"), SendLater("busy", 3.0), SendUnknown("hung up")]
)
async def test_other_failures_ask_for_nothing(
    vault: Vault, fetch: Fetcher, failure: Exception
) -> None:
    channel = vault.channel()
    vault.made[0].before.append(failure)  # type: ignore[arg-type]
    with pytest.raises(type(failure)):
        await channel.send(WORDS, fetch)
    assert vault.runs == 1


async def test_what_may_be_out_is_not_sent_again(vault: Vault, fetch: Fetcher) -> None:
    channel = vault.channel()
    doubt = SendUnknown("hung up")
    doubt.__cause__ = refused()
    vault.made[0].before.append(doubt)
    with pytest.raises(SendUnknown):
        await channel.send(WORDS, fetch)
    assert (vault.runs, len(vault.made[0].sent)) == (1, 1)


def test_a_refused_login_is_known_by_what_led_to_it() -> None:
    later = SendLater("x", 1.0)
    later.__cause__ = FetchError("status", "mail.example: LOGIN: EXPIRED", login=True)
    assert is_login(later)
    assert is_login(Denied("no", Reply(535)))
    assert not is_login(Denied("no", Reply(550)))
    assert not is_login(FetchError("timeout", "silent"))
    assert not is_login(None)


async def test_only_accounts_with_a_command_are_renewed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = (await declared(room)).incident
    monkeypatch.setenv("OUR_TOKEN", "secret-token")
    _executable("vault", "echo secret-token")
    for more, kind in (({"token_env": "OUR_TOKEN"}, False), ({"token_command": "vault"}, True)):
        ours = Account(id="ours", type="mastodon", server="https://one.example", **more)  # type: ignore[arg-type]
        settings = msgspec.structs.replace(SETTINGS, accounts=(ours,), sources=())
        await apply_config(room, settings, "crisisroom.yaml")
        await room.reload()
        made = Ways(room).channel(state, "ours")
        assert made is not None
        assert (made.id, made.kind) == ("ours", "mastodon")
        assert isinstance(made, Renewing) == kind


def _executable(name: str, line: str) -> None:
    path = command_path(name)
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o700)


SOURCE = Source(id="masto-in", type="mastodon", every=60, account="ours")


async def _source(room: Room, fetch: Fetcher, patch: pytest.MonkeyPatch, **more: str) -> Poller:
    ours = Account(id="ours", type="mastodon", server="https://one.example", **more)  # type: ignore[arg-type]
    settings = msgspec.structs.replace(SETTINGS, accounts=(ours,), sources=(SOURCE,))
    await apply_config(room, settings, "crisisroom.yaml")
    await room.reload()
    return Poller(SOURCE, room, fetch)


async def _reason(room: Room) -> str:
    return (await room.store.read(lambda tx: rows.get(tx, SOURCE.id))).reason


async def test_a_source_is_built_anew_once_a_minute(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    answers = [refused(), batch("one"), refused(), refused(), batch("two", cursor=2)]
    built: list[Fake] = []

    def build(config: Source, room: Room) -> Fake:
        built.append(Fake("s"))
        built[-1].answers = answers  # type: ignore[assignment]
        return built[-1]

    monkeypatch.setattr(poll, "build", build)
    poller = await _source(room, fetch, monkeypatch, token_command="vault")
    await poller.poll()
    assert (len(built), await _reason(room)) == (2, "")
    await poller.poll()
    assert (len(built), await _reason(room)) == (2, "401")
    clock.advance(BETWEEN)
    await poller.poll()
    assert (len(built), await _reason(room)) == (3, "")
    assert {one.text for one in await reading.mentions(room)} == {"one", "two"}


async def test_a_source_with_another_token_is_left_as_it_is(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Fake] = []

    def build(config: Source, room: Room) -> Fake:
        built.append(Fake("s", refused()))
        return built[-1]

    monkeypatch.setattr(poll, "build", build)
    poller = await _source(room, fetch, monkeypatch, token_env="OUR_TOKEN")
    await poller.poll()
    assert (len(built), await _reason(room)) == (1, "401")


class Over(Stream):
    """A source whose token is over."""

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[Incoming, None]:
        self.connected += 1
        if self.connected:
            raise refused()
        yield post("never", "never")


async def test_a_stream_goes_on_with_the_new_token(
    room: Room, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, fresh = Over("s"), Stream("s", post("two", "two"))
    over.answers = [refused()]
    sources: list[Stream] = [over, fresh]
    monkeypatch.setattr(poll, "build", lambda config, room: sources.pop(0))
    monkeypatch.setattr(stream, "AGAIN", (0.01,))
    poller = await _source(room, fetch, monkeypatch, token_command="vault")
    following = asyncio.create_task(stream.follow(poller))

    async def refused_once() -> bool:
        return over.connected > 1

    async def heard() -> bool:
        return [one.text for one in await reading.mentions(room)] == ["two"]

    await until(refused_once)
    await poller.poll()
    await until(heard)
    assert fresh.connected == 1
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
