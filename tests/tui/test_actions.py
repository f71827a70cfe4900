"""The registry: one place for keys, hints, palette, help and README."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from tui.night import night_room, screen
from tui.seeing import see

from crisisroom.tui import actions, reasons
from crisisroom.tui.act_table import ACTS, act_of
from crisisroom.tui.actions import ACTIONS, BY_ID, Keys, key_table
from crisisroom.tui.hinting import HINTS, hints
from crisisroom.tui.reasons import Context

DESIGN = {
    "?": "help",
    ":": "palette",
    "/": "filter",
    "j": "down",
    "k": "up",
    "g": "top",
    "G": "bottom",
    "enter": "open",
    "esc": "back",
    "1": "feed",
    "5": "words",
    "tab": "pane-next",
    "n": "next",
    "p": "before",
    "F": "follow",
    "space": "tick",
    "r": "reply",
    "c": "statement",
    "a": "claim",
    "A": "assign",
    "i": "link",
    "I": "declare",
    "s": "severity",
    "m": "note",
    "x": "dismiss",
    "f": "facts",
    "!": "contacts",
    "z": "undo",
    "o": "link-open",
    "y": "copy",
    "e": "edit",
    "w": "export",
    "+": "add",
    "q": "quit",
}


def test_keys_are_those_of_the_design() -> None:
    for key, name in DESIGN.items():
        assert key in [actions.shown_key(one) for one in BY_ID[name].keys], name


def test_no_key_means_two_things_in_a_view() -> None:
    for view in actions.EVERYWHERE:
        keys = [key for one in ACTIONS if view in one.views for key in one.keys]
        assert len(keys) == len(set(keys))


def test_every_action_is_done_somewhere() -> None:
    from crisisroom.tui.app import RoomApp
    from crisisroom.tui.screens.room import _STEPS

    app_does = {"leave", "look", "palette", "help", "jump"}
    assert f'"{"leave"}"' in inspect.getsource(RoomApp.perform)
    by_enter = {"detail", "entry"}  # what `open` does with a call, a duty, an entry
    assert {one.id for one in ACTIONS} | by_enter == set(ACTS) | set(_STEPS) | app_does


@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_where_the_table_says(name: str) -> None:
    act = act_of(name)
    assert inspect.iscoroutinefunction(act)
    assert list(inspect.signature(act).parameters) == ["desk"]


def test_hints_name_actions_of_their_view() -> None:
    for view, names in HINTS.items():
        assert len(names) <= 7
        assert all(view in BY_ID[name].views for name in names)


@pytest.mark.parametrize("width", [60, 80, 119, 120, 160])
@pytest.mark.parametrize("view", [1, 2, 3, 4, 5])
def test_hints_fit_their_line(view: int, width: int) -> None:
    shown = hints(Context(view=view, me="ada"), Keys(), width=width)
    used = 1 + sum(len(key) + len(label) + (1 if key else 0) for key, label in shown)
    assert used + 3 * (len(shown) - 1) <= width or width < 80


def test_a_key_that_cannot_act_says_why() -> None:
    context = Context(view=reasons.TASKS, me="ada")
    shown = hints(context, Keys(), width=200)
    assert ("", "space done: no incident, I declares one") in shown


def test_wishes_change_keys_and_unknown_ones_are_named() -> None:
    keys = Keys({"reply": "ctrl+r", "nothing": "x"})
    assert keys.first(BY_ID["reply"]) == "ctrl+r"
    assert [one.id for one in keys.clashes] == ["nothing"]


def test_key_table_has_every_action() -> None:
    table = key_table()
    assert table.count("\n") == len(ACTIONS) + 2
    assert "| `r` | answer the post on its own channel | reply |" in table


async def test_a_remapped_key_works_and_is_hinted(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, keys={"note": "ctrl+n"})
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3", "ctrl+n")
            await see(pilot, "puts it back")
            await pilot.press("escape")
            await see(pilot, "ctrl+n note")


def test_every_reason_can_be_asked_of_an_empty_room() -> None:
    for action in ACTIONS:
        assert isinstance(action.reason(Context(view=1, me="ada")), str)


async def test_a_command_without_a_key_can_be_given_one(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, keys={"approvals": "f5"})
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("f5")
            await see(pilot, "Approvals   1 waits for you")
