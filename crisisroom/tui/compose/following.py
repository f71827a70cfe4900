"""What follows a statement: what changed in it, its correction, its end, its translations."""

from __future__ import annotations

from functools import partial

from crisisroom.core.incident import Incident, Words
from crisisroom.room import Room
from crisisroom.store.places import Doing
from crisisroom.tui.compose.ask import Ask
from crisisroom.tui.compose.comparing import VersionsScreen
from crisisroom.tui.compose.correcting import ask_retract, ask_stands, ask_uphold, out_on
from crisisroom.tui.compose.opening import Begun
from crisisroom.tui.compose.outbox import OutboxScreen
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.publishing import Publishing
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell
from crisisroom.tui.screens.dialogs import asking
from crisisroom.tui.signs import FREE

_OTHER = "other"


class Following(Publishing):
    """A statement that is put right, taken back, upheld, translated, compared with itself."""

    def _beginning(self, begun: Begun) -> None:
        self.app.push_screen(type(self)(self.room, self.incident_id, begun=begun))

    def __init__(
        self,
        room: Room,
        incident_id: str,
        *,
        words_id: str = "",
        template_id: str = "",
        begun: Begun | None = None,
    ) -> None:
        super().__init__(room, incident_id, words_id, begun or Begun(template=template_id))

    def engaged(self) -> tuple[Doing, str, str]:
        """Let the others know which statement is open here."""
        at = f"words:{self.words_id}" if self.words_id else f"template:{self.begun.template}"
        return "statement", "", at

    @property
    def read(self) -> tuple[Incident, Words] | None:
        """The statement that is read, with its incident; None while one writes."""
        opened = self.opened
        if opened is None or opened.words is None or self.editing:
            return None
        return opened.desk.incident, opened.words

    def action_changes(self) -> None:
        """Show the versions, and what changed between them."""
        if self.read is not None:
            _, held = self.read
            self.app.push_screen(VersionsScreen(self.room, self.incident_id, held.id))

    def action_outbox(self) -> None:
        """Show what is on its way."""
        self.app.push_screen(OutboxScreen(self.room, self.incident_id))

    def action_correct(self) -> None:
        """Begin a correction of what is out, with the old words beside it."""
        if self.read is None:
            return
        _, held = self.read
        if out_on(held):
            self._beginning(Begun(corrects=held.id))
        else:
            self.say((held.id + " is not out: edit it instead", "warn"))

    def action_retract(self) -> None:
        """Take back what is out: the reason, then a look at it."""
        if self.read is not None:
            incident, held = self.read
            ask_retract(self, incident, held, partial(self._after, held))

    def action_stands(self) -> None:
        """Decide that what is out needs no correction."""
        if self.read is None or self.opened is None:
            return
        incident, held = self.read
        if self.opened.owed and not self.opened.corrects:
            ask_stands(self, incident, held, partial(self._after, held))
        else:
            self.say(held.id + " owes no correction")

    def action_uphold(self) -> None:
        """Say that words which a moved fact holds back still hold."""
        if self.read is None:
            return
        incident, held = self.read
        if held.suspended:
            ask_uphold(self, incident, held, partial(self._after, held))
        else:
            self.say(held.id + " is not held back: no fact it stands on moved")

    def action_translate(self) -> None:
        """Choose a language, then say the statement in it beside its source."""
        if self.read is None:
            return
        incident, held = self.read
        if held.translates or held.state == "withdrawn":
            self.say((held.id + " is not a statement to translate", "warn"))
            return
        pick = Pick("Say " + held.id + " in", _languages(incident, held), verb="write")
        self.app.push_screen(pick, partial(self._in_language, held))

    def _in_language(self, held: Words, language: str | None) -> None:
        if language == _OTHER:
            title = asking("Say " + held.id + " in another language", "its code: fr, pt-BR")
            self.app.push_screen(
                Ask(title, self.room.clock.monotonic, verb="write", flaw=_not_a_language),
                partial(self._in_language, held),
            )
        elif language is not None:
            self._beginning(Begun(translates=held.id, language=language))


def _languages(incident: Incident, held: Words) -> list[Item]:
    """Return the languages of the playbook, and whether it has these words in them."""
    items = []
    for number, one in enumerate(incident.plan.translations, 1):
        ready = held.template in one.statements
        told = "   the playbook has its words" if ready else "   to be written"
        words = line((str(number) + "  ", "quiet"), (one.language, "bold"), (told, "quiet"))
        items.append(Item(one.language, Cell(FREE, "mine"), (words,)))
    last = str(len(items) + 1) + "  "
    words = line((last, "quiet"), ("another", "bold"), ("   in words of your own", "quiet"))
    return [*items, Item(_OTHER, Cell(FREE, "mine"), (words,))]


def _not_a_language(code: str) -> str:
    plain = code.replace("-", "")
    fits = plain.isascii() and plain.isalnum() and 2 <= len(code) <= 11
    return "" if fits else "a language's code: de, fr, pt-BR"
