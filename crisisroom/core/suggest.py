"""Suggestions: which key messages and answers of a playbook fit a post, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from crisisroom.core.lexical import Bm25, Likeness, Spelling, fold, letter_runs, tokens
from crisisroom.core.placeholders import without
from crisisroom.core.playbook import Playbook

SuggestionKind = Literal["key_message", "faq"]
FITS = 0.3  # from this score on a suggestion is worth putting into a draft unasked

_ASKED, _SAID = 0.6, 0.4  # shares of the question or title, and of the answer or text
_IDLE, _ONE_WORD, _PHRASE = 0.15, 0.35, 0.5  # what a cue adds of what is missing to certainty
_ENOUGH = 6  # posts answered with an entry, from which on one more teaches nothing
_LONG = 5  # words that make a cue as telling as a whole post
_OWN = 0.02  # between answers to the same question: what each says itself
_FLOOR = 0.02  # below, an entry has nothing to do with the post
_QUOTED = 4  # words quoted in `why`
_LONGEST = 4000  # characters of a post looked at: more says nothing new about what it asks


class Suggestion(msgspec.Struct, frozen=True):
    """A key message or answer that may fit; `score` is 0 to 1, `why` quotes the playbook only."""

    id: str
    kind: SuggestionKind
    score: float
    why: str


class _Entry(msgspec.Struct, frozen=True):
    id: str
    kind: SuggestionKind
    asked: str
    said: str
    cues: tuple[str, ...]
    lessons: tuple[str, ...]  # posts it answered, and cues as long as one


class _Cue(msgspec.Struct, frozen=True):
    words: str
    stems: frozenset[str]
    adds: float


class _Post(msgspec.Struct, frozen=True):
    """A post taken apart once for all entries."""

    stems: frozenset[str]  # of telling words, slips mended
    every: frozenset[str]  # of all words
    runs: list[str]


class _Field:
    """One kind of words of all groups: likeness by whole words and by letter runs, averaged."""

    def __init__(self, texts: Sequence[str], language: str, *, every: bool = False) -> None:
        self._every = every
        self._words = Bm25(
            [[stem for stem, _ in tokens(text, language, every=every)] for text in texts]
        )
        self._runs = Likeness([letter_runs(text) for text in texts])

    def score(self, post: _Post) -> list[float]:
        words = self._words.score(post.every if self._every else post.stems)
        pairs = zip(words, self._runs.score(post.runs), strict=True)
        return [(word + run) / 2 for word, run in pairs]


class Suggester:
    """Ranks the key messages and answers of one playbook, locally and within milliseconds.

    `examples` maps an entry's id to earlier posts that were answered with it: the room's memory.
    """

    def __init__(
        self, playbook: Playbook, examples: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        language = self._language = playbook.language.partition("-")[0].casefold()
        self._entries = tuple(_entries(playbook, examples or {}))
        self._groups = _groups(self._entries)
        said: list[list[str]] = [[] for _ in set(self._groups)]
        for group, entry in zip(self._groups, self._entries, strict=True):
            said[group].append(entry.said)
        asked = dict(zip(self._groups, (entry.asked for entry in self._entries), strict=True))
        self._asked = _Field([asked[group] for group in range(len(said))], language)
        self._said = _Field([" ".join(texts) for texts in said], language)
        self._own = _Field([entry.said for entry in self._entries], language)
        self._seen = _Field(
            [" ".join(dict.fromkeys((*entry.cues, *entry.lessons))) for entry in self._entries],
            language,
            every=True,
        )
        self._cues = [tuple(_cues(entry, self._entries, language)) for entry in self._entries]
        self._words = [
            (dict(tokens(entry.asked, language)), dict(tokens(entry.said, language)))
            for entry in self._entries
        ]
        self._spelling = Spelling(self._vocabulary())

    def _vocabulary(self) -> Iterator[str]:
        for entry in self._entries:
            for text in (entry.asked, entry.said, *entry.cues):
                yield from (word for _, word in tokens(text, self._language, every=True))

    def rank(
        self, text: str, *, limit: int = 8, chosen_before: Mapping[str, int] | None = None
    ) -> tuple[Suggestion, ...]:
        """Return the entries that have anything to do with a post, best first, at most `limit`.

        `chosen_before` counts how often each entry's id was used lately; it lifts a little.
        """
        post = self._taken_apart(text)
        chosen = chosen_before or {}
        ranked = sorted(
            (-_lifted(score, chosen.get(self._entries[at].id, 0)), at)
            for at, score in enumerate(self._scores(post))
            if score >= _FLOOR
        )
        return tuple(
            self._suggestion(self._entries[at], -score, self._why(at, post, chosen))
            for score, at in ranked[: max(0, limit)]
        )

    def _taken_apart(self, text: str) -> _Post:
        text = text[:_LONGEST]
        telling = tokens(text, self._language, spelling=self._spelling)
        every = tokens(text, self._language, every=True, spelling=self._spelling)
        return _Post(
            stems=frozenset(stem for stem, _ in telling),
            every=frozenset(stem for stem, _ in every),
            runs=letter_runs(text),
        )

    def _scores(self, post: _Post) -> Iterator[float]:
        asked, said = self._asked.score(post), self._said.score(post)
        own, seen = self._own.score(post), self._seen.score(post)
        for at, group in enumerate(self._groups):
            trust = 1 + min(len(self._entries[at].lessons), _ENOUGH) / 3
            missing = 1 - _ASKED * asked[group] - _SAID * said[group]
            missing *= max(0.0, 1 - seen[at]) ** trust * (1 - _OWN * own[at])
            for cue in self._heard(at, post):
                missing *= 1 - cue.adds
            yield min(1.0, max(0.0, 1 - missing))

    def _heard(self, at: int, post: _Post) -> list[_Cue]:
        return [cue for cue in self._cues[at] if cue.stems <= post.every]

    @staticmethod
    def _suggestion(entry: _Entry, score: float, why: str) -> Suggestion:
        return Suggestion(entry.id, entry.kind, round(score, 4), why)

    def _why(self, at: int, post: _Post, chosen: Mapping[str, int]) -> str:
        entry = self._entries[at]
        reasons = [self._reason(at, self._heard(at, post), post)]
        times = chosen.get(entry.id, 0)
        if times:
            reasons.append(f"used {times} times" if times > 1 else "used once")
        return "; ".join(reasons)

    def _reason(self, at: int, heard: Sequence[_Cue], post: _Post) -> str:
        if heard:
            best = sorted(heard, key=lambda cue: -cue.adds)[:_QUOTED]
            return f"says {', '.join(cue.words for cue in best)}"
        entry = self._entries[at]
        verb = "asks about" if entry.kind == "faq" else "speaks of"
        for lead, words in zip((verb, "its words:"), self._words[at], strict=True):
            shared = [word for stem, word in words.items() if stem in post.stems]
            if shared:
                return f"{lead} {', '.join(shared[:_QUOTED])}"
        return "like posts answered with it" if entry.lessons else "worded alike"


def _entries(playbook: Playbook, examples: Mapping[str, Sequence[str]]) -> Iterator[_Entry]:
    for message in playbook.key_messages:
        lessons = _lessons(message.when, examples.get(message.id, ()))
        said = without(message.text)
        yield _Entry(message.id, "key_message", message.title, said, message.when, lessons)
    for answer in playbook.faq:
        lessons = _lessons(answer.when, examples.get(answer.id, ()))
        said = without(answer.answer)
        yield _Entry(answer.id, "faq", answer.question, said, answer.when, lessons)


def _lessons(cues: Sequence[str], posts: Sequence[str]) -> tuple[str, ...]:
    long_cues = (cue for cue in cues if len(cue.split()) >= _LONG)
    return (*(post[:_LONGEST] for post in posts), *long_cues)


def _groups(entries: Sequence[_Entry]) -> list[int]:
    """Number the entries so that those that answer the same question stand together."""
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(fold(entry.asked) or f"\0{entry.id}", len(numbers)) for entry in entries
    ]


def _cues(entry: _Entry, entries: Iterable[_Entry], language: str) -> Iterator[_Cue]:
    shared = Counter(fold(cue) for other in entries for cue in set(other.cues))
    for words in dict.fromkeys(entry.cues):
        stems = frozenset(stem for stem, _ in tokens(words, language, every=True))
        if stems:
            adds = _PHRASE if len(stems) > 1 else _ONE_WORD if tokens(words, language) else _IDLE
            yield _Cue(words, stems, adds / shared[fold(words)] ** 0.5)


def _lifted(score: float, times: int) -> float:
    """Lift what colleagues chose before, most in the middle, never past certainty."""
    return score + score * (1 - score) * 0.5 * times / (times + 5)
