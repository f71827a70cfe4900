"""The watcher is killed at random while replies go out: each thread holds each of them once.

One test for every kind of network on which replies go out by themselves; a `Scene` is what a kind
has to say to join.
"""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import pytest

from real.conftest import standing
from real.program import ACCOUNT, Json, Program
from real.servers.base import Daemon, wait_until
from real.servers.bluesky import Bluesky
from real.servers.fediverse import Fediverse
from real.servers.mastodon_mock import MastodonMock
from real.servers.submission import MailHost
from real.servers.wordpress import WordPress

ANGRY = "down again, this is ridiculous"
KILLS = 5
ALL_KILLS = 40  # of each kind, 200 in all
LONGEST_LIFE = 3.5  # seconds of a watcher, most of them spent on starting
BLINDLY = 0.3  # how often a watcher dies at just any moment
SEND = 0.05  # seconds that a send takes, about
SETTLED = 240.0  # seconds until everything has an outcome that can have one
DOUBT = 660.0  # seconds after which the outbox gives up looking, and says so


class Scene(ABC):
    """A real network: a room that listens and answers there, a stranger, and their threads."""

    doubts: ClassVar[bool] = False  # whether some tries can only be settled by a person

    def __init__(self, program: Program) -> None:
        self.program = program

    @abstractmethod
    def settle(self) -> None:
        """Give the room its account and its source."""

    @abstractmethod
    def complain(self, word: str) -> None:
        """Let the stranger write to us, with a word that tells this post from others."""

    @abstractmethod
    def answers(self, mention: Json, word: str) -> int:
        """Count our answers to a mention, as its own network shows them."""

    def account(self, kind: str, secret: str, **keys: str) -> None:
        """Write the account down, its secret in a file beside."""
        file = self.program.folder / "token"
        file.write_text(secret)
        file.chmod(0o600)
        told = "".join(f", {name}: {json.dumps(value)}" for name, value in keys.items())
        self.program.accounts.append(
            f"{{id: {ACCOUNT}, type: {kind}, private: yes, token_file: token{told}}}"
        )


class _Snac(Scene):
    """A server with the Mastodon API that forgets keys: a lost answer leaves a doubt."""

    doubts = True
    ground: Fediverse

    def settle(self) -> None:
        self.program.answers_as(self.ground.brand)
        self.program.listens_to_account()

    def complain(self, word: str) -> None:
        self.ground.complain(f"{ANGRY} {word}")

    def answers(self, mention: Json, word: str) -> int:
        return len(self.program.answers_to(mention, self.ground.brand))


class _Mastodon(Scene):
    """A server with the Mastodon API that remembers keys."""

    ground: MastodonMock

    def settle(self) -> None:
        self.program.answers_as(self.ground.brand)
        self.program.listens_to_account()

    def complain(self, word: str) -> None:
        self.ground.stranger.post(f"@brand {ANGRY} {word}")

    def answers(self, mention: Json, word: str) -> int:
        return len(self.program.answers_to(mention, self.ground.brand))


class _Bluesky(Scene):
    """Posts are put in their place: a repeat changes nothing."""

    ground: Bluesky

    def settle(self) -> None:
        brand = self.ground.brand
        self.account("bluesky", brand.password, server=self.ground.url, handle=brand.handle)
        self.program.listens_to("sky", f"type: bluesky, account: {ACCOUNT}, notifications: yes")

    def complain(self, word: str) -> None:
        self.ground.stranger.post(f"{ANGRY} {word}", names=self.ground.brand)

    def answers(self, mention: Json, word: str) -> int:
        brand = self.ground.brand
        params = {"repo": brand.did, "collection": "app.bsky.feed.post", "limit": "100"}
        own = brand.call("GET", "com.atproto.repo.listRecords", params=params)["records"]
        parents = [one["value"].get("reply", {}).get("parent", {}).get("uri") for one in own]
        return parents.count(mention["external_id"])


class _WordPress(Scene):
    """Comments under a post of ours."""

    ground: WordPress

    def settle(self) -> None:
        blog = self.ground
        self.article = blog.post("Down", "<p>We are on it.</p>").id
        self.account("wordpress", blog.app_password, server=blog.url, handle=blog.user)
        self.program.listens_to(
            "comments",
            f"type: wordpress, url: {json.dumps(blog.url)}, account: {ACCOUNT}, private: yes",
        )

    def complain(self, word: str) -> None:
        self.ground.comment(self.article, f"{ANGRY} {word}", "Pat Doe")

    def answers(self, mention: Json, word: str) -> int:
        said = self.ground.comments(self.article)
        return sum(str(one["parent"]) == mention["external_id"] for one in said)


class _Mail(Scene):
    """Mail: what may be out and stands in no folder is never sent again."""

    doubts = True
    ground: MailHost

    def settle(self) -> None:
        host = self.ground
        self.account(
            "mail",
            host.password,
            host=host.host,
            smtp=host.smtp,
            handle=host.user,
            ca_file=str(host.ca_file),
        )
        self.program.listens_to("inbox", f"type: mail, account: {ACCOUNT}")

    def complain(self, word: str) -> None:
        self.ground.write(f"About {word}", ANGRY)

    def answers(self, mention: Json, word: str) -> int:
        return len(self.ground.outside(word))


SCENES: dict[str, tuple[type[Scene], str]] = {
    "snac": (_Snac, "fediverse"),
    "mastodon": (_Mastodon, "mastodon_mock"),
    "bluesky": (_Bluesky, "bluesky"),
    "wordpress": (_WordPress, "wordpress"),
    "mail": (_Mail, "mail_host"),
}


pytestmark = pytest.mark.losing


@pytest.fixture(scope="module")
def mail_host() -> Iterator[MailHost]:
    """A mailbox, and the SMTP server that sends for it."""
    with standing(MailHost) as ground:
        yield ground


def _param(name: str) -> object:
    kind, ground = SCENES[name]
    fixed = [pytest.mark.fixed] if ground == "fediverse" else []
    return pytest.param(name, marks=[*fixed, *([pytest.mark.slow] if kind.doubts else [])])


@pytest.fixture(params=map(_param, SCENES))
def scene(request: pytest.FixtureRequest, program: Program) -> Scene:
    """A watched room's network."""
    kind, ground = SCENES[request.param]
    made = kind(program)
    made.ground = request.getfixturevalue(ground)  # type: ignore[attr-defined]
    return made


def _wait_for_the_moment(program: Program, rng: random.Random) -> None:
    """Wait for any moment of a watcher's life, most often for one a little after a send began."""
    blind = rng.random() < BLINDLY
    until = time.monotonic() + (rng.uniform(0.1, LONGEST_LIFE) if blind else 2 * LONGEST_LIFE)
    with contextlib.closing(sqlite3.connect(f"file:{program.room}?mode=ro", uri=True)) as room:
        begun = _begun(room)
        while time.monotonic() < until and (blind or _begun(room) == begun):
            time.sleep(0.002)
    time.sleep(rng.uniform(0, SEND))


def _begun(room: sqlite3.Connection) -> int:
    (count,) = room.execute("SELECT count(*) FROM entry WHERE kind = 'reply.sending'").fetchone()
    return int(count)


def _kill(watcher: Daemon) -> None:
    assert watcher.process is not None
    watcher.process.kill()
    watcher.process.wait()


def _storm(scene: Scene, kills: int, seed: int) -> None:
    """Release a reply, kill the watcher at a random moment, start the next one; again and again."""
    rng, program = random.Random(seed), scene.program
    scene.settle()
    program.configure()
    words = [f"kill-{seed}-{number}." for number in range(kills)]
    with program.watching() as watcher:
        program.open_incident()
        for word in words:
            scene.complain(word)
        drafts = {program.draft(word): word for word in words}
        mentions = {reply: program.wait_for(word) for reply, word in drafts.items()}
        verbs = []
        for reply in drafts:
            verbs.append(program.start("reply", "send", "INC-1", reply, "--no-wait"))
            _wait_for_the_moment(program, rng)
            _kill(watcher)
            watcher.start()
        assert [verb.wait() for verb in verbs] == [0] * kills
        states = _settled(scene, list(drafts))
        doubts = {reply: _reason(program, reply) for reply in drafts if states[reply] != "sent"}
        answers = {reply: scene.answers(mentions[reply], word) for reply, word in drafts.items()}
        tries = sum(one["kind"] == "reply.sending" for one in program.timeline())
        print(f"{kills} kills, {tries - kills} tries taken over, {len(doubts)} in doubt: {doubts}")
        assert {reply: count for reply, count in answers.items() if count > 1} == {}
        assert {answers[reply] for reply in drafts.keys() - doubts.keys()} <= {1}
        assert {states[reply] for reply in doubts} <= {"unknown"}
        assert not doubts or scene.doubts
        for reply in doubts:
            _settle(program, reply, answers[reply] == 1)
        after = {reply: scene.answers(mentions[reply], word) for reply, word in drafts.items()}
    assert after == dict.fromkeys(drafts, 1)
    assert program.json("verify")["ok"]


def _reason(program: Program, reply: str) -> str:
    return next((str(one["reason"]) for one in program.json("outbox") if one["id"] == reply), "")


def _settle(program: Program, reply: str, out: bool) -> None:
    """Do what a person does about words in doubt: look, say what is there, send what is not."""
    program.run("outbox", "settle", "INC-1", reply, "sent" if out else "not-sent")
    if not out:
        program.run("reply", "send", "INC-1", reply)


def _settled(scene: Scene, replies: list[str]) -> dict[str, str]:
    """Wait until every reply has its end; where there is doubt, until it says so."""
    ends = ("sent", "unknown", "failed")

    def states() -> dict[str, str] | None:
        found = {reply: str(scene.program.reply(reply)["state"]) for reply in replies}
        return found if all(state in ends for state in found.values()) else None

    seconds = DOUBT if scene.doubts else SETTLED
    return wait_until(states, f"an end of each of {len(replies)} replies", seconds)


@pytest.mark.timeout(1200, func_only=True)
def test_a_killed_watcher_sends_nothing_twice(scene: Scene) -> None:
    _storm(scene, KILLS, seed=1)


@pytest.mark.full
@pytest.mark.timeout(3600, func_only=True)
def test_two_hundred_killed_watchers_send_nothing_twice(scene: Scene) -> None:
    _storm(scene, ALL_KILLS, seed=2)
