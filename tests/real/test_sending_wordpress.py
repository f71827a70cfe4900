"""Words on a real WordPress: statements as posts and answers as comments, once, as plain text."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown, make
from crisisroom.channels.wordpress import WordPressChannel
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher
from crisisroom.sources import make as make_source
from crisisroom.text.markup import html_text
from real.losing import Loses, LosingFetcher
from real.servers.mastodon_api import Json
from real.servers.wordpress import WordPress

CLOCK = SystemClock()
EVERY = "publish,future,draft,pending,private"


@pytest.fixture
async def fetch() -> AsyncIterator[LosingFetcher]:
    async with LosingFetcher() as fetcher:
        yield fetcher


def _channel(blog: WordPress, password: str = "") -> WordPressChannel:
    options = {"server": blog.url, "handle": blog.user, "private": True}
    token = password or blog.app_password
    channel = make("wordpress", "blog", options, token=token, clock=CLOCK)
    assert isinstance(channel, WordPressChannel)
    return channel


def _words(text: str, **more: Any) -> Outgoing:
    return Outgoing(key=uuid.uuid4().hex, text=text, first_try_at=CLOCK.now(), **more)


def _pages(blog: WordPress, title: str) -> list[Json]:
    query = {"status": EVERY, "per_page": "100", "context": "edit", "search": title}
    found: list[Json] = blog.rest("GET", "/wp/v2/posts", params=query)
    return [one for one in found if one["title"]["raw"] == title]


async def test_a_statement_is_a_page_of_plain_text(wordpress: WordPress, fetch: Fetcher) -> None:
    text = (
        'We are <b>sorry</b> & [gallery] it\'s "down".\n'
        "See https://acme.test/a?b=1&c=2.\n\nhttps://acme.test/alone\n\n<script>alert(1)</script>"
    )
    title = f"Checkout <i>down</i> {uuid.uuid4().hex[:8]}"
    receipt = await _channel(wordpress).send(_words(text, title=title), fetch)
    number = receipt.remote_id.removeprefix("post:")
    page = wordpress.rest("GET", f"/wp/v2/posts/{number}")
    html = page["content"]["rendered"]
    assert page["status"] == "publish"
    assert receipt.remote_url == page["link"]
    assert "<script" not in html
    assert "<b>" not in html
    assert "[gallery]" in html_text(html)
    assert "<iframe" not in html
    assert 'href="https://acme.test/alone"' in html
    assert "<script>alert(1)</script>" in html_text(html)
    assert page["slug"].startswith("checkout-i-down-i-")


async def test_a_comment_is_answered_where_it_stands(wordpress: WordPress, fetch: Fetcher) -> None:
    article = wordpress.post("Answers", "<p>Ask.</p>")
    asked = wordpress.comment(article.id, f"where is it? {uuid.uuid4().hex}", "Pat")
    source = make_source("wordpress", "b", {"url": wordpress.url, "private": True}, clock=CLOCK)
    batch = await source.poll({}, fetch)
    (mention,) = [one for one in batch.mentions if one.external_id == str(asked)]

    channel = _channel(wordpress)
    text = 'It\'s <b>here</b> -- [gallery] "soon"... & more\n\nAcme'
    words = _words(text, in_reply_to=mention.external_id, url=mention.url)
    assert await channel.find(words, fetch) is None
    receipt = await channel.send(words, fetch)
    assert await channel.find(words, fetch) == receipt
    (kept,) = [one for one in wordpress.comments(article.id) if one["parent"] == asked]
    assert (receipt.remote_id, receipt.remote_url) == (str(kept["id"]), kept["link"])
    assert "<b>" not in kept["content"]["rendered"]
    assert "<b>here</b>" in html_text(kept["content"]["rendered"])
    under = await channel.send(_words("and more", in_reply_to=receipt.remote_id), fetch)
    assert wordpress.rest("GET", f"/wp/v2/comments/{under.remote_id}")["parent"] == kept["id"]


@pytest.mark.parametrize("what", ["request", "answer"])
@pytest.mark.parametrize("where", ["%2Fposts", "%2Fposts%2F"])
async def test_a_statement_tried_again_is_one_page(
    wordpress: WordPress, fetch: LosingFetcher, what: Loses, where: str
) -> None:
    title = f"Lost {what} {uuid.uuid4().hex[:8]}"
    words = _words("We are on it.", title=title)
    fetch.lose(what, where)
    failures = (SendUnknown, SendLater)
    with pytest.raises(failures):
        await _channel(wordpress).send(words, fetch)
    receipts = {await _channel(wordpress).send(words, fetch) for _ in range(3)}
    assert receipts == {await _channel(wordpress).find(words, fetch)}
    (page,) = _pages(wordpress, title)
    assert page["status"] == "publish"


async def test_only_a_draft_is_not_out(wordpress: WordPress, fetch: LosingFetcher) -> None:
    title = f"Halfway {uuid.uuid4().hex[:8]}"
    words = _words("Not yet.", title=title)
    fetch.lose("request", "%2Fposts%2F")
    with pytest.raises(SendUnknown):
        await _channel(wordpress).send(words, fetch)
    assert await _channel(wordpress).find(words, fetch) is None
    (page,) = _pages(wordpress, title)
    assert page["status"] == "draft"


@pytest.mark.parametrize("what", ["request", "answer"])
async def test_an_answer_tried_again_is_one_comment(
    wordpress: WordPress, fetch: LosingFetcher, what: Loses
) -> None:
    article = wordpress.post("Tried again", "<p>Ask.</p>")
    asked = wordpress.comment(article.id, f"lost {what} {uuid.uuid4().hex}", "Pat")
    words = _words('It\'s on its way -- "really"', in_reply_to=str(asked))
    fetch.lose(what, "%2Fcomments")
    with pytest.raises(SendUnknown):
        await _channel(wordpress).send(words, fetch)
    found = await _channel(wordpress).find(words, fetch)
    assert (found is not None) is (what == "answer")
    receipts = {await _channel(wordpress).send(words, fetch) for _ in range(3)}
    assert len(receipts) == 1
    assert len([one for one in wordpress.comments(article.id) if one["parent"] == asked]) == 1


async def test_words_that_stand_there_from_before_are_not_ours(
    wordpress: WordPress, fetch: Fetcher
) -> None:
    article = wordpress.post("From before", "<p>Ask.</p>")
    asked = wordpress.comment(article.id, f"again? {uuid.uuid4().hex}", "Pat")
    words = _words("We know.", in_reply_to=str(asked))
    old = await _channel(wordpress).send(words, fetch)
    form = {"date_gmt": "2020-01-01T00:00:00"}
    wordpress.rest("POST", f"/wp/v2/comments/{old.remote_id}", json=form)
    again = msgspec.structs.replace(words, key="another")
    with pytest.raises(SendRefused, match="there already, from before"):
        await _channel(wordpress).send(again, fetch)


async def test_what_waits_for_moderation_says_so(wordpress: WordPress, fetch: Fetcher) -> None:
    article = wordpress.post("Held", "<p>Ask.</p>")
    asked = wordpress.comment(article.id, f"held? {uuid.uuid4().hex}", "Pat")
    words = _words("Held words", in_reply_to=str(asked))
    receipt = await _channel(wordpress).send(words, fetch)
    wordpress.rest("POST", f"/wp/v2/comments/{receipt.remote_id}", json={"status": "hold"})
    held = await _channel(wordpress).find(words, fetch)
    page = f"{wordpress.url}/wp-admin/comment.php?action=editcomment&c={receipt.remote_id}"
    assert held == Receipt(receipt.remote_id, page)


async def test_what_is_out_is_taken_back(wordpress: WordPress, fetch: Fetcher) -> None:
    channel = _channel(wordpress)
    words = _words("Said too early.", title=f"Early {uuid.uuid4().hex[:8]}")
    page = await channel.send(words, fetch)
    article = wordpress.post("Back", "<p>Ask.</p>")
    asked = wordpress.comment(article.id, f"early? {uuid.uuid4().hex}", "Pat")
    reply = _words("Wrong words", in_reply_to=str(asked))
    comment = await channel.send(reply, fetch)
    for receipt, sent in ((page, words), (comment, reply)):
        await channel.retract(receipt, fetch)
        await channel.retract(receipt, fetch)  # in the trash already
        assert await channel.find(sent, fetch) is None
    with pytest.raises(SendRefused, match="not a post or comment"):
        await channel.retract(Receipt("post:1&force=true"), fetch)


async def test_what_cannot_be_sent_is_refused_in_words(
    wordpress: WordPress, fetch: Fetcher
) -> None:
    channel = _channel(wordpress)
    with pytest.raises(SendRefused, match="the comment that it answers is gone"):
        await channel.send(_words("hello?", in_reply_to="999999"), fetch)
    with pytest.raises(SendRefused, match="not a comment of this blog"):
        await channel.send(_words("hello?", in_reply_to="https://else.test/?p=1"), fetch)
    article = wordpress.post("Elsewhere", "<p>Ask.</p>")
    asked = wordpress.comment(article.id, f"here {uuid.uuid4().hex}", "Pat")
    elsewhere = _words("hi", in_reply_to=str(asked), url="https://other.test/?p=1#comment-1")
    with pytest.raises(SendRefused, match="not on this blog"):
        await channel.send(elsewhere, fetch)
    with pytest.raises(SendRefused, match="401") as refused:
        await _channel(wordpress, "canary-word").send(_words("never"), fetch)
    assert "canary" not in str(refused.value)
