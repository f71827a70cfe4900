"""Saved filters, and the screens of listening: the digest and the sources."""

from __future__ import annotations

from crisisroom.room import searches
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.screens.picking import Choice


async def _pick(desk: Desk, title: str) -> searches.SavedFilter | None:
    kept = await searches.filters_of(desk.room)
    if not kept:
        desk.said("no filter is kept yet: narrow the feed by /, then save this filter", role="warn")
        return None
    choices = [Choice(one.name, one.name, one.typed) for one in kept]
    name = await desk.pick(title, choices)
    return next(one for one in kept if one.name == name)


async def filters(desk: Desk) -> None:
    """Narrow the feed by a saved filter."""
    if chosen := await _pick(desk, "Saved filters"):
        desk.narrow(chosen.typed)


async def save(desk: Desk) -> None:
    """Keep what narrows the feed under a name."""
    typed = desk.context.typed
    name = await desk.line("What is this filter called?", typed, check=needed)
    before = {one.name: one for one in await searches.filters_of(desk.room)}.get(name)
    await searches.save(desk.room, name, typed)

    async def back() -> None:
        if before is None:
            await searches.remove(desk.room, name)
        else:
            await searches.save(desk.room, name, before.typed)

    desk.said(f"kept as {name}: / then tab has it", Undo(f"filter {name}", back))


async def drop(desk: Desk) -> None:
    """Forget a saved filter."""
    if chosen := await _pick(desk, "Which filter is forgotten?"):
        await searches.remove(desk.room, chosen.name)

        async def back() -> None:
            await searches.save(desk.room, chosen.name, chosen.typed)

        desk.said(f"forgot {chosen.name}", Undo(f"loss of {chosen.name}", back))


async def digest(desk: Desk) -> None:
    """Open the digest of the week."""
    from crisisroom.tui.digest import DigestScreen  # loaded when it is first asked for

    desk.open(DigestScreen(desk))


async def pages(desk: Desk) -> None:
    """Open what people were told."""
    from crisisroom.tui.notices.screen import NoticesScreen  # loaded when it is first asked for

    desk.open(NoticesScreen(desk.room))


async def sources(desk: Desk) -> None:
    """Open the sources."""
    from crisisroom.tui.sources import SourcesScreen  # loaded when it is first asked for

    desk.open(SourcesScreen(desk.room))
