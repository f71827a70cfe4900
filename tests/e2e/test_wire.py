"""The inspector itself: every family of sequence is seen, whole or torn, and nothing of Textual's
is mistaken for one."""

from __future__ import annotations

import pytest
from e2e.wire import LINES, LINES_ON_TTY, SCREEN, Rules, Wire, violations
from hypothesis import given
from hypothesis import strategies as st

BAD = (
    "\x1b[2J\x1b]0;title\x07",
    "\x1b]52;c;c2VjcmV0\x07",
    "\x1b]8;;https://evil.test\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1b[?6n",
    "\x1b[?1003h",
    "\x1b[?5h",
    "\x1b[21t",
    "\x1b[5i",
    "\x1b[31;58m",
    "\x1b[1;999999999999m",
    "\x1bc",
    "\x1b#8",
    "\x1b(0",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x07",
    "\x0b",
    "\x0e",
    "\x18",
    "\x7f",
    "\x00",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\u200b",
    "\u2028",
    "\U000e0041",
    "\ue000",
    "\x1b",
    "\x1b[31",
    "\x1b]0;never ended",
)
GOOD = (
    "plain words, é, 日本, 👍🏽, क्षि",
    "\x1b[38;2;211;216;222;48;2;18;22;27m words \x1b[0m\x1b[1;3;4;7m",
    "\x1b[12;40H",
    "\x1b[?1049h\x1b[?25l\x1b[?1004h\x1b[>1u\x1b[?2026$p\x1b[?2004h\x1b[?7l",
    "\x1b[?2026h\r\n\x1b[?2026l",
    "\x1b[<u\x1b[?1049l\x1b[?25h",
    "\x1b]22;default\x07",
    "\x1b[;3Hx\b\by\r\n\rz\n\x1b[4C\x1b[12G\x1b[3A\x1b[B\x1b[K\x1b[m",
    "\x1b[3;20r\x1b[20H\n\x1b[r\x1b[H\x1bM",
    "\x1b[6n",
)


@pytest.mark.parametrize("bad", BAD)
def test_what_is_not_on_the_list_is_seen(bad: str) -> None:
    assert violations(f"before{bad}".encode(), SCREEN)


@pytest.mark.parametrize(
    "bad", [*BAD[:26], *"\b\r\n", "\x1b[1m", "\x1b[12;40H", "\x1b[6n", "\x1bM"]
)
def test_no_sequence_at_all_may_be_in_lines(bad: str) -> None:
    for rules in (LINES, LINES_ON_TTY):
        allowed = {"\n"} if rules is LINES else set()
        assert violations(bad.encode(), rules) or bad in allowed


@pytest.mark.parametrize("good", GOOD)
def test_what_the_screen_sends_by_itself_passes(good: str) -> None:
    assert not violations(good.encode(), SCREEN)


def test_bytes_that_are_no_utf8_are_seen() -> None:
    assert violations(b"caf\xe9", SCREEN)
    assert violations(b"\x9b31m", SCREEN)


def test_clipboard_and_mouse_only_where_they_are_expected() -> None:
    assert not violations(b"\x1b]52;c;aGk=\x07", Rules(clipboard=True))
    assert violations(b"\x1b]52;c;?\x07", Rules(clipboard=True))
    assert not violations(b"\x1b[?1003h\x1b[?1006h", Rules(mouse=True))


def test_lines_end_as_their_medium_has_it() -> None:
    assert not violations(b"one\ntwo\tthree\n", LINES)
    assert violations(b"one\r\n", LINES)
    assert not violations(b"one\r\ntwo\r\n", LINES_ON_TTY)


@given(st.sampled_from([*BAD, *GOOD]), st.lists(st.integers(1, 7), min_size=1, max_size=30))
def test_how_the_bytes_were_torn_changes_nothing(stream: str, sizes: list[int]) -> None:
    data = stream.encode()
    whole, torn = Wire(SCREEN), Wire(SCREEN)
    tokens = [*whole.feed(data), *whole.finish()]
    pieces, at = [], 0
    for size in [*sizes, len(data)]:
        pieces += torn.feed(data[at : at + size])
        at += size
    pieces += torn.finish()
    assert "".join(token.text for token in pieces) == "".join(token.text for token in tokens)
    assert bool(torn.violations) == bool(whole.violations)
