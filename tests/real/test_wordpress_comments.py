"""A real blog's comments: those that wait too, who answers whom, edits, REST turned off."""

from __future__ import annotations

import json

import pytest

from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import Source, make
from crisisroom.sources import wordpress as source_module
from crisisroom.sources.walk import Page, Walk
from crisisroom.wire.answer import Response
from real.program import Program
from real.servers.wordpress import WordPress


def _source(blog: WordPress, *, password: str = "") -> Source:
    options = {"url": blog.url, "private": True} | ({"handle": blog.user} if password else {})
    return make("wordpress", "blog", options, clock=SystemClock(), token=password)


def _hold(blog: WordPress, post: int, text: str, parent: int = 0) -> int:
    form = {"post": post, "parent": parent, "content": text, "author_name": "Sam"}
    form["author_email"] = "sam@fans.test"
    made: int = blog.rest("POST", "/wp/v2/comments", json=form)["id"]
    blog.rest("POST", f"/wp/v2/comments/{made}", json={"status": "hold"})
    return made


def test_comments_are_in_the_room_with_those_that_wait(
    program: Program, wordpress: WordPress
) -> None:
    secret = program.folder / "app-password"
    secret.write_text(wordpress.app_password)
    secret.chmod(0o600)
    url = json.dumps(wordpress.url)
    program.accounts.append(
        f"{{id: blog, type: wordpress, server: {url}, handle: {wordpress.user}, private: yes,"
        f" token_file: app-password}}"
    )
    program.listens_to("comments", f"type: wordpress, url: {url}, account: blog, private: yes")
    program.configure()
    article = wordpress.post("For comments", "<p>Say it.</p>")
    said = wordpress.comment(article.id, "Waiting-for-a-refund <b>twice</b> & more", "Pat Doe")
    held = _hold(wordpress, article.id, "Held-answer", said)
    program.run("watch", "--once")

    (open_one,) = program.mentions("Waiting-for-a-refund")
    (waiting,) = program.mentions("Held-answer")
    assert open_one["text"] == "Waiting-for-a-refund twice & more"
    assert (open_one["kind"], open_one["author"]["name"]) == ("comment", "Pat Doe")
    assert (waiting["external_id"], waiting["reply_to"]) == (str(held), str(said))
    wordpress.rest("POST", f"/wp/v2/comments/{said}", json={"content": "Refunded by now"})
    program.run("watch", "--once")
    assert program.mentions("Refunded by now")[0]["id"] == open_one["id"]


async def test_without_a_password_what_waits_comes_when_it_is_let_through(
    wordpress: WordPress,
) -> None:
    article = wordpress.post("Moderated", "<p>Carefully.</p>")
    held = _hold(wordpress, article.id, "let through later")
    source = _source(wordpress)
    async with Fetcher() as fetch:
        batch = await source.poll({}, fetch)
        assert str(held) not in [one.external_id for one in batch.mentions]
        wordpress.comment(article.id, "one that is newer", "Pat")
        batch = await source.poll(batch.cursor, fetch)
        assert [one.text for one in batch.mentions] == ["one that is newer"]
        wordpress.rest("POST", f"/wp/v2/comments/{held}", json={"status": "approved"})
        batch = await source.poll(batch.cursor, fetch)
        assert [one.external_id for one in batch.mentions] == [str(held)]
        assert all(one.direct for one in batch.mentions)


async def test_our_own_answers_are_no_mentions_and_a_wrong_password_is_told(
    wordpress: WordPress,
) -> None:
    article = wordpress.post("Answered", "<p>By us.</p>")
    form = {"post": article.id, "content": "our own words"}
    wordpress.rest("POST", "/wp/v2/comments", json=form)
    async with Fetcher() as fetch:
        batch = await _source(wordpress, password=wordpress.app_password).poll({}, fetch)
        assert "our own words" not in [one.text for one in batch.mentions]
        with pytest.raises(FetchError, match="401"):
            await _source(wordpress, password="wrong").poll({}, fetch)


async def test_rest_turned_off_leaves_the_feed_with_the_same_ids(
    wordpress: WordPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = wordpress.post("By feed", "<p>Only.</p>")
    said = wordpress.comment(article.id, "asked in the feed", "Pat")
    form = {"post": article.id, "parent": said, "content": "answered in the feed"}
    wordpress.rest("POST", "/wp/v2/comments", json=form)

    async def off(_blog: object, _walk: Walk) -> Page:
        raise FetchError("status", "off", response=Response(404, {}, b"", ""))

    source = _source(wordpress)
    async with Fetcher() as fetch:
        by_rest = {one.external_id: one for one in (await source.poll({}, fetch)).mentions}
        monkeypatch.setattr(source_module._Blog, "_rest", off)
        batch = await source.poll({}, fetch)
    assert batch.note == "REST is off: from the comments feed"
    for one in batch.mentions:
        known = by_rest[one.external_id]
        assert (one.text, one.author, one.reply_to) == (known.text, known.author, known.reply_to)
