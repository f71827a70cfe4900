"""What is out and no longer true, or held back because a fact moved: taken back, or upheld."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Owed
from crisisroom.core.truth import corrections_due
from crisisroom.room import Acted, statements
from crisisroom.room.desk import BY_HAND
from crisisroom.room.leading import refuse_unless_lead
from crisisroom.tui.compose.ask import Ask
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.releasing import After
from crisisroom.tui.compose.review import Answer, Going, ReviewScreen
from crisisroom.tui.compose.said import line
from crisisroom.tui.rows import Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import asking

Act = Callable[[str], Awaitable[Acted]]


def out_on(held: Words) -> tuple[str, ...]:
    """Return the channels on which words are out."""
    return tuple(one.channel for one in held.sends.values() if one.state == "sent")


def owing(incident: Incident, held: Words | None) -> tuple[Owed, ...]:
    """Return what these words owe: each a fact that moved after they went out."""
    return corrections_due(incident, held.id) if held else ()


def moved_row(one: Owed) -> Row:
    """Say which fact moved: `refund by   was Tuesday, is Friday now`."""
    now = "is " + one.now + " now" if one.now else "is not known any more"
    return line((one.label, "bold"), ("   was " + one.was + ", ", "quiet"), (now, "warn"))


def held_rows(incident: Incident, held: Words | None) -> Iterator[Row]:
    """Yield the bar above words that a moved fact holds back."""
    if held is None or not held.suspended:
        return
    labels = [incident.facts[one].label for one in held.suspended if one in incident.facts]
    told = " " + ", ".join(labels) + " moved, nothing of it goes out as it reads"
    yield line((" HELD BACK ", "past"), (told, "text"))
    for fact in held.suspended:
        state = incident.facts.get(fact)
        said = held.facts.get(fact, "")
        if state is not None and said:
            now = state.value if state.state in ("known", "changed") else "not known any more"
            tail = "   e edit, or u: it still holds"
            yield line((" says " + said + ", it is ", "quiet"), (now, "warn"), (tail, "quiet"))


def ask_stands(screen: WordsScreen, incident: Incident, held: Words, after: After) -> None:
    """Decide that words which are out need no correction, once it was said why."""
    if not _lead(screen, incident, "decide that no correction is needed"):
        return
    act = partial(statements.settle_owed, screen.room, incident.id, held.id)
    title = asking(held.id + " stands as it is", "why? it stays on the record")
    _ask(screen, title, "it stands", act, partial(after, held.id + " stands, and why is written"))


def ask_uphold(screen: WordsScreen, incident: Incident, held: Words, after: After) -> None:
    """Say that words held back still hold as they read, once it was said why."""
    act = partial(statements.uphold, screen.room, incident.id, held.id)
    title = asking(held.id + " still holds", "why, though a fact moved?")
    told = held.id + " still holds: it asks for its approval again"
    _ask(screen, title, "it still holds", act, partial(after, told))


def _ask(screen: WordsScreen, title: Row, verb: str, act: Act, after: Then) -> None:
    async def go(why: str) -> Then:
        await act(why)
        return after

    screen.app.push_screen(
        Ask(title, screen.room.clock.monotonic, verb=verb),
        lambda why: screen.do(partial(go, why), name="settle") if why else None,
    )


def ask_retract(screen: WordsScreen, incident: Incident, held: Words, after: After) -> None:
    """Take words back that are out: the reason, then a look at what is taken back and where."""
    if not out_on(held):
        screen.say((held.id + " is " + held.state + ": nothing of it is out", "warn"))
        return
    if not _lead(screen, incident, "take " + held.id + " back"):
        return
    title = asking("Take " + held.id + " back", "why? people will ask")
    screen.app.push_screen(
        Ask(title, screen.room.clock.monotonic, verb="review"),
        lambda why: _look(screen, incident, held, why, after) if why else None,
    )


def _look(screen: WordsScreen, incident: Incident, held: Words, why: str, after: After) -> None:
    async def go(channels: tuple[str, ...]) -> Then:
        await statements.retract(screen.room, incident.id, held.id, why, channels)
        return partial(after, held.id + " is taken back on " + ", ".join(channels))

    def answered(answer: Answer | None) -> None:
        if answer is not None and answer.verdict == "act":
            screen.do(partial(go, answer.channels), name="retract")

    going = _taken_back(screen, incident, held, why)
    screen.app.push_screen(ReviewScreen(screen.room, going), answered)


def _taken_back(screen: WordsScreen, incident: Incident, held: Words, why: str) -> Going:
    told = [("why", line(why))]
    if held.sent_at is not None:
        told.append(("out since", line(clock(held.sent_at, screen.now, screen.zone))))
    told += [("moved", moved_row(one)) for one in owing(incident, held)]
    told.append(("after", line(("who read it is not told: a correction does that", "warn"))))
    return Going(
        title="Take " + held.id + " back",
        text=held.text,
        sha256=held.sha256,
        act="take it back",
        told=tuple(told),
        more=tuple((one, text) for one, text in held.variants.items() if one in out_on(held)),
        channels=tuple((one, _how(one)) for one in out_on(held)),
        edits=False,
    )


def _how(channel: str) -> str:
    if channel == BY_HAND:
        return "take it down there yourself first"
    return "is asked to delete it; the outcome is shown"


def _lead(screen: WordsScreen, incident: Incident, what: str) -> bool:
    try:
        refuse_unless_lead(incident, screen.room.scene(), what)
    except Refused as refused:
        screen.say((refused.message, "warn"), ("   " + refused.hint, "quiet"))
        return False
    return True
