"""A person's own keys: which hold, which cannot, and why: the usual key stays then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from crisisroom.core.nearest import nearest
from crisisroom.core.problems import shown
from crisisroom.tui.keys.general import HELP
from crisisroom.tui.keys.key import Place
from crisisroom.tui.keys.table import BY_ID, PLACES, all_keys
from crisisroom.tui.keys.terminals import flaw_of, is_sign, needed_by_texts, read_key, shown_key

NONE = "none"  # takes an act's key away: the palette still has it
_WAYS_OUT = (
    ("quit", "leave"),
    ("screen.leave",),
    ("question.leave",),
    ("reader.leave",),
    ("confirm.no",),
    ("review.back",),
    ("bulk-review.back",),
    ("start.quit",),
    ("jumping.leave",),
)


class Act(Protocol):
    """Whatever has an id and usual keys."""

    @property
    def id(self) -> str:
        """Return the id by which it is given another key."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys it usually has."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One wish that cannot hold: of which id, what is wrong, how to mend it."""

    id: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class Keys:
    """Which key does what on every screen, after the wishes that can hold.

    `wishes` are ids and keys as people write them: `note: N`, `reply.words: ctrl+k, f5`.
    """

    def __init__(self, wishes: Mapping[str, str] | None = None) -> None:
        self.asked = dict(wishes or {})

    @cached_property
    def _settled(self) -> tuple[Mapping[str, tuple[str, ...]], tuple[Clash, ...]]:
        return settle(self.asked) if self.asked else ({}, ())

    @property
    def held(self) -> Mapping[str, tuple[str, ...]]:
        """The wishes that hold: id -> keys by the names that the screen gives them."""
        return self._settled[0]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """The wishes that do not, in the order in which they were written."""
        return self._settled[1]

    def of(self, act: Act) -> tuple[str, ...]:
        """Return the keys of an act, by the names that the screen gives them."""
        return self.held.get(act.id, act.keys) if self.asked else act.keys

    def first(self, act: Act) -> str:
        """Return the key as hints show it, empty when it has none."""
        keys = self.of(act)
        return shown_key(keys[0]) if keys else ""

    def shown(self, act: Act) -> str:
        """Return the keys of an act as people write them, separated by blanks."""
        return " ".join(map(shown_key, self.of(act)))

    def help_key(self, *, types: bool) -> str:
        """Return the key that opens help, as hints show it; while one types one that is no sign."""
        fitting = [one for one in self.of(HELP) if not (types and is_sign(one))]
        return shown_key(fitting[0]) if fitting else ""


def settle(
    wishes: Mapping[str, str],
) -> tuple[Mapping[str, tuple[str, ...]], tuple[Clash, ...]]:
    """Return the wishes that hold, and why the others do not.

    Of two that want one key in one screen the first that is written gets it; a key that an act
    has already stays with it, unless that act is given another one.
    """
    held: dict[str, tuple[str, ...]] = {}
    clashes: dict[str, Clash] = {}
    for id_, written in wishes.items():
        keys = _read(written)
        if flaw := _flaw(id_, keys):
            clashes[id_] = flaw
        else:
            held[id_] = keys
    while found := _first_clash(held):
        clashes.setdefault(found.id, found)
        del held[found.id]
    return held, tuple(clashes[id_] for id_ in wishes if id_ in clashes)


def _read(written: str) -> tuple[str, ...]:
    if written.strip().lower() in ("", NONE):
        return ()
    if written.strip() == ",":
        return ("comma",)
    return tuple(read_key(one) for one in written.split(",") if one.strip())


def _flaw(id_: str, keys: Sequence[str]) -> Clash | None:
    """Say what is wrong with a wish by itself."""
    if id_ not in BY_ID:
        near = nearest(id_, BY_ID)
        hint = f"did you mean {near}?" if near else "crisisroom keys lists them"
        return Clash(id_, f"keys: there is no act {shown(id_)}", hint)
    for one in keys:
        if flaw := flaw_of(one):
            return Clash(id_, f"keys: {id_}: {flaw}", _stays(id_))
    return None


def _stays(id_: str) -> str:
    usual = " ".join(map(shown_key, BY_ID[id_].keys))
    return f"it stays {usual}" if usual else "it stays without a key"


def _first_clash(held: Mapping[str, tuple[str, ...]]) -> Clash | None:
    """Return what is wrong with the wishes together, the last one written first."""
    found = [*_on_one_key(held), *_needed(held), *_no_way(held)]
    order = {id_: at for at, id_ in enumerate(held)}
    return max(found, key=lambda one: order[one.id], default=None)


def _on_one_key(held: Mapping[str, tuple[str, ...]]) -> Iterator[Clash]:
    """Yield two acts on one key of one screen; what stands there by our own choice is no clash."""
    order = {id_: at for at, id_ in enumerate(held)}
    for place in PLACES.values():
        for key, ids in taken(place, held).items():
            wished = [id_ for id_ in ids if id_ in held]
            if len(ids) < 2 or not wished:
                continue
            late = max(wished, key=lambda id_: order[id_])
            other = next(id_ for id_ in ids if id_ != late)
            told = f"{shown_key(key)} is {other} on {place.title.lower()} already"
            yield Clash(late, f"keys: {late}: {told}", _stays(late))


def taken(place: Place, held: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return which acts each key of a place has: more than one is a clash."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for one in all_keys(place):
        name = one.id or f"'{one.help}'"
        for key in _spread(held.get(one.id, one.keys) if one.id else one.keys):
            found[key][name] = None
    return {key: tuple(ids) for key, ids in found.items()}


def _spread(keys: Iterable[str]) -> Iterator[str]:
    """Yield each key of a list in which `1-9` and `a-z` may stand for several."""
    for one in keys:
        if one == "1-9":
            yield from "123456789"
        elif one != "a-z":
            yield one


def _needed(held: Mapping[str, tuple[str, ...]]) -> Iterator[Clash]:
    """Yield acts that work while one types, on a key that the text needs."""
    typing = {
        one.id for place in PLACES.values() if place.texts for one in all_keys(place) if one.typing
    }
    for id_, keys in held.items():
        usual = BY_ID[id_].keys
        for one in keys:
            if id_ in typing and needed_by_texts(one) and one not in usual:
                told = f"a text needs {shown_key(one)}, and it works while you type"
                yield Clash(id_, f"keys: {id_}: {told}", _stays(id_))
    for id_ in ("help", "palette", "jump"):
        if (wanted := held.get(id_)) and all(map(is_sign, wanted)):
            yield _wants_second(id_, "no key of it works while you type")
    for id_ in _outs_of_texts():
        if (wanted := held.get(id_)) and all(map(needed_by_texts, wanted)):
            yield _wants_second(id_, "no key of it works while you type")
    if (wanted := held.get("jumping.leave")) and all(map(_is_letter, wanted)):
        yield _wants_second("jumping.leave", "its letters go to the places that have them")


def _wants_second(id_: str, told: str) -> Clash:
    hint = f"give it a second one, such as {shown_key(_second(id_))}"
    return Clash(id_, f"keys: {id_}: {told}", hint)


def _outs_of_texts() -> Iterable[str]:
    """Return the ways out of the places in which one types, each once."""
    ways = {id_ for ids in _WAYS_OUT for id_ in ids}
    texts = (place for place in PLACES.values() if place.texts)
    return dict.fromkeys(one.id for place in texts for one in place.acts if one.id in ways)


def _is_letter(key: str) -> bool:
    return len(key) == 1 and key.isascii() and key.isalpha()


def _second(id_: str) -> str:
    return next(one for one in BY_ID[id_].keys if not is_sign(one))


def _no_way(held: Mapping[str, tuple[str, ...]]) -> Iterator[Clash]:
    """Yield what would leave no key to leave by, or to open help."""
    for ids in (*_WAYS_OUT, ("help",)):
        if not any(held.get(id_, BY_ID[id_].keys) for id_ in ids):
            last = [id_ for id_ in held if id_ in ids][-1]
            told = "no key would open help" if ids == ("help",) else "no key would be left to leave"
            yield Clash(last, f"keys: {last}: {told}", _stays(last))
