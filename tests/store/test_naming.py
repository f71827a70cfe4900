"""Ids for the shell to complete: every kind there is, and nothing of what is no room."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tui.night import night_room

from crisisroom.store import naming

pytestmark = pytest.mark.sqlite("ids are told of rooms in files")


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Path]:
    async with night_room(tmp_path) as room:
        yield room.store.path


async def test_every_kind_can_be_asked_for(night: Path) -> None:
    opened = sqlite3.connect(night)
    for kind in naming.KINDS:
        asked = {"person": "ada", "inc": "INC-1", "legal": True}
        opened.execute(f"{naming._WITH} {naming._query(kind)}", asked).fetchall()
    opened.close()


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        ("incidents", {"INC-1"}),
        ("tasks", {"pause", "holding"}),
        ("facts", {"what", "refund"}),
        ("roles", {"lead", "pay"}),
        ("contacts", {"ops"}),
        ("templates", {"holding", "update"}),
        ("messages", {"KM-2", "KM-4"}),
        ("severities", {"sev1", "sev2", "sev3"}),
        ("phases", {"assess", "recover"}),
        ("cadences", {"public"}),
    ],
)
@pytest.mark.parametrize("inc", ["", "INC-1"], ids=["the only one", "named"])
async def test_there_are_ids_of_what_there_is(
    night: Path, kind: str, some: set[str], inc: str
) -> None:
    assert some <= {*naming.ids(str(night), kind, "ada", inc)}


async def test_of_another_incident_there_is_nothing(night: Path) -> None:
    assert naming.ids(str(night), "tasks", "ada", "INC-8") == ()
    assert naming.ids(str(night), "tasks", "ada", "INC-1' OR 1 --") == ()


async def test_posts_are_numbers_the_newest_first(night: Path) -> None:
    found = naming.ids(str(night), "mentions", "ada")
    assert len(found) > 3
    assert all(re.fullmatch(r"M-[0-9]+", one) for one in found)
    numbers = [int(one[2:]) for one in found]
    assert numbers == sorted(numbers, reverse=True)


async def test_looking_makes_and_changes_nothing(night: Path, tmp_path: Path) -> None:
    before = {path.name for path in night.parent.iterdir()}
    naming.ids(str(night), "tasks", "ada")
    assert {path.name for path in night.parent.iterdir()} == before
    none = tmp_path / "no" / "room.db"
    assert naming.ids(str(none), "tasks", "ada") == ()
    assert not none.parent.exists()


async def test_what_is_no_room_or_a_newer_one_names_nothing(night: Path, tmp_path: Path) -> None:
    words, other, newer = (tmp_path / name for name in ("words", "other.db", "newer #1?.db"))
    words.write_text("no database at all")
    made = sqlite3.connect(other)
    made.execute("CREATE TABLE chain (id, number)")
    made.close()
    whole, copied = sqlite3.connect(night), sqlite3.connect(newer)
    whole.backup(copied)
    whole.close()
    copied.close()
    assert naming.ids(str(newer), "facts", "ada"), "an odd name is a name"
    changed = sqlite3.connect(newer)
    changed.execute("PRAGMA user_version = 999")
    changed.close()
    for path in (words, other, newer, tmp_path):
        assert naming.ids(str(path), "facts", "ada") == ()


async def test_readers_wait_for_no_writer(night: Path) -> None:
    holder = sqlite3.connect(night)
    holder.execute("BEGIN IMMEDIATE")
    assert "INC-1" in naming.ids(str(night), "incidents", "ada")
    holder.close()
