"""A screen whose keys come from the table: bound when it is shown, told by help and palette."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from typing import ClassVar, Protocol, runtime_checkable

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.screen import Screen, ScreenResultType

from crisisroom.tui.keys.hints import Hint, fitting, resting, wished
from crisisroom.tui.keys.key import Key, Place
from crisisroom.tui.keys.table import PLACES, general
from crisisroom.tui.keys.terminals import is_sign, shown_key
from crisisroom.tui.keys.wishes import Keys

# Textual's own, for text that was marked with the mouse; ours tell how to leave.
_COPY = Binding("ctrl+c,super+c", "screen.copy_text", show=False)
_WITHOUT_LETTERS = frozenset({"help", "palette", "jump"})  # bound by the app for every screen


@runtime_checkable
class Keyboarded(Protocol):
    """An app that knows which keys this person wants."""

    keys: Keys


@runtime_checkable
class Commanding(Protocol):
    """An app that tells and does what can be done on the screen on top."""

    def show_help(self) -> None:
        """Tell the keys of the screen on top."""

    def show_palette(self) -> None:
        """Offer the commands of the screen on top."""

    def show_places(self) -> None:
        """Put a letter on each place of the screen on top."""


def keyboard(app: object) -> Keys:
    """Return which keys an app's person wants; the usual ones in any other app of Textual's."""
    return app.keys if isinstance(app, Keyboarded) else Keys()


def bindings(acts: Iterable[Key], keys: Keys) -> list[Binding]:
    """Return the bindings of these acts; what has no key is found by name in the palette."""
    return [
        Binding(",".join(found), one.action, one.help, show=False, priority=one.typing, id=one.id)
        for one in acts
        if not one.fixed and (found := keys.of(one))
    ]


def bind(node: DOMNode, acts: Iterable[Key], *more: Binding) -> None:
    """Give a screen, or a part of one, the keys of these acts and no others."""
    node._bindings = BindingsMap([*bindings(acts, keyboard(node.app)), *more])


def bind_everywhere(node: DOMNode, acts: Iterable[Key]) -> None:
    """Let the keys of these acts through on every screen, before a text gets them.

    Of a key that is a sign the screens themselves take care: in a text it is a letter.
    """
    for one in acts:
        for key in keyboard(node.app).of(one):
            early = not is_sign(key) and (one.typing or one.id in _WITHOUT_LETTERS)
            action = f"screen.{one.action}" if one.id in _WITHOUT_LETTERS else one.action
            node._bindings.bind(key, action, one.help, show=False, priority=early)


class Keyed(Screen[ScreenResultType]):
    """A screen of the table: `place` is its id there."""

    place: ClassVar[str] = ""

    def on_mount(self) -> Awaitable[None] | None:
        """Bind what the table has for this screen; a screen's own handler runs beside this one."""
        self.bind_keys()
        return None

    def bind_keys(self) -> None:
        """Take on the keys as this person wants them."""
        bind(self, (*self.where.acts, *self._general()), _COPY)

    def _general(self) -> Iterator[Key]:
        """Yield the keys that every screen has; the app has those that are no signs."""
        return (one for one in general(self.where) if one.id in _WITHOUT_LETTERS)

    @property
    def where(self) -> Place:
        """What this screen is, as help tells it."""
        return PLACES[self.place]

    def why_not(self, id: str) -> str:
        """Say why an act of this screen cannot be done now, empty where it can.

        What rests in the hints tells its reason there.
        """
        one = next((each for each in self.where.acts if each.id == id), None)
        if one is None:
            return ""
        usual = {shown_key(key) for key in one.keys}
        found = (why for key, why in map(resting, self.keys()) if key in usual)
        return next(found, "")

    def offers(self, one: Key) -> bool:
        """Say whether an act of this screen is there at all as things stand."""
        name = one.action.partition("(")[0]
        return self.check_action(name, ()) is not False

    def keys(self) -> list[Hint]:
        """Return the keys that matter here and what they do; an empty key is a reason."""
        return []

    def keys_of(self, id: str) -> tuple[str, ...]:
        """Return the keys of one of this screen's acts, by the names that events have."""
        one = next(each for each in self.where.acts if each.id == id)
        return keyboard(self.app).of(one)

    @property
    def types(self) -> bool:
        """Whether single letters go into a text now."""
        focused = self.focused
        return focused is not None and focused.check_consume_key("x", "x")

    def hinted(self, hints: Sequence[Hint]) -> list[Hint]:
        """Return hints with this person's keys, as many as fit, the key of help the last."""
        keys = keyboard(self.app)
        known = wished(hints, (*self.where.acts, *general(self.where)), keys)
        return fitting(known, keys.help_key(types=self.types), self.app.size.width)

    def typed_above(self) -> None:
        """Hear that keys were typed above, in the palette say; most screens need not know."""

    # What every screen can tell of itself.

    def action_tell_keys(self) -> None:
        """Tell what the keys do here."""
        if isinstance(self.app, Commanding):
            self.app.show_help()

    def action_commands(self) -> None:
        """Offer by name what can be done here."""
        if isinstance(self.app, Commanding):
            self.app.show_palette()

    def action_jump(self) -> None:
        """Put a letter on each place one can go to."""
        if isinstance(self.app, Commanding):
            self.app.show_places()
