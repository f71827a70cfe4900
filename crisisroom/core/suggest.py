"""Suggestions: which key messages and answers of a playbook fit a post or a story, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from crisisroom.core.lexical import fold
from crisisroom.core.playbook import Playbook
from crisisroom.core.suggesting.entries import SuggestionKind as SuggestionKind
from crisisroom.core.suggesting.entries import entries_of, languages_of
from crisisroom.core.suggesting.index import Index, Voice
from crisisroom.core.suggesting.reasons import counted
from crisisroom.core.suggesting.spoken import Spoken

FITS = 0.4  # from this score on a suggestion is worth putting into a draft unasked
VOICES = 50  # different posts of a story that vote
MOST_READ = 500  # posts of a story that are looked at for different ones

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


class Suggester:
    """Ranks the key messages and answers of one playbook, locally and within milliseconds.

    `examples` maps an entry's id to earlier posts that were answered with it: the room's memory.
    """

    def __init__(
        self, playbook: Playbook, examples: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        languages = languages_of(playbook)
        every = {language: tuple(entries_of(playbook, language)) for language in languages}
        self._every = every
        self._entries = every[languages[0]]
        self._lessons = [list((examples or {}).get(entry.id, ())) for entry in self._entries]
        self._spoken = Spoken({one: [each.said for each in every[one]] for one in languages})
        self._indexes = {languages[0]: self._made(languages[0])}

    def _made(self, language: str) -> Index:
        foreign = language != next(iter(self._every))
        return Index(self._every[language], self._lessons, language, foreign=foreign)

    def _index(self, language: str) -> Index:
        """Return the index of one of the playbook's languages, made when first needed."""
        if language not in self._indexes:
            self._indexes[language] = self._made(language)
        return self._indexes[language]

    def learn(self, id: str, posts: Sequence[str]) -> None:
        """Take in further posts that were answered with an entry; an unknown id teaches nothing."""
        for at, entry in enumerate(self._entries):
            if entry.id == id:
                self._lessons[at] += posts
                for index in self._indexes.values():
                    index.learn(at, posts)

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

    def _voice(self, text: str) -> Voice:
        return self._index(self._spoken.language(text)).voice(text)

    def _suggestion(
        self, at: int, score: float, voices: Sequence[Voice], memory: _Memory
    ) -> Suggestion:
        entry = self._entries[at]
        reasons = list(self._why(at, voices)) + memory.reasons(entry.id)
        return Suggestion(entry.id, entry.kind, round(score, 6), "; ".join(reasons))

    def _why(self, at: int, voices: Sequence[Voice]) -> Iterator[str]:
        loudest = max(voices, key=lambda voice: voice.scores[at], default=None)
        if loudest is None or not loudest.scores[at]:
            return
        if len(voices) > 1:
            fitting = sum(voice.scores[at] >= FITS for voice in voices)
            yield f"fits {fitting} of {len(voices)} posts"
        yield self._index(loudest.language).why(at, loudest)


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


def _middle(scores: Sequence[float]) -> float:
    """Return the mean without a share of the lowest and of the highest."""
    if len(scores) == 1:
        return scores[0]
    cut = len(scores) // _TRIMMED
    kept = sorted(scores)[cut : len(scores) - cut]
    return sum(kept) / len(kept) if kept else 0.0
