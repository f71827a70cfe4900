"""`keys`: every key of every screen, a person's own, and what is wrong with those."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.tui.keys.table import PLACES, all_keys

CONFIG = """\
schema: 1
brand: {name: Ferrow}
keys:
  note: f5
  reply: ctrl+i
  approvals.aprove: f6
"""
CLASHES = [
    "5:3: keys: reply: to a terminal ctrl+i is tab (it stays r)",
    "6:3: keys: there is no act approvals.aprove (did you mean approvals.approve?)",
]


@pytest.fixture
def wished(tmp_path: Path) -> Path:
    """Return the configuration of somebody with keys of their own, two of which do not hold."""
    path = tmp_path / "crisisroom.yaml"
    path.write_text(CONFIG)
    return path


def test_every_key_of_every_screen_is_listed(cli: Cli) -> None:
    told = cli.json("keys")
    assert [one["id"] for one in told["screens"]] == [*PLACES]
    for one, place in zip(told["screens"], PLACES.values(), strict=True):
        assert [key["id"] for key in one["keys"]] == [key.id for key in all_keys(place)]
        assert all(key["default"] == key["keys"] for key in one["keys"])
    assert told["problems"] == []


def test_lines_name_id_and_key(cli: Cli) -> None:
    shown = cli.ok("keys", "--screen", "approvals")
    assert shown.lines[0] == "approvals: Approvals"
    assert any("approvals.approve" in one and one.split()[0] == "a" for one in shown.lines)
    assert any("ctrl+/" in one and " help " in one for one in shown.lines)


def test_a_persons_own_keys_stand_beside_the_usual_ones(cli: Cli, wished: Path) -> None:
    shown = cli("keys", "--screen", "room.feed")
    assert shown.code == 1
    assert any("m -> f5" in one and "note" in one for one in shown.lines)
    assert [one.removeprefix(f"{wished}:") for one in shown.lines[-2:]] == CLASHES


def test_check_names_clashes_with_their_place(cli: Cli, wished: Path) -> None:
    shown = cli("check", str(wished))
    assert shown.code == 1
    assert shown.lines == [f"{wished}:{one}" for one in CLASHES]


def test_doctor_finds_them(cli: Cli, wished: Path) -> None:
    told = cli("doctor", "--offline", "host", "--json").json
    found = [one for one in told["problems"] if one["code"] == "keys"]
    assert [one["where"] for one in found] == [f"{wished}:5:3", f"{wished}:6:3"]
    assert {one["level"] for one in found} == {"warn"}


def test_a_screen_nobody_knows_is_refused(cli: Cli) -> None:
    shown = cli("keys", "--screen", "approval")
    assert shown.code == 2
    assert 'did you mean "approvals"?' in shown.err


def test_tables_for_a_page(cli: Cli) -> None:
    shown = cli.ok("keys", "--markdown", "--screen", "outbox")
    assert shown.lines[0] == "### Outbox"
    assert "| `s` | in doubt: it is out | outbox.sent |" in shown.lines
