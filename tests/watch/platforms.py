"""Three kinds of network, each with every trouble, and a death at every point of a text's way.

Each text has a fate: the trouble its request meets, and the point at which its process dies.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendLater,
    SendRefused,
    SendUnknown,
    lengths,
)
from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher

REMEMBERS = timedelta(hours=1)  # how long a network with keys knows one
LATEST = 9.0  # seconds: a request may still be worked on after its sender died
GAP = 3700.0  # seconds: longer than any key lives

KINDS: tuple[Repeats, ...] = ("key", "put", "never")
TROUBLES = (
    *("none", "lost request", "lost answer", "429", "500"),
    *("403 duplicate", "an hour's gap"),
)
FIRST = (
    "before sending is written",
    "sending is written",
    "asked",
    "waiting for the answer",
    "before the outcome is written",
    "the outcome is written",
)
LOOKING = (
    "before the look",
    "waiting for the look",
    "before the look's outcome is written",
    "the look's outcome is written",
)
AGAIN = (
    "before sending is written again",
    "sending is written again",
    "asked again",
    "waiting for the answer again",
    "before the outcome is written again",
    "the outcome is written again",
)
POINTS = FIRST + LOOKING + AGAIN

Action = Literal[
    "take",
    "lose request",
    "lose answer",
    "429",
    "500",
    "403",
    "die unsent",
    "die sent",
    "die",
]
_TROUBLE: dict[str, Action] = {
    "lost request": "lose request",
    "lost answer": "lose answer",
    "429": "429",
    "500": "500",
    "403 duplicate": "403",
}
_LOOKED_FOR = ("lost request", "lost answer", "500")  # troubles that lead to a look by themselves


@dataclass
class Fate:
    """What becomes of one text: where its process dies, and what its requests meet."""

    point: str
    trouble: str
    script: list[Action] = field(default_factory=list)
    sendings: int = 0  # entries, the one being written included
    looked: bool = False  # since the last of them
    struck: bool = False
    met: bool = False

    def __post_init__(self) -> None:
        self.met = self.trouble == "none"
        own = [_TROUBLE[self.trouble]] if self.trouble in _TROUBLE else []
        if self.trouble == "403 duplicate":
            self.script = ["die sent"]
        elif self.point in AGAIN:
            self.script = ["die unsent", *own]
        elif self.point in LOOKING and self.trouble not in _LOOKED_FOR:
            self.script = [*own, "die"]
        else:
            self.script = own

    @property
    def hides(self) -> bool:
        """Whether what is there is not shown yet: a copy of the network lags behind."""
        return self.trouble == "403 duplicate" and not self.met

    def next_action(self) -> Action:
        """Return what the next request meets."""
        usual: Action = "403" if self.trouble == "403 duplicate" else "take"
        action = self.script.pop(0) if self.script else usual
        if action == _TROUBLE.get(self.trouble) and action != "403":
            self.met = True
        return action


class Crash(BaseException):
    """The process dies here: nothing after it runs."""

    def __init__(self, fate: Fate, *, proven: bool) -> None:
        super().__init__(fate.point)
        self.fate = fate
        self.proven = proven  # whether others can tell that it is dead


class Fates:
    """Every text's fate, by the text itself."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.known: dict[str, Fate] = {}
        self.dying = False  # a process dies once

    def at(self, text: str, *points: str) -> None:
        """Die here, if this is where the process of this text dies."""
        fate = self.known[text]
        if fate.point in points and not fate.struck and not self.dying:
            fate.struck = True
            raise self.death(fate)

    def death(self, fate: Fate) -> Crash:
        """Return the death of a process by this text."""
        self.dying = True
        if fate.trouble == "an hour's gap":
            fate.met = True
        hidden = fate.trouble == "403 duplicate"
        return Crash(fate, proven=hidden or fate.point in AGAIN or self._dice.random() < 0.7)

    def writes(self, text: str, step: str, tries: int) -> None:
        """Come to the moment before a step is committed, after so many tries."""
        fate = self.known[text]
        if step == "sending":
            fate.sendings, fate.looked = tries + 1, False
            self.at(text, FIRST[0], *((AGAIN[0],) if tries else ()))
            return
        self.at(text, FIRST[4], *_where(fate, LOOKING[2], AGAIN[4]))

    def wrote(self, text: str, step: str) -> None:
        """Come to the moment after a step was committed."""
        fate = self.known[text]
        if step == "sending":
            self.at(text, FIRST[1], *((AGAIN[1],) if fate.sendings > 1 else ()))
            return
        self.at(text, FIRST[5], *_where(fate, LOOKING[3], AGAIN[5]))


def _where(fate: Fate, look: str, again: str) -> tuple[str, ...]:
    looked = (look,) if fate.looked else ()
    return (*looked, again) if fate.sendings > 1 else looked


class Platform:
    """A network of one kind with its one account; it keeps how often each text stands there."""

    kind = "mastodon"
    limits = Limits(limit=500)

    def __init__(
        self, repeats: Repeats, clock: ManualClock, fates: Fates, dice: random.Random
    ) -> None:
        self.id: str = repeats
        self.repeats: Repeats = repeats
        self.posts: Counter[str] = Counter()
        self._clock = clock
        self._fates = fates
        self._dice = dice
        self._keys: dict[str, datetime] = {}
        self._late: list[tuple[datetime, Outgoing]] = []
        self._shut = clock.now()

    @property
    def wait(self) -> float:
        """Say how long it wants to be left alone, as its last answer's headers did."""
        return max(0.0, (self._shut - self._clock.now()).total_seconds())

    def measure(self, text: str) -> Measure:
        """Count as Mastodon does."""
        return lengths.mastodon(text)

    async def prepare(self, fetch: Fetcher) -> None:
        """Be there."""

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Meet what the text's fate has for this request."""
        fate = self._fates.known[words.text]
        again = fate.sendings > 1
        action = fate.next_action()
        await asyncio.sleep(0)
        self._asked(words, fate, action, again)
        try:
            return self._answer(words, fate, action)
        finally:
            await asyncio.sleep(0)

    def _asked(self, words: Outgoing, fate: Fate, action: Action, again: bool) -> None:
        """Die with the request on the wire: it may arrive, now or a moment later."""
        try:
            self._fates.at(words.text, FIRST[2], *((AGAIN[2],) if again else ()))
        except Crash:
            if fate.trouble == "403 duplicate":
                self._accept_once(words)
            elif action in ("take", "lose answer", "500", "die"):
                self._wander(words)
            raise

    def _answer(self, words: Outgoing, fate: Fate, action: Action) -> Receipt:
        """Do what the action says; a process that waits for the answer may die of it."""
        waiting = (FIRST[3], AGAIN[3]) if fate.sendings > 1 else (FIRST[3],)
        if action in ("lose answer", "take", "die sent") or (
            action in ("500", "die") and self._dice.random() < 0.5
        ):
            self._accept(words)
        known = action == "403" and not self._accept_once(words)
        fate.met = fate.met or known
        self._fates.at(words.text, *waiting)
        if action.startswith("die"):
            raise SendUnknown("died") if self._fates.dying else self._fates.death(fate)
        if action == "429":
            seconds = self._dice.uniform(1, 90)
            self._shut = self._clock.now() + timedelta(seconds=seconds)
            raise SendLater("too many requests", seconds)
        if known:
            raise SendRefused("403: this was said already")
        if action in ("lose request", "lose answer", "500"):
            raise SendUnknown(f"no certain answer: {action}")
        return self._receipt(words)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look the words up as a thread would show them."""
        fate = self._fates.known[words.text]
        fate.looked = True
        self._fates.at(words.text, LOOKING[0])
        self._land()
        there = self.posts[words.text] > 0 and not fate.hides
        await asyncio.sleep(0)
        self._fates.at(words.text, LOOKING[1])
        return self._receipt(words) if there else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Never asked."""
        raise SendRefused("posts stay")

    def settle(self) -> None:
        """Let everything that is still on the wire arrive."""
        for _, words in self._late:
            self._accept(words)
        self._late.clear()

    def _receipt(self, words: Outgoing) -> Receipt:
        return Receipt(words.key, f"https://social.example/{words.key}")

    def _wander(self, words: Outgoing) -> None:
        roll = self._dice.random()
        if roll < 0.3:
            self._accept(words)
        elif roll < 0.7:
            landing = self._clock.now() + timedelta(seconds=self._dice.uniform(0, LATEST))
            self._late.append((landing, words))

    def _land(self) -> None:
        for landing, words in [one for one in self._late if one[0] <= self._clock.now()]:
            self._late.remove((landing, words))
            self._accept(words)

    def _accept_once(self, words: Outgoing) -> bool:
        """Take a post unless its very words stand there; returns whether it was taken."""
        if self.posts[words.text]:
            return False
        self._accept(words)
        return True

    def _accept(self, words: Outgoing) -> None:
        """Take a post: once for a key within the hour, once for a place, or once more."""
        known, now = self._keys.get(words.key), self._clock.now()
        if known and (self.repeats == "put" or (self.repeats == "key" and now - known < REMEMBERS)):
            return
        self._keys[words.key] = now
        self.posts[words.text] += 1
