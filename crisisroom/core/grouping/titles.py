"""What a narrative is called: the words of its most central post."""

from __future__ import annotations

import math
from collections.abc import Mapping
from heapq import nlargest

import msgspec

from crisisroom.core.grouping.copies import uncredited
from crisisroom.core.grouping.words import LINK, terms
from crisisroom.text import clean_line

TITLE = 60  # characters
_EXAMPLES = 4
_KEPT_TEXT = 280  # characters
_SHORT = 3  # added to a post's telling words: one of a single word makes a poor title
_NAMELESS = "(no words)"


class Example(msgspec.Struct, frozen=True, gc=False):
    """A post that may lend its narrative the title."""

    key: int
    text: str
    likeness: float  # to the narrative, when it joined


class Examples:
    """The few posts of a narrative that were most like it when they came."""

    __slots__ = ("_posts",)

    def __init__(self) -> None:
        self._posts: list[Example] = []

    def offer(self, key: int, text: str, likeness: float) -> None:
        """Keep a post in place of the one least like the narrative, if it is more like it."""
        if len(self._posts) < _EXAMPLES:
            self._posts.append(Example(key, text[:_KEPT_TEXT], likeness))
            return
        worst = min(range(_EXAMPLES), key=lambda at: self._posts[at].likeness)
        if self._posts[worst].likeness < likeness:
            self._posts[worst] = Example(key, text[:_KEPT_TEXT], likeness)

    def join(self, others: Examples) -> None:
        """Take over what another narrative has, after a merge."""
        for post in others._posts:
            self.offer(post.key, post.text, post.likeness)

    def remove(self, keys: Mapping[int, str]) -> None:
        """Drop posts that were moved elsewhere."""
        self._posts = [post for post in self._posts if post.key not in keys]

    def title(self, sums: Mapping[str, float]) -> str:
        """Return the most central post's words, cut at a word; never empty."""
        best = max(self._posts, key=lambda post: _central(post, sums), default=None)
        return title_of(best.text) if best else title_of(" ".join(_heaviest(sums, 5)))

    def top_words(self, sums: Mapping[str, float], most: int) -> tuple[str, ...]:
        """Return the heaviest words as somebody wrote them, not as stems, in small letters."""
        written = self._written()
        return tuple(written.get(term, term) for term in _heaviest(sums, most))

    def _written(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for post in self._posts:
            for word in LINK.sub(" ", post.text).split():
                bare = word.strip(".,:;!?\"'()[]#@…“”„«»").casefold()
                of_word = terms(bare)
                if len(of_word) == 1:
                    found.setdefault(of_word[0], clean_line(bare, limit=TITLE))
        return found


def _heaviest(sums: Mapping[str, float], most: int) -> list[str]:
    return [term for term, _ in nlargest(most, sums.items(), key=lambda one: (one[1], one[0]))]


def _central(post: Example, sums: Mapping[str, float]) -> tuple[float, int]:
    """Return how much of a narrative's weight a post's words carry, for its length."""
    said = set(terms(post.text))
    weight = sum(sums.get(term, 0.0) for term in said)
    return weight / math.sqrt(len(said) + _SHORT), -post.key


def title_of(text: str) -> str:
    """Return a post's first words on one line, cleaned, without links; never empty."""
    said = clean_line(uncredited(text), limit=_KEPT_TEXT)
    line = said or clean_line(text, limit=TITLE) or _NAMELESS
    if len(line) <= TITLE:
        return line
    head, _, _ = line[:TITLE].rpartition(" ")
    return (head if len(head) > TITLE // 2 else line[: TITLE - 1]).rstrip(" ,;:-–—") + "…"
