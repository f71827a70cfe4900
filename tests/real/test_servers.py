"""The test ground itself: every server does what other tests build on."""

from __future__ import annotations

import uuid

import feedparser
import httpx
import pexpect
import pytest

from real.servers.base import ServerError, refuse_taken
from real.servers.fediverse import Fediverse
from real.servers.mastodon_api import request
from real.servers.mastodon_mock import MastodonMock
from real.servers.sshd import Sshd
from real.servers.wordpress import WordPress

TAKEN_ALONG = {"LANG": "C.UTF-8", "CRISISROOM_ROOM": "room.db"}


def get(url: str, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(url, headers=names, timeout=20, trust_env=False)


def test_a_strangers_mention_reaches_the_brand_and_the_answer_returns(fediverse: Fediverse) -> None:
    complaint = fediverse.complain("you charged me twice")

    mention = fediverse.brand.wait_mention("you charged me twice")
    assert mention["uri"] == complaint["uri"]
    assert mention["account"]["acct"] == "angry@fans.test"

    answer = f"{fediverse.stranger.handle} we are looking into it"
    fediverse.brand.post(answer, reply_to=mention["id"])

    reply = fediverse.stranger.wait_reply(complaint["id"], "we are looking into it")
    assert reply["account"]["acct"] == "brand@acme.test"
    assert reply["in_reply_to_id"] == complaint["id"]


def test_each_login_has_a_token_of_its_own(fediverse: Fediverse) -> None:
    people = [fediverse.brand, fediverse.helpdesk, fediverse.stranger, fediverse.happy]

    assert [person.handle for person in people] == [
        "@brand@acme.test",
        "@helpdesk@acme.test",
        "@angry@fans.test",
        "@happy@fans.test",
    ]
    assert len({person.token for person in people}) == 4


def test_snac_comes_back_with_its_state_after_an_outage(fediverse: Fediverse) -> None:
    posted = fediverse.helpdesk.post("before the outage")

    fediverse.acme.stop()
    with pytest.raises(httpx.TransportError):
        fediverse.helpdesk.notifications()
    fediverse.acme.start()

    kept = fediverse.helpdesk.call("GET", f"/api/v1/statuses/{posted['id']}")
    assert kept["uri"] == posted["uri"]


def test_a_taken_port_is_refused(fediverse: Fediverse) -> None:
    with pytest.raises(ServerError, match=r"127\.0\.0\.2:80 is taken"):
        fediverse.acme.refuse()


def test_the_blogs_feeds_carry_its_posts(wordpress: WordPress) -> None:
    article = wordpress.post("Checkout is down", "<p>We are on it.</p>")

    for address in (wordpress.rss, wordpress.atom, wordpress.rdf):
        feed = feedparser.parse(get(address).content)
        assert article.link in [entry.link for entry in feed.entries]
        assert "Checkout is down" in [entry.title for entry in feed.entries]


def test_an_unchanged_feed_answers_304(wordpress: WordPress) -> None:
    wordpress.post("Still down", "<p>Still on it.</p>")
    first = get(wordpress.rss)

    again = get(
        wordpress.rss,
        If_None_Match=first.headers["etag"],
        If_Modified_Since=first.headers["last-modified"],
    )

    assert (first.status_code, again.status_code) == (200, 304)
    assert again.content == b""


def test_a_visitors_comment_shows_in_feed_and_rest(wordpress: WordPress) -> None:
    article = wordpress.post("Refunds", "<p>Within three days.</p>")

    comment = wordpress.comment(article.id, "Mine took five.", "Pat Doe")

    feed = feedparser.parse(get(wordpress.comments_rss).content)
    assert any(entry.link.endswith(f"#comment-{comment}") for entry in feed.entries)
    of_post = feedparser.parse(get(wordpress.comments_feed(article.id)).content)
    assert [entry.author for entry in of_post.entries] == ["Pat Doe"]
    assert [c["id"] for c in wordpress.comments(article.id)] == [comment]


def test_visitors_may_comment_in_quick_succession(wordpress: WordPress) -> None:
    article = wordpress.post("Open questions", "<p>Ask.</p>")

    made = [wordpress.comment(article.id, f"Question {n}?", f"Visitor {n}") for n in range(3)]

    assert [comment["id"] for comment in wordpress.comments(article.id)] == made


def test_ssh_runs_a_command_and_takes_the_locale_along(sshd: Sshd) -> None:
    done = sshd.login.run("echo", "$LANG", "$CRISISROOM_ROOM", env=TAKEN_ALONG)

    assert (done.returncode, done.stdout, done.stderr) == (0, "C.UTF-8 room.db\n", "")


def test_a_forced_command_is_all_a_key_can_do(sshd: Sshd) -> None:
    ada = sshd.force("ada", 'echo "as ada: $SSH_ORIGINAL_COMMAND"')

    assert ada.run("cat", "/etc/passwd").stdout == "as ada: cat /etc/passwd\n"


def test_a_key_that_was_not_admitted_opens_nothing(sshd: Sshd) -> None:
    stranger = sshd.new_key("stranger")

    assert stranger.run("true").returncode == 255


def test_ssh_gives_a_terminal_of_the_asked_size(sshd: Sshd) -> None:
    program, *arguments = sshd.login.argv("stty", "size", tty=True)
    child = pexpect.spawn(program, arguments, dimensions=(24, 80), encoding="utf-8", timeout=30)
    try:
        assert child.expect_exact("24 80") == 0
    finally:
        child.close(force=True)


def test_the_fake_answers_as_an_instance(mastodon_mock: MastodonMock) -> None:
    instance = request("GET", f"{mastodon_mock.url}/api/v2/instance").json()

    assert instance["version"].startswith("4.")
    assert mastodon_mock.brand.handle.startswith("@brand@")


def test_the_fake_sends_a_repeated_reply_once(mastodon_mock: MastodonMock) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    bearer = {"Authorization": f"Bearer {mastodon_mock.brand.token}"}
    form = {"status": "we are on it"}
    address = f"{mastodon_mock.url}/api/v1/statuses"

    sent = [request("POST", address, headers=bearer | key, data=form).json() for _ in range(2)]

    assert sent[0]["id"] == sent[1]["id"]


def test_the_fake_fails_as_told_and_heals(mastodon_mock: MastodonMock) -> None:
    mastodon_mock.fail("/api/v1/notifications", "ratelimit", times=5)
    address = f"{mastodon_mock.url}/api/v1/notifications"

    limited = get(address, Authorization=f"Bearer {mastodon_mock.brand.token}")
    mastodon_mock.heal()

    assert (limited.status_code, limited.headers["retry-after"]) == (429, "300")
    assert isinstance(mastodon_mock.brand.notifications(), list)


def test_the_fake_streams_a_mention(mastodon_mock: MastodonMock) -> None:
    bearer = {"Authorization": f"Bearer {mastodon_mock.brand.token}"}
    address = f"{mastodon_mock.url}/api/v1/streaming/user"
    with (
        httpx.Client(timeout=30, trust_env=False) as client,
        client.stream("GET", address, headers=bearer) as stream,
    ):
        mastodon_mock.stranger.post("@brand still charged twice")
        event = next(line for line in stream.iter_lines() if line == "event: notification")

    assert event
    assert mastodon_mock.brand.wait_mention("still charged twice")


def test_refusing_says_which_address(sshd: Sshd) -> None:
    with pytest.raises(ServerError, match=f"127.0.0.1:{sshd.port} is taken"):
        refuse_taken("127.0.0.1", sshd.port)
