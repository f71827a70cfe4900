"""Approvers without a terminal: the text goes to them with a code, which somebody enters here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, tzinfo
from functools import partial

from rich.text import Text as RichText
from textual.app import ComposeResult

from crisisroom.core import codes
from crisisroom.core.approval import titles
from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Asked
from crisisroom.notifiers.messages import Carriers
from crisisroom.room import Room, asking, entering, reading
from crisisroom.room.asking import Askable, Sent
from crisisroom.tui.compose.ask import Ask, Confirm, Line, Told
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.releasing import After
from crisisroom.tui.compose.said import Item, line, short_hash
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens import dialogs
from crisisroom.tui.signs import BAD, FREE, OFF, OWNED


@asynccontextmanager
async def messengers_of(room: Room) -> AsyncIterator[Carriers]:
    """Lend the room's messengers, which reach people outside."""
    from crisisroom.fetch import Fetcher  # loaded with the first message
    from crisisroom.notifiers.messages import Messengers

    async with Fetcher() as fetch:
        yield Messengers(room.config, fetch)


class Secret(Line):
    """A line that does not show what is typed into it."""

    @property
    def _value(self) -> RichText:
        return RichText("*" * len(self.value), no_wrap=True, overflow="ignore", end="")


class Code(Ask):
    """Asks for the code that somebody reads out; it is not shown, and kept nowhere."""

    def __init__(self, screen: WordsScreen, one: Asked) -> None:
        told = "read out by " + one.name + ", of " + str(codes.LENGTH) + " letters and digits"
        title = dialogs.asking("Code for " + one.words, told)
        super().__init__(title, screen.room.clock.monotonic, verb="enter it", flaw=_no_code)
        self._told = (
            line("it approves exactly this text, ", (short_hash(one.sha256), "bold")),
            line(("as the word of " + one.name + ", entered by you", "quiet")),
        )

    def body(self) -> ComposeResult:
        """Yield what it approves, then the line."""
        yield Told(self._told)
        yield Secret(id="line")


def _no_code(typed: str) -> str:
    return "" if codes.read(typed) else "that is no code: ask them to read it out again"


def asked_row(one: Asked, now: datetime, zone: tzinfo) -> Row:
    """Say who has a code for a text, and until when it is good."""
    until = clock(one.expires_at, now, zone)
    told = " has the text and a code, by " + one.way + ", good until " + until
    return line((one.name, "bold"), (told, "quiet"), ("   c enters it", "mine"))


def by_message(screen: WordsScreen, incident: Incident, held: Words, after: After) -> None:
    """Offer whom the text can be sent to, and what can be done with the codes that are out."""

    async def look() -> Then:
        async with messengers_of(screen.room) as messengers:
            people = await asking.askable(screen.room, incident.id, held.id, messengers)
        now = await reading.incident(screen.room, incident.id)
        text = now.words(held.id) or held
        out = codes.open_asks(now, text, screen.now)
        return lambda: _offer(screen, now, text, people, out, after)

    screen.do(look, name="askable")


def _offer(
    screen: WordsScreen,
    incident: Incident,
    held: Words,
    people: Sequence[Askable],
    out: Sequence[Asked],
    after: After,
) -> None:
    items = [*_codes_out(out), *_people(incident, people)]
    if not items:
        screen.say(("the plan has no contact whose word counts for " + held.id, "warn"))
        return
    numbered = [_numbered(one, number) for number, one in enumerate(items, 1)]
    told = "approved by somebody without a terminal"
    known = {one.contact.id: one for one in people}
    screen.app.push_screen(
        Pick(held.id, numbered, told=told, verb="do it"),
        lambda chosen: _chosen(screen, incident, held, known, out, after, chosen),
    )


def _codes_out(out: Sequence[Asked]) -> list[Item]:
    found = []
    for one in out:
        found += [
            _item("code/" + one.id, OWNED, one.name, "read the code out: enter it"),
            _item("no/" + one.id, BAD, one.name, "says no, with a reason; it takes no code"),
            _item("void/" + one.id, OFF, one.name, "never got it: make the code void"),
        ]
    return found


def _people(incident: Incident, people: Sequence[Askable]) -> list[Item]:
    found = []
    for one in people:
        role = " or ".join(titles(incident, one.roles)) or "a colleague"
        how = "send the text and a code by " + one.ways[0] if one.ways else _no_way(one)
        sign = FREE if one.ways else OFF
        found.append(_item("ask/" + one.contact.id, sign, role + ": " + one.contact.name, how))
    return found


def _no_way(one: Askable) -> str:
    ways = ", ".join(reach.by + " " + reach.to for reach in one.contact.reach)
    return "no messenger reaches them, " + (ways or "and the plan has no way")


def _item(id_: str, sign: str, who: str, told: str) -> Item:
    row = line((who, "bold"), ("   " + told, "quiet"))
    return Item(id_, Cell(sign, "quiet" if sign == OFF else "mine"), (row,))


def _numbered(one: Item, number: int) -> Item:
    first, *rest = one.body
    body = (line((str(number) + "  ", "quiet"), *first.cells), *rest)
    return Item(one.id, one.mark, body)


def _chosen(
    screen: WordsScreen,
    incident: Incident,
    held: Words,
    people: dict[str, Askable],
    out: Sequence[Asked],
    after: After,
    chosen: str | None,
) -> None:
    act, _, name = (chosen or "").partition("/")
    if act == "ask":
        _confirm(screen, incident, held, people[name], after)
        return
    one = next((ask for ask in out if ask.id == name), None)
    if one is None:
        return
    if act == "code":
        screen.app.push_screen(Code(screen, one), partial(_entered, screen, incident, one, after))
    elif act == "no":
        title = dialogs.asking(one.name + " says no to " + one.words, "why?")
        dialog = Ask(title, screen.room.clock.monotonic, verb="send it back")
        screen.app.push_screen(dialog, partial(_refused, screen, incident, one, after))
    else:
        title = dialogs.asking("Make the code of " + one.name + " void?")
        told = (line("Nobody can approve with it any more; a new one can be sent."),)
        dialog_ = Confirm(title, told, screen.room.clock.monotonic, verb="make it void")
        screen.app.push_screen(dialog_, partial(_void, screen, incident, one, after))


def _confirm(
    screen: WordsScreen, incident: Incident, held: Words, one: Askable, after: After
) -> None:
    if not one.ways:
        screen.say((one.contact.name + ": " + _no_way(one), "warn"))
        return

    async def go() -> Then:
        async with messengers_of(screen.room) as messengers:
            acted = await asking.ask(
                screen.room, incident.id, held.id, one.contact.id, messengers=messengers
            )
        sent: Sent = acted.thing
        told = sent.ask.name + " is asked; c enters the code that they read out"
        doubt = "nobody knows whether the message reached " + sent.ask.name + ": call them"
        return partial(after, told if sent.sure else doubt)

    title = dialogs.asking("Send " + held.id + " to " + one.contact.name + "?", one.ways[0])
    told = (
        line("exactly this text, ", (short_hash(held.sha256), "bold"), " and a code for it"),
        line(("the code is in the message alone: they read it out, you enter it", "quiet")),
    )
    screen.app.push_screen(
        Confirm(title, told, screen.room.clock.monotonic, verb="send"),
        lambda yes: screen.do(go, name="ask") if yes else None,
    )


def _entered(
    screen: WordsScreen, incident: Incident, one: Asked, after: After, code: str | None
) -> None:
    async def go() -> Then:
        await entering.enter(screen.room, incident.id, one.words, code or "")
        return partial(after, one.words + " has the word of " + one.name + ", by code")

    if code:
        screen.do(go, name="enter")


def _refused(
    screen: WordsScreen, incident: Incident, one: Asked, after: After, why: str | None
) -> None:
    async def go() -> Then:
        await entering.refused(screen.room, incident.id, one.id, why or "")
        return partial(after, one.words + " goes back: " + one.name + " says no")

    if why:
        screen.do(go, name="refused")


def _void(
    screen: WordsScreen, incident: Incident, one: Asked, after: After, yes: bool | None
) -> None:
    async def go() -> Then:
        await entering.void(screen.room, incident.id, one.id)
        return partial(after, "the code of " + one.name + " is void")

    if yes:
        screen.do(go, name="void")
