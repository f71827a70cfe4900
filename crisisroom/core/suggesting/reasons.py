"""Why an entry fits: words of the playbook and counts, never a stranger's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crisisroom.core.lexical import tokens
from crisisroom.core.suggesting.alike import meanings
from crisisroom.core.suggesting.entries import Cue, Entry
from crisisroom.core.suggesting.features import Reading

_QUOTED = 4  # words


class Reasons:
    """Finds the words of an entry that a post shares; what was looked up is kept."""

    def __init__(self, entries: Sequence[Entry], language: str) -> None:
        self._entries = entries
        self._language = language
        self._meanings = meanings(language)
        self._words: dict[int, tuple[dict[str, str], dict[str, str]]] = {}

    def of(self, at: int, post: Reading, heard: Iterable[Cue], lessons: int) -> str:
        """Say why an entry fits, by its cues, its own words, or the posts it answered."""
        cues = list(heard)[:_QUOTED]
        if cues:
            return "; ".join(_heard(cues, frozenset(post.stems)))
        asks = "asks about" if self._entries[at].kind == "faq" else "speaks of"
        for lead, words in zip((asks, "its words:"), self._of(at), strict=True):
            shared = self._shared(words, post)
            if shared:
                return f"{lead} {', '.join(shared[:_QUOTED])}"
        if lessons:
            return f"like posts answered with it ({lessons} known)"
        return "worded alike"

    def _shared(self, words: dict[str, str], post: Reading) -> list[str]:
        found = (
            words.get(stem) or words.get(self._meanings.get(stem, "")) for stem in post.telling
        )
        return list(dict.fromkeys(word for word in found if word))

    def _of(self, at: int) -> tuple[dict[str, str], dict[str, str]]:
        """Return the words of its question or title and of its text, by stem and by meaning."""
        if at not in self._words:
            entry = self._entries[at]
            self._words[at] = (self._taken(entry.asked), self._taken(entry.said))
        return self._words[at]

    def _taken(self, text: str) -> dict[str, str]:
        found = dict(tokens(text, self._language))
        for stem, word in list(found.items()):
            if stem in self._meanings:
                found.setdefault(self._meanings[stem], word)
        return found


def _heard(cues: Sequence[Cue], stems: frozenset[str]) -> Iterator[str]:
    """Tell cues whose words stand in the post from those that other words of it mean."""
    said = [cue.words for cue in cues if cue.said <= stems]
    meant = [cue.words for cue in cues if not cue.said <= stems]
    for lead, words in (("says", said), ("means", meant)):
        if words:
            yield f"{lead} {', '.join(words)}"


def counted(times: int) -> str:
    """Return "once" or "4 times"."""
    return f"{times} times" if times > 1 else "once"
