"""Grouping posts into narratives as they come: joined or opened at once, merged a little later."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from crisisroom.core.grouping.copies import Copies, normal
from crisisroom.core.grouping.index import Index, Thread, Vector
from crisisroom.core.grouping.titles import Examples
from crisisroom.core.grouping.words import terms

_FORGOTTEN_AT_ONCE = 4  # threads, with each post that comes
_GROWING = 10  # posts up to which each one may show that a thread is part of another
_GROWN = 1.2  # from then on, how much larger it has to be to be looked at again
_ALIASES = 100_000  # merged numbers that are remembered


class Setting(msgspec.Struct, frozen=True):
    """When posts tell the same story; the defaults hold for short posts and news alike."""

    join: float = 0.15  # cosine from which a post joins a thread
    merge: float = 0.35  # cosine from which two threads become one
    merge_small: float = 0.19  # the same where one of them is small
    small: int = 3  # posts
    idle: float = 14 * 86400.0  # seconds until a thread nobody adds to is forgotten
    threads: int = 10_000  # at most
    words: int = 250  # of a thread, at most
    copies: int = 16_384  # texts by which reposts are known


class Joined(msgspec.Struct, frozen=True):
    """Where a post went; `copy_of` is the key of the post that it repeats, else 0."""

    narrative: int
    copy_of: int = 0


class Merged(msgspec.Struct, frozen=True):
    """Two narratives became one: all posts of `gone` belong to `into`."""

    into: int
    gone: int


class Grouper:
    """Groups posts into narratives, online, in bounded memory and always the same way.

    Keys are positive numbers of posts. `allocate` gives the number of a new narrative; without
    it they count from 1. `idle` are words that tell nothing here, because they are what all posts
    were looked for by. Call `settle` after each batch.
    """

    def __init__(
        self,
        setting: Setting | None = None,
        allocate: Callable[[], int] | None = None,
        *,
        idle: Iterable[str] = (),
    ) -> None:
        self._setting = setting or Setting()
        self._allocate = allocate or self._next
        self._idle = frozenset(term for words in idle for term in terms(words))
        self._last = 0
        self._now = float("-inf")
        self._index = Index(self._setting.words)
        self._examples: dict[int, Examples] = {}
        self._copies = Copies(self._setting.copies)
        self._recent: OrderedDict[int, None] = OrderedDict()  # threads, the longest idle first
        self._touched: OrderedDict[int, None] = OrderedDict()
        self._into: OrderedDict[int, int] = OrderedDict()  # merged numbers
        self._apart: dict[int, set[int]] = {}

    @property
    def threads(self) -> int:
        """Return how many threads are remembered."""
        return len(self._index.threads)

    @property
    def waiting(self) -> int:
        """Return how many threads changed since a merge was looked for."""
        return len(self._touched)

    def add(self, key: int, text: str, *, author: str = "", url: str = "", at: float) -> Joined:
        """Return the narrative of a new post; `at` is when it was posted, in seconds."""
        self._now = max(self._now, at)
        self._forget()
        post = normal(text)
        if repeated := self._copies.find(post):
            first, narrative = repeated[0], self.resolve(repeated[1])
            if thread := self._index.threads.get(narrative):
                self._refresh(thread, at)
            else:  # forgotten meanwhile: it is told again
                self._place(narrative, first, text, self._vector(text), 1.0, at)
            return Joined(narrative, first)
        vector = self._vector(text)
        number, likeness = self._index.nearest(vector)
        if likeness < self._setting.join:
            number, likeness = self._allocate(), 1.0
        self._place(number, key, text, vector, likeness, at)
        self._copies.keep(post, key, number)
        return Joined(number)

    def seed(self, key: int, text: str, narrative: int, *, at: float, copy_of: int = 0) -> None:
        """Take in a post whose narrative the store knows; in the order in which they came."""
        self._now = max(self._now, at)
        self._last = max(self._last, narrative)
        if copy_of:
            return
        vector = self._vector(text)
        self._place(narrative, key, text, vector, 0.5, at)
        self._touched.pop(narrative, None)
        self._copies.keep(normal(text), key, narrative)
        self._forget()

    def _vector(self, text: str) -> Vector:
        found = terms(text)
        telling = [term for term in found if term not in self._idle] if self._idle else found
        return self._index.vector(telling or found)

    def settle(self, most: int = 100) -> tuple[Merged, ...]:
        """Merge threads that turned out to tell one story, looking at no more than `most`."""
        merged: list[Merged] = []
        for _ in range(most):
            if not self._touched:
                break
            number, _none = self._touched.popitem(last=False)
            thread = self._index.threads[number]
            thread.looked = thread.size
            if other := self._same(thread):
                kept, gone = _order(thread, other)
                self._join(kept, gone)
                merged.append(Merged(kept.id, gone.id))
                self._touched[kept.id] = None  # there may be more of it
                self._touched.move_to_end(kept.id, last=False)
        return tuple(merged)

    def resolve(self, narrative: int) -> int:
        """Return what a narrative became part of, or the narrative itself."""
        while narrative in self._into:
            narrative = self._into[narrative]
        return narrative

    def merge(self, into: int, others: Iterable[int]) -> None:
        """Make narratives one, as a person decided; the machine never parts them again."""
        numbers = (into, *others)
        self._last = max(self._last, *numbers)  # what was named is never given to another story
        kept = self.resolve(into)
        for other in map(self.resolve, numbers):
            if other == kept:
                continue
            self._apart.get(kept, set()).discard(other)
            threads = self._index.threads
            gone = threads.get(other)
            if gone:
                self._join(threads.get(kept) or self._open(kept, gone.at), gone)
            else:
                self._alias(other, kept)

    def split(self, posts: Mapping[int, str], new: int, *, of: int) -> None:
        """Move posts (texts by key) to a narrative of their own, as a person decided.

        What is like them joins that one, and the machine never makes the two one again.
        """
        old, self._last = self.resolve(of), max(self._last, new)
        thread = self._index.threads.get(old)
        for key, text in posts.items():
            vector = self._vector(text)
            if thread:
                self._index.take(thread, vector)
            self._place(new, key, text, vector, 1.0, self._now)
            self._copies.move(normal(text), new)
        if thread:
            self._examples[old].remove(posts)
        self.keep_apart(old, new)

    def keep_apart(self, one: int, other: int) -> None:
        """Never merge two narratives by machine: a person parted them."""
        one, other = self.resolve(one), self.resolve(other)
        if one != other:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def title(self, narrative: int) -> str:
        """Return a short line in the words of the most central post, cleaned.

        Empty only for a thread that was forgotten.
        """
        number = self.resolve(narrative)
        found = self._examples.get(number)
        return found.title(self._sums(number)) if found else ""

    def terms(self, narrative: int, most: int = 3) -> tuple[str, ...]:
        """Return the words that tell this narrative from others, the heaviest first."""
        number = self.resolve(narrative)
        examples = self._examples.get(number, Examples())
        return examples.top_words(self._sums(number), most)

    def _sums(self, number: int) -> Vector:
        thread = self._index.threads.get(number)
        return thread.sums if thread else {}

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _open(self, number: int, at: float) -> Thread:
        self._examples[number] = Examples()
        return self._index.open(number, at)

    def _place(
        self, number: int, key: int, text: str, vector: Vector, likeness: float, at: float
    ) -> None:
        thread = self._index.threads.get(number) or self._open(number, at)
        self._index.hear(vector)
        self._index.put(thread, vector)
        self._examples[number].offer(key, text, likeness)
        if thread.size <= _GROWING or thread.size >= thread.looked * _GROWN:
            self._touched[number] = None
        self._refresh(thread, at)

    def _refresh(self, thread: Thread, at: float) -> None:
        thread.at = max(thread.at, at)
        self._recent[thread.id] = None
        self._recent.move_to_end(thread.id)

    def _same(self, thread: Thread) -> Thread | None:
        """Return the thread that tells the same story as this one by the merge rule, if any."""
        setting, apart = self._setting, self._apart.get(thread.id, ())
        best, most = None, 1.0
        for number, likeness in self._index.alike(thread):
            other = self._index.threads[number]
            small = min(thread.size, other.size) <= setting.small
            ratio = likeness / (setting.merge_small if small else setting.merge)
            if ratio >= most and number not in apart and (best is None or ratio > most):
                best, most = other, ratio
        return best

    def _join(self, kept: Thread, gone: Thread) -> None:
        self._index.put(kept, gone.sums, gone.size)
        self._examples[kept.id].join(self._examples[gone.id])
        self._drop(gone)
        self._alias(gone.id, kept.id)
        self._refresh(kept, gone.at)

    def _alias(self, gone: int, kept: int) -> None:
        self._into[gone] = kept
        for other in self._apart.pop(gone, ()):
            self._apart[other].discard(gone)
            self.keep_apart(kept, other)
        if len(self._into) > _ALIASES:
            self._into.popitem(last=False)

    def _drop(self, thread: Thread) -> None:
        self._index.close(thread)
        del self._examples[thread.id], self._recent[thread.id]
        self._touched.pop(thread.id, None)

    def _forget(self) -> None:
        """Forget threads that nobody added to for long, and the longest idle beyond the bound."""
        threads = self._index.threads
        for _ in range(_FORGOTTEN_AT_ONCE):
            oldest = next(iter(self._recent), None)
            if oldest is None:
                return
            idle = self._now - threads[oldest].at
            if len(threads) < self._setting.threads and idle <= self._setting.idle:
                return
            self._drop(threads[oldest])


def _order(one: Thread, other: Thread) -> tuple[Thread, Thread]:
    """Return the thread that stays and the one that goes: the larger stays, then the older."""
    if (one.size, -one.id) >= (other.size, -other.id):
        return one, other
    return other, one
