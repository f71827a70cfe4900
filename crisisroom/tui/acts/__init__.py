"""What keys do: each act asks what it needs, calls one use case, and tells what came of it.

Acts run in workers of the app. They touch no widget: they wait for questions and post messages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import Screen

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.playbook import Contact
from crisisroom.room.access import read_only
from crisisroom.room.overtaking import Attention, Overtaken, Seen
from crisisroom.text import check_own
from crisisroom.tui.acted import Given, Go, Opened, Said, Undo
from crisisroom.tui.acts.when import dated, mistimed
from crisisroom.tui.reasons import FEED, TASKS, Context
from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.screens.dialogs import Ask, Check, Confirm, Write, asking
from crisisroom.tui.screens.overtaken import overtaken_by
from crisisroom.tui.screens.picking import Choice, Pick

if TYPE_CHECKING:
    from crisisroom.tui.hearing import HearingApp

T = TypeVar("T")
PUT_BACK = "-12m or 03:12 before it puts it back"
_SOMEBODY = ":somebody"


class Desk:
    """What an act works with: the room, what the key was pressed on, and questions."""

    def __init__(self, app: HearingApp, context: Context) -> None:
        self._app = app
        self.room = app.room.attending(Attention(self._seen, self._still_means))
        self.hooks = app.hooks
        self.context = context
        self.typed: dict[str, str] = {}  # by the question that it answers

    def _seen(self) -> Seen:
        """Return what was on the screen when the key was pressed."""
        state = self.context.incident
        posts = (*self.context.marked, *([self.context.mention] if self.context.mention else []))
        return Seen({state.uid: state.seq} if state else {}, {one.id: one for one in posts})

    async def _still_means(self, overtaken: Overtaken) -> bool:
        """Say what a colleague did meanwhile, and ask whether to do it all the same."""
        means_it: bool = await self.ask(overtaken_by(overtaken))
        return means_it

    @property
    def incident(self) -> Incident:
        """Return the incident in view; actions that need one are off without it."""
        if self.context.incident is None:
            raise Refused("no-incident", "no incident is open", "I declares one")
        return self.context.incident

    @property
    def mention(self) -> Mention:
        """Return the chosen post."""
        if self.context.mention is None:
            raise Refused("no-mention", "choose a post first")
        return self.context.mention

    @property
    def now(self) -> datetime:
        """Return the room's time."""
        return self.room.clock.now()

    @property
    def zone(self) -> tzinfo:
        """Return the case's zone."""
        return self._app.situation.zone

    @property
    def away_since(self) -> datetime | None:
        """Return when this person was here last, before this screen; None for a newcomer."""
        return self._app.away_since

    @property
    def drill(self) -> bool:
        """Return whether this room is a drill."""
        return bool(self._app.drill_note)

    @property
    def people(self) -> tuple[str, ...]:
        """Return whom work can be given to, oneself first.

        Without a team these are whoever is here, whoever holds a role, and the plan's colleagues.
        """
        status = self._app.situation.status
        here = [person.actor for person in status.people] if status else []
        held = [role.holder for role in self.incident_roles() if role.holder]
        team = [member.id for member in self.room.config.team]
        known = team or [*here, *held, *(one.id for one in self._colleagues())]
        return tuple(dict.fromkeys([self.context.me, *known]))

    def _colleagues(self) -> Sequence[Contact]:
        state = self.context.incident
        plan = state.plan.contacts if state else ()
        return [one for one in plan if one.org == "internal"]

    def incident_roles(self) -> Sequence[Any]:
        """Return the roles of the incident in view, none without one."""
        return tuple(self.context.incident.roles.values()) if self.context.incident else ()

    async def ask(self, screen: Screen[T]) -> T:
        """Open a question and wait for its answer; leaving it ends the act."""
        if (shut := self._app.shut) and isinstance(screen, Ask | Write | Confirm):
            raise Refused("shut", shut.refusal)  # before a word is typed in vain
        if isinstance(screen, Ask | Write | Confirm) and (refusal := read_only(self.room)):
            raise refusal
        answer = await self._app.push_screen_wait(screen)
        if answer is None:
            raise Given
        self._app.call_later(self._app.waits)  # the room may be away by now
        return answer

    async def line(
        self, title: str, rest: str = "", *, value: str = "", check: Check | None = None
    ) -> str:
        """Ask for one line; what was typed for an act that came to nothing is offered again."""
        value = self._app.unsent.pop(title, value)
        screen = Ask(asking(title, rest), value=value, check=check or fine)
        return self._typed(title, await self.ask(screen))

    async def lines(self, title: str, rest: str = "", *, value: str = "") -> str:
        """Ask for some lines, as `line` does for one."""
        value = self._app.unsent.pop(title, value)
        screen = Write(asking(title, rest), value=value, check=needed)
        return self._typed(title, await self.ask(screen))

    def _typed(self, title: str, words: str | None) -> str:
        self.typed[title] = words or ""
        return words or ""

    async def run(self, act: Act) -> None:
        """Act; where the room is away for too long, keep what was typed for the next try."""
        try:
            await act(self)
        except Unavailable:
            self._app.unsent.update(self.typed)
            raise

    async def pick(
        self, title: str, choices: Sequence[Choice], rest: str = "", *, chosen: str = ""
    ) -> str:
        """Ask for one of a list."""
        return await self.ask(Pick(asking(title, rest), choices, chosen=chosen)) or ""

    async def told(self, title: str, rest: str = "") -> tuple[datetime | None, str]:
        """Ask for words that may begin with when it was: None is now."""
        typed = await self.line(
            title,
            f"{rest}   {PUT_BACK}".strip(),
            check=lambda words: mistimed(words, self.now, self.zone) or needed(words),
        )
        return dated(typed, self.now, self.zone)

    async def person(
        self, title: str, rest: str = "", *, among: Sequence[str] | None = None
    ) -> str:
        """Ask for somebody; without a team any name can be typed."""
        names = {one.id: one.name for one in self._colleagues()}
        names |= {member.id: member.name for member in self.room.config.team}
        choices = [
            Choice(one, one, names.get(one, "") if names.get(one) != one else "")
            for one in (self.people if among is None else among)
        ]
        if self.room.config.team:
            return await self.pick(title, choices, rest)
        other = Choice(_SOMEBODY, "somebody else", "type the name")
        chosen = await self.pick(title, [*choices, other], rest)
        if chosen == _SOMEBODY:
            return await self.line(title, "whose name?", check=needed)
        return chosen

    def said(self, words: str, undo: Undo | None = None, *, role: str = "ok") -> None:
        """Tell what came of it."""
        self._app.post_message(Said(words, role, undo))

    def go(self, *, view: int = 0, incident: str | None = None, mention: str = "") -> None:
        """Show something else."""
        self._app.post_message(Go(view=view, incident=incident, mention=mention))

    def narrow(self, typed: str, *, view: int = FEED) -> None:
        """Show only what fits a filter: of the feed, or of the timeline."""
        self._app.post_message(Go(view=view, typed=typed))

    def go_to_row(self, at: str, view: int = TASKS) -> None:
        """Show a row of the checklist, such as `call:ID`, or of a view, as soon as it is there."""
        self._app.post_message(Go(view=view, row=at))

    def open(self, screen: Screen[Any]) -> None:
        """Open a screen of its own."""
        self._app.post_message(Opened(screen))

    def copy(self, text: str) -> None:
        """Hand text to the terminal's clipboard (OSC 52)."""
        self._app.copy_to_clipboard(text)

    def visit(self, url: str) -> None:
        """Open a link in the browser of this machine."""
        self._app.open_url(url)

    def take_back(self) -> Undo | None:
        """Return the last act that can be taken back; it is then no longer offered."""
        return self._app.last_act()

    def taken_back(self, label: str) -> None:
        """Say that an act was taken back."""
        self._app.taken_back()
        self.said(f"taken back: {label}")


Act = Callable[[Desk], Awaitable[None]]


def fine(text: str) -> str:
    """Refuse words that carry what cannot be shown, naming the place."""
    flaw = next(iter(check_own(text)), None)
    return f"column {flaw.column}: {flaw.what}; remove it" if flaw else ""


def needed(text: str) -> str:
    """Refuse an empty answer."""
    return fine(text) if text.strip() else "it needs some words"


def text_row(words: str, role: str = "text") -> Row:
    """Return a line of ours for a reader."""
    return row(gap(3), Cell(words, role))
