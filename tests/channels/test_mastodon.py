"""Contract tests of the Mastodon channel, made from the public documentation.

Real servers that speak this API are tested in `real/`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from mastodon_contract import ME, TOKEN, Mastodon, status
from werkzeug import Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.mastodon import MastodonChannel
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.fetch import Response as Answer
from crisisroom.mastodon.api import Api
from crisisroom.mastodon.login import authorise_url, exchange_code, register_app
from crisisroom.mastodon.shapes import App

FIRST_TRY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TEXT = "@pat@fans.test We are sorry: https://acme.test/status & more"
WORDS = Outgoing(key="k1", text=TEXT, first_try_at=FIRST_TRY, in_reply_to="7")
POSTS = "/api/v1/statuses"


def _channel(mastodon: Mastodon, token: str = TOKEN) -> MastodonChannel:
    options = {"server": mastodon.url, "private": True}
    channel = make("mastodon", "acme-main", options, token=token, clock=ManualClock(FIRST_TRY))
    assert isinstance(channel, MastodonChannel)
    return channel


async def test_a_reply_goes_out_to_the_letter(mastodon: Mastodon, fetch: Fetcher) -> None:
    receipt = await _channel(mastodon).send(WORDS, fetch)
    sent = mastodon.asked[-1]
    assert sent.headers["Idempotency-Key"] == "k1"
    assert sent.get_json() == {"status": TEXT, "visibility": "public", "in_reply_to_id": "7"}
    assert receipt == Receipt("1000", "https://fans.test/@pat/1000")


async def test_a_statement_answers_nobody(mastodon: Mastodon, fetch: Fetcher) -> None:
    words = Outgoing(key="k2", text="We know.", first_try_at=FIRST_TRY, visibility="unlisted")
    await _channel(mastodon).send(words, fetch)
    assert mastodon.asked[-1].get_json() == {"status": "We know.", "visibility": "unlisted"}


async def test_the_same_key_posts_once(mastodon: Mastodon, fetch: Fetcher) -> None:
    channel = _channel(mastodon)
    assert await channel.send(WORDS, fetch) == await channel.send(WORDS, fetch)
    assert len(mastodon.own) == 1
    assert channel.repeats == "key"


@pytest.mark.parametrize(
    ("version", "remembers"),
    [
        ("4.6.0", True), ("4.3.1+glitch", True), ("4.4.0-alpha.1", True), ("3.5.3", True),
        ("4.0.0 (not true; really snac/2.75)", False), ("2.7.2 (compatible; Pleroma 2.6)", False),
        ("0.17.3+git-1", False), ("", False), ("four", False),
    ],
)  # fmt: skip
async def test_only_mastodon_is_trusted_with_keys(
    mastodon: Mastodon, fetch: Fetcher, version: str, remembers: bool
) -> None:
    mastodon.instance["version"] = version
    channel = _channel(mastodon)
    assert channel.repeats == "never"
    await channel.prepare(fetch)
    assert channel.repeats == ("key" if remembers else "never")


async def test_the_server_s_own_limit(mastodon: Mastodon, fetch: Fetcher) -> None:
    channel = _channel(mastodon)
    assert channel.measure("x" * 501).fits is False
    await channel.prepare(fetch)
    assert channel.measure("x" * 700).fits
    with pytest.raises(SendRefused, match="acme-main: 1 characters too long"):
        await channel.send(msgspec.structs.replace(WORDS, text="x" * 701), fetch)
    assert POSTS not in mastodon.paths


# --- what a failure means -----------------------------------------------------------------------


def _said(code: int, **headers: str) -> Response:
    return Response('{"error": "Because \\u001b[31m"}', status=code, headers=headers)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 413, 422, 451])
async def test_refused(mastodon: Mastodon, fetch: Fetcher, code: int) -> None:
    mastodon.answers[POSTS] = _said(code)
    with pytest.raises(SendRefused, match=f"answers {code}: Because") as caught:
        await _channel(mastodon).send(WORDS, fetch)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("code", "headers", "wait"),
    [
        (429, {"Retry-After": "17"}, 17.0),
        (429, {}, 60.0),
        (503, {"Retry-After": "99999"}, 900.0),
    ],
)
async def test_later(
    mastodon: Mastodon, fetch: Fetcher, code: int, headers: dict[str, str], wait: float
) -> None:
    mastodon.answers[POSTS] = _said(code, **headers)
    with pytest.raises(SendLater) as caught:
        await _channel(mastodon).send(WORDS, fetch)
    assert caught.value.retry_after == wait


@pytest.mark.parametrize("code", [408, 409, 425, 500, 502, 503, 504, 520])
async def test_unknown(mastodon: Mastodon, fetch: Fetcher, code: int) -> None:
    mastodon.answers[POSTS] = _said(code)
    with pytest.raises(SendUnknown):
        await _channel(mastodon).send(WORDS, fetch)


@pytest.mark.parametrize("body", ["", "<html>", "{}", "[]", '{"id": 7}', "\xff"])
async def test_taken_but_unreadable_is_unknown(
    mastodon: Mastodon, fetch: Fetcher, body: str
) -> None:
    mastodon.answers[POSTS] = Response(body)
    with pytest.raises(SendUnknown, match="unreadable"):
        await _channel(mastodon).send(WORDS, fetch)


async def test_a_moved_server_is_refused(mastodon: Mastodon, fetch: Fetcher) -> None:
    moved = Response(status=308, headers={"Location": "https://elsewhere.example/"})
    mastodon.answers[POSTS] = moved
    with pytest.raises(SendRefused, match="redirects"):
        await _channel(mastodon).send(WORDS, fetch)


@pytest.mark.parametrize(
    ("code", "sent", "kind"),
    [
        ("timeout", True, SendUnknown),
        ("protocol", True, SendUnknown),
        ("too_large", True, SendUnknown),
        ("encoding", True, SendUnknown),
        ("timeout", False, SendLater),
        ("refused", False, SendLater),
        ("dns", False, SendLater),
        ("tls", False, SendLater),
        ("address", False, SendRefused),
    ],
)
async def test_the_wire_breaks(
    mastodon: Mastodon, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch,
    code: Any, sent: bool, kind: type[Exception],
) -> None:  # fmt: skip
    channel = _channel(mastodon)
    await channel.prepare(fetch)

    async def post(*_: object, **__: object) -> None:
        raise FetchError(code, "broken", sent=sent)

    monkeypatch.setattr(fetch, "post", post)
    with pytest.raises(kind, match="broken"):
        await channel.send(WORDS, fetch)


async def test_nothing_is_sent_before_the_server_is_known(
    mastodon: Mastodon, fetch: Fetcher
) -> None:
    mastodon.answers["/api/v2/instance"] = Response(status=502)
    with pytest.raises(SendLater):
        await _channel(mastodon).send(WORDS, fetch)
    del mastodon.answers["/api/v2/instance"]
    with pytest.raises(SendRefused, match="401"):
        await _channel(mastodon, token="old").send(WORDS, fetch)
    with pytest.raises(SendRefused, match="no token"):
        await _channel(mastodon, token="").send(WORDS, fetch)
    assert POSTS not in mastodon.paths


@pytest.mark.parametrize("odd", ["7/context?x=", "../1", "7\r\nX: y", "..", "\u0667"])
async def test_an_id_is_never_a_path(mastodon: Mastodon, fetch: Fetcher, odd: str) -> None:
    words = msgspec.structs.replace(WORDS, in_reply_to=odd)
    with pytest.raises(SendRefused, match="not a status id"):
        await _channel(mastodon).send(words, fetch)
    with pytest.raises(SendUnknown, match="not a status id"):
        await _channel(mastodon).find(words, fetch)


# --- looking for our words ----------------------------------------------------------------------

# as Mastodon shows TEXT
SHOWN = (
    '<p><span class="h-card"><a href="https://fans.test/@pat" class="u-url mention">@<span>pat'
    '</span></a></span> We are sorry: <a href="https://acme.test/status" target="_blank">'
    '<span class="invisible">https://</span><span class="">acme.test/status</span>'
    '<span class="invisible"></span></a> &amp; more</p>'
)


def _ours(number: int = 9, text: str = SHOWN, **more: Any) -> dict[str, Any]:
    found = {"account": ME, "in_reply_to_id": "7", "created_at": "2026-11-22T02:00:05.000Z", **more}
    return status(number, text, **found)


async def test_found_in_the_thread(mastodon: Mastodon, fetch: Fetcher) -> None:
    mastodon.threads["7"] = [status(8, SHOWN), _ours()]
    receipt = await _channel(mastodon).find(WORDS, fetch)
    assert receipt == Receipt("9", "https://fans.test/@pat/9")


async def test_found_among_our_own(mastodon: Mastodon, fetch: Fetcher) -> None:
    mastodon.own = [_ours(10), _ours(9)]
    receipt = await _channel(mastodon).find(WORDS, fetch)
    assert receipt is not None


async def test_a_server_that_reads_marks(mastodon: Mastodon, fetch: Fetcher) -> None:
    words = msgspec.structs.replace(WORDS, text="*Really* sorry\n\n- `this` _one_")
    mastodon.own = [_ours(text="<b>Really</b> sorry<br><br>- <code>this</code> <i>one</i>")]
    assert await _channel(mastodon).find(words, fetch)


@pytest.mark.parametrize(
    "post",
    [
        _ours(text="<p>something else</p>"),
        _ours(in_reply_to_id="6"),
        _ours(in_reply_to_id=None),
        _ours(account={"id": "2"}),
        _ours(reblog=status(3, SHOWN)),
    ],
)
async def test_not_ours(mastodon: Mastodon, fetch: Fetcher, post: dict[str, Any]) -> None:
    mastodon.own = [post]
    mastodon.threads["7"] = [post]
    assert await _channel(mastodon).find(WORDS, fetch) is None


async def test_looks_after_a_send(mastodon: Mastodon, fetch: Fetcher) -> None:
    channel = _channel(mastodon)
    assert await channel.find(WORDS, fetch) is None  # the thread is gone, ours may be there
    receipt = await channel.send(WORDS, fetch)
    assert await channel.find(WORDS, fetch) == receipt
    ahead = msgspec.structs.replace(WORDS, first_try_at=FIRST_TRY + timedelta(hours=2))
    assert await channel.find(ahead, fetch) == receipt  # whatever our clock said at the first try


async def test_a_statement_that_stood_there_before_is_in_doubt_or_another(
    mastodon: Mastodon, fetch: Fetcher
) -> None:
    words = msgspec.structs.replace(WORDS, in_reply_to="")
    new, old, older = (
        _ours(number, in_reply_to_id=None, created_at=at)
        for number, at in (
            (9, "2026-11-22T01:55:00.000Z"),
            (8, "2026-11-22T00:00:00.000Z"),
            (7, "2026-11-20T00:00:00.000Z"),
        )
    )
    mastodon.own = [new, old, older]
    receipt = await _channel(mastodon).find(words, fetch)
    assert receipt is not None
    assert receipt.remote_id == "9"
    mastodon.own = [old, older]
    with pytest.raises(SendUnknown, match="from before the first try"):
        await _channel(mastodon).find(words, fetch)
    mastodon.own = [older]
    assert await _channel(mastodon).find(words, fetch) is None


async def test_more_posts_since_than_a_look_shows_leave_a_doubt(
    mastodon: Mastodon, fetch: Fetcher
) -> None:
    words = msgspec.structs.replace(WORDS, in_reply_to="")
    others = [
        _ours(number, text="other", in_reply_to_id=None, created_at="2026-11-22T02:01:00.000Z")
        for number in range(540, 100, -1)
    ]
    mastodon.own = others
    with pytest.raises(SendUnknown, match="more since the first try than can be seen"):
        await _channel(mastodon).find(words, fetch)
    with pytest.raises(SendUnknown, match="more since the first try"):
        await _channel(mastodon).find(WORDS, fetch)  # of a thread that is gone
    mastodon.threads["7"] = []
    assert await _channel(mastodon).find(WORDS, fetch) is None
    mastodon.own = [*others[:100], _ours(9, text="other", created_at="2026-11-22T01:40:00.000Z")]
    assert await _channel(mastodon).find(words, fetch) is None
    mastodon.own.append(_ours(8, in_reply_to_id=None, created_at="2026-11-22T02:00:30.000Z"))
    mastodon.own[100:101] = []
    found = await _channel(mastodon).find(words, fetch)
    assert found is not None
    assert found.remote_id == "8"  # further back than one look shows


@pytest.mark.parametrize("more", [{"in_reply_to_id": "6"}, {"account": {**ME, "id": "2"}}])
async def test_an_answer_about_another_post_leaves_a_doubt(
    mastodon: Mastodon, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    channel = _channel(mastodon)
    await channel.prepare(fetch)
    other = json.dumps(_ours(**more)).encode()

    async def answer(url: str, **asked: Any) -> Answer:
        return Answer(200, {}, other, url)

    monkeypatch.setattr(fetch, "post", answer)
    with pytest.raises(SendUnknown, match="about another post"):
        await channel.send(WORDS, fetch)


@pytest.mark.parametrize("path", ["/api/v1/statuses/7/context", "/api/v1/accounts/1/statuses"])
async def test_a_look_that_fails_finds_nothing_out(
    mastodon: Mastodon, fetch: Fetcher, path: str
) -> None:
    mastodon.answers[path] = Response(status=500)
    with pytest.raises(SendUnknown, match="could not look"):
        await _channel(mastodon).find(WORDS, fetch)


# --- logging in ---------------------------------------------------------------------------------


async def test_logging_in(mastodon: Mastodon, fetch: Fetcher) -> None:
    app = await register_app(fetch, mastodon.url, private=True)
    url = authorise_url(mastodon.url, app)
    assert url.startswith(f"{mastodon.url}/oauth/authorize?response_type=code&client_id=id")
    assert "scope=read+write%3Astatuses" in url
    token = await exchange_code(fetch, mastodon.url, app, " code\n", private=True)
    assert token == TOKEN
    assert (await Api(fetch, mastodon.url, token, private=True).me()).acct == "acme"
    with pytest.raises(FetchError) as caught:
        await exchange_code(fetch, mastodon.url, app, "wrong", private=True)
    assert caught.value.status == 400


async def test_logging_in_where_nobody_speaks_it(mastodon: Mastodon, fetch: Fetcher) -> None:
    mastodon.answers["/api/v1/apps"] = Response("<html>")
    with pytest.raises(FetchError, match="no program registered"):
        await register_app(fetch, mastodon.url, private=True)
    mastodon.answers["/oauth/token"] = Response(json.dumps({"error": "x"}))
    app = App("id", "secret")
    with pytest.raises(FetchError, match="no token given"):
        await exchange_code(fetch, mastodon.url, app, "code", private=True)


def test_options() -> None:
    with pytest.raises(Refused, match="channel x: Object missing required field `server`"):
        make("mastodon", "x", {}, clock=ManualClock(FIRST_TRY))
    with pytest.raises(Refused, match="no channel of kind 'fax'") as caught:
        make("fax", "x", {}, clock=ManualClock(FIRST_TRY))
    assert "bluesky" in caught.value.hint
