"""Which channel a text takes: of the account's kind, with what that kind takes of its settings."""

from __future__ import annotations

import msgspec
import pytest
from room.people import SETTINGS, declared

from crisisroom.config import Account
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.room import Room
from crisisroom.room.settings import apply_config
from crisisroom.watch.ways import Ways, options_of

KINDS = ("mastodon", "bluesky", "wordpress", "mail", "matrix", "slack", "x", "reddit", "webhook")
WHOLE = {
    "server": "https://one.example",
    "host": "imap.one.example:993",
    "smtp": "smtp.one.example:465",
    "handle": "us@one.example",
    "sender": "us@one.example",
    "to": "list@one.example",
    "app": "app",
    "private": True,
    "ca_file": "/etc/ssl/ours.pem",
}


@pytest.fixture
async def state(room: Room) -> Incident:
    return (await declared(room)).incident


async def _with(room: Room, account: Account) -> Ways:
    settings = msgspec.structs.replace(SETTINGS, accounts=(account,), sources=())
    await apply_config(room, settings, "crisisroom.yaml")
    await room.reload()
    return Ways(room)


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_that_sends_is_made_from_its_account(
    room: Room, state: Incident, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_TOKEN", "secret-token")
    to = {"matrix": "!room:one.example", "slack": "C0123", "reddit": "kettles"}
    more = WHOLE | {"to": to.get(kind, WHOLE["to"])}
    account = Account(id="ours", type=kind, token_env="OUR_TOKEN", **more)  # type: ignore[arg-type]
    ways = await _with(room, account)
    made = ways.channel(state, "ours")
    assert made is not None
    assert (made.id, made.kind) == ("ours", kind)
    assert ways.channel(state, "ours") is made


def test_only_what_is_set_and_known_is_handed_over() -> None:
    account = Account(id="a", type="mastodon", server="https://one.example", handle="us")
    assert options_of(account) == {"server": "https://one.example"}


async def test_no_account_of_this_name_is_no_way(room: Room, state: Incident) -> None:
    assert Ways(room).channel(state, "nobody") is None


async def test_a_missing_token_is_told(room: Room, state: Incident) -> None:
    with pytest.raises(Refused, match="has no token"):
        Ways(room).channel(state, "masto")


async def test_a_drill_takes_a_stand_in_and_asks_for_no_token(room: Room, state: Incident) -> None:
    drill = msgspec.structs.replace(state, drill=True)
    ways = Ways(room)
    made = ways.channel(drill, "masto")
    assert made is not None
    assert made.kind == "stand-in"
    ways.forget()
    assert ways.channel(drill, "masto") is not made


async def test_settings_that_do_not_fit_are_refused_with_their_place(
    room: Room, state: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_TOKEN", "secret-token")
    ways = await _with(room, Account(id="ours", type="mastodon", token_env="OUR_TOKEN"))
    with pytest.raises(Refused, match="server"):
        ways.channel(state, "ours")
