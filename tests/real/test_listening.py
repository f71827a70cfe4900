"""What is said about us is in the room soon, once, and a broken source does not stop the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from real.program import PERIOD, Json, Program
from real.servers.base import Daemon, wait_until
from real.servers.fediverse import Fediverse
from real.servers.mastodon_mock import MastodonMock
from real.servers.relay import Relay
from real.servers.wordpress import WordPress


def _seen_after(mention: Json, moment: datetime) -> timedelta:
    return datetime.fromisoformat(mention["seen_at"]) - moment


def _unchanged(wordpress: WordPress) -> int:
    """How often the blog's feed was answered with 304."""
    lines = wordpress.log.read_text(errors="replace").splitlines()
    return sum("[304]: GET /?feed=rss2" in line for line in lines)


def test_all_that_is_said_is_in_the_room_within_two_polls(
    program: Program, fediverse: Fediverse, wordpress: WordPress
) -> None:
    program.answers_as(fediverse.brand)
    program.listens_to_account()
    program.listens_to_feed("blog", wordpress.rss)
    program.listens_to_feed("comments", wordpress.comments_rss)
    program.configure()
    with program.watching():
        article = wordpress.post("Soon-article", "<p>Is anybody there?</p>")
        wordpress.comment(article.id, "soon-comment", "Pat Doe")
        posted = datetime.now(UTC)
        fediverse.complain("soon-post")
        fediverse.brand.wait_mention("soon-post")
        arrived = datetime.now(UTC)
        found = {text: program.wait_for(text) for text in ("Soon-article", "soon-comment")}
        said = program.wait_for("soon-post")

    two_polls = timedelta(seconds=2 * PERIOD)
    assert all(_seen_after(one, posted) < two_polls for one in found.values())
    assert _seen_after(said, arrived) < two_polls
    kinds = {one["source"]: one["kind"] for one in [*found.values(), said]}
    assert kinds == {"blog": "article", "comments": "comment", "social": "post"}
    assert said["author"]["handle"] == "angry@fans.test"
    assert said["account"] == "main"


def test_an_unchanged_feed_answers_304_and_adds_nothing(
    program: Program, wordpress: WordPress
) -> None:
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    wordpress.post("Stays-as-it-is", "<p>Nothing new.</p>")
    program.run("watch", "--once")
    before = program.mentions()

    unchanged = _unchanged(wordpress)
    wait_until(lambda: _polled(program) and _unchanged(wordpress) > unchanged, "a 304")

    assert program.mentions() == before
    assert any("Stays-as-it-is" in one["text"] for one in before)


def _polled(program: Program) -> bool:
    added: int = program.json("watch", "--once")["added"]
    assert added == 0
    return True


def test_a_first_poll_takes_posts_in_as_they_were_written(
    program: Program, wordpress: WordPress
) -> None:
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    for title in ("Order-first", "Order-second", "Order-third"):
        wordpress.post(title, "<p>One after the other.</p>")
    program.run("watch", "--once")
    titles = [one["text"].split("\n")[0] for one in program.mentions("Order-")]
    assert titles == ["Order-first", "Order-second", "Order-third"]


def test_an_edit_is_taken_over_and_a_deletion_loses_nothing(
    program: Program, wordpress: WordPress
) -> None:
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    article = wordpress.post("First-words", "<p>All is well.</p>")
    program.run("watch", "--once")
    first = program.wait_for("First-words")

    wordpress.rest("POST", f"/wp/v2/posts/{article.id}", json={"content": "<p>It is not.</p>"})
    edited = wait_until(lambda: _polled_for(program, "It is not."), "the edit")
    assert edited[0]["id"] == first["id"]
    assert len(program.mentions("First-words")) == 1

    wordpress.rest("DELETE", f"/wp/v2/posts/{article.id}", params={"force": "true"})
    program.run("watch", "--once")
    assert program.mentions("First-words") == edited


def _polled_for(program: Program, text: str) -> list[Json]:
    program.run("watch", "--once")
    return program.mentions(text)


def test_a_broken_source_says_why_and_recovers_alone(
    program: Program, fediverse: Fediverse, wordpress: WordPress
) -> None:
    program.answers_as(fediverse.brand)
    program.listens_to_account()
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    with program.watching() as watcher:
        wait_until(lambda: program.source("blog")["state"] == "ok", "a first poll")
        fediverse.complain("while-broken")
        wordpress.stop()
        try:
            wait_until(lambda: program.source("blog")["state"] == "failing", "the outage to show")
            program.wait_for("while-broken")
            blog, social = program.source("blog"), program.source("social")
        finally:
            wordpress.start()
        wordpress.post("Back-again", "<p>Here we are.</p>")
        program.wait_for("Back-again")
        healed = program.source("blog")
        assert watcher.alive

    assert blog["state"] == "failing"
    assert "127.0.0.1" in blog["reason"]
    assert blog["last_ok_at"] < healed["last_ok_at"]
    assert social["state"] == "ok"
    assert (healed["state"], healed["reason"]) == ("ok", "")


def test_a_stream_brings_a_post_at_once_and_again_after_a_break(
    program: Program, mastodon_mock: MastodonMock
) -> None:
    with Relay(mastodon_mock.url).standing() as relay:
        program.answers_as(mastodon_mock.brand, relay.url)
        program.listens_to_account(streaming=True, every=3600)
        program.configure()
        with program.watching():
            wait_until(lambda: program.source("social")["state"] == "ok", "the only poll")
            for text in ("by-stream", "after-the-break"):
                _post_until_there(program, mastodon_mock, text)
                relay.cut()
        assert program.mentions("by-stream")
        assert program.mentions("after-the-break")


def _post_until_there(program: Program, mock: MastodonMock, text: str) -> None:
    """Post until one arrives: nobody but the server knows when a stream has begun."""

    def posted() -> bool:
        mock.stranger.post(f"@brand {text}")
        return bool(program.mentions(text))

    wait_until(posted, f"{text} by the stream")


CROWD = (
    "Ferrow charged me twice for the november pass, 98 euros gone",
    "anyone else charged twice by Ferrow this morning?",
    "my card was charged twice by Ferrow and nobody answers the phone",
    "Ferrow charged my card twice, is the app broken",
    "charged twice for one Ferrow pass, I want my money back",
    "so Ferrow charged everybody twice? my rent goes out on monday",
    "second charge from Ferrow on my card: charged twice",
    "Ferrow support does not answer, charged twice since friday",
)


def _listens_everywhere(program: Program, fediverse: Fediverse, wordpress: WordPress) -> None:
    program.answers_as(fediverse.brand)
    program.listens_to_account()
    program.listens_to_feed("comments", wordpress.comments_rss)
    program.configure()
    config = program.folder / "crisisroom.yaml"
    config.write_text(config.read_text() + "terms:\n  - {id: us, say: ferrow}\n")


def _says(fediverse: Fediverse, wordpress: WordPress, article: int, number: int) -> None:
    """Let somebody of the crowd speak, here or there."""
    words = CROWD[number]
    if number < 2:
        who = (fediverse.stranger, fediverse.happy)[number]
        who.post(f"{fediverse.brand.handle} {words}")
        fediverse.brand.wait_mention(words)
    else:
        wordpress.comment(article, words, f"Customer{number}")


def _story(program: Program, least: int) -> Json | None:
    """The crowd's story, once it has so many posts; earlier tests' strangers have theirs."""
    crowd = {one["narrative"] for one in program.mentions("charged")}
    told = [one for one in program.json("narratives") if one["id"] in crowd]
    return told[0] if told and told[0]["mentions"] >= least else None


def test_a_stranger_s_words_become_a_story_with_a_priority(
    program: Program, fediverse: Fediverse, wordpress: WordPress
) -> None:
    _listens_everywhere(program, fediverse, wordpress)
    article = wordpress.post("Our new kettle", "<p>It is here.</p>")
    with program.watching():
        for number in (0, 2, 3):
            _says(fediverse, wordpress, article.id, number)
        story = wait_until(lambda: _story(program, 3), "a story")
        found = program.mentions("charged")

    assert story["sources"] == ["comments", "social"]
    assert story["authors"] == 3
    assert {one["narrative"] for one in found} == {story["id"]}
    assert all(one["priority"] > 0 and one["why"] for one in found)
    assert max(one["complaint"] for one in found) >= 0.5


def test_a_crowd_of_strangers_is_one_early_warning_and_then_an_incident(
    program: Program, fediverse: Fediverse, wordpress: WordPress
) -> None:
    """In the middle of it the watcher is killed; nothing is lost by that, and nothing doubled."""
    _listens_everywhere(program, fediverse, wordpress)
    article = wordpress.post("November passes", "<p>Now on sale.</p>")
    with program.watching() as watcher:
        for number in range(4):
            _says(fediverse, wordpress, article.id, number)
        program.wait_for("charged")
        _kill(watcher)
        for number in range(4, len(CROWD)):
            _says(fediverse, wordpress, article.id, number)
        watcher.start()
        wait_until(lambda: _all_there(program), "all that was said")
        [warning] = wait_until(lambda: _warnings(program), "an early warning")
        wait_until(lambda: _story(program, len(CROWD) - 2), "the story")
        shown = program.run("candidate", "show", warning["id"]).stdout
        declared = program.run(
            "declare", "Charged twice", "--candidate", warning["id"],
            "--playbook", "billing-error", "--severity", "sev2",
        ).stdout  # fmt: skip
        [after] = _warnings(program)

    assert "INC-1" in declared
    assert (warning["state"], warning["sources"]) == ("open", 2)
    assert warning["authors"] >= 3
    assert warning["reason"] in shown
    assert "charged" in shown.lower()
    assert f"--candidate {warning['id']}" in shown
    assert (after["state"], after["incident"]) == ("declared", "INC-1")
    linked = [one for one in program.mentions("harged") if one["incident"] == "INC-1"]
    assert len(linked) >= len(CROWD) - 2
    assert len({one["source"] for one in linked}) == 2


def _kill(watcher: Daemon) -> None:
    assert watcher.process is not None
    watcher.process.kill()
    watcher.process.wait()


def _warnings(program: Program) -> list[Json]:
    found: list[Json] = program.json("candidates", "--all")
    return found


def _all_there(program: Program) -> bool:
    """Whether all of the crowd is in the room; no post ever twice, by its id at its source."""
    found = program.mentions()
    ids = [(one["source"], one["external_id"]) for one in found]
    assert len(set(ids)) == len(ids)
    return all(any(words in one["text"] for one in found) for words in CROWD)
