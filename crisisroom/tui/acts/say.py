"""Words of ours: statements and their approval; and taking one's last act back."""

from __future__ import annotations

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Words
from crisisroom.tui.acts import Desk
from crisisroom.tui.screens.picking import Choice

_WRITABLE = ("draft", "submitted", "approved", "rejected", "failed", "unknown")


async def statement(desk: Desk) -> None:
    """Go on with a statement, or start one from the playbook."""
    state = desk.incident
    if desk.context.words is not None and desk.context.words.sort == "statement":
        _open_statement(desk, words_id=desk.context.words.id)
        return
    kind, _, name = desk.context.at.partition(":")
    if kind == "template":
        _open_statement(desk, template_id=name)
        return
    choices = [
        Choice(f"words:{one.id}", f"{one.id} {one.kind}", f"v{one.version}, {one.state}")
        for one in state.statements.values()
        if one.state in _WRITABLE
    ]
    choices += [Choice(f"template:{one.id}", one.title, "new") for one in state.plan.statements]
    if not choices:
        raise Refused("no-statement", f"the playbook {state.plan.id} has no statements")
    kind, _, name = (await desk.pick("Which statement?", choices)).partition(":")
    if kind == "words":
        _open_statement(desk, words_id=name)
    else:
        _open_statement(desk, template_id=name)


def _open_statement(desk: Desk, *, words_id: str = "", template_id: str = "") -> None:
    from crisisroom.tui.compose.statement import StatementScreen  # loaded with the first one

    desk.open(
        StatementScreen(desk.room, desk.incident.id, words_id=words_id, template_id=template_id)
    )


async def approvals(desk: Desk) -> None:
    """Open what waits for approval."""
    from crisisroom.tui.compose.approve import ApprovalsScreen  # loaded with the first one

    desk.open(ApprovalsScreen(desk.room, desk.incident.id))


async def outbox(desk: Desk) -> None:
    """Open what is on its way, in doubt, or failed, in all incidents."""
    from crisisroom.tui.compose.outbox import OutboxScreen  # loaded with the first one

    state = desk.context.incident
    desk.open(OutboxScreen(desk.room, state.id if state else ""))


async def edit(desk: Desk) -> None:
    """Go on writing the words under the cursor."""
    words = desk.context.words
    if words is None:
        await statement(desk)
    elif words.sort == "statement":
        _open_statement(desk, words_id=words.id)
    else:
        await open_reply(desk, words)


async def open_reply(desk: Desk, words: Words) -> None:
    """Open the composer of a reply that is there already, where its story's line lets one write."""
    from crisisroom.tui.compose.gate import refuse_shut
    from crisisroom.tui.compose.reply import ReplyScreen  # loaded with the first reply

    await refuse_shut(desk.room, desk.incident.id, words.mention_id)
    desk.open(ReplyScreen(desk.room, desk.incident.id, words.mention_id))


async def undo(desk: Desk) -> None:
    """Take one's last act back by its opposite; the timeline keeps both."""
    last = desk.take_back()
    if last is None:
        raise Refused("nothing", "nothing of yours to take back")
    await last.back()
    desk.taken_back(last.label)
