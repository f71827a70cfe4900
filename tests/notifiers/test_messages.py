"""Messages to people without a terminal: who serves what, and what a failed one means."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from crisisroom.config import Account, RoomConfig
from crisisroom.config.settings import Messenger
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher
from crisisroom.notifiers.by_mail import ByMail
from crisisroom.notifiers.messages import InDoubt, Message, Messengers, NotDelivered, make
from crisisroom.notifiers.ntfy import LONGEST, Ntfy
from crisisroom.notifiers.services import Service

CANARY = "canary-4711-secret"
CODE = "7F3K-92QD"
MESSAGE = Message(
    id="ask.1",
    title="Please approve ST-1: Grüße",
    text=f"We look into it.\n\n    {CODE}\n",
    at=datetime(2026, 11, 22, 2, 7, tzinfo=UTC),
)
ENV = {"TOKEN": CANARY}
MAIL = Account(
    id="help", type="mail", smtp="127.0.0.1:9", handle="a@b.test", token_env="TOKEN", private=True
)


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as opened:
        yield opened


def ntfy(server: HTTPServer, fetch: Fetcher, token_env: str = "") -> Ntfy:
    url = server.url_for("").rstrip("/")
    messenger = Messenger(id="phone", type="ntfy", server=url, private=True, token_env=token_env)
    return Ntfy(messenger, fetch, ENV)


def answers(server: HTTPServer, body: object, status: int = 200) -> list[Request]:
    """Let the server answer every message; returns the list that they will be in."""
    got: list[Request] = []

    def take(request: Request) -> Response:
        got.append(request)
        given = body if isinstance(body, str | bytes) else json.dumps(body)
        return Response(given, status)

    server.expect_request("/").respond_with_handler(take)
    return got


TAKEN = {"id": "x1", "time": 1, "event": "message", "topic": "lex", "message": "…"}


def test_a_message_s_words_are_not_printed() -> None:
    assert CODE not in repr(MESSAGE)
    assert CODE not in str(MESSAGE)


def test_the_first_messenger_that_serves_a_kind_takes_it() -> None:
    config = RoomConfig(
        accounts=(MAIL,),
        messengers=(
            Messenger(id="post", type="mail", account="help"),
            Messenger(id="phone", type="ntfy"),
            Messenger(id="calls", type="apprise", by=("signal", "ntfy"), token_env="TOKEN"),
        ),
    )
    ways = Messengers(config, Fetcher(), ENV)
    serving = {by: ways.serving(by) for by in ("email", "ntfy", "signal", "sms", "phone")}
    names = {by: one.id if one else "" for by, one in serving.items()}
    assert names == {"email": "post", "ntfy": "phone", "signal": "calls", "sms": "", "phone": ""}


@pytest.mark.parametrize("account", ["", "none", "masto", "reads"])
def test_a_mail_messenger_needs_an_account_that_sends(account: str) -> None:
    config = RoomConfig(
        accounts=(
            Account(id="masto", type="mastodon", server="https://a.test"),
            Account(id="reads", type="mail", host="a.test", handle="a"),
        )
    )
    with pytest.raises(Refused, match="needs an account of type mail with smtp"):
        make(Messenger(id="post", type="mail", account=account), config, Fetcher(), ENV)


async def test_ntfy_takes_the_words_to_the_letter(httpserver: HTTPServer, fetch: Fetcher) -> None:
    got = answers(httpserver, TAKEN)
    await ntfy(httpserver, fetch, token_env="TOKEN").carry("lex", MESSAGE)
    (request,) = got
    assert request.json == {
        "topic": "lex", "title": MESSAGE.title, "message": MESSAGE.text, "priority": 4,
    }  # fmt: skip
    assert request.headers["Authorization"] == f"Bearer {CANARY}"
    await ntfy(httpserver, fetch).carry(f"{httpserver.url_for('')}lex", MESSAGE)
    assert "Authorization" not in got[1].headers


@pytest.mark.parametrize(
    ("body", "status", "failure"),
    [
        ({"error": "forbidden"}, 403, NotDelivered),
        ("", 401, NotDelivered),
        ("", 404, NotDelivered),
        ("", 413, NotDelivered),
        ("", 429, NotDelivered),
        ("", 500, InDoubt),
        ("", 503, InDoubt),
        ("<html>log in to this hotel</html>", 200, InDoubt),
        (b"\xff\xfe", 200, InDoubt),
        ({}, 200, InDoubt),
        (TAKEN | {"topic": "another"}, 200, InDoubt),
        (TAKEN | {"event": "open"}, 200, InDoubt),
        (CODE, 400, NotDelivered),
    ],
)
async def test_what_ntfy_s_answer_means(
    httpserver: HTTPServer, fetch: Fetcher, body: object, status: int, failure: type[Exception]
) -> None:
    answers(httpserver, body, status)
    with pytest.raises((NotDelivered, InDoubt)) as failed:
        await ntfy(httpserver, fetch, token_env="TOKEN").carry("lex", MESSAGE)
    assert type(failed.value) is failure
    assert CANARY not in str(failed.value)
    assert CODE not in str(failed.value)


async def test_a_server_that_is_away_took_nothing(fetch: Fetcher) -> None:
    away = Messenger(id="phone", type="ntfy", server="http://127.0.0.1:9", private=True)
    with pytest.raises(NotDelivered, match="did not take it"):
        await Ntfy(away, fetch, ENV).carry("lex", MESSAGE)
    clear = Messenger(id="phone", type="ntfy", server="http://a.test", token_env="TOKEN")
    with pytest.raises(NotDelivered):  # a token goes over https only
        await Ntfy(clear, fetch, ENV).carry("lex", MESSAGE)


@pytest.mark.parametrize(
    "to", ["", "a b", "../x", "x" * 65, "a/b", "https://ntfy.sh/x", "ä", "a\n"]
)
async def test_what_is_no_topic_is_refused(httpserver: HTTPServer, fetch: Fetcher, to: str) -> None:
    with pytest.raises(Refused, match="topic"):
        await ntfy(httpserver, fetch).carry(to, MESSAGE)


async def test_a_text_too_long_for_ntfy_goes_another_way(
    httpserver: HTTPServer, fetch: Fetcher
) -> None:
    long = Message(id="x", title="x", text="é" * (LONGEST // 2 + 1), at=MESSAGE.at)
    with pytest.raises(NotDelivered, match="4096 bytes") as failed:
        await ntfy(httpserver, fetch).carry("lex", long)
    assert "--way email" in failed.value.hint


@pytest.mark.parametrize("to", ["", "lex", "a@b.test\nBcc: c@d.test", "<a@b.test>", "a@b.test,c@d"])
async def test_what_is_no_mail_address_is_refused(fetch: Fetcher, to: str) -> None:
    with pytest.raises(Refused, match="mail address"):
        await ByMail("post", MAIL, fetch, ENV).carry(to, MESSAGE)


async def test_a_mail_server_that_is_away_took_nothing(fetch: Fetcher) -> None:
    with pytest.raises(NotDelivered, match="the mail did not go"):
        await ByMail("post", MAIL, fetch, ENV).carry("lex@law.test", MESSAGE)


async def test_without_the_package_a_service_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crisisroom.notifiers.services.find_spec", lambda name: None)
    service = Service(Messenger(id="sms", type="apprise", token_env="TOKEN"), ENV)
    with pytest.raises(Refused) as refused:
        await service.carry("+49 30 1", MESSAGE)
    assert refused.value.hint == "pip install 'crisisroom[apprise]'"


async def test_logs_at_their_most_talkative_hold_no_secret(
    httpserver: HTTPServer,
    fetch: Fetcher,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    answers(httpserver, TAKEN)
    await ntfy(httpserver, fetch, token_env="TOKEN").carry("lex", MESSAGE)
    with pytest.raises(NotDelivered):
        await ByMail("post", MAIL, fetch, ENV).carry("lex@law.test", MESSAGE)
    said = caplog.text + "".join(capfd.readouterr())
    assert said, "something was logged"
    assert CANARY not in said
    assert CODE not in said


async def test_a_server_of_our_own_network_is_named_with_what_lets_it(fetch: Fetcher) -> None:
    pings = Messenger(id="pings", type="ntfy", server="http://127.0.0.1:9")
    with pytest.raises(NotDelivered) as refused:
        await Ntfy(pings, fetch, ENV).carry("lex", MESSAGE)
    told = refused.value.message
    assert told.endswith("is a private address (private: yes at this messenger allows it)")
