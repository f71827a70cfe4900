"""Suggestions: which key messages and answers of a playbook fit a post or a story, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from crisisroom.core.lexical import Spelling, fold, words
from crisisroom.core.playbook import Playbook
from crisisroom.core.suggesting.entries import Cue, Cues, Entry, entries_of, examples_of, grouped
from crisisroom.core.suggesting.entries import SuggestionKind as SuggestionKind
from crisisroom.core.suggesting.features import Features, Reader, Reading
from crisisroom.core.suggesting.field import Field
from crisisroom.core.suggesting.reasons import Reasons, counted
from crisisroom.core.suggesting.taught import Taught

FITS = 0.4  # from this score on a suggestion is worth putting into a draft unasked
VOICES = 50  # different posts of a story that vote
MOST_READ = 500  # posts of a story that are looked at for different ones

_SAID, _OWN = 1.2, 0.02  # what an entry's words weigh beside the posts it answers
_CUED = 0.5  # what a cue adds to an entry's strength, beside what it adds to its score
_TAUGHT = 8  # posts after which an entry's own words count half
_SHARP, _NOTHING = 8.0, 0.3  # how much a lead tells, and how strong "none of them" is
_DOUBT, _STRENGTH, _LEAD = -3.6, 0.3, 5.2  # of the logistic curve, fitted on labelled posts
_NO_REASON = 1 / (1 + math.exp(-_DOUBT))  # the curve where nothing speaks for an entry
_FLOOR = 0.05  # below, an entry has nothing to do with the post
_HERE, _LATELY = 0.7, 0.5  # what earlier answers add at most: in the same story, in the incident
_TRIMMED = 5  # of a story's posts, one in so many is left out at either end


class Suggestion(msgspec.Struct, frozen=True):
    """A key message or answer that may fit; `score` is 0 to 1, `why` quotes the playbook only.

    The score is about how likely it is that a person would choose it.
    """

    id: str
    kind: SuggestionKind
    score: float
    why: str


class _Voice(msgspec.Struct, frozen=True):
    """What one post says of every entry."""

    post: Reading
    scores: list[float]  # 0 where an entry has nothing to do with it
    heard: dict[int, list[Cue]]


class Suggester:
    """Ranks the key messages and answers of one playbook, locally and within milliseconds.

    `examples` maps an entry's id to earlier posts that were answered with it: the room's memory.
    """

    def __init__(
        self, playbook: Playbook, examples: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        language = playbook.language.partition("-")[0].casefold()
        self._entries = tuple(entries_of(playbook))
        self._groups = grouped(self._entries)
        self._plain = Reader(language)
        self._mending = Reader(language, Spelling(_vocabulary(self._entries)))
        self._cues = Cues(self._entries, language)
        self._reasons = Reasons(self._entries, language)
        self._said, self._own = self._fields()
        lessons = [tuple((examples or {}).get(entry.id, ())) for entry in self._entries]
        known = [
            (*examples_of(entry), *posts)
            for entry, posts in zip(self._entries, lessons, strict=True)
        ]
        self._taught = Taught([self._read(texts) for texts in known])
        self._known = [len(texts) for texts in known]
        self._lessons = [len(posts) for posts in lessons]

    def _read(self, texts: Iterable[str]) -> list[Features]:
        return [self._plain.read(text).features for text in texts]

    def _fields(self) -> tuple[Field, Field]:
        """Return the words of all answers to a question as one text, and each by itself."""
        said: dict[int, list[str]] = {}
        for group, entry in zip(self._groups, self._entries, strict=True):
            said.setdefault(group, []).append(entry.said)
        together = [self._plain.read(" ".join(said[group])) for group in range(len(said))]
        alone = [
            self._plain.read(entry.said if len(said[group]) > 1 else "")
            for group, entry in zip(self._groups, self._entries, strict=True)
        ]
        return Field(together), Field(alone)

    def learn(self, id: str, posts: Sequence[str]) -> None:
        """Take in further posts that were answered with an entry; an unknown id teaches nothing."""
        for at, entry in enumerate(self._entries):
            if entry.id == id:
                self._taught.add(at, self._read(posts))
                self._known[at] += len(posts)
                self._lessons[at] += len(posts)

    def rank(
        self,
        text: str,
        *,
        limit: int = 8,
        chosen_before: Mapping[str, int] | None = None,
        chosen_here: Mapping[str, int] | None = None,
    ) -> tuple[Suggestion, ...]:
        """Return the entries that have anything to do with a post, best first, at most `limit`.

        `chosen_before` counts how often each entry's id was used lately; it lifts a little.
        `chosen_here` counts how often it answered the same story; it lifts a lot.
        """
        return self.rank_many(
            [text], limit=limit, chosen_before=chosen_before, chosen_here=chosen_here
        )

    def rank_many(
        self,
        texts: Iterable[str],
        *,
        limit: int = 8,
        chosen_before: Mapping[str, int] | None = None,
        chosen_here: Mapping[str, int] | None = None,
    ) -> tuple[Suggestion, ...]:
        """Rank for a whole story: the first `VOICES` different posts of it vote.

        An entry's score is the mean over the posts without the extremes, so that neither one odd
        post nor one that is repeated a hundred times decides.
        """
        distinct = {fold(text): text for text in islice(texts, MOST_READ)}
        voices = [self._voice(text) for text in islice(distinct.values(), VOICES)]
        memory = _Memory(chosen_here or {}, chosen_before or {})
        scores = [
            memory.lifted(self._entries[at].id, _middle([voice.scores[at] for voice in voices]))
            for at in range(len(self._entries))
        ]
        ranked = sorted((-score, at) for at, score in enumerate(scores) if score > 0)
        return tuple(
            self._suggestion(at, -score, voices, memory) for score, at in ranked[: max(0, limit)]
        )

    def _voice(self, text: str) -> _Voice:
        post = self._mending.read(text)
        heard = self._cues.heard(frozenset(post.stems))
        strengths = self._strengths(post)
        for at, cues in heard.items():
            strengths[at] += _CUED * sum(cue.adds for cue in cues[:2])
        return _Voice(post, self._scores(strengths, heard), heard)

    def _strengths(self, post: Reading) -> list[float]:
        taught = self._taught.score(post.features)
        said, own = self._said.score(post), self._own.score(post)
        return [
            taught[at] + _SAID * said[group] / (1 + self._known[at] / _TAUGHT) + _OWN * own[at]
            for at, group in enumerate(self._groups)
        ]

    def _scores(self, strengths: Sequence[float], heard: Mapping[int, list[Cue]]) -> list[float]:
        """Return how likely each entry is meant: by its strength, its lead, and the cues heard."""
        best: dict[int, float] = {}
        for group, strength in zip(self._groups, strengths, strict=True):
            best[group] = max(strength, best.get(group, 0.0))
        whole = math.exp(_SHARP * _NOTHING)
        whole += sum(math.exp(_SHARP * strength) for strength in best.values())
        return [
            self._score(strength, math.exp(_SHARP * strength) / whole, heard.get(at, ()))
            for at, strength in enumerate(strengths)
        ]

    @staticmethod
    def _score(strength: float, share: float, heard: Iterable[Cue]) -> float:
        missing = 1.0
        if strength > _FLOOR:
            missing -= _likely(strength, share)
        for cue in heard:
            missing *= 1 - cue.adds
        return min(1.0, 1 - missing)

    def _suggestion(
        self, at: int, score: float, voices: Sequence[_Voice], memory: _Memory
    ) -> Suggestion:
        entry = self._entries[at]
        reasons = list(self._why(at, voices)) + memory.reasons(entry.id)
        return Suggestion(entry.id, entry.kind, round(score, 6), "; ".join(reasons))

    def _why(self, at: int, voices: Sequence[_Voice]) -> Iterator[str]:
        loudest = max(voices, key=lambda voice: voice.scores[at], default=None)
        if loudest is None or not loudest.scores[at]:
            return
        if len(voices) > 1:
            fitting = sum(voice.scores[at] >= FITS for voice in voices)
            yield f"fits {fitting} of {len(voices)} posts"
        yield self._reasons.of(at, loudest.post, loudest.heard.get(at, ()), self._lessons[at])


class _Memory(msgspec.Struct, frozen=True):
    """What the team chose before: for the same story, and lately."""

    here: Mapping[str, int]
    lately: Mapping[str, int]

    def lifted(self, id: str, score: float) -> float:
        """Lift an entry's score: much where it answered this story, a little where it is in use."""
        times = self.lately.get(id, 0)
        score += score * (1 - score) * _LATELY * times / (times + 5)
        times = self.here.get(id, 0)
        if times:
            share = times / max(self.here.values())
            score += (1 - score) * _HERE * share * times / (times + 1)
        return score

    def reasons(self, id: str) -> list[str]:
        """Say how often it was chosen."""
        here, lately = self.here.get(id, 0), self.lately.get(id, 0)
        said = [f"answered so {counted(here)} in this story"] if here else []
        return said + ([f"used {counted(lately)}"] if lately else [])


def _vocabulary(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        for text in (entry.asked, entry.said, *entry.cues):
            yield from words(text)


def _likely(strength: float, share: float) -> float:
    """Return the logistic curve's value above that of knowing nothing, 0 to 1."""
    value = 1 / (1 + math.exp(-(_DOUBT + _STRENGTH * strength + _LEAD * share)))
    return max(0.0, value - _NO_REASON) / (1 - _NO_REASON)


def _middle(scores: Sequence[float]) -> float:
    """Return the mean without a share of the lowest and of the highest."""
    if len(scores) == 1:
        return scores[0]
    cut = len(scores) // _TRIMMED
    kept = sorted(scores)[cut : len(scores) - cut]
    return sum(kept) / len(kept) if kept else 0.0
