"""A YouTube channel, against a stand-in made from its documentation."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer
from sources.network import Asked, T, asked
from standins.youtube import CHANNEL, KEY, YouTube, refusal
from werkzeug import Response

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.sources import make


@pytest.fixture
def youtube(httpserver: HTTPServer) -> YouTube:
    return YouTube(httpserver)


@pytest.fixture
def source(youtube: YouTube, clock: ManualClock, fetch: Fetcher) -> Asked:
    return asked("youtube", youtube.url, clock, fetch, token=KEY, channel=CHANNEL)


async def test_without_a_key_there_are_videos_and_it_says_so(
    youtube: YouTube, clock: ManualClock, fetch: Fetcher
) -> None:
    youtube.videos = [("v1", T - 600, "Acme 5 reviewed", "It &lt;fails&gt; often")]
    youtube.comment("c1", T - 60, "never again")
    batch = await asked("youtube", youtube.url, clock, fetch, channel=CHANNEL).poll()
    (video,) = batch.mentions
    assert video.text == "Acme 5 reviewed\n\nIt <fails> often"
    assert (video.external_id, video.kind, video.direct) == ("yt:video:v1", "post", False)
    assert video.url == "https://www.youtube.com/watch?v=v1"
    assert batch.note.startswith("videos only: comments need an API key")
    assert {request.path for request in youtube.asked} == {"/feeds/videos.xml"}


async def test_a_comment_and_its_answer_are_ours_and_joined(
    youtube: YouTube, source: Asked
) -> None:
    youtube.videos = [("v1", T - 600, "x", "")]
    youtube.comment("c1", T - 60, "never again")
    youtube.answer("c1", "a1", T - 30, "same")
    video, comment, answer = (await source.poll()).mentions
    assert (comment.text, comment.kind, comment.direct) == ("never again", "comment", True)
    assert comment.reply_to == video.external_id
    assert comment.url == "https://www.youtube.com/watch?v=v1&lc=c1"
    assert (answer.external_id, answer.reply_to) == ("c1.a1", "c1")
    assert await source.ids() == []


async def test_the_key_goes_in_a_header_and_never_in_an_address(
    youtube: YouTube, source: Asked
) -> None:
    await source.poll()
    feed, comments = youtube.asked
    assert "X-Goog-Api-Key" not in feed.headers
    assert comments.headers["X-Goog-Api-Key"] == KEY
    assert KEY not in comments.url


async def test_all_answers_of_a_thread_that_grew(youtube: YouTube, source: Asked) -> None:
    youtube.comment("c1", T - 600, "never again")
    await source.poll()
    for number in range(30):
        youtube.answer("c1", f"a{number}", T - 500 + number, "same")
    assert len(await source.ids()) == 30
    assert await source.ids() == []


async def test_many_threads_that_grew_are_read_over_several_polls(
    youtube: YouTube, source: Asked
) -> None:
    for thread in range(8):
        youtube.comment(f"c{thread}", T - 600, "x")
    await source.poll()
    for thread in range(8):
        for number in range(7):
            youtube.answer(f"c{thread}", f"a{number}", T - 500, "same")
    assert [len(await source.ids()) for _ in range(3)] == [35, 21, 0]


async def test_the_first_look_leaves_old_comments(youtube: YouTube, source: Asked) -> None:
    youtube.comment("old", T - 30 * 86_400, "x")
    for number in range(10):
        youtube.answer("old", f"a{number}", T - 29 * 86_400, "x")
    youtube.comment("new", T - 60, "x")
    assert await source.ids() == ["new"]
    assert {request.path for request in youtube.asked[1:]} == {"/youtube/v3/commentThreads"}


async def test_a_burst_is_read_to_its_end(youtube: YouTube, source: Asked) -> None:
    youtube.comment("first", T - 5000, "x")
    await source.poll()
    for number in range(650):
        youtube.comment(f"c{number}", T - 3000 + number, "x")
    assert len(set(await source.all_ids())) == 650


async def test_our_own_comments_are_left_out(youtube: YouTube, source: Asked) -> None:
    youtube.comment("c1", T - 60, "Thank you all", author=CHANNEL)
    assert await source.ids() == []


async def test_trouble_with_comments_leaves_the_videos(youtube: YouTube, source: Asked) -> None:
    youtube.videos = [("v1", T - 600, "x", "")]
    youtube.faults = []
    source.cursor = {"turn": 1}  # comments first
    youtube.faults = [refusal(403, "commentsDisabled", "Comments are disabled.")]
    batch = await source.poll()
    assert [one.external_id for one in batch.mentions] == ["yt:video:v1"]
    assert "Comments are disabled." in batch.note


async def test_a_spent_day_is_a_wait(youtube: YouTube, source: Asked) -> None:
    source.cursor = {"turn": 1}
    youtube.faults = [refusal(403, "quotaExceeded", "You have exceeded your quota.")]
    batch = await source.poll()
    assert batch.wait == 900
    assert "exceeded your quota" in batch.note


async def test_no_such_channel(youtube: YouTube, clock: ManualClock, fetch: Fetcher) -> None:
    source = asked("youtube", youtube.url, clock, fetch, channel="UCnobody")
    with pytest.raises(FetchError, match="404"):
        await source.poll()
    youtube.faults = [Response("<rss", content_type="text/xml")]
    with pytest.raises(FetchError, match="not what its API promises"):
        await source.poll()


def test_a_channel_is_an_id(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="no channel's id"):
        make("youtube", "y", {"channel": "https://youtube.com/@acme"}, clock=clock)
