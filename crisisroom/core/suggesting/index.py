"""All entries of a playbook in one language, and how likely a post asks for each of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from crisisroom.core.lexical import Spelling, words
from crisisroom.core.suggesting.alike import meanings
from crisisroom.core.suggesting.entries import Cue, Cues, Entry, examples_of, grouped
from crisisroom.core.suggesting.features import Features, Reader, Reading
from crisisroom.core.suggesting.field import Field
from crisisroom.core.suggesting.reasons import Reasons
from crisisroom.core.suggesting.taught import Taught

_SAID, _OWN = 1.2, 0.02  # what an entry's words weigh beside the posts it answers
_CUED = 0.5  # what a cue adds to an entry's strength, beside what it adds to its score
_TAUGHT = 8  # posts after which an entry's own words count half
_TRIED, _USUAL, _SURE = 60, 0.6, 5  # texts tried for the bar, what is expected, and its weight
_GROWN = 1.25  # so much more known makes the bar be taken anew
_ABOVE = 0.3  # added to the bar, so that a low one does not make everything strong
_SHARP, _NOTHING = 6.0, 0.4  # how much a lead tells, and how strong "none of them" is
# The logistic curve, fitted on labelled posts, as if no words answered two posts of five
_DOUBT, _STRENGTH, _LEAD = -3.4, 1.0, 4.0
_NO_REASON = 1 / (1 + math.exp(-_DOUBT))  # the curve where nothing speaks for an entry
_FLOOR = 0.05  # below, an entry has nothing to do with the post


class Voice(msgspec.Struct, frozen=True):
    """What one post says of every entry, read in one language."""

    post: Reading
    scores: list[float]  # 0 where an entry has nothing to do with it
    heard: dict[int, list[Cue]]
    language: str


class Index:
    """Scores the entries for a post; `lessons` are the posts answered with each.

    In a language `foreign` to a playbook, whose cues are in its own, cues are heard by meaning.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        lessons: Sequence[Sequence[str]],
        language: str,
        *,
        foreign: bool,
    ) -> None:
        self._language = language
        self._groups = grouped(entries)
        self._plain = Reader(language)
        self._mending = Reader(language, Spelling(_vocabulary(entries)))
        self._cues = Cues(entries, language, meanings(language) if foreign else {})
        self._reasons = Reasons(entries, language)
        self._said, self._own = self._fields(entries)
        self._known = [
            [*examples_of(entry), *posts] for entry, posts in zip(entries, lessons, strict=True)
        ]
        self._taught = Taught([self._read(texts) for texts in self._known])
        self._lessons = [len(posts) for posts in lessons]
        self._bar, self._many = self._reached_by_others(), self._texts()

    def _read(self, texts: Iterable[str]) -> list[Features]:
        return [self._plain.read(text).features for text in texts]

    def _fields(self, entries: Sequence[Entry]) -> tuple[Field, Field]:
        """Return the words of all answers to a question as one text, and each by itself."""
        said: dict[int, list[str]] = {}
        for group, entry in zip(self._groups, entries, strict=True):
            said.setdefault(group, []).append(entry.said)
        together = [self._plain.read(" ".join(said[group])) for group in range(len(said))]
        alone = [
            self._plain.read(entry.said if len(said[group]) > 1 else "")
            for group, entry in zip(self._groups, entries, strict=True)
        ]
        return Field(together), Field(alone)

    def _texts(self) -> int:
        return sum(map(len, self._known))

    def _reached_by_others(self) -> float:
        """Return how strong the best wrong entry usually is for a text that another one answers.

        The more examples a playbook has and the more alike its messages are, the stronger chance
        makes them: this is the bar that strengths are measured by.
        """
        known = enumerate(self._known)
        texts = [(several[at % len(several)], at) for at, several in known if several]
        tried = texts[:: max(1, math.ceil(len(texts) / _TRIED))]
        reached = [self._strongest_but(at, text) for text, at in tried]
        return (_USUAL * _SURE + sum(reached)) / (_SURE + len(reached)) + _ABOVE

    def _strongest_but(self, right: int, text: str) -> float:
        strengths = zip(self._groups, self._strengths(self._plain.read(text)), strict=True)
        others = [each for group, each in strengths if group != self._groups[right]]
        return max(others, default=_USUAL)

    def learn(self, at: int, posts: Sequence[str]) -> None:
        """Take in further posts that were answered with an entry."""
        self._taught.add(at, self._read(posts))
        self._known[at] += posts
        self._lessons[at] += len(posts)
        if self._texts() > _GROWN * self._many:
            self._bar, self._many = self._reached_by_others(), self._texts()

    def voice(self, text: str) -> Voice:
        """Score every entry for a post, 0 to 1."""
        post = self._mending.read(text)
        heard = self._cues.heard(frozenset(post.features[0]))
        strengths = self._strengths(post)
        for at, cues in heard.items():
            strengths[at] += _CUED * sum(cue.adds for cue in cues[:2])
        return Voice(post, self._scores(strengths, heard), heard, self._language)

    def _strengths(self, post: Reading) -> list[float]:
        taught = self._taught.score(post.features)
        said, own = self._said.score(post), self._own.score(post)
        return [
            taught[at] + _SAID * said[group] / (1 + len(self._known[at]) / _TAUGHT) + _OWN * own[at]
            for at, group in enumerate(self._groups)
        ]

    def _scores(self, strengths: Sequence[float], heard: Mapping[int, list[Cue]]) -> list[float]:
        """Return how likely each entry is meant: by its strength, its lead, and the cues heard."""
        odds = [_SHARP * strength / self._bar for strength in strengths]
        best: dict[int, float] = {}
        for group, each in zip(self._groups, odds, strict=True):
            best[group] = max(each, best.get(group, 0.0))
        whole = math.exp(_SHARP * _NOTHING) + sum(map(math.expm1, best.values()))
        return [
            self._score(strength, max(0.0, math.expm1(each)) / whole, heard.get(at, ()))
            for at, (strength, each) in enumerate(zip(strengths, odds, strict=True))
        ]

    def _score(self, strength: float, share: float, heard: Iterable[Cue]) -> float:
        missing = 1.0
        if strength > _FLOOR:
            missing -= _likely(strength / self._bar, share)
        for cue in heard:
            missing *= 1 - cue.adds
        return min(1.0, 1 - missing)

    def why(self, at: int, voice: Voice) -> str:
        """Say why an entry fits a post."""
        return self._reasons.of(at, voice.post, voice.heard.get(at, ()), self._lessons[at])


def _vocabulary(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        for text in (entry.asked, entry.said, *entry.cues):
            yield from words(text)


def _likely(strength: float, share: float) -> float:
    """Return the logistic curve's value above that of knowing nothing, 0 to 1."""
    value = 1 / (1 + math.exp(-(_DOUBT + _STRENGTH * strength + _LEAD * share)))
    return max(0.0, value - _NO_REASON) / (1 - _NO_REASON)
