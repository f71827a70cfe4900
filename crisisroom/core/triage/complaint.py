"""How likely a text is a complaint: the sum of what its words and signs say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import msgspec

from crisisroom.core.triage import cues, cues_abroad
from crisisroom.core.triage.said import Said, digits, words_of

SHARE = 1.2  # steps of log-odds of one point on the lexicon's scale of -4 to 4
_BESIDE = 0.6  # of a word's rating that counts where the word is a cue as well
_DENIED = 0.5  # what is left of a complaint's word under "not": "won't fix"
_TURNED = -0.5  # what becomes of praise under "not"
_SPAN = 1.2  # "3 hours", "six calls"
_SARCASM = 2.0  # a word this bad turns a "thanks for"
_BEFORE_BUT = 0.5  # praise that a "but" takes back
_ASKED, _ASKED_TWICE = 1.0, 0.5  # "?", and "??"
_BEYOND_ASKING = 3.0  # steps at which a question is a complaint all the same
_FAINT = 0.5  # steps that a word needs to be named at all
_STEEP, _LEVEL, _MOST = 0.8, 1.0, 12.0  # from the sum to log-odds

_UNITS = words_of("""
    h hr hrs hour hours min mins minute minutes day days week weeks month months times calls
    emails mails people
""")
_NUMBERS = words_of("""
    two three four five six seven eight nine ten eleven twelve twenty thirty several few couple
    many
""")
_THANKS = frozenset({("thanks", "for"), ("thank", "you", "for"), ("thanks", "to"), ("thanks", "a")})

Phrases = Mapping[tuple[str, ...], float]


class Part(msgspec.Struct, frozen=True):
    """One thing said, and the steps it moved the sum; `at` is its place among the words."""

    words: str
    weight: float
    at: int


class Complaint(msgspec.Struct, frozen=True):
    """The likelihood from 0 to 1, its log-odds, and the parts of it, the strongest first."""

    likelihood: float
    logit: float
    parts: tuple[Part, ...]
    judged: bool  # whether the words counted: the language is one that we have words of

    @property
    def telling(self) -> tuple[str, ...]:
        """Return the words that speak for a complaint, strongest first; faint ones if need be."""
        return tuple(part.words for part in self.parts if part.weight >= 1) or tuple(
            part.words for part in self.parts if part.weight >= _FAINT
        )


class Complaints:
    """Judges texts with a lexicon: a word's mean rating, -4 (bad) to 4 (good)."""

    def __init__(self, lexicon: Mapping[str, float]) -> None:
        english = {word: -SHARE * rating for word, rating in lexicon.items()}
        for word, weight in cues.WORDS.items():
            english[word] = weight + _BESIDE * english.get(word, 0.0) if weight else 0.0
        self._english = _Words(english, cues.PHRASES)
        self._abroad = _Words(cues_abroad.WORDS, cues_abroad.PHRASES)
        # a text that does not say its language is heard in all of them, English first
        self._any = _Words(cues_abroad.WORDS | english, {**cues_abroad.PHRASES, **cues.PHRASES})

    def of(self, said: Said, lang: str = "") -> Complaint:
        """Judge a text; `lang` is its language as the network says it, or empty."""
        words = self._for(lang, said)
        parts = list(words.parts(said)) if words else []
        steps = sum(part.weight for part in parts)
        steps += _signs(said) + _asking(said, steps)
        steps *= 1 + 0.1 * min(said.exclaims, 3)
        if words:
            steps += _length(len(said.words))
        logit = max(-_MOST, min(_MOST, _STEEP * (steps - _LEVEL)))
        parts.sort(key=lambda part: -part.weight)
        return Complaint(1 / (1 + math.exp(-logit)), logit, tuple(parts), words is not None)

    def _for(self, lang: str, said: Said) -> _Words | None:
        known = lang.lower().replace("_", "-").partition("-")[0]
        if known in ("", "und", "en", "eng"):
            if said.foreign:
                return None
            return self._english if known.startswith("en") else self._any
        return self._abroad if known in cues_abroad.LANGUAGES else None


class _Words:
    """The weights of words and phrases of one language."""

    def __init__(self, words: Mapping[str, float], phrases: Phrases) -> None:
        self._words = {**dict.fromkeys(_UNITS, 0.0), **words}
        self._phrases = phrases
        self._starts = frozenset(phrase[0] for phrase in phrases)

    def parts(self, said: Said) -> Iterator[Part]:
        """Yield what each word or phrase adds; a word counts once."""
        words, at, seen = said.words, 0, set[str]()
        but = words.index("but") if "but" in words else 0
        while at < len(words):
            word = words[at]
            phrase = self._phrase(words, at) if word in self._starts else ()
            thing = " ".join(phrase) if phrase else word
            if (phrase or word in self._words) and thing not in seen:
                seen.add(thing)
                weight = self._weight(said, at, phrase)
                if weight:
                    spared = _BEFORE_BUT if weight < 0 and at < but else 1.0
                    yield Part(thing, weight * spared, at)
            at += len(phrase) or 1

    def _phrase(self, words: tuple[str, ...], at: int) -> tuple[str, ...]:
        for length in (4, 3, 2):
            phrase = words[at : at + length]
            if phrase in self._phrases:
                return phrase
        return ()

    def _weight(self, said: Said, at: int, phrase: tuple[str, ...]) -> float:
        if phrase:
            weight = self._phrases[phrase]
            return -weight if phrase in _THANKS and self._bitter(said, at + len(phrase)) else weight
        weight = self._words[said.words[at]]
        if said.words[at] in _UNITS and at and _counted(said.words[at - 1]):
            weight += _SPAN
        if said.denied[at]:
            weight *= _DENIED if weight > 0 else _TURNED
        return weight

    def _bitter(self, said: Said, at: int) -> bool:
        """Return whether what somebody is thanked for is bad: losing my bag, the delay."""
        return any(self._words.get(word, 0.0) >= _SARCASM for word in said.words[at : at + 2])


def _counted(word: str) -> bool:
    return digits(word) or word in _NUMBERS


def _length(words: int) -> float:
    """Return what the length says: who complains tells a story."""
    return 0.5 * math.log((words + 3) / 15)


def _asking(said: Said, steps: float) -> float:
    """Return what question marks say: one is a question, unless the words complain already."""
    if said.asks > 1:
        return _ASKED_TWICE
    return -_ASKED * said.asks * max(0.0, min(1.0, 1 - steps / _BEYOND_ASKING))


def _signs(said: Said) -> float:
    """Return what speaks in any language: emoji, capitals, links."""
    marks = sum(cues.MARKS.get(mark[:2]) or cues.MARKS.get(mark[0], 0.0) for mark in said.marks[:4])
    loud = 0.4 * min(said.shouted, 3)
    return marks + loud - (said.links > 0) - said.quoted
