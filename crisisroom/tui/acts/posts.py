"""What is done with posts: claimed, given, linked, answered, added by hand."""

from __future__ import annotations

from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.room import reading, triage
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, case, needed, stories, text_row
from crisisroom.tui.acts.following import follow
from crisisroom.tui.reasons import TASKS, link_of
from crisisroom.tui.rows.feed import safe_name
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Confirm, Reader, asking


def _named(desk: Desk) -> str:
    author = desk.mention.author
    return safe_name(author.handle or author.name)


async def claim(desk: Desk) -> None:
    """Take the post, or the task, as one's own."""
    if desk.context.view == TASKS:
        await case.take_task(desk)
        return
    post = desk.mention
    holder = _holder(desk)
    take = bool(holder and holder != desk.context.me)
    if take and not await desk.ask(
        Confirm(
            asking(f"Take it over from {holder}?", "they are told by the timeline"), verb="take"
        )
    ):
        return
    try:
        await _claim(desk, post.id, take=take)
    except Refused as refused:
        if refused.code != "locked":
            raise
        reason = await desk.line(refused.message, "take it all the same? why", check=needed)
        await triage.claim(desk.room, post.id, take=True, reason=reason)
    back = partial(_as_before, desk, holder if take else "", desk.context.me)
    undo = Undo(f"claim of {_named(desk)}", back)
    desk.said(f"{_named(desk)} is yours for 15 minutes; writing renews it", undo)


async def _as_before(desk: Desk, holder: str, since: str) -> None:
    """Give the post to whoever had it before, unless somebody but `since` has it by now.

    What counts is who has it now, and not what was seen when the act was done: a room of its own.
    """
    room, me = desk.room.as_actor(desk.room.actor), desk.context.me
    now = await reading.mention(room, desk.mention.id)
    if (has := triage.holder_of(now, desk.now)) != since:
        raise Refused("moved", f"{_named(desk)} is with {has or 'nobody'} by now", "a takes it")
    if holder == me:
        await triage.claim(room, now.id, take=bool(since))
    elif holder:
        await triage.assign(room, now.id, holder)
    else:
        await triage.release(room, now.id)


def _holder(desk: Desk) -> str:
    """Return who holds the post, as far as this screen knows."""
    return triage.holder_of(desk.mention, desk.now)


async def _holder_now(desk: Desk) -> str:
    """Return who holds the post at this moment: what this screen shows may be a moment old."""
    return triage.holder_of(await reading.mention(desk.room, desk.mention.id), desk.now)


async def _claim(desk: Desk, post: str, *, take: bool) -> None:
    """Claim it; where a colleague was there a moment before, only after asking."""
    try:
        await triage.claim(desk.room, post, take=take)
    except Refused as refused:
        if refused.code != "claimed":
            raise
        told = asking(f"{refused.message}: take it over?", "they were there a moment before you")
        if await desk.ask(Confirm(told, verb="take")):
            await triage.claim(desk.room, post, take=True)
        else:
            raise Refused("claimed", refused.message) from None


async def release(desk: Desk) -> None:
    """Give a claim back."""
    back = partial(_as_before, desk, await _holder_now(desk), "")
    await triage.release(desk.room, desk.mention.id)
    desk.said(f"{_named(desk)} is free again", Undo(f"letting go of {_named(desk)}", back))


async def assign(desk: Desk) -> None:
    """Give the post, or the task, to somebody."""
    if desk.context.view == TASKS:
        await case.give_task(desk)
        return
    name = await desk.person(f"Who answers {_named(desk)}?")
    holder = await _holder_now(desk)
    await triage.assign(desk.room, desk.mention.id, name)
    undo = Undo(f"gift of {_named(desk)}", partial(_as_before, desk, holder, name))
    desk.said(f"{name} answers {_named(desk)}", undo)


async def link(desk: Desk) -> None:
    """Link the post, or the story, to the incident."""
    if desk.context.mention is None and desk.context.story is not None:
        await stories.link(desk)
        return
    inc, post = desk.incident.id, desk.mention.id
    await triage.link(desk.room, inc, [post])
    undo = Undo(f"link of {post}", partial(triage.unlink, desk.room, inc, post))
    desk.said(f"{_named(desk)} belongs to {inc}", undo)


async def unlink(desk: Desk) -> None:
    """Take the post out of the incident."""
    inc, post = desk.mention.incident, desk.mention.id
    await triage.unlink(desk.room, inc, post)
    undo = Undo(f"unlinking of {post}", partial(triage.link, desk.room, inc, [post]))
    desk.said(f"{_named(desk)} belongs to no incident", undo)


async def add(desk: Desk) -> None:
    """Add a post that somebody saw."""
    url = await desk.line("Where was it?", "a link; empty for a call or a letter")
    text = await desk.lines("What was said?", "their words, as they stand")
    handle = await desk.line("Who said it?", "a name or handle; may be empty")
    post = await triage.add_by_hand(desk.room, text, url=url, handle=handle)
    undo = Undo(f"adding {post.id}", partial(triage.dismiss, desk.room, post.id))
    desk.said(f"{post.id} is in the feed", undo)
    desk.go(mention=post.id)


async def reply(desk: Desk) -> None:
    """Open the composer for the post, where its story's line lets one write."""
    from crisisroom.tui.compose.gate import refuse_shut
    from crisisroom.tui.compose.reply import ReplyScreen  # loaded with the first reply

    await refuse_shut(desk.room, desk.incident.id, desk.mention.id)
    desk.open(ReplyScreen(desk.room, desk.incident.id, desk.mention.id))


async def link_open(desk: Desk) -> None:
    """Show where the link of the row leads, and open it if one wants that."""
    await follow(desk, link_of(desk.context))


async def copy(desk: Desk) -> None:
    """Copy the words of the row."""
    context = desk.context
    if context.words is not None:
        text, what = context.words.text, context.words.id
    elif context.entry is not None:
        text, what = context.entry.text, f"entry {context.entry.seq}"
    elif context.task is not None:
        text, what = f"{context.task.title}\n{context.task.detail}".strip(), "the task"
    elif context.fact is not None:
        text, what = context.fact.value or context.fact.label, context.fact.label
    elif context.mention is None and context.story is not None:
        text, what = context.story.title, context.story.id
    else:
        post = desk.mention
        text, what = f"{post.text}\n{post.url}".strip(), post.id
    desk.copy(text)
    desk.said(f"copied {what}")


async def raw(desk: Desk) -> None:
    """Show the post's original text and its edits, as literals in which nothing acts."""
    post = desk.mention
    versions = await reading.history(desk.room, post.id)
    lines = []
    for at, text in versions:
        lines += [text_row(clock(at, desk.now, desk.zone), "quiet"), text_row(text)]
    if not versions:
        lines.append(text_row(await reading.raw(desk.room, post.id)))
    await desk.ask(Reader(asking(f"{post.id} as it came", "every sign as it is"), lines))
