"""A link that somebody else wrote: where it really leads, before anything is opened."""

from __future__ import annotations

from crisisroom.text.links import describe_link
from crisisroom.tui.acts import Desk, text_row
from crisisroom.tui.screens.dialogs import Confirm, Reader, asking


async def follow(desk: Desk, url: str) -> None:
    """Show where a link really leads, and copy it; open it only on a machine of one's own."""
    found = describe_link(url)
    lines = [text_row(found.shown), *(text_row(f"! {one}", "warn") for one in found.warnings)]
    far = desk.context.remote or desk.context.restricted
    desk.copy(found.url)
    if far or not found.host:
        why = (
            "copied; over SSH nothing is opened on the server" if far else "copied; not a web link"
        )
        await desk.ask(Reader(asking("Link", why), lines))
        return
    title = asking(f"Open {found.host}?", "the link is copied as well")
    if await desk.ask(Confirm(title, lines, verb="open")):
        desk.visit(found.url)
        desk.said(f"opened {found.host}")
