"""Writing the review from the screen: here or in one's own editor; no word of anybody is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from msgspec.structs import replace
from textual.app import App

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.postmortem import Heading, base_of, said, trimmed
from crisisroom.core.reviewdoc import Broken, Section, document, parsed
from crisisroom.report.metrics import Metric
from crisisroom.report.plain import figure
from crisisroom.room import reading, reviewing
from crisisroom.room.reviewing import Clash, Saved
from crisisroom.tui.acted import Given, Undo
from crisisroom.tui.acts import Desk, text_row
from crisisroom.tui.after.answer import Answer
from crisisroom.tui.outside import edited_outside, keep_text
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.screens.picking import Choice


async def here(desk: Desk, state: Incident, heading: Heading, helps: Sequence[str]) -> str:
    """Write under a heading in the room itself; return what to say.

    Where it cannot be written any more, the words are kept in a file, and the refusal says where.
    """
    before = said(state, heading.id)
    title, rows = asking(heading.title, state.id), [text_row(one, "quiet") for one in helps]
    answer = await desk.ask(Answer(title, rows, words=before))
    typed = trimmed(answer or "")
    try:
        return await _put(desk, state, {heading.id: Section(typed, base_of(before))})
    except Refused as refused:
        kept = _kept(desk, typed, _file_of(state.id, heading))
        raise Refused(refused.code, refused.message, f"your words are {kept}") from refused


def _kept(desk: Desk, words: str, name: str) -> str:
    """Keep words that were not written; return where they are, as `in FILE`.

    Over an SSH key there is no file that somebody could come at: the clipboard is theirs.
    """
    if desk.context.restricted:
        desk.copy(words)
        return "on your clipboard"
    return f"in {keep_text(words, name)}"


def _file_of(inc: str, heading: Heading) -> str:
    return f"{inc}-{heading.id.replace(':', '-')}.md"


async def outside(
    desk: Desk,
    app: App[object],
    state: Incident,
    headings: Sequence[Heading],
    figures: Sequence[Metric],
) -> str:
    """Write under some headings in one's own editor, as one document; return what to say."""
    name = f"{state.id}-review.md"
    every = [(one, said(state, one.id)) for one in headings]
    blank = text = document(state.id, state.title, every, _helps(state, figures))
    while True:
        try:
            text = edited_outside(app, text, name)
        except Refused as refused:
            if text == blank:
                raise
            kept = keep_text(text, name)
            hint = f"what you wrote before is in {kept}"
            raise Refused(refused.code, refused.message, hint) from refused
        try:
            return await _put(desk, state, parsed(text, state.id, [one.id for one in headings]))
        except (Broken, Refused) as error:
            what = error.message if isinstance(error, Refused) else str(error)
            if not await _mends(desk, what):
                kept = keep_text(text, name)
                return f"nothing was written; crisisroom review edit {state.id} --from {kept}"


def _helps(state: Incident, figures: Sequence[Metric]) -> Sequence[str]:
    return (
        "Write under the headings. Lines like these stay: by them your words are read back.",
        "Of things, never of people: what made it likely, easy, hard to see?",
        *state.plan.review.factors,
        *(f"{one.label}: {figure(one)}" for one in figures),
    )


async def _mends(desk: Desk, what: str) -> bool:
    """Ask whether a document that cannot be taken is mended; leaving keeps it in a file."""
    choices = [
        Choice("mend", "mend it in the editor", "your words are still there"),
        Choice("keep", "keep it in a file", "nothing is written; the file says where you were"),
    ]
    try:
        return await desk.pick("Not written yet", choices, what) == "mend"
    except Given:
        return False


async def _put(desk: Desk, state: Incident, sections: Mapping[str, Section]) -> str:
    """Write what is new; of what somebody else wrote meanwhile, ask."""
    before = {one: said(state, one) for one in sections}
    saved = await reviewing.save(desk.room, state.id, sections)
    words = {one.id: sections[one.id].words for one in saved.written}
    for clash in saved.clashes:
        before[clash.heading.id] = clash.theirs
        words |= await _settled(desk, state.id, clash)
    return _told(desk, state.id, saved, before, words)


def _told(
    desk: Desk, inc: str, saved: Saved, before: Mapping[str, str], words: Mapping[str, str]
) -> str:
    if not words:
        return "" if saved.clashes else "nothing changed"
    count = "1 section is" if len(words) == 1 else f"{len(words)} sections are"
    back = partial(_back, desk, inc, dict(before), dict(words))
    asks = f"   {'; '.join(saved.asks)}" if saved.asks else ""
    desk.said(f"{count} written{asks}", Undo("writing in the review", back))
    return ""


async def _back(desk: Desk, inc: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Put back what stood there, where nobody else has written since."""
    old = {one: Section(before[one], base_of(words)) for one, words in after.items()}
    saved = await reviewing.save(desk.room, inc, old)
    if saved.clashes:
        who = saved.clashes[0].by
        raise Refused("written", f"{who} wrote there since: it stays as it is now")


async def _settled(desk: Desk, inc: str, clash: Clash) -> dict[str, str]:
    """Ask what becomes of words that met a colleague's; return what was written instead."""
    room, heading = desk.room, clash.heading
    while True:
        chosen = await _asked(desk, clash)
        state = await reading.incident(room, inc)
        theirs = said(state, heading.id)
        mine = clash.mine
        if chosen == "theirs":
            kept = _kept(desk, clash.mine, _file_of(inc, heading))
            desk.said(f"{clash.by}'s words stay; yours are {kept}")
            return {}
        if chosen == "below":
            mine = f"{theirs}\n\n{clash.mine}"
        elif chosen == "both":
            title = asking(heading.title, f"{clash.by}'s words, then yours")
            try:
                both = await desk.ask(Answer(title, [], words=f"{theirs}\n\n{clash.mine}"))
            except Given:
                continue
            mine = both or ""
        section = Section(trimmed(mine), base_of(theirs))
        saved = await reviewing.save(room, inc, {heading.id: section})
        if not saved.clashes:
            return {heading.id: section.words}
        again = saved.clashes[0]  # somebody wrote there once more
        clash = again if chosen == "both" else replace(again, mine=clash.mine)


async def _asked(desk: Desk, clash: Clash) -> str:
    """Ask until something is decided: leaving the question loses nobody's words."""
    choices = [
        Choice("below", f"put yours below what {clash.by} wrote"),
        Choice("both", "make one text of both"),
        Choice("mine", f"put yours in place of what {clash.by} wrote", "the timeline keeps it"),
        Choice("theirs", f"leave what {clash.by} wrote", "yours are kept in a file"),
        Choice("read", f"read what {clash.by} wrote"),
    ]
    title = f"{clash.by} wrote under {clash.heading.title} meanwhile"
    while True:
        try:
            chosen = await desk.pick(title, choices, "yours is not in yet")
        except Given:
            return "theirs"
        if chosen != "read":
            return chosen
        lines = [text_row(line) for line in clash.theirs.split("\n")]
        with suppress(Given):  # it has no answer: one leaves it
            await desk.ask(Reader(asking(clash.heading.title, clash.by), lines))
