"""What becomes of words on a channel: one row for each way, with what a person can do about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from crisisroom.core.incident import SendStatus
from crisisroom.room.desk import BY_HAND
from crisisroom.room.waiting import Shown
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell, Row, fit
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.signs import BAD, LOOK, OFF, OWNED, PRIVATE, WAITS

MARKS: dict[SendStatus, Cell] = {
    "unknown": Cell(LOOK, "warn"),
    "failed": Cell(BAD, "late"),
    "sending": Cell(OWNED),
    "retracting": Cell(OWNED),
    "queued": Cell(WAITS, "quiet"),
    "sent": Cell(PRIVATE, "ok"),
    "retracted": Cell(OFF, "quiet"),
}
NAMES: dict[SendStatus, str] = {
    "unknown": "in doubt",
    "failed": "failed",
    "sending": "sending",
    "retracting": "is being taken back",
    "queued": "queued",
    "sent": "sent",
    "retracted": "taken back",
}


def outcome_items(ways: tuple[Shown, ...], now: datetime, zone: tzinfo) -> list[Item]:
    """Return where a text goes, a row for each channel; the link of what is out is foreign."""
    return [
        Item("send/" + one.send.channel, MARKS[one.send.state], tuple(_rows(one, now, zone)))
        for one in ways
    ]


def _rows(one: Shown, now: datetime, zone: tzinfo) -> Iterator[Row]:
    send, item = one.send, one.item
    quiet = send.state in ("sent", "retracted")
    at = brief_clock(send.at, now, zone) if send.at else ""
    link = Cell(send.remote_url, "quiet", foreign=True)
    yield line(
        (fit(at, 9), "quiet"),
        (fit(send.channel, 9) + " ", "text" if quiet else "bold"),
        (told(one), "late" if send.state == "failed" else "text"),
        "   " if send.remote_url else "",
        link,
    )
    if send.state == "unknown":
        yield line((" " * 19 + "look there, then b: s it is out, x it never left", "warn"))
    elif item.waits and send.state != "sending":
        yield line((" " * 19 + item.waits, "quiet"))


def told(one: Shown) -> str:
    """Say how a way stands, and why: `sending, try 2`, `failed: too long`, `sent, 3 posts`."""
    send = one.send
    if send.channel == BY_HAND and send.state in ("queued", "sending"):
        return "waits for a hand: h when it is out"
    if send.state == "sending":
        posts = ", " + str(len(send.parts)) + " of " + str(one.item.posts) + " posts out"
        return "sending, try " + str(send.tries) + (posts if send.parts else "")
    reason = ": " + send.reason if send.reason else ""
    parts = ", " + str(len(send.parts)) + " posts" if len(send.parts) > 1 else ""
    return NAMES[send.state] + parts + reason
