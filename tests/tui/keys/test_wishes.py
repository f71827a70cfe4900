"""A person's own keys: what can hold does, of the rest it is said why, and nothing is lost."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.tui.keys.general import HELP
from crisisroom.tui.keys.table import BY_ID, PLACES
from crisisroom.tui.keys.terminals import flaw_of, read_key, shown_key
from crisisroom.tui.keys.wishes import Keys, taken


@pytest.mark.parametrize(
    ("wishes", "message", "hint"),
    [
        ({"note": "r"}, "note: r is reply on the feed already", "it stays m"),
        ({"nnote": "f5"}, "there is no act nnote", "did you mean note?"),
        ({"xyzzy!": "f5"}, "there is no act xyzzy!", "crisisroom keys lists them"),
        ({"note": "ctrl+i"}, "note: to a terminal ctrl+i is tab", "it stays m"),
        ({"note": "ctrl+m"}, "note: to a terminal ctrl+m is enter", "it stays m"),
        ({"note": "ctrl+j"}, "note: to a terminal ctrl+j is enter", "it stays m"),
        ({"note": "ctrl+h"}, "note: to a terminal ctrl+h is backspace", "it stays m"),
        ({"note": "ctrl+["}, "note: to a terminal ctrl+[ is esc", "it stays m"),
        ({"note": "ctrl+enter"}, "note: no terminal sends ctrl+enter", "it stays m"),
        ({"note": "hyper+q"}, "note: no terminal sends hyper+q", "it stays m"),
        (
            {"note": "ctrl+z"},
            "note: ctrl+z is taken: the shell stops a program by it",
            "it stays m",
        ),
        (
            {"reply.words": "a"},
            "reply.words: a text needs a, and it works while you type",
            "it stays ctrl+k",
        ),
        (
            {"words.review": "left"},
            "words.review: a text needs left, and it works while you type",
            "it stays ctrl+s",
        ),
        ({"leave": "none", "quit": "none"}, "quit: no key would be left to leave", "it stays q"),
        ({"screen.leave": ""}, "screen.leave: no key would be left to leave", "it stays esc q"),
        ({"help": "none"}, "help: no key would open help", "it stays ? f1 ctrl+/"),
        (
            {"help": "%"},
            "help: no key of it works while you type",
            "give it a second one, such as f1",
        ),
        (
            {"question.leave": "x"},
            "question.leave: no key of it works while you type",
            "give it a second one, such as esc",
        ),
        (
            {"screen.leave": "q"},
            "screen.leave: no key of it works while you type",
            "give it a second one, such as esc",
        ),
        (
            {"screen.leave": "left"},
            "screen.leave: no key of it works while you type",
            "give it a second one, such as esc",
        ),
        (
            {"jumping.leave": "a, B"},
            "jumping.leave: its letters go to the places that have them",
            "give it a second one, such as esc",
        ),
        (
            {"approvals.approve": "x"},
            "approvals.approve: x is approvals.reject on approvals already",
            "it stays a",
        ),
    ],
)
def test_a_wish_that_cannot_hold_says_why(wishes: dict[str, str], message: str, hint: str) -> None:
    keys = Keys(wishes)
    assert [str(one) for one in keys.clashes] == [f"keys: {message} ({hint})"]
    assert keys.clashes[0].id not in keys.held


def test_what_holds_is_read_as_people_write_it() -> None:
    keys = Keys({"note": "F5", "reply": "ctrl+]", "help": "%, f1", "approvals": "PgDn+x"})
    assert keys.held["note"] == ("f5",)
    assert keys.held["help"] == ("percent_sign", "f1")
    assert [one.id for one in keys.clashes] == ["reply", "approvals"]  # jump has ctrl+]
    assert keys.first(HELP) == "%"
    assert keys.help_key(types=True) == "f1"


def test_two_that_change_places_do_not_clash() -> None:
    keys = Keys({"note": "r", "reply": "m"})
    assert keys.clashes == ()
    assert (keys.held["note"], keys.held["reply"]) == (("r",), ("m",))


def test_of_two_that_want_one_key_the_first_gets_it() -> None:
    keys = Keys({"note": "f5", "reply": "f5"})
    assert keys.held == {"note": ("f5",)}
    assert str(keys.clashes[0]).startswith("keys: reply: f5 is note on the feed already")


def test_a_wish_falls_with_the_one_that_would_have_made_room() -> None:
    """`note` may have `r` only while `reply` has another key."""
    keys = Keys({"note": "r", "reply": "ctrl+i"})
    assert keys.held == {}
    assert [one.id for one in keys.clashes] == ["note", "reply"]


def test_a_key_of_another_view_is_free() -> None:
    """Pin is only on the timeline, where x stands for nothing."""
    assert Keys({"pin": "x"}).clashes == ()


def test_a_key_can_be_taken_away() -> None:
    keys = Keys({"story-merge": "none"})
    assert keys.held == {"story-merge": ()}
    assert keys.first(BY_ID["story-merge"]) == ""


def test_a_letter_leaves_too_where_another_key_does_while_one_types() -> None:
    wishes = {"question.leave": "x, f6", "screen.leave": "f6", "jumping.leave": "a, f7"}
    assert Keys(wishes).clashes == ()
    assert Keys({"jumping.leave": "%"}).clashes == ()


def test_without_wishes_nothing_is_looked_up() -> None:
    keys = Keys()
    assert (keys.clashes, keys.held) == ((), {})
    assert keys.of(BY_ID["note"]) == ("m",)


@given(
    st.dictionaries(
        st.sampled_from(sorted(BY_ID)),
        st.lists(
            st.sampled_from(["a", "R", "f5", "ctrl+t", "ctrl+i", "tab", "none", "?", "+", "esc"])
            | st.text(string.printable, max_size=6),
            min_size=1,
            max_size=2,
        ).map(",".join),
        max_size=5,
    )
)
def test_whatever_is_wished_no_screen_has_a_key_twice(wishes: dict[str, str]) -> None:
    keys = Keys(wishes)
    for place in PLACES.values():
        assert all(len(ids) == 1 for ids in taken(place, keys.held).values())
    assert {*keys.held} | {one.id for one in keys.clashes} == {*wishes}
    assert not {*keys.held} & {one.id for one in keys.clashes}
    assert all(not flaw_of(key) for found in keys.held.values() for key in found)
    assert keys.of(HELP)


@given(st.text(max_size=12))
def test_any_text_is_read_as_some_key(written: str) -> None:
    found = read_key(written)
    assert flaw_of(found) or read_key(shown_key(found)) == found


@pytest.mark.parametrize("key", sorted({key for one in BY_ID.values() for key in one.keys}))
def test_a_usual_key_reads_back_as_it_is_shown(key: str) -> None:
    assert read_key(shown_key(key)) == key
