"""The forms of a reply and the languages it can be in, worked out from the desk: no widget."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from crisisroom.core.incident import Form
from crisisroom.core.playbook import Playbook
from crisisroom.room.desk import Desk
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.compose.tongues import language_name
from crisisroom.tui.rows import Cell, Row, clip
from crisisroom.tui.signs import FREE, OWNED

_LINE = 72  # cells of the words a form opens with
TITLES: dict[Form, str] = {"public": "Reply", "private": "Private channel", "thanks": "Thank-you"}
_NAMES: dict[Form, tuple[str, str]] = {
    "public": ("public reply", "says it here, where everybody reads it"),
    "private": ("to a private channel", "open until its outcome is noted"),
    "thanks": ("thank-you", "for who is patient, praises, or helps others"),
}
STAYS_OPEN = "stays open until its outcome is noted"


def form_items(desk: Desk, chosen: Form) -> list[Item]:
    """Return the forms to choose from, with the words that each would open with."""
    return [
        Item(
            form,
            Cell(OWNED, "mine") if form == chosen else Cell(FREE, "mine"),
            tuple(_body(number, desk, form)),
        )
        for number, form in enumerate(_NAMES, 1)
    ]


def _body(number: int, desk: Desk, form: Form) -> Iterator[Row]:
    name, what = _NAMES[form]
    yield line((str(number) + "  ", "quiet"), (name, "bold"), ("   " + what, "quiet"))
    words = clip(" ".join(desk.first_text(form).split()), _LINE)
    yield line((words, "text") if words else ("opens empty", "quiet"))


def form_of(used: Collection[str], plan: Playbook) -> Form:
    """Return the form that a text reads like, by the approved messages in it."""
    bases = {_base(one) for one in used}
    messages = [one for one in plan.key_messages if one.id in bases]
    if messages and all(one.private for one in messages):
        return "private"
    return "thanks" if messages and all(one.thanks for one in messages) else "public"


def _base(used: str) -> str:
    return used.partition("@")[0].partition("/")[0]


def language_in(used: Collection[str]) -> str:
    """Return the language of the translated sentences in a text, empty for the playbook's own."""
    return next((one.partition("@")[2] for one in used if "@" in one), "")


def language_note(plan: Playbook, language: str, theirs: str) -> Row | None:
    """Say which language the reply is in, and how to get the other; None where there is one."""
    if not theirs:
        return None
    own = language_name(plan.language) if plan.language else "the playbook's own"
    other = language_name(theirs)
    now, then = (other + ", as the post", own) if language else (own, other + ", as the post")
    return line(
        ("in " + now, "text"), ("   ", "quiet"), ("ctrl+l", "key"), (" in " + then, "quiet")
    )
