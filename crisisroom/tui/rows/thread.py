"""One conversation: every line from outside stands behind a bar, ours never do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from crisisroom.core.clocks import minutes
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.incident import Words
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.room.looks import on_mention
from crisisroom.text import clean_line
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.feed import PATIENCE
from crisisroom.tui.rows.times import clock, number
from crisisroom.tui.situation import Situation

if TYPE_CHECKING:
    from crisisroom.core.suggest import Suggestion

Fits: TypeAlias = "tuple[tuple[Suggestion, str], ...]"  # with the title of each
_FEW = 12  # lines of one answer that show; the post itself shows whole


class Talk(msgspec.Struct, frozen=True):
    """A conversation as read: the mention in view, the posts around it, our words, what fits."""

    mention: Mention
    posts: tuple[Mention, ...] = ()
    reply: Words | None = None
    fits: Fits = ()
    story: Narrative | None = None
    drafts: tuple[SavedDraft, ...] = ()  # of colleagues


def thread_rows(know: Situation, talk: Talk, width: int) -> list[Row]:
    """Return the whole conversation as lines, oldest post first."""
    posts = talk.posts or (talk.mention,)
    rows = list(_post(know, posts[0], width, talk, whole=True))
    if len(posts) > 1:
        answers = "1 answer" if len(posts) == 2 else f"{len(posts) - 1} answers"
        rows += [BLANK, row(gap(3), Cell(answers, "quiet"))]
        for post in posts[1:]:
            rows += _post(know, post, width, talk, whole=post.id == talk.mention.id)
    rows.append(BLANK)
    rows += _ours(know, talk)
    rows += colleagues(know, talk)
    rows += about_rows(talk, width)
    rows += _fitting(talk, width)
    return rows


def _post(know: Situation, post: Mention, width: int, talk: Talk, *, whole: bool) -> Iterator[Row]:
    chosen = post.id == talk.mention.id
    handle = clean_line(post.author.handle or post.author.name or "somebody")
    if chosen or len(talk.posts) > 1:
        yield _quote(clip(handle, width - 4), "bold" if chosen else "quiet")
    lines = wrap(post.text, width - 4)
    shown = lines if whole else lines[:_FEW]
    for line in shown:
        yield _quote(line, "text")
    if len(shown) < len(lines):
        yield row(gap(3), Cell(f"{len(lines) - len(shown)} more lines", "quiet"))
    if chosen:
        yield from _attached(post, width)


def _quote(words: str, role: str) -> Row:
    return row(gap(1), Cell(signs.QUOTE, "faint"), gap(1), Cell(words, role, True))


def _attached(post: Mention, width: int) -> Iterator[Row]:
    if post.url:
        from crisisroom.text.links import describe_link

        link = describe_link(post.url)
        yield _quote(clip(link.shown, width - 4), "quiet")
        for warning in link.warnings:
            yield row(gap(1), Cell(signs.LOOK, "warn"), Cell(f" {warning}", "quiet"))
    for media in post.media:
        yield _quote(clip(f"{media.kind}: {media.alt or 'no description'}", width - 4), "quiet")


def _ours(know: Situation, talk: Talk) -> Iterator[Row]:
    """Yield who is on it, and what we said."""
    mention, reply = talk.mention, talk.reply
    if reply is not None:
        mark, role = _REPLY_MARKS.get(reply.state, (signs.OWNED, "text"))
        when = reply.sent_at or reply.drafted_at
        who = "mine" if reply.author == know.me else "text"
        yield row(
            gap(1),
            Cell(mark, role),
            gap(1),
            Cell(reply.author, who),
            Cell(f" {_SAYS.get(reply.state, reply.state)} {clock(when, know.now, know.zone)}"),
            Cell(f"   {reply.id} on {reply.channel or mention.source}", "quiet"),
        )
    elif mention.state == "new":
        yield row(gap(1), Cell(signs.FREE, "mine"), Cell(" free"), Cell("   a claims it", "quiet"))
    else:
        mine = mention.assignee == know.me
        sign, role = _MENTION_MARKS.get(mention.state, (signs.OWNED, "text"))
        yield row(
            gap(1),
            Cell(sign, "mine" if mine and role == "text" else role),
            gap(1),
            Cell(mention.assignee or "somebody", "mine" if mine else "text"),
            Cell(f" {_DID.get(mention.state, mention.state)}"),
        )


def colleagues(know: Situation, talk: Talk) -> Iterator[Row]:
    """Yield who else is on this post: who writes, who has a draft, who looks at it."""
    there = {one.actor: one for one in on_mention(know.people, talk.mention.id, know.me)}
    for name, one in there.items():
        does, role = (
            (" is replying", "warn") if one.doing == "reply" else (" looks at this", "quiet")
        )
        yield row(gap(1), Cell(signs.OWNED, "quiet"), gap(1), Cell(name), Cell(does, role))
    for draft in talk.drafts:
        writes = draft.actor in there and there[draft.actor].doing == "reply"
        if not writes:
            since = clock(draft.updated_at, know.now, know.zone)
            told = f" has a draft for this post, {since}"
            yield row(gap(1), Cell(signs.OWNED, "quiet"), gap(1), Cell(draft.actor), Cell(told))


_DID = {
    "claimed": "is on it",
    "answered": "answered",
    "offline": "moved it to private",
    "dismissed": "marked it not relevant",
}
_MENTION_MARKS = {
    "answered": (signs.DONE, "ok"),
    "offline": (signs.PRIVATE, "ok"),
    "dismissed": (signs.OFF, "quiet"),
}
_SAYS = {
    "draft": "writes since",
    "submitted": "asks approval since",
    "approved": "may send since",
    "rejected": "was turned down",
    "sent": "answered",
    "unknown": "sent, outcome unknown:",
    "failed": "could not send",
}
_REPLY_MARKS = {
    "sent": (signs.DONE, "ok"),
    "failed": (signs.BAD, "late"),
    "rejected": (signs.BAD, "late"),
    "unknown": (signs.LOOK, "warn"),
}


def about_rows(talk: Talk, width: int) -> Iterator[Row]:
    """Yield why the post matters, what it needs, what it says, and the story it belongs to."""
    post, story = talk.mention, talk.story
    if post.verdict:
        yield _about("needs", Cell(NEEDS[post.verdict], "mine"))
    yield from _why(post, width)
    if post.terms:
        yield _about("says", Cell(", ".join(post.terms)), Cell(_apart(post), "quiet"))
    if post.tags:
        yield _about("tags", Cell(", ".join(post.tags)))
    if post.copies or post.copy_of:
        times = f"{post.copies + 1} times, nearly the same" if post.copies else ""
        yield _about("posted", Cell(times or f"a repost of {post.copy_of}"))
    if story is not None:
        count = f"{story.id}, {story.free} free of {story.mentions}   "
        title = clip(clean_line(story.title, limit=300), max(8, width - 11 - len(count)))
        yield _about("story", Cell(count), Cell(title, "bold", not story.named_by))


def _why(post: Mention, width: int) -> Iterator[Row]:
    """Yield how likely it is a complaint, and the reasons of its priority: they quote the post."""
    told = _likely(post.complaint)
    reasons = [one for one in post.why if not (told and "complaint" in one)]
    if told:
        yield _about("why", Cell(told, "warn"))
    for line in wrap(clean_line("; ".join(reasons), limit=300), max(20, width - 11))[:3]:
        if line:
            yield _about("" if told else "why", Cell(line, "text", True))
            told = told or line


def _about(what: str, *cells: Cell) -> Row:
    return row(gap(3), Cell(fit(what, 8), "quiet"), *cells)


def _apart(post: Mention) -> str:
    return "   not about us" if post.others else ""


def _likely(complaint: float) -> str:
    """Return how likely it is a complaint in words; nothing where it is not."""
    if complaint >= 0.8:
        return "very likely a complaint"
    return "likely a complaint" if complaint >= 0.5 else ""


NEEDS = {
    "answer": "an answer",
    "correct": "the facts put right",
    "restore": "to be put right",
    "monitor": "to be watched, no answer",
    "thank": "to be thanked",
}


def _fitting(talk: Talk, width: int) -> Iterator[Row]:
    for index, (fit_, title) in enumerate(talk.fits):
        yield row(
            gap(3),
            Cell(fit("fits" if index == 0 else "", 7), "quiet"),
            Cell(fit(fit_.id, 14)),
            gap(1),
            Cell(fit(title, 19)),
            gap(1),
            Cell(clip(fit_.why, max(0, width - 45)), "quiet"),
        )


def thread_head(know: Situation, mention: Mention | None, *, wide: bool, focused: bool) -> Row:
    """Return the line above the conversation: where, how wide, how long it waits."""
    title = (
        (gap(1), Cell("2", "quiet"), gap(1), Cell("Thread", "focus" if focused else "bold"), gap(2))
        if wide
        else (gap(3),)
    )
    if mention is None:
        return row(*title, Cell("no post chosen", "quiet"))
    parts: list[Cell] = [Cell(mention.source, "quiet")]
    if mention.author.reach is not None:
        parts.append(Cell(f"   {number(mention.author.reach)} reach", "quiet"))
    parts.append(Cell(f"   {clock(mention.posted_at, know.now, know.zone)}", "quiet"))
    if mention.revision > 1:
        parts.append(Cell(f"   edited, version {mention.revision}", "warn"))
    if mention.incident:
        parts.append(Cell(f"   {mention.incident}", "quiet"))
    if mention.state in ("new", "claimed"):
        waited = know.now - mention.posted_at
        parts.append(Cell(f"   waits {minutes(waited)}", "warn" if waited >= PATIENCE else "quiet"))
    return row(*title, *parts)


def no_thread() -> Sequence[Row]:
    """Return what stands where no post is chosen."""
    return (row(gap(3), Cell("Choose a post in the feed: enter shows its thread.", "quiet")),)
