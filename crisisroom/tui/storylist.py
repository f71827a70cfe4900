"""The feed by story, as lines: heads in an order that holds still, the posts of those open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative

OTHERS = "others"
FIRST, STEP, MOST = 30, 100, 430  # posts shown of an open story: at first, more each time, at most


class Fold(msgspec.Struct, frozen=True):
    """The newest posts of a story, and how many there are beside them."""

    posts: tuple[Mention, ...] = ()
    more: int = 0
    at_least: bool = False


class Told(msgspec.Struct, frozen=True):
    """One reading: stories newest first, the posts of the open ones, the newest posts of all."""

    stories: tuple[Narrative, ...]
    folds: Mapping[str, Fold]
    recent: tuple[Mention, ...]
    whole: bool  # `recent` is all there is
    total: int
    free: int
    newer: int = 0
    chosen: str = ""  # the post or head it was read for
    again: bool = False  # what shows keeps its place
    opens: frozenset[str] = frozenset()  # stories to open for what was asked

    @property
    def newest(self) -> int:
        """Return the number of the newest post."""
        return max((post.number for post in self.recent), default=0)


class Line(msgspec.Struct, frozen=True):
    """One line: the head of a story, one of its posts, or that there are more."""

    story: str  # N-3, or OTHERS
    kind: str = "head"  # head, post, more
    mention: Mention | None = None

    @property
    def at(self) -> str:
        """Return what it stands for, the same after the next reading."""
        return self.mention.id if self.mention else f"{self.kind}:{self.story}"


class StoryList(msgspec.Struct):
    """The lines shown; `take` puts them in order anew, `refresh` leaves every line in its place."""

    stories: dict[str, Narrative] = {}
    folds: dict[str, Fold] = {}
    opened: set[str] | None = None  # None: nobody has folded anything, the newest one is open
    sizes: dict[str, int] = {}
    lines: tuple[Line, ...] = ()
    others: Fold = Fold()
    newest: int = 0
    _index: dict[str, int] = {}

    def open_for(self, told: Told) -> None:
        """Open the story that a reading was for; the newest one, when none was opened yet."""
        if self.opened is None:
            self.opened = set(told.folds) or {OTHERS}
        self.opened |= told.opens

    def take(self, told: Told) -> None:
        """Show a reading in its own order."""
        self.newest = told.newest
        self.stories = {story.id: story for story in told.stories}
        self._fill(told)

    def refresh(self, told: Told) -> None:
        """Show a reading in the order of before; posts that came since are left for later."""
        fresh = {story.id: story for story in told.stories}
        kept = {name: fresh[name] for name in self.stories if name in fresh}
        self.stories = kept | {name: fresh[name] for name in fresh if name not in kept}
        self._fill(told)

    def _fill(self, told: Told) -> None:
        self.folds = {
            name: Fold(self._known(fold.posts), fold.more, fold.at_least)
            for name, fold in told.folds.items()
        }
        loose = [post for post in told.recent if post.narrative not in self.stories]
        shown = self._known(loose)[: self.size(OTHERS)]
        rest = len(self._known(loose)) - len(shown)
        self.others = Fold(shown, rest, not told.whole)
        self._lay()

    def _known(self, posts: Sequence[Mention]) -> tuple[Mention, ...]:
        return tuple(post for post in posts if post.number <= self.newest)

    def size(self, story: str) -> int:
        """Return how many posts of a story are shown when it is open."""
        return self.sizes.get(story, FIRST)

    def grow(self, story: str) -> bool:
        """Show more of a story; False when it is too long for this list."""
        if self.size(story) >= MOST:
            return False
        self.sizes[story] = self.size(story) + STEP
        return True

    def is_open(self, story: str) -> bool:
        """Say whether the posts of a story show."""
        return self.opened is not None and story in self.opened

    def turn(self, story: str) -> bool:
        """Fold a story, or unfold it; return whether it is open now."""
        self.opened = self.opened or set()
        self.opened ^= {story}
        self._lay()
        return story in self.opened

    def fold_of(self, story: str) -> Fold:
        """Return what is known of the posts of a story."""
        return self.others if story == OTHERS else self.folds.get(story, Fold())

    def index_of(self, at: str) -> int | None:
        """Return the line of a post or head."""
        return self._index.get(at)

    def free_of(self, story: str) -> int:
        """Return how many posts of a story are free."""
        known = self.stories.get(story)
        if known is not None:
            return known.free
        return sum(post.state == "new" for post in self.others.posts)

    def _lay(self) -> None:
        lines: list[Line] = []
        for name in (*self.stories, *((OTHERS,) if self.others.posts else ())):
            lines.append(Line(name))
            if self.is_open(name):
                fold = self.fold_of(name)
                lines += [Line(name, "post", post) for post in fold.posts]
                lines += [Line(name, "more")] if fold.more else []
        self.lines = tuple(lines)
        self._index = {line.at: place for place, line in enumerate(lines)}
