"""Which playbook fits what people say, by the words that its `match` names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from crisisroom.core.playbook import Playbook


class Fit(msgspec.Struct, frozen=True):
    """A playbook, in how many of the texts one of its words stands, and which words those are."""

    playbook: str
    texts: int
    words: tuple[str, ...]  # as the playbook writes them, most frequent first


def best_fit(playbooks: Iterable[Playbook], texts: Sequence[str]) -> Fit | None:
    """Return the playbook whose words stand in most of the texts, None where none has one."""
    folded = [_folded(text) for text in texts]
    fits = [fit for one in playbooks if (fit := _fit(one, folded)).texts]
    return max(fits, key=lambda fit: (fit.texts, len(fit.words)), default=None)


def risk_words(playbooks: Iterable[Playbook], more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return every word that speaks for some playbook, as written, each once."""
    named = (word for one in playbooks for word in one.match.keywords)
    return tuple(dict.fromkeys(word for word in (*named, *more) if word.strip()))


def _fit(playbook: Playbook, texts: Sequence[str]) -> Fit:
    against = [_pattern(word) for word in playbook.match.without]
    open_texts = [text for text in texts if not any(one.search(text) for one in against)]
    said: Counter[str] = Counter()
    hit = 0
    for text in open_texts:
        found = [word for word in playbook.match.keywords if _pattern(word).search(text)]
        said.update(found)
        hit += bool(found)
    return Fit(playbook.id, hit, tuple(word for word, _ in said.most_common(5)))


@lru_cache(maxsize=2048)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(_folded(word))}(?!\w)")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
