"""What the team answered before: examples for suggestions, and what it chose for a story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from crisisroom.core.playbook import Playbook
from crisisroom.core.suggest import Suggester, Suggestion
from crisisroom.store import Tx, lessons
from crisisroom.store.lessons import PER_WORDS, Lesson

LATELY = 50  # newest answers that count as what is in use
STALE = 20  # lessons that may have made room for newer ones before all is learnt anew


class Memory(msgspec.Struct, frozen=True):
    """What answers teach: the posts, and how often each words' id was chosen.

    `chosen_here` counts the same story, `chosen_lately` the newest answers to others.
    """

    lessons: tuple[Lesson, ...] = ()
    chosen_here: dict[str, int] = {}
    chosen_lately: dict[str, int] = {}

    @property
    def examples(self) -> dict[str, tuple[str, ...]]:
        """Return the posts each message or answer was used for, the newest first."""
        found: dict[str, list[str]] = {}
        for lesson in self.lessons:
            for one in lesson.words:
                found.setdefault(one, []).append(lesson.text)
        return {one: tuple(texts) for one, texts in found.items()}


async def remembered(tx: Tx, playbook_id: str, narrative: str = "") -> Memory:
    """Return what the room's answers out of a playbook teach, for a post of this story."""
    here = await lessons.of_narrative(tx, playbook_id, narrative)
    told = {mention for mention, _ in here}
    latest = await lessons.latest(tx, playbook_id, LATELY)
    return Memory(
        lessons=await lessons.of_playbook(tx, playbook_id),
        chosen_here=_counted(words for _, words in here),
        chosen_lately=_counted(words for mention, words in latest if mention not in told),
    )


def _counted(chosen: Iterable[tuple[str, ...]]) -> dict[str, int]:
    return dict(Counter(one for words in chosen for one in words))


def suggest(
    plan: Playbook, memory: Memory, texts: Iterable[str], limit: int = 8
) -> tuple[Suggestion, ...]:
    """Rank what fits a post, or the posts of a story, by the plan and by what was answered."""
    return suggester_for(msgspec.json.encode(plan), memory).rank_many(
        texts,
        limit=limit,
        chosen_before=memory.chosen_lately,
        chosen_here=memory.chosen_here,
    )


def suggester_for(plan: bytes, memory: Memory) -> Suggester:
    """Return the suggester of a plan, given as JSON, that knows these lessons.

    Making one takes longer than asking it: it is kept, and takes new lessons in as they come.
    """
    return _learner(plan).knowing(memory)


class _Learner:
    """The suggester of a plan, and which lessons it knows."""

    def __init__(self, plan: Playbook) -> None:
        self._plan = plan
        self._known: frozenset[Lesson] = frozenset()
        self._suggester: Suggester | None = None

    def knowing(self, memory: Memory) -> Suggester:
        """Return it with all these lessons; what a purge took is forgotten at once."""
        wanted = frozenset(memory.lessons)
        gone, new = self._known - wanted, wanted - self._known
        if self._suggester is None or max(len(gone), len(new)) > STALE or _taken(gone, memory):
            self._suggester = Suggester(self._plan, memory.examples)
            self._known = wanted
        for lesson in sorted(wanted - self._known, key=lambda one: (one.at, one.mention)):
            for one in lesson.words:
                self._suggester.learn(one, [lesson.text])
        self._known |= wanted
        return self._suggester


def _taken(gone: Iterable[Lesson], memory: Memory) -> bool:
    """Tell whether any lesson did not just make room for a newer one."""
    oldest: dict[str, list[str]] = {}
    for lesson in memory.lessons:
        for one in lesson.words:
            oldest.setdefault(one, []).append(lesson.at)
    return any(
        len(oldest.get(one, ())) < PER_WORDS or lesson.at > min(oldest[one])
        for lesson in gone
        for one in lesson.words
    )


@lru_cache(maxsize=8)
def _learner(plan: bytes) -> _Learner:
    return _Learner(msgspec.json.decode(plan, type=Playbook))
