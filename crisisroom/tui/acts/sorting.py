"""What posts need: for one post, for those that are marked, or for all free ones of a story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from crisisroom.core.mention import Mention, Verdict
from crisisroom.core.narrative import Narrative
from crisisroom.room import sorting, tagging, triage
from crisisroom.room.sorting import Sorted
from crisisroom.tui import signs
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk
from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.rows.feed import one_line, safe_name

ADVOCATE = "advocate"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The posts that an act is done on, and how it says so."""

    ids: tuple[str, ...]
    name: str = ""  # of the author, where it is one post

    def who(self, one: str, many: str) -> str:
        """Return a sentence about them: `ada needs an answer`, `4 posts need an answer`."""
        return f"{self.name} {one}" if self.name else f"{posts(len(self.ids))} {many}"


def posts(count: int) -> str:
    """Return a count of posts in words."""
    return "1 post" if count == 1 else f"{count:,} posts"


def name_of(post: Mention) -> str:
    """Return an author's name as our own lines may show it."""
    return safe_name(post.author.handle or post.author.name)


def quoted(story: Narrative) -> Row:
    """Return a story's title behind the bar of strangers, or as our own."""
    bar = gap() if story.named_by else Cell(signs.QUOTE, "faint")
    return row(gap(1), bar, gap(1), Cell(one_line(story.title), "text", not story.named_by))


async def _chosen(desk: Desk) -> Chosen | None:
    """Return the posts that the key was meant for, of a story all that are free; None for none."""
    context = desk.context
    if context.marked:
        marked = context.marked
        return Chosen(
            tuple(post.id for post in marked), name_of(marked[0]) if not marked[1:] else ""
        )
    if context.mention is not None or context.story is None:
        return Chosen((desk.mention.id,), name_of(desk.mention))
    story = context.story
    ids = await sorting.posts_of(desk.room, story.id)
    if not ids:
        desk.said(f"none of the posts of {story.id} is free", role="warn")
        return None
    return Chosen(ids)


async def _sort(desk: Desk, verdict: Verdict, one: str, many: str) -> None:
    chosen = await _chosen(desk)
    if chosen is None:
        return
    done = await sorting.sort(desk.room, chosen.ids, verdict)
    if not done.before:
        desk.said(f"{chosen.who(one, many)} already", role="quiet")
        return
    _tell(desk, done, chosen.who(one, many))


def _tell(desk: Desk, done: Sorted, words: str) -> None:
    label = f"sorting of {posts(len(done.before))}"
    desk.said(words, Undo(label, partial(sorting.put_back, desk.room, done.before)))


async def answer(desk: Desk) -> None:
    """Say that it needs an answer."""
    await _sort(desk, "answer", "needs an answer", "need an answer")


async def correct(desk: Desk) -> None:
    """Say that the facts are wrong."""
    told = "the facts put right"
    await _sort(desk, "correct", f"needs {told}", f"need {told}")


async def restore(desk: Desk) -> None:
    """Say that something needs to be put right for them."""
    told = "to be put right"
    await _sort(desk, "restore", f"needs {told}", f"need {told}")


async def monitor(desk: Desk) -> None:
    """Say that it is only watched."""
    await _sort(desk, "monitor", "is watched", "are watched")


async def thank(desk: Desk) -> None:
    """Say that they are to be thanked."""
    await _sort(desk, "thank", "is to be thanked", "are to be thanked")


async def unsort(desk: Desk) -> None:
    """Take back what was said that it needs."""
    await _sort(desk, "", "is unsorted", "are unsorted")


async def dismiss(desk: Desk) -> None:
    """Mark posts as not relevant."""
    context = desk.context
    if context.mention is not None and not context.marked:
        post, name = context.mention, name_of(context.mention)
        await triage.dismiss(desk.room, post.id)
        undo = Undo(f"dismissal of {name}", partial(triage.restore, desk.room, post.id))
        desk.said(f"{name}: not relevant", undo)
        return
    await _mark(desk, "not relevant", sorting.dismiss_all)


async def offline(desk: Desk) -> None:
    """Note that the conversations go on in private."""
    context = desk.context
    if context.mention is not None and not context.marked:
        post, name = context.mention, name_of(context.mention)
        await triage.offline(desk.room, post.id)
        undo = Undo(f"move of {name}", partial(triage.restore, desk.room, post.id))
        desk.said(f"{name}: moved to private", undo)
        return
    await _mark(desk, "moved to private", sorting.offline_all)


async def _mark(desk: Desk, words: str, act: Callable[..., Awaitable[Sorted]]) -> None:
    chosen = await _chosen(desk)
    if chosen is not None:
        done = await act(desk.room, chosen.ids)
        _tell(desk, done, f"{posts(len(done.before))}: {words}")


async def advocate(desk: Desk) -> None:
    """Tag posts whose author speaks for us."""
    chosen = desk.context.marked or (desk.mention,)
    fresh = [post for post in chosen if ADVOCATE not in post.tags]
    for post in fresh:
        await tagging.tag(desk.room, post.id, [ADVOCATE])
    name = name_of(chosen[0]) if not chosen[1:] else posts(len(chosen))
    if not fresh:
        desk.said(f"{name}: an advocate already", role="quiet")
        return
    desk.said(f"{name}: an advocate", Undo(f"tag of {name}", partial(_untag, desk, fresh)))


async def _untag(desk: Desk, tagged: Sequence[Mention]) -> None:
    for post in tagged:
        await tagging.tag(desk.room, post.id, [ADVOCATE], off=True)
