"""Threads of posts and the index that finds the one a text belongs to."""

from __future__ import annotations

import math
from collections.abc import Iterable
from heapq import nlargest

Vector = dict[str, float]

_PLAIN = 0.1  # weight of a word that is in every thread
_BEFORE = 10  # threads taken for granted, so that the first ones find their like
_BY_THREAD, _BY_POST = 0.65, 0.35  # what threads and posts have to say about a word's weight
_WALKED = 1500  # entries of the index looked at for one text, beyond its most telling words
_FEW = 250  # entries that are looked at in any case
_CARRIED = 0.95  # share of the known squared length from which the rest is not looked at
_ALWAYS = 3  # of a text's words, those that are looked up however many threads have them
_PROBED = 40  # words of a thread that find the threads it could be merged with
_CLOSELY = 4  # threads compared word by word for a merge


class Thread:
    """The sum of the unit vectors of a narrative's posts."""

    __slots__ = ("at", "id", "length2", "looked", "size", "sums")

    def __init__(self, number: int, at: float) -> None:
        self.id = number
        self.at = at
        self.size = 0
        self.sums: Vector = {}
        self.length2 = 0.0
        self.looked = 0  # its size when a merge was last looked for


class Index:
    """All threads by number, and by word those that say it, with how much."""

    def __init__(self, most_words: int) -> None:
        self._most_words = most_words
        self.threads: dict[int, Thread] = {}
        self._by_word: dict[str, dict[int, float]] = {}
        self._lengths: dict[int, float] = {}
        self._heard = 0  # posts
        self._posts: dict[str, int] = {}  # that say a word of the index

    def vector(self, terms: Iterable[str]) -> Vector:
        """Return a text's words as a unit vector: the fewer threads and posts say one, the heavier.

        Mostly threads are counted: the words of a story that everybody tells stay heavy.
        """
        times: dict[str, int] = {}
        for term in terms:
            times[term] = times.get(term, 0) + 1
        log, by_word, posts = math.log, self._by_word, self._posts
        in_threads = log(len(self.threads) + _BEFORE) + _PLAIN
        in_posts = log(self._heard + _BEFORE) + _PLAIN
        vector: Vector = {}
        total = 0.0
        for term, count in times.items():
            said = by_word.get(term)
            rare = max(_PLAIN, in_threads - log(len(said) + 1)) if said else in_threads
            seldom = max(_PLAIN, in_posts - log(posts.get(term, 0) + 1))
            weight = rare**_BY_THREAD * seldom**_BY_POST
            if count > 1:
                weight *= 1 + log(count)
            vector[term] = weight
            total += weight * weight
        scale = 1 / math.sqrt(total) if total else 0.0
        return {term: weight * scale for term, weight in vector.items()}

    def nearest(self, vector: Vector) -> tuple[int, float]:
        """Return the thread most like a text and the cosine; 0.0 where none shares a word."""
        best, most = 0, 0.0
        lengths = self._lengths
        for number, dot in self._dots(vector).items():
            likeness = dot / lengths[number]
            if likeness > most or (likeness == most and number < best):
                best, most = number, likeness
        return best, most

    def _dots(self, vector: Vector) -> dict[int, float]:
        """Return the products with all threads, over the most telling words within the bounds."""
        by_word = self._by_word
        found = [(weight, by_word[term]) for term, weight in vector.items() if term in by_word]
        if sum(len(said) for _, said in found) > _FEW:
            found = _telling(found)
        dots: dict[int, float] = {}
        get = dots.get
        for weight, said in found:
            for number, times in said.items():
                dots[number] = get(number, 0.0) + weight * times
        return dots

    def alike(self, thread: Thread) -> list[tuple[int, float]]:
        """Return the threads most like this one, with the cosines, the best first."""
        probe = thread.sums
        if len(probe) > _PROBED:
            probe = dict(nlargest(_PROBED, probe.items(), key=lambda pair: pair[1]))
        dots = self._dots(probe)
        dots.pop(thread.id, None)
        lengths = self._lengths
        rough = ((dot / lengths[number], -number) for number, dot in dots.items())
        likely = [-number for _, number in nlargest(_CLOSELY, rough)]
        close = ((number, self._cosine(thread, self.threads[number])) for number in likely)
        return sorted(close, key=lambda pair: (-pair[1], pair[0]))

    def _cosine(self, one: Thread, other: Thread) -> float:
        less, more = (one, other) if len(one.sums) < len(other.sums) else (other, one)
        get = more.sums.get
        dot = sum(weight * get(term, 0.0) for term, weight in less.sums.items())
        return dot / (self._lengths[one.id] * self._lengths[other.id])

    def open(self, number: int, at: float) -> Thread:
        """Begin a thread."""
        thread = self.threads[number] = Thread(number, at)
        self._lengths[number] = 1.0
        return thread

    def hear(self, vector: Vector) -> None:
        """Count the posts that say a word, as long as a thread says it."""
        posts = self._posts
        self._heard += 1
        for term in vector:
            posts[term] = posts.get(term, 0) + 1

    def put(self, thread: Thread, vector: Vector, posts: int = 1) -> None:
        """Add a vector to a thread."""
        by_word, sums, number = self._by_word, thread.sums, thread.id
        grown = thread.length2
        for term, weight in vector.items():
            old = sums.get(term, 0.0)
            new = old + weight
            grown += (new + old) * weight
            sums[term] = new
            said = by_word.get(term)
            if said is None:
                by_word[term] = {number: new}
            else:
                said[number] = new
        self._measure(thread, grown)
        thread.size += posts
        if len(sums) > self._most_words:
            self._prune(thread)

    def take(self, thread: Thread, vector: Vector) -> None:
        """Take a post's vector out of a thread again, as far as it is in there."""
        for term, weight in vector.items():
            left = thread.sums.get(term, 0.0) - weight
            if left > 1e-6:
                thread.sums[term] = self._by_word[term][thread.id] = left
            elif term in thread.sums:
                self._drop(thread, term)
        self._measure(thread, sum(weight * weight for weight in thread.sums.values()))
        thread.size = max(1, thread.size - 1)

    def close(self, thread: Thread) -> None:
        """Forget a thread."""
        for term in list(thread.sums):
            self._drop(thread, term)
        del self.threads[thread.id], self._lengths[thread.id]

    def _measure(self, thread: Thread, length2: float) -> None:
        thread.length2 = length2
        self._lengths[thread.id] = math.sqrt(length2) or 1.0

    def _prune(self, thread: Thread) -> None:
        """Drop a thread's lightest words, a quarter of them, so that it stays small."""
        heavy = nlargest(self._most_words * 3 // 4, thread.sums.items(), key=lambda one: one[1])
        for term in thread.sums.keys() - dict(heavy).keys():
            self._drop(thread, term)
        self._measure(thread, sum(weight * weight for weight in thread.sums.values()))

    def _drop(self, thread: Thread, term: str) -> None:
        del thread.sums[term]
        said = self._by_word[term]
        del said[thread.id]
        if not said:
            del self._by_word[term]
            self._posts.pop(term, None)


def _telling(found: list[tuple[float, dict[int, float]]]) -> list[tuple[float, dict[int, float]]]:
    """Keep the words that few threads say, until they carry most of the weight."""
    enough = _CARRIED * sum(weight * weight for weight, _ in found)
    kept: list[tuple[float, dict[int, float]]] = []
    walked, carried = 0, 0.0
    for weight, said in sorted(found, key=lambda one: len(one[1])):
        walked += len(said)
        if (walked > _FEW and carried >= enough) or (walked > _WALKED and len(kept) >= _ALWAYS):
            break
        kept.append((weight, said))
        carried += weight * weight
    return kept
