"""The Matrix channel against a STAND-IN made from the specification; Synapse is in `real/`."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from standins.base import as_json
from standins.matrix import ME, ROOM, START, TOKEN, Matrix
from werkzeug import Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.matrix import KEY, MatrixChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WORDS = Outgoing(key="k1", text="We know: größer 👩‍🚒 <b>", first_try_at=NOW)


@pytest.fixture
def matrix(httpserver: HTTPServer) -> Matrix:
    return Matrix(httpserver)


def channel(matrix: Matrix, to: str = ROOM, token: str = TOKEN) -> MatrixChannel:
    options: dict[str, Any] = {"server": matrix.url, "to": to, "private": True}
    made = make("matrix", "crew", options, token=token, clock=ManualClock(NOW))
    assert isinstance(made, MatrixChannel)
    return made


@pytest.mark.parametrize("to", [ROOM, "#crisis:acme.test"])
async def test_words_go_into_the_room_once(matrix: Matrix, fetch: Fetcher, to: str) -> None:
    way = channel(matrix, to)
    receipt = await way.send(WORDS, fetch)
    assert await way.send(WORDS, fetch) == receipt
    (event,) = matrix.events
    assert event["content"] == {"msgtype": "m.text", "body": WORDS.text, KEY: "k1"}
    assert receipt == Receipt("$event-0", "https://matrix.to/#/!room:acme.test/$event-0")


async def test_only_synapse_is_trusted_with_repeats(matrix: Matrix, fetch: Fetcher) -> None:
    way = channel(matrix)
    await way.prepare(fetch)
    assert way.repeats == "never"  # the stand-in's server says that it is Werkzeug


async def test_an_answer(matrix: Matrix, fetch: Fetcher) -> None:
    await channel(matrix).send(msgspec.structs.replace(WORDS, in_reply_to="$x"), fetch)
    content = matrix.events[0]["content"]
    assert content["m.relates_to"] == {"m.in_reply_to": {"event_id": "$x"}}
    with pytest.raises(SendRefused, match="by hand"):
        await channel(matrix).send(msgspec.structs.replace(WORDS, in_reply_to="1@a.de"), fetch)


async def test_rooms_that_are_not_written_in(matrix: Matrix, fetch: Fetcher) -> None:
    matrix.encrypted = True
    with pytest.raises(SendRefused, match="encrypted"):
        await channel(matrix).send(WORDS, fetch)
    matrix.joined = []
    with pytest.raises(SendRefused, match=f"{ME} is not in that room"):
        await channel(matrix).send(WORDS, fetch)
    with pytest.raises(SendRefused, match="404"):
        await channel(matrix, "#other:acme.test").prepare(fetch)
    with pytest.raises(SendRefused, match="M_UNKNOWN_TOKEN"):
        await channel(matrix, token="wrong").prepare(fetch)
    assert matrix.events == []


async def test_length(matrix: Matrix, fetch: Fetcher) -> None:
    way = channel(matrix)
    assert way.measure("ä\n").length == 4
    assert not way.measure("x" * 48_001).fits
    with pytest.raises(SendRefused, match="longer"):
        await way.send(msgspec.structs.replace(WORDS, text="ä" * 24_001), fetch)


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 7000}, SendLater),
        (403, {"errcode": "M_FORBIDDEN", "error": "no \x1b[31m"}, SendRefused),
        (401, {"errcode": "M_UNKNOWN_TOKEN", "error": TOKEN}, SendRefused),
        (413, {"errcode": "M_TOO_LARGE"}, SendRefused),
        (400, {"errcode": 7}, SendRefused),
        (500, {"errcode": "M_UNKNOWN"}, SendUnknown),
        (502, {}, SendUnknown),
        (200, {}, SendUnknown),
        (200, {"event_id": 7}, SendUnknown),
    ],
)
async def test_what_a_failure_means(
    matrix: Matrix, fetch: Fetcher, status: int, said: dict[str, Any], kind: type[Exception]
) -> None:
    way = channel(matrix)
    matrix.status, matrix.said = status, said
    with pytest.raises(kind) as caught:
        await way.send(WORDS, fetch)
    assert str(caught.value).isprintable()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    if isinstance(caught.value, SendLater):
        assert caught.value.retry_after == way.wait == 7


@pytest.mark.parametrize("body", ["", "<html>", "[" * 5000, "[]", '"x"'])
async def test_nonsense_is_later_before_and_unknown_after(
    matrix: Matrix, fetch: Fetcher, body: str
) -> None:
    way = channel(matrix)
    matrix.faults = [Response(body)]
    with pytest.raises(SendLater):
        await way.prepare(fetch)
    await way.prepare(fetch)
    matrix.faults = [Response(body)]
    with pytest.raises(SendUnknown):
        await way.send(WORDS, fetch)
    matrix.faults = [Response(body)]
    with pytest.raises(SendUnknown, match="could not look"):
        await way.find(WORDS, fetch)


async def test_looking(matrix: Matrix, fetch: Fetcher) -> None:
    way = channel(matrix)
    assert await way.find(WORDS, fetch) is None
    matrix.put({"body": "forged", KEY: "k1"}, sender="@eve:acme.test")
    assert await way.find(WORDS, fetch) is None
    receipt = await way.send(WORDS, fetch)
    for number in range(250):
        matrix.put({"body": f"chatter {number}"}, sender="@eve:acme.test")
    assert await way.find(WORDS, fetch) == receipt


async def test_looking_ends_with_the_first_try(matrix: Matrix, fetch: Fetcher) -> None:
    for number in range(300):
        matrix.put({"body": f"{number}"}, at=START - 2 * 86_400_000 + number)
    assert await channel(matrix).find(WORDS, fetch) is None
    assert sum("/messages" in one.path for one in matrix.asked) == 1


async def test_an_event_with_a_time_of_its_own_making_ends_no_look(
    matrix: Matrix, fetch: Fetcher
) -> None:
    way = channel(matrix)
    receipt = await way.send(WORDS, fetch)
    for number in range(150):
        at = 1 if number == 100 else START
        matrix.put({"body": f"chatter {number}"}, sender="@eve:elsewhere.test", at=at)
    assert await way.find(WORDS, fetch) == receipt


async def test_a_room_without_an_end_is_unknown(matrix: Matrix, fetch: Fetcher) -> None:
    way = channel(matrix)
    await way.prepare(fetch)
    event = {"event_id": "$x", "sender": ME, "origin_server_ts": START, "content": {}}
    pages = [as_json({"chunk": [event], "end": str(number)}) for number in range(50)]
    matrix.faults = pages
    with pytest.raises(SendUnknown, match="too far"):
        await way.find(WORDS, fetch)


async def test_taking_back(matrix: Matrix, fetch: Fetcher) -> None:
    way = channel(matrix)
    receipt = await way.send(WORDS, fetch)
    await way.retract(receipt, fetch)
    assert matrix.events == []
    matrix.status, matrix.said = 403, {"errcode": "M_FORBIDDEN"}
    with pytest.raises(SendRefused, match="M_FORBIDDEN"):
        await way.retract(Receipt("$other"), fetch)
    matrix.status = 500
    with pytest.raises(SendLater):
        await way.retract(Receipt("$other"), fetch)


@pytest.mark.parametrize(("to", "token"), [("room", TOKEN), ("", TOKEN), (ROOM, "")])
def test_options(to: str, token: str) -> None:
    options = {"server": "https://a.test", "to": to}
    with pytest.raises(Refused, match="a token and a room"):
        make("matrix", "crew", options, token=token, clock=ManualClock(NOW))
