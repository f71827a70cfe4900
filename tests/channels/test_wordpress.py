"""The WordPress channel against a STAND-IN of its REST interface.

A real WordPress is in `real/test_sending_wordpress.py`; here are odd answers and failures.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from standins.base import as_json, busy
from standins.wordpress_writing import WritableBlog
from werkzeug import Response

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.wordpress import WordPressChannel
from crisisroom.channels.wordpress_text import slug_of
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError

FIRST_TRY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WORDS = Outgoing(key="k1", text='We <b>know</b> -- "really"', first_try_at=FIRST_TRY, title="Down")
REPLY = msgspec.structs.replace(WORDS, in_reply_to="7")


@pytest.fixture
def blog(httpserver: HTTPServer) -> WritableBlog:
    made = WritableBlog(httpserver)
    made.asks(7)
    return made


def _channel(
    blog: WritableBlog, clock: ManualClock, password: str = "canary-pw"
) -> WordPressChannel:
    options = {"server": f"{blog.url}/", "handle": "acme", "private": True}
    channel = make("wordpress", "blog", options, token=password, clock=clock)
    assert isinstance(channel, WordPressChannel)
    return channel


async def test_a_statement_is_let_out_once(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    assert await _channel(blog, clock).find(WORDS, fetch) is None
    receipts = {await _channel(blog, clock).send(WORDS, fetch) for _ in range(3)}
    assert receipts == {Receipt("post:1", f"{blog.url}/?p=1")}
    assert receipts == {await _channel(blog, clock).find(WORDS, fetch)}
    (page,) = blog.posts.values()
    assert page["title"] == "Down"
    assert "<b>" not in page["content"]


async def test_of_several_drafts_the_first_goes_out(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    slug = slug_of(WORDS)
    for number in (3, 4):  # two tries that both lost their answers
        blog.posts[number] = {"id": number, "slug": slug, "status": "draft", "link": ""}
    receipts = {await _channel(blog, clock).send(WORDS, fetch) for _ in range(2)}
    assert receipts == {Receipt("post:3", "")}
    assert len(blog.out) == 1
    assert blog.out[0]["slug"] == f"{slug}-2"
    assert await _channel(blog, clock).find(WORDS, fetch) == Receipt("post:3", "")


async def test_an_answer_stands_under_its_comment(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    channel = _channel(blog, clock)
    receipt = await channel.send(REPLY, fetch)
    made = blog.comments[int(receipt.remote_id)]
    assert (made["post"], made["parent"]) == (5, 7)
    assert made["content"]["raw"] == 'We &lt;b&gt;know&lt;/b&gt; -- "really"'
    assert receipt.remote_url == made["link"]
    assert await channel.find(REPLY, fetch) == receipt
    assert await channel.send(REPLY, fetch) == receipt  # the blog says that it has it
    feed = msgspec.structs.replace(REPLY, key="k", text="y", in_reply_to="http://a/?p=5#comment-7")
    assert blog.comments[int((await channel.send(feed, fetch)).remote_id)]["parent"] == 7
    under = msgspec.structs.replace(REPLY, key="k", in_reply_to="post:5")
    assert blog.comments[int((await channel.send(under, fetch)).remote_id)]["parent"] == 0


async def test_what_a_blog_has_from_before_or_hides(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    channel = _channel(blog, clock)
    receipt = await channel.send(REPLY, fetch)
    ahead = msgspec.structs.replace(REPLY, first_try_at=FIRST_TRY + timedelta(hours=2))
    assert await channel.send(ahead, fetch) == receipt  # whatever our clock said then
    blog.comments[int(receipt.remote_id)]["author"] = 3
    assert await channel.find(REPLY, fetch) is None
    with pytest.raises(SendRefused, match="there already, from before"):
        await channel.send(REPLY, fetch)
    blog.comments[int(receipt.remote_id)]["author"] = 1
    blog.moderates = False  # compared as it is shown, with the quotes a blog makes
    assert await channel.find(REPLY, fetch) == receipt
    blog.comments[int(receipt.remote_id)]["status"] = "hold"
    with pytest.raises(SendUnknown, match="does not see what waits"):
        await channel.find(REPLY, fetch)
    with pytest.raises(SendUnknown, match="has these words already"):
        await channel.send(REPLY, fetch)


async def test_an_answer_about_another_thing_leaves_a_doubt(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    receipt = await _channel(blog, clock).send(REPLY, fetch)
    other = {**blog.comments[int(receipt.remote_id)], "parent": 99}
    blog.faults_at["POST comments"] = Response(json.dumps(other), 201)
    with pytest.raises(SendUnknown, match="about another comment"):
        await _channel(blog, clock).send(REPLY, fetch)


async def test_what_waits_leads_to_where_it_is_let_through(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    blog.holds = True
    receipt = await _channel(blog, clock).send(REPLY, fetch)
    page = f"{blog.url}/wp-admin/comment.php?action=editcomment&c={receipt.remote_id}"
    assert receipt.remote_url == page


@pytest.mark.parametrize(
    ("to", "url", "why"),
    [
        ("8", "", "the comment that it answers is gone"),
        ("7", "https://else.test/?p=5#comment-7", "not on this blog"),
        ("7", "https://[", "not on this blog"),
        ("https://a.test/?p=5", "", "not a comment of this blog"),
        ("7/../posts", "", "not a comment of this blog"),
        ("٧", "", "not a comment of this blog"),
        ("post:x", "", "not a comment of this blog"),
        ("0", "", "not a comment of this blog"),
        ("9" * 30, "", "not a comment of this blog"),
    ],
)
async def test_never_in_the_wrong_place(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, to: str, url: str, why: str
) -> None:
    words = msgspec.structs.replace(WORDS, in_reply_to=to, url=url)
    with pytest.raises(SendRefused, match=why):
        await _channel(blog, clock).send(words, fetch)
    assert all(request.method == "GET" for request in blog.asked)
    if not url:
        with pytest.raises(SendUnknown, match="could not look"):
            await _channel(blog, clock).find(words, fetch)


# --- what a failure means -----------------------------------------------------------------------

_CODES: list[tuple[int, type[Exception]]] = [
    (400, SendRefused), (401, SendRefused), (403, SendRefused), (404, SendRefused),
    (413, SendRefused), (429, SendLater), (408, SendUnknown), (409, SendUnknown),
    (425, SendUnknown), (500, SendUnknown), (502, SendUnknown), (503, SendUnknown),
    (504, SendUnknown), (520, SendUnknown),
]  # fmt: skip


def _said(code: int) -> Response:
    return as_json({"code": "odd", "message": "Because \u001b[31m"}, status=code)


@pytest.mark.parametrize(("code", "kind"), _CODES)
async def test_a_comment_that_fails(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, code: int, kind: type[Exception]
) -> None:
    blog.faults_at["POST comments"] = _said(code)
    with pytest.raises(kind, match="Because") as caught:
        await _channel(blog, clock).send(REPLY, fetch)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("code", "kind"), _CODES)
async def test_a_page_that_is_not_let_out(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, code: int, kind: type[Exception]
) -> None:
    draft = {"id": 3, "slug": slug_of(WORDS), "status": "draft", "link": ""}
    blog.posts[3] = draft
    blog.faults_at["POST posts"] = _said(code)
    with pytest.raises(kind, match="Because"):
        await _channel(blog, clock).send(WORDS, fetch)


@pytest.mark.parametrize("code", [408, 409, 500, 502, 503, 504])
async def test_a_draft_in_doubt_is_no_doubt_about_the_public(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, code: int
) -> None:
    blog.faults_at["POST posts"] = _said(code)
    with pytest.raises(SendLater):
        await _channel(blog, clock).send(WORDS, fetch)


@pytest.mark.parametrize("call", ["GET users", "GET posts", "GET comments"])
@pytest.mark.parametrize("body", ["", "<html>", '{"id": "x"}', "\xff", "[" * 5000, "[7]"])
async def test_nothing_is_sent_where_a_question_has_no_answer(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, call: str, body: str
) -> None:
    blog.faults_at[call] = Response(body)
    words = REPLY if call == "GET comments" else WORDS
    with pytest.raises(SendLater, match="not WordPress's REST"):
        await _channel(blog, clock).send(words, fetch)
    assert all(request.method == "GET" for request in blog.asked)
    with pytest.raises(SendUnknown, match="could not look"):
        await _channel(blog, clock).find(words, fetch)


@pytest.mark.parametrize("body", ["", "Notice: x in y.php {", "{}", "[]", "\xff", "[" * 5000])
async def test_a_comment_with_an_unreadable_answer(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, body: str
) -> None:
    blog.faults_at["POST comments"] = Response(body)
    with pytest.raises(SendUnknown, match="not WordPress's REST"):
        await _channel(blog, clock).send(REPLY, fetch)


@pytest.mark.parametrize(
    ("code", "sent", "kind"),
    [
        ("timeout", True, SendUnknown), ("protocol", True, SendUnknown),
        ("timeout", False, SendLater), ("refused", False, SendLater), ("dns", False, SendLater),
        ("address", False, SendRefused),
    ],
)  # fmt: skip
async def test_the_wire_breaks(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch,
    code: Any, sent: bool, kind: type[Exception],
) -> None:  # fmt: skip
    channel = _channel(blog, clock)
    await channel.prepare(fetch)

    async def post(*_: object, **__: object) -> None:
        raise FetchError(code, "broken", sent=sent)

    monkeypatch.setattr(fetch, "post", post)
    with pytest.raises(kind, match="broken"):
        await channel.send(REPLY, fetch)


async def test_a_busy_blog(blog: WritableBlog, clock: ManualClock, fetch: Fetcher) -> None:
    channel = _channel(blog, clock)
    for status in (429, 503):
        blog.faults_at["POST comments"] = busy("77", status)
        with pytest.raises(SendLater) as later:
            await channel.send(REPLY, fetch)
        assert (later.value.retry_after, channel.wait) == (77, 77)
    clock.advance(100)
    assert channel.wait == 0
    blog.faults_at.clear()
    blog.headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}
    await channel.send(REPLY, fetch)
    assert channel.wait == 30


async def test_what_a_blog_keeps_back_is_not_called_out(
    blog: WritableBlog, clock: ManualClock, fetch: Fetcher
) -> None:
    blog.faults_at["POST posts"] = as_json({"id": 3, "status": "pending"})
    with pytest.raises(SendRefused, match="keeps it back as 'pending'"):
        await _channel(blog, clock).send(WORDS, fetch)


async def test_who_may_not(blog: WritableBlog, clock: ManualClock, fetch: Fetcher) -> None:
    with pytest.raises(SendRefused, match="401") as refused:
        await _channel(blog, clock, "wrong-canary").send(WORDS, fetch)
    assert "canary" not in str(refused.value)
    with pytest.raises(SendRefused, match="no application password"):
        await _channel(blog, clock, "").send(WORDS, fetch)
    hidden = msgspec.structs.replace(WORDS, visibility="private")
    with pytest.raises(SendRefused, match="everything here is public"):
        await _channel(blog, clock).send(hidden, fetch)
    with pytest.raises(Refused, match="https only"):
        make("wordpress", "x", {"server": "http://a.example"}, token="t", clock=clock)


async def test_taking_back(blog: WritableBlog, clock: ManualClock, fetch: Fetcher) -> None:
    channel = _channel(blog, clock)
    page, comment = await channel.send(WORDS, fetch), await channel.send(REPLY, fetch)
    for receipt in (page, comment, page, Receipt("post:99"), Receipt("99")):
        await channel.retract(receipt, fetch)
    assert blog.out == []
    assert blog.comments[int(comment.remote_id)]["status"] == "trash"
    for odd in ("", "post:", "post:x", "1/2", "post:1&force=true"):
        with pytest.raises(SendRefused, match="not a post or comment"):
            await channel.retract(Receipt(odd), fetch)
    blog.trash = False
    with pytest.raises(SendRefused, match="by hand"):
        await channel.retract(page, fetch)
    blog.faults_at["POST posts"] = _said(500)
    with pytest.raises(SendLater):
        await channel.retract(page, fetch)
