"""The public of a drill: a few hundred posts, made of a crisis's own lines, the same every time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.mention import Author, Incoming, MentionKind

_SEED = 20261122
_FIRST = [
    "ada",
    "ben",
    "cleo",
    "dilan",
    "edda",
    "femi",
    "gro",
    "hana",
    "ines",
    "jonas",
    "kim",
    "lund",
    "mira",
    "noor",
    "otto",
    "pat",
    "quinn",
    "rosa",
    "sunniva",
    "tomk",
    "uma",
    "vito",
    "wren",
    "xena",
    "yara",
    "zoe",
    "kettle",
    "old",
    "north",
    "late",
    "blue",
    "tiny",
]
_SECOND = [
    "b",
    "42",
    "fox",
    "_tram",
    "writes",
    "on",
    "mum",
    "dad",
    "77",
    "reads",
    "k",
    "runs",
    "bakes",
    "99",
    "at.home",
    "ly",
    "ex",
    "_too",
    "rides",
    "cat",
]
_HOSTS = ("social.example", "fans.example", "town.example", "chat.example")

# Mentions a minute, from the first complaint over the press to the calm after it.
_CURVE = (
    (0, 4.0),
    (2, 2.0),
    (8, 5.0),
    (14, 8.0),
    (20, 9.0),
    (26, 7.0),
    (34, 4.0),
    (44, 2.0),
    (54, 0.6),
)


class Voices(msgspec.Struct, frozen=True):
    """What people say in one crisis; `{brand}` and `{thing}` are filled in."""

    openings: tuple[str, ...]
    complaints: tuple[str, ...]
    endings: tuple[str, ...]
    questions: tuple[str, ...]
    headlines: tuple[str, ...]
    thanks: tuple[str, ...]


class Posted(msgspec.Struct, frozen=True):
    """One post of the script: when, in seconds of the story, and what."""

    second: float
    item: Incoming


def posts(voices: Voices, brand: str, thing: str, start: datetime, minutes: int) -> list[Posted]:
    """Return the whole public of a drill in order, the same for the same arguments."""
    dice = random.Random(_SEED)  # a script, not a secret
    written: list[Posted] = []
    second = 1.0
    while second < minutes * 60:
        item = _post(voices, brand, thing, dice, len(written), second)
        at = start + timedelta(seconds=second)
        written.append(Posted(second, msgspec.structs.replace(item, posted_at=at)))
        second += dice.expovariate(_rate(second / 60) / 60)
    return written


def _rate(minute: float) -> float:
    rate = _CURVE[0][1]
    for begins, per_minute in _CURVE:
        if minute >= begins:
            rate = per_minute
    return rate


def _post(
    voices: Voices, brand: str, thing: str, dice: random.Random, number: int, second: float
) -> Incoming:
    source, kind, words = _words(voices, dice, second / 60)
    text = words.replace("{brand}", brand).replace("{thing}", thing)
    handle = dice.choice(_FIRST) + dice.choice(_SECOND)
    if source == "masto":
        handle = f"{handle}@{dice.choice(_HOSTS)}"
    reach = int(dice.lognormvariate(5.0, 1.4)) if source in ("masto", "press") else None
    return Incoming(
        text=text,
        source=source,
        external_id=f"drill-{number + 1}",
        kind=kind,
        author=Author("Daily Example" if source == "press" else handle, "", reach),
        url=f"https://{source}.example/{number + 1}",
        lang="en",
    )


def _words(voices: Voices, dice: random.Random, minute: float) -> tuple[str, MentionKind, str]:
    roll = dice.random()
    if minute > 18 and roll < 0.03:
        return "press", "article", dice.choice(voices.headlines)
    if minute > 34 and roll < 0.25:
        return "masto", "post", dice.choice(voices.thanks)
    if roll < 0.38:
        asked = f"{dice.choice(voices.openings)} {dice.choice(voices.questions)}"
        return "masto", "post", asked.strip()
    said = " ".join(
        part
        for part in (
            dice.choice(voices.openings),
            dice.choice(voices.complaints),
            dice.choice(voices.endings),
        )
        if part
    )
    places: tuple[tuple[str, MentionKind], ...] = (
        ("masto", "post"),
        ("masto", "post"),
        ("forum", "comment"),
        ("stars", "review"),
    )
    source, kind = dice.choice(places)
    return source, kind, f"1 star. {said}" if source == "stars" else said
