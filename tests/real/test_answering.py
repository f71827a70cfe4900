"""A released reply is in the stranger's thread exactly once, whatever breaks on the way."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import pytest

from real.program import Json, Program
from real.servers.base import Daemon, wait_until
from real.servers.fediverse import Fediverse
from real.servers.mastodon_api import Account
from real.servers.mastodon_mock import MastodonMock
from real.servers.relay import Moment, Relay

pytestmark = [
    pytest.mark.losing,
    pytest.mark.timeout(300, func_only=True),  # each waits for what was lost on purpose
]

APPROVED = "I am sorry. You rely on us"  # the playbook's words for the angry
ANGRY = "down again, this is ridiculous"
RETRY_AFTER = 6  # seconds
SLOW = 0.4  # seconds on the line to the server, and as many back
RECOVERING = 5.0  # seconds: no try whose answer came takes as long


@contextmanager
def answering(program: Program, account: Account, server: str = "") -> Iterator[Daemon]:
    """A watched room with an incident, which listens to the account and answers as it."""
    program.answers_as(account, server)
    program.listens_to_account()
    program.configure()
    with program.watching() as watcher:
        program.open_incident()
        yield watcher


def _drafts(program: Program, complain: Sequence[str], fediverse: Fediverse) -> dict[str, Json]:
    """A drafted reply to a complaint each: the mention by the reply's id."""
    for word in complain:
        fediverse.complain(f"{ANGRY} {word}")
    return {program.draft(word): program.wait_for(word) for word in complain}


def _texts(entries: list[Json], kind: str) -> list[str]:
    return [one["text"] for one in entries if one["kind"] == kind]


def test_a_reply_by_verbs_arrives_in_the_strangers_thread_once(
    program: Program, fediverse: Fediverse
) -> None:
    with answering(program, fediverse.brand):
        complaint = fediverse.complain(f"{ANGRY} by-verbs")
        reply = program.draft("by-verbs")
        sent = program.json("reply", "send", "INC-1", reply)
        again = program.run("reply", "send", "INC-1", reply, codes=[1])
        arrived = fediverse.stranger.wait_reply(complaint["id"], APPROVED)
        mention = program.wait_for("by-verbs")

    assert (sent["state"], sent["remote_url"]) == ("sent", arrived["uri"])
    assert f"{reply} is sent" in again.stderr
    assert mention["state"] == "answered"
    assert len(program.answers_to(mention, fediverse.brand)) == 1
    assert len(fediverse.stranger.replies(complaint["id"])) == 1
    assert _texts(program.timeline(), "reply.sent") == [
        f"{reply} is out to @angry@fans.test on main"
    ]


def _kill(daemon: Daemon) -> None:
    assert daemon.process is not None
    daemon.process.kill()
    daemon.process.wait()


def _storm(program: Program, fediverse: Fediverse, kills: int, seed: int) -> list[int]:
    """Release replies over a slow line, and kill whoever works; return how often each went out."""
    rng = random.Random(seed)
    words = [f"storm-{seed}-{number}." for number in range(kills)]
    with (
        Relay(fediverse.acme.url, slow=SLOW).standing() as relay,
        answering(program, fediverse.brand, relay.url) as watcher,
    ):
        drafts = _drafts(program, words, fediverse)
        sends = {one: ["reply", "send", "INC-1", one, "--command-id", one] for one in drafts}
        verbs = []
        for send in sends.values():
            verbs.append(program.start(*send))
            time.sleep(rng.uniform(0.3, 0.5 + 2 * SLOW))
            victims = rng.choice(("watcher", "verb", "both"))
            if victims != "watcher":
                verbs[-1].kill()
            if victims != "verb":
                _kill(watcher)
                watcher.start()
        for verb in verbs:
            verb.wait()
        for reply, send in sends.items():
            program.run(*send, codes=[0, 3])
            program.wait_reply(reply, "sent")
        answers = {r: program.answers_to(m, fediverse.brand) for r, m in drafts.items()}

    timeline = program.timeline()
    print(f"{kills} kills, {len(_recovered(timeline))} in the middle of a send")
    assert len(_texts(timeline, "reply.sent")) == kills
    assert program.json("verify")["ok"]
    return [len(found) for found in answers.values()]


def _recovered(timeline: list[Json]) -> set[str]:
    """The replies whose try outlived whoever tried it."""
    begun = {one["data"]["id"]: one for one in timeline if one["kind"] == "reply.sending"}
    ended = {one["data"]["id"]: one for one in timeline if one["kind"] == "reply.sent"}
    return {reply for reply in ended if _between(begun[reply], ended[reply]) > RECOVERING}


def _between(first: Json, second: Json) -> float:
    """The seconds from one entry to the other."""
    times = [datetime.fromisoformat(one["recorded_at"]) for one in (first, second)]
    return (times[1] - times[0]).total_seconds()


def test_kill_9_at_random_moments_sends_nothing_twice(
    program: Program, fediverse: Fediverse
) -> None:
    assert _storm(program, fediverse, 6, seed=3) == [1] * 6


@pytest.mark.full
@pytest.mark.timeout(1200, func_only=True)
@pytest.mark.parametrize("seed", range(10, 15))
def test_kill_9_many_times(program: Program, fediverse: Fediverse, seed: int) -> None:
    assert _storm(program, fediverse, 20, seed) == [1] * 20


def test_kill_9_at_each_moment_of_a_send(program: Program, fediverse: Fediverse) -> None:
    with (
        Relay(fediverse.acme.url).standing() as relay,
        answering(program, fediverse.brand, relay.url) as watcher,
    ):
        drafts = _drafts(program, ["lost.", "late.", "deaf.", "mute."], fediverse)

        def kill() -> None:
            assert watcher.process is not None
            os.kill(watcher.process.pid, signal.SIGKILL)

        def kill_and_lose() -> None:
            kill()
            raise ConnectionResetError

        moments: list[tuple[Moment, Callable[[], None]]] = [
            ("asked", kill_and_lose),
            ("asked", kill),
            ("answered", kill),
            ("told", kill),
        ]
        for reply, (moment, hook) in zip(drafts, moments, strict=True):
            relay.at(moment, hook)
            program.run("reply", "send", "INC-1", reply, "--no-wait")
            wait_until(lambda: not watcher.alive, f"the watcher's end when {moment}")
            watcher.start()
        for reply in drafts:
            program.wait_reply(reply, "sent")
        answers = {r: program.answers_to(m, fediverse.brand) for r, m in drafts.items()}

    assert {reply: len(found) for reply, found in answers.items()} == dict.fromkeys(drafts, 1)
    assert relay.posts == len(drafts)


def test_a_reply_waits_for_a_server_that_is_down(program: Program, fediverse: Fediverse) -> None:
    with answering(program, fediverse.brand):
        ((reply, mention),) = _drafts(program, ["while-down."], fediverse).items()
        fediverse.acme.stop()
        try:
            program.run("reply", "send", "INC-1", reply, "--no-wait")
            waiting = wait_until(lambda: _reason(program, reply), "the outbox to say why")
        finally:
            fediverse.acme.start()
        program.wait_reply(reply, "sent")
        answers = program.answers_to(mention, fediverse.brand)

    assert "acme.test" in waiting
    assert len(answers) == 1


def _reason(program: Program, reply: str) -> str:
    """Why a reply is still on its way, as the outbox says."""
    return next((str(one["reason"]) for one in program.json("outbox") if one["id"] == reply), "")


def test_a_lost_answer_is_looked_for_and_a_lost_request_left_to_a_person(
    program: Program, fediverse: Fediverse
) -> None:
    with (
        Relay(fediverse.acme.url).standing() as relay,
        answering(program, fediverse.brand, relay.url),
    ):
        drafts = _drafts(program, ["answer-lost.", "request-lost."], fediverse)
        heard, unheard = drafts
        relay.lose("answered")
        program.run("reply", "send", "INC-1", heard, "--no-wait")
        wait_until(lambda: relay.posts, "the first post")
        relay.lose("asked")
        in_doubt = program.run("reply", "send", "INC-1", unheard, codes=[4])
        found = program.wait_reply(heard, "sent")

        refused = program.run("reply", "send", "INC-1", unheard, codes=[1])
        settled = program.json("outbox", "settle", "INC-1", unheard, "not-sent")
        sent = program.json("reply", "send", "INC-1", unheard)
        answers = {r: program.answers_to(m, fediverse.brand) for r, m in drafts.items()}

    assert found["remote_url"] == answers[heard][0]["uri"]
    assert "outbox settle" in in_doubt.stderr
    assert f"{unheard} is unknown" in refused.stderr
    assert settled["state"] == "failed"
    assert sent["state"] == "sent"
    assert {reply: len(made) for reply, made in answers.items()} == dict.fromkeys(drafts, 1)


def test_a_server_that_fails_gets_each_reply_once(
    program: Program, mastodon_mock: MastodonMock
) -> None:
    words = ["mock-busy.", "mock-500.", "mock-malformed."]
    with answering(program, mastodon_mock.brand) as watcher:
        for word in words:
            mastodon_mock.stranger.post(f"@brand {ANGRY} {word}")
        busy, *broken = [program.draft(word) for word in words]
        drafts = {
            reply: program.wait_for(word)
            for word, reply in zip(words, [busy, *broken], strict=True)
        }

        mastodon_mock.fail(
            "/api/v1/statuses", "ratelimit", headers={"Retry-After": f"{RETRY_AFTER}"}
        )
        program.run("reply", "send", "INC-1", busy, "--no-wait")
        why = wait_until(lambda: _reason(program, busy), "the outbox to say why")
        _kill(watcher)  # what the network asked for outlives whoever was asked
        watcher.start()
        mastodon_mock.fail("/api/v1/statuses", "status", status=500)
        _send_and_fail(program, broken[0])
        mastodon_mock.fail("/api/v1/statuses", "malformed")
        _send_and_fail(program, broken[1])
        for reply in drafts:
            program.wait_reply(reply, "sent")
        answers = {r: program.answers_to(m, mastodon_mock.brand) for r, m in drafts.items()}

    assert "429" in why
    assert "; again at " in why
    mine = [one for one in program.timeline() if one["data"].get("id") == busy]
    tries = [one for one in mine if one["kind"] == "reply.sending"]
    assert _between(*tries[:2]) >= RETRY_AFTER
    assert {reply: len(made) for reply, made in answers.items()} == dict.fromkeys(drafts, 1)


def _send_and_fail(program: Program, reply: str) -> None:
    """Release a reply and wait until its first try is over, one way or the other."""
    program.run("reply", "send", "INC-1", reply, "--no-wait")
    program.wait_reply(reply, "sending", "unknown", "sent")
