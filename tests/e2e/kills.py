"""Killing the program with SIGKILL at random moments, and what has to be true afterwards.

An act is acknowledged when its verb printed its outcome or ended with 0, or when the screen showed
it. Nothing acknowledged may be lost, nothing may stand there twice, every chain verifies.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from e2e.fake_mastodon import FakeMastodon, Moment
from e2e.ground import Ground
from e2e.scene import OPEN_WORD, me
from e2e.terminal import Terminal

from crisisroom.core.incident import Words
from crisisroom.room import Room, drafting, sending
from crisisroom.room import words as saying

SEED = "CRISISROOM_SEED"
ASKS = "puts it back"  # stands in the line that asks for a note


@dataclass
class Tally:
    """What a campaign came to."""

    kills: int = 0
    acknowledged: set[str] = field(default_factory=set)
    cut_short: set[str] = field(default_factory=set)  # killed before any acknowledgement

    def __str__(self) -> str:
        done, cut = len(self.acknowledged), len(self.cut_short)
        return f"{self.kills} kills, {done} acts acknowledged, {cut} cut short"


def dice() -> random.Random:
    """Return the randomness of a run; its seed is printed, and taken from CRISISROOM_SEED."""
    seed = int(os.environ.get(SEED) or random.SystemRandom().randrange(10**9))
    print(f"{SEED}={seed}")
    return random.Random(seed)


# The verbs of the command line.

_ACTS: tuple[Callable[[str], list[str]], ...] = (
    lambda word: ["note", word],
    lambda word: ["decision", word, "--why", "because"],
    lambda word: ["fact", "set", "affected", word],
    lambda word: ["action", "add", word],
    lambda word: ["retitle", word],
)


def kill_verbs(ground: Ground, rng: random.Random, count: int) -> Tally:
    """Kill so many verbs, each at a moment of its own life, and repeat some that were cut short."""
    tally, usual = Tally(), _usual_life(ground)
    for number in range(count):
        word = f"word-{number:05}"
        act = [*rng.choice(_ACTS)(word), "--command-id", f"id-{word}"]
        if _killed(ground, act, rng.uniform(0.0, 1.1 * usual), word):
            tally.acknowledged.add(word)
        elif rng.random() < 0.25:
            ground.do(*act)  # the same command again: it happens once, whatever was there
            tally.acknowledged.add(word)
        else:
            tally.cut_short.add(word)
        tally.kills += 1
    return tally


def _usual_life(ground: Ground) -> float:
    lives = []
    for number in range(5):
        began = time.monotonic()
        ground.do("note", f"warming up {number}")
        lives.append(time.monotonic() - began)
    return statistics.median(lives)


def _killed(ground: Ground, act: list[str], after: float, word: str) -> bool:
    """Kill a verb so many seconds after its start; return whether it acknowledged."""
    verb = ground.start(*act)
    try:
        verb.wait(after)
    except subprocess.TimeoutExpired:
        verb.kill()
    out, err = verb.communicate()
    assert verb.returncode in (0, -signal.SIGKILL), err
    return verb.returncode == 0 or (word in out and out.endswith("\n"))


def lost_or_doubled(ground: Ground, tally: Tally) -> list[str]:
    """Return what the log does not hold exactly as it was acknowledged."""
    told = [entry.text for entry in ground.timeline()]
    times = {
        word: sum(word in text for text in told) for word in tally.acknowledged | tally.cut_short
    }
    lost = [
        f"{word} was acknowledged and is lost" for word in tally.acknowledged if not times[word]
    ]
    return lost + [f"{word} stands there {many} times" for word, many in times.items() if many > 1]


# The screen.


def kill_screens(ground: Ground, rng: random.Random, count: int) -> Tally:
    """Kill so many screens, after some notes were seen on each and while one more is written."""
    tally = Tally()
    for number in range(count):
        screen = ground.screen().wait_for(OPEN_WORD)
        for step in range(rng.randrange(3)):
            word = f"seen-{number:03}-{step}"
            write_note(screen, word).wait_for(partial(noted, words=word))
            tally.acknowledged.add(word)
        word = f"last-{number:03}"
        write_note(screen, word)
        _wait_a_little(screen, rng.uniform(0.0, 0.3))
        screen.signal(signal.SIGKILL)
        screen.wait_end()
        seen = noted(screen, word)
        (tally.acknowledged if seen else tally.cut_short).add(word)
        screen.close()
        tally.kills += 1
    return tally


def noted(screen: Terminal, words: str) -> bool:
    """Whether a note of ours stands on the timeline that the screen shows."""
    return f"{me()[:4]:4} {words}" in screen.text


def write_note(screen: Terminal, words: str) -> Terminal:
    """Write a note on the timeline by the keys."""
    screen.wait_for(lambda now: ASKS not in now.text).press("m").wait_for(ASKS)
    screen.send(words)
    screen.wait_for(words)
    return screen.press("enter")


def kill_while_typing(ground: Ground, rng: random.Random, mention: str) -> tuple[str, str]:
    """Kill a screen while a reply is typed; return what was typed for good, and what was kept.

    For good means: longer ago than a draft may take to be saved.
    """
    screen = ground.screen().wait_for(OPEN_WORD)
    screen.wait_for("│ writer").press("r").wait_for("Approved words")
    settled = f"words of {mention} {rng.randrange(10**6)}"
    screen.send(settled)
    kept = ground.until(lambda: _kept(ground, settled), "the draft on disk")
    for char in " and then some more words, cut off by the kill":
        screen.send(char)
        _wait_a_little(screen, rng.uniform(0.0, 0.03))
        if rng.random() < 0.05:
            break
    screen.signal(signal.SIGKILL)
    screen.wait_end()
    screen.close()
    kept = _kept(ground, settled)
    return settled, kept


def _kept(ground: Ground, beginning: str) -> str:
    async def find(room: Room) -> str:
        drafts = await drafting.saved_drafts(room)
        return next((one.text for one in drafts if one.text.startswith(beginning)), "")

    return ground.look(find, actor=me())


def _wait_a_little(screen: Terminal, seconds: float) -> None:
    """Let the program go on for so long: the moment of a kill is the one thing left to chance."""
    try:
        screen.program.wait(seconds)
    except subprocess.TimeoutExpired:
        return


# What goes out.

_MOMENTS: tuple[Moment, ...] = ("asked", "stored", "answered")


class Senders:
    """Replies that are sent while whoever sends them is killed, watcher or verb."""

    def __init__(self, ground: Ground, fake: FakeMastodon, rng: random.Random) -> None:
        self._ground = ground
        self._fake = fake
        self._rng = rng

    def prepare(self, count: int) -> None:
        """Write so many replies, none of them sent."""
        self._ground.ingest(
            {"text": f"post {n}", "source": "replies", "external_id": str(1000 + n)}
            for n in range(count)
        )

        async def write(room: Room) -> None:
            for number in range(count):
                text = f"answer {number}, and what comes next"
                await saying.save_reply(room, "INC-1", f"M-{number + 1}", text)

        self._ground.look(write, actor=me())

    def kill(self, number: int) -> str:
        """Send a reply and kill its sender at a moment of the exchange, or at any; say how."""
        words_id, by_verb = f"R-{number + 1}", self._rng.random() < 0.5
        moment = self._rng.choice((*_MOMENTS, ""))
        lose = moment == "asked" and self._rng.random() < 0.5
        self._fake.hold(moment)
        sender = self._sender(words_id, by_verb)
        if moment:
            assert self._fake.held.wait(30), f"{words_id}: nothing was posted"
        else:
            self._any_moment(sender)
        sender.kill()
        sender.communicate()
        self._fake.let_go(lose=lose)
        who = "verb" if by_verb else "watcher"
        return f"{words_id}: {who} killed, {moment or 'any moment'}{', request lost' * lose}"

    def _sender(self, words_id: str, by_verb: bool) -> subprocess.Popen[str]:
        if by_verb:
            return self._ground.start("reply", "send", "INC-1", words_id)
        self._ground.look(lambda room: sending.send(room, "INC-1", words_id), actor=me())
        return self._ground.start("watch")

    def _any_moment(self, sender: subprocess.Popen[str]) -> None:
        try:
            sender.wait(self._rng.uniform(0.0, 1.5))
        except subprocess.TimeoutExpired:
            return

    def settle(self) -> dict[str, Words]:
        """Let one watcher run in peace until nothing is on its way any more."""
        watcher = self._ground.start("watch")
        self._ground.until(self._all_settled, "the end of everything on its way", 150.0)
        watcher.terminate()
        watcher.communicate()
        return dict(self._ground.incident().replies)

    def _all_settled(self) -> bool:
        states = [
            way.state
            for words in self._ground.incident().replies.values()
            for way in words.sends.values()
        ]
        return not {"queued", "sending"} & set(states)

    def untrue(self, replies: dict[str, Words]) -> list[str]:
        """Return what was posted twice, or is shown otherwise than it is."""
        found = []
        for words_id, words in replies.items():
            posted = sum(words.text in one["content"] for one in self._fake.posts)
            states = {way.state for way in words.sends.values()}
            if posted > 1:
                found.append(f"{words_id} was posted {posted} times")
            if "sent" in states and not posted:
                found.append(f"{words_id} is shown as sent and is not there")
            if posted and not states & {"sent", "unknown"}:
                found.append(f"{words_id} is out and shown as {states or words.state}")
        return found
