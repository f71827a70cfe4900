"""Which of a playbook's languages a post is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crisisroom.core.lexical import is_idle, words
from crisisroom.core.suggesting.features import LONGEST, runs_of


class Spoken:
    """Tells languages by their commonest words, and by the letters of the playbook's own words."""

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        """Make it of what the playbook says in each language, its own language first."""
        self._own = next(iter(texts))
        self._runs = {
            language: {run for text in said for word in words(text) for run in runs_of(word)}
            for language, said in texts.items()
        }

    def language(self, text: str) -> str:
        """Return the language that most of the text's words are of, the own one in doubt."""
        if len(self._runs) == 1:
            return self._own
        said = words(text[:LONGEST])
        return max(self._runs, key=lambda language: self._share(said, language))

    def _share(self, said: Iterable[str], language: str) -> float:
        known = self._runs[language]
        share = 0.0
        for word in said:
            runs = runs_of(word)
            share += is_idle(word, language) + sum(run in known for run in runs) / len(runs)
        return share
