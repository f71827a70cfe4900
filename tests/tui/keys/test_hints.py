"""The last line of a screen: at most seven, help always among them, a person's own keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.tui.keys.hints import MOST, fitting, resting, wished
from crisisroom.tui.keys.table import PLACES
from crisisroom.tui.keys.wishes import Keys
from crisisroom.tui.rows import cell_len

_WORDS = st.text("abcdefg éß中", min_size=1, max_size=30)
_HINTS = st.lists(st.tuples(st.sampled_from(["", "a", "ctrl+s", "esc"]), _WORDS), max_size=12)


def _wide(hints: list[tuple[str, str]]) -> int:
    sizes = [cell_len(key) + cell_len(told) + bool(key) for key, told in hints]
    return 1 + sum(sizes) + 3 * (len(sizes) - 1)


@given(_HINTS, st.integers(12, 120))
def test_what_is_shown_fits_and_ends_with_help(hints: list[tuple[str, str]], width: int) -> None:
    shown = fitting(hints, "?", width)
    assert shown[-1] == ("?", "keys")
    assert len(shown) <= MOST
    assert _wide(shown) <= width


def test_a_reason_that_does_not_fit_gives_way_to_its_key() -> None:
    hints = [("", "a approve: Legal has not decided on the text that went out before"), ("x", "no")]
    assert fitting(hints, "?", 50) == [("", "a approve"), ("x", "no"), ("?", "keys")]
    assert fitting(hints, "?", 120)[0] == hints[0]


def test_what_is_asked_for_first_stays_longest() -> None:
    hints = [("a", "approve"), ("x", "object"), ("c", "ask by message"), ("d", "changes")]
    assert fitting(hints, "?", 40) == [*hints[:2], ("?", "keys")]


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (("", "a approve: Legal decides"), ("a", "Legal decides")),
        (("", "ctrl+s: nobody"), ("ctrl+s", "nobody")),
        (("", "nothing waits"), ("", "")),
        (("a", "approve: at once"), ("", "")),
    ],
)
def test_a_key_that_rests_tells_its_reason(hint: tuple[str, str], told: tuple[str, str]) -> None:
    assert resting(hint) == told


def test_hints_show_a_persons_own_keys() -> None:
    keys = Keys({"approvals.approve": "A", "approvals.reject": "none", "screen.leave": "f6"})
    acts = PLACES["approvals"].acts
    hints = [("", "a approve: Legal decides"), ("x", "object"), ("d", "changes"), ("esc", "room")]
    assert wished(hints, acts, keys) == [
        ("", "A approve: Legal decides"),
        ("d", "changes"),
        ("f6", "room"),
    ]
    assert wished(hints, acts, Keys()) == hints
