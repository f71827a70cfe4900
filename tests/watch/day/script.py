"""What people say in one day, by a fixed script and dice: ordinary words, a crisis, and decoys."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR
SERVERS = ("masto", "sky", "news", "blog", "calm", "lines")
CRISIS_AT = ("masto", "sky", "news", "lines")

ORDINARY = (
    "took the ferrow scooter to {place} today, number {n}",
    "is ferrow open on {day}? asking for {n} friends",
    "ferrow again, this time to {place}, seat {n}",
    "saw {n} ferrow scooters near {place}",
    "my ferrow pass of {day} is number {n}",
    "ferrow has a new colour at {place}, I counted {n}",
)
COMPLAINTS = (
    "ferrow charged me twice for the november pass, {n} euros gone",
    "anyone else charged twice by ferrow this morning? {n} here",
    "my card was charged twice by ferrow and nobody answers the phone, ticket {n}",
    "charged twice for one ferrow pass, I want my {n} euros back",
    "so ferrow charged everybody twice? my rent of {n} goes out on monday",
    "second charge of {n} from ferrow on my card: charged twice",
)
RIVAL = "rivalco charged me twice, {n} euros gone, never again"
PLACES = ("the station", "school", "the bridge", "gate four", "the harbour", "the market")
DAYS = ("monday", "friday", "sunday", "a holiday")


@dataclass(frozen=True)
class Said:
    """One post: when (seconds into the day), where, by whom, and its number."""

    at: float
    server: str
    number: int
    author: str
    text: str


@dataclass(frozen=True)
class Script:
    """A day's posts in their order, and when its crisis begins (seconds)."""

    posts: tuple[Said, ...]
    crisis: float


def script(dice: random.Random, *, rate: float = 1.5) -> Script:
    """Return a day with `rate` posts an hour at each server, more by day than at night."""
    crisis = dice.uniform(11, 19) * HOUR
    drafts = [one for server in SERVERS for one in _ordinary(dice, server, rate)]
    drafts += _crisis(dice, crisis)
    drafts += _rivals(dice, dice.choice((7.0, 21.0)) * HOUR)
    drafts.sort()
    posts = [
        Said(at, server, number, author, text.replace("{n}", str(100 + number)))
        for number, (at, server, author, text) in enumerate(drafts, 1)
    ]
    return Script(tuple(posts), crisis)


Draft = tuple[float, str, str, str]


def _ordinary(dice: random.Random, server: str, rate: float) -> list[Draft]:
    """Return what is said on any day: about evenly, for chance makes crowds too."""
    found: list[Draft] = []
    slot = HOUR / (1.6 * rate)
    for number in range(int((DAY - HOUR) / slot)):
        at = (number + dice.random()) * slot
        by_day = 0.6 - 0.4 * math.cos(2 * math.pi * (at / DAY + 0.08))
        if dice.random() < by_day:
            text = dice.choice(ORDINARY).replace("{place}", dice.choice(PLACES))
            text = text.replace("{day}", dice.choice(DAYS))
            found.append((at, server, f"u{dice.randrange(400)}", text))
    return found


def _crisis(dice: random.Random, start: float) -> list[Draft]:
    return [
        (start + dice.uniform(0, 1500), CRISIS_AT[n % 4], f"angry{n}", dice.choice(COMPLAINTS))
        for n in range(72)
    ]


def _rivals(dice: random.Random, start: float) -> list[Draft]:
    """Return what is said of somebody else, as loudly."""
    return [(start + dice.uniform(0, 900), "lines", f"rival{n}", RIVAL) for n in range(40)]
