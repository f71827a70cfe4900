"""The table of keys: whole, without clashes, true to the screens; each act tells its way back."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from textual.screen import Screen

import crisisroom.tui
from crisisroom.core.chart import SPANS
from crisisroom.tui.actions import ACTIONS
from crisisroom.tui.charts.rows import span_words
from crisisroom.tui.compose.items import Items
from crisisroom.tui.keys.general import ITEMS
from crisisroom.tui.keys.key import ASKS, DRAFT, LOOKS, UNDO, Key, Place
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.keys.room import ROOM
from crisisroom.tui.keys.table import BY_ID, PLACES, all_keys, is_room
from crisisroom.tui.keys.terminals import flaw_of, needed_by_texts
from crisisroom.tui.keys.wishes import taken
from crisisroom.tui.screens.room import RoomScreen

# Classes that others are made of: no screen by themselves.
_PARTS = {
    *("Keyed", "Panes", "WordsScreen", "Dialog", "ListAndSheet", "HeadedList", "AskingList"),
    *("AfterList", "Drafting", "Publishing", "Following", "Sided", "ReplyBase", "Choosing"),
    *("Forming", "Sharing", "Holding", "SendOff"),
}


def _screens() -> dict[str, type[Screen[object]]]:
    for found in pkgutil.walk_packages(crisisroom.tui.__path__, "crisisroom.tui."):
        importlib.import_module(found.name)
    every: dict[str, type[Screen[object]]] = {}
    todo: list[type[Screen[object]]] = [Screen]
    while todo:
        for one in type.__subclasses__(todo.pop()):
            todo.append(one)
            if one.__module__.startswith("crisisroom."):
                every[f"{one.__module__}.{one.__qualname__}"] = one
    return every


SCREENS = {name: one for name, one in _screens().items() if one.__name__ not in _PARTS}


def _acts() -> Iterator[tuple[Place, Key]]:
    for place in PLACES.values():
        yield from ((place, one) for one in all_keys(place))


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_every_screen_of_ours_is_in_the_table(name: str) -> None:
    screen = SCREENS[name]
    assert issubclass(screen, Keyed), f"{name} tells none of its keys"
    assert screen is RoomScreen or screen.place in PLACES


def test_every_place_of_the_table_is_a_screen() -> None:
    told = {screen.place for screen in SCREENS.values() if issubclass(screen, Keyed)}
    assert {one.id for one in PLACES.values() if not is_room(one)} == told - {""}
    assert {one.id for one in ROOM.values()} == {id_ for id_ in PLACES if id_.startswith("room.")}


@pytest.mark.parametrize("name", sorted(SCREENS))
def test_a_screen_does_what_its_keys_say(name: str) -> None:
    screen = SCREENS[name]
    assert issubclass(screen, Keyed)
    acts = [*ROOM[1].acts] if screen is RoomScreen else all_keys(PLACES[screen.place])
    for one in acts:
        verb = one.action.partition("(")[0]
        if verb and not verb.startswith("app."):
            does = screen if one not in ITEMS else Items
            assert hasattr(does, f"action_{verb}"), f"{one.id}: {verb}"


@pytest.mark.parametrize("place", [*PLACES.values()], ids=lambda one: one.id)
def test_no_key_means_two_things_on_a_screen(place: Place) -> None:
    assert {key: ids for key, ids in taken(place, {}).items() if len(ids) > 1} == {}


def test_every_usual_key_can_be_sent_by_a_terminal() -> None:
    for _, one in _acts():
        for key in one.keys:
            assert one.fixed or not flaw_of(key), f"{one.id}: {flaw_of(key)}"


def test_what_works_while_one_types_takes_no_sign_from_the_text() -> None:
    """Some keys of editing are taken, by name; never one that stands for a sign."""
    taken_from_texts = {
        *("ctrl+u", "ctrl+y", "ctrl+k", "tab", "shift+tab", "up", "down", "ctrl+n", "ctrl+f"),
    }
    for place, one in _acts():
        if place.texts and one.typing:
            for key in one.keys:
                assert key in taken_from_texts or not needed_by_texts(key), f"{one.id}: {key}"


def test_every_key_is_told_in_plain_words() -> None:
    for place, one in _acts():
        assert one.help, f"{place.id} {one.id}"
        assert len(one.help) <= 90, one.help
    for place in PLACES.values():
        assert place.about.count(".") in (1, 2, 3), place.about
        assert place.about.endswith("."), place.about


def test_an_id_stands_for_one_thing() -> None:
    words: dict[str, set[str]] = {}
    for _, one in _acts():
        if one.id and one.id.partition(".")[0] not in ("list", "page", "focus", "question"):
            words.setdefault(one.id, set()).add(re.sub(r"\W", "", one.action.partition("(")[0]))
    assert {id_: found for id_, found in words.items() if len(found) > 1 and "." in id_} == {}
    assert all(re.fullmatch(r"[a-z0-9]+([._-][a-z0-9]+)*", id_) for id_ in BY_ID)


def test_every_act_is_taken_back_or_asks_or_says_why_not() -> None:
    for place, one in _acts():
        known = one.back in (LOOKS, UNDO, ASKS, DRAFT)
        reason = len(one.back.split()) >= 4
        assert known or reason, f"{place.id} {one.id} {one.back!r}"


def test_what_only_looks_is_what_readers_may_do() -> None:
    """An act of the room that changes something is never among those that only look."""
    looks = {one.id for one in ROOM[1].acts if one.back == LOOKS}
    for action in ACTIONS:
        if action.id in looks:
            assert action.looks, action.id


def test_the_spans_of_the_chart_are_told() -> None:
    told = [one.help for one in PLACES["volume"].acts[: len(SPANS)]]
    assert told == [f"the last {span_words(span)}" for span, _ in SPANS]
