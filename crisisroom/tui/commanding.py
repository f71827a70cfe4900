"""What every screen can be asked for: its keys, its commands by name, letters to go by, undo."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.tui.action import EVERYWHERE, MOVE, Action
from crisisroom.tui.actions import BY_ID, label_of
from crisisroom.tui.hearing import HearingApp
from crisisroom.tui.keys.command import NEVER, Command
from crisisroom.tui.keys.general import GENERAL
from crisisroom.tui.keys.key import Key
from crisisroom.tui.keys.keyed import Keyed, bind_everywhere
from crisisroom.tui.keys.table import is_room

MOST_USED = 30
_OWN, _ROOM = ":own:", ":room:"
# What the general keys do already, and what acts on a row of the room's own panes.
_NOT_FROM_AFAR = frozenset(
    "open back filter follow raw copy link-open quit help palette jump undo".split()  # noqa: SIM905
)
_FROM_AFAR = frozenset({"help", "facts", "stop", "declare", "note", "decide"})
_MOVES = ("list", "page", "focus", "commands")


class CommandingApp(HearingApp, inherit_bindings=False):
    """Tells and does what can be done on the screen on top, whichever it is."""

    used: tuple[str, ...] = ()  # what was chosen by name, the last one first

    def bind_general(self) -> None:
        """Bind what means the same on every screen."""
        bind_everywhere(self, GENERAL)

    def action_leave_room(self) -> None:
        """Leave the room from wherever one is; drafts and acts are on disk already."""
        self.perform("leave", self.room_screen.context())

    # Help.

    def show_help(self) -> None:
        """Tell the keys of the screen on top; asked for in help itself, go back."""
        from crisisroom.tui.screens.help import Help  # loaded when it is first asked for

        top = self.screen
        if isinstance(top, Help):
            top.action_leave()
        elif isinstance(top, Keyed):
            self.push_screen(Help(top.where, self.keys, dict(self._rests(top))))

    @staticmethod
    def _rests(screen: Keyed[object]) -> Iterator[tuple[str, str]]:
        for one in screen.where.acts:
            if why := screen.why_not(one.id) if one.id else "":
                yield one.id, why

    # Commands by name.

    def show_palette(self) -> None:
        """Offer the commands of the screen on top, then the room's; once more closes them."""
        from crisisroom.tui.screens.palette import Palette  # loaded when it is first asked for

        top = self.screen
        if isinstance(top, Palette):
            top.action_leave()
        elif isinstance(top, Keyed):
            commands = [*self._own(top), *self._rooms(top)]
            self.push_screen(Palette(commands, top.where.title), self._commanded)

    def _own(self, screen: Keyed[object]) -> Iterator[Command]:
        """Yield the commands of a screen, with what keeps each from being done."""
        if is_room(screen.where):
            context = self.room_screen.context()
            for one in map(BY_ID.__getitem__, (act.id for act in screen.where.acts)):
                if one.group != MOVE and one.id != "palette":
                    words = f"{label_of(one, context.view, context.kind)}: {one.help}"
                    yield self._command(_ROOM, one, words, one.why_not(context))
            return
        for act in screen.where.acts:
            if act.fixed or act.id.partition(".")[0] in _MOVES:
                continue
            why = screen.why_not(act.id) or ("" if screen.offers(act) else "not as things stand")
            yield self._command(_OWN, act, act.help, why)

    def _rooms(self, screen: Keyed[object]) -> Iterator[Command]:
        """Yield the room's commands that make sense above another screen; none in a question."""
        if screen.where.asks or is_room(screen.where) or screen.place == "start":
            return
        context = self.room_screen.context()
        for one in BY_ID.values():
            if _from_afar(one):
                words = f"{one.label}: {one.help}"
                yield self._command(_ROOM, one, words, one.why_not(context), far=1)

    def _command(
        self, sort: str, one: Key | Action, words: str, why: str, *, far: int = 0
    ) -> Command:
        name = sort + one.id
        ago = self.used.index(name) if name in self.used else NEVER
        return Command(name, words, self.keys.first(one), why, far, ago)

    async def _commanded(self, name: str | None) -> None:
        if not name:
            return
        self.used = (name, *(one for one in self.used if one != name))[:MOST_USED]
        if name.startswith(_OWN):
            await self._do_own(name.removeprefix(_OWN))
        elif self.screen is self.room_screen:
            self.room_screen.action_act(name.removeprefix(_ROOM))
        else:
            self.perform(name.removeprefix(_ROOM), self.room_screen.context())

    async def _do_own(self, id_: str) -> None:
        top = self.screen
        if not isinstance(top, Keyed):
            return
        act = next((one for one in top.where.acts if one.id == id_), None)
        if act is not None:
            top.typed_above()  # its own word of coming back on top may be later than this
            await top.run_action(act.action)

    # Places to go to.

    def show_places(self) -> None:
        """Put a letter on each place of the screen on top; asked for once more, take them away."""
        from crisisroom.tui.jump import Jump, places_of  # loaded when it is first asked for

        top = self.screen
        if isinstance(top, Jump):
            top.action_leave()
        elif isinstance(top, Keyed):
            self.push_screen(Jump(places_of(top)))

    # The way back.

    def take_back(self) -> None:
        """Take this person's last act back, from whichever screen, and say so there."""
        self.perform("undo", self.room_screen.context())


def _from_afar(one: Action) -> bool:
    if one.id in _FROM_AFAR:
        return True
    everywhere = one.views == EVERYWHERE and one.group != MOVE
    return everywhere and one.looks and one.id not in _NOT_FROM_AFAR
