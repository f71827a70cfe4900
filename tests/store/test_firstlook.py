"""A first look at a room's file tells what a person may see, at once, or nothing."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from tui.night import night_room

from crisisroom.config import Member, RoomConfig
from crisisroom.config.sshkey import fingerprint
from crisisroom.core.persons import Person
from crisisroom.room import Actor, Room, erasing, places, record, restricting
from crisisroom.room.settings import apply_config
from crisisroom.store import firstlook
from crisisroom.store.firstlook import Comer, Seen
from crisisroom.store.schema import APPLICATION_ID, SCHEMA

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILxj2YbJ2pYV4oJ4fJrPZK9bXeE1kYt2m1wD5l1Uv0aB ada@laptop"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOlL1q0D0v7c0r4s1sU4v2QxZ0m1wD5l1Uv0aBYbJ2pY ada@desk"
TEAM = (
    Member("ada", "Ada", ("lead", "care"), keys=(OTHER, KEY)),
    Member("bo", "Bo", ("care",)),
    Member("cy", "Cy", ("legal",)),
    Member("kim", "Kim", access="observer"),
    Member("rex", "Rex", access="executive"),
)


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Room]:
    async with night_room(tmp_path) as room:
        yield room


async def with_team(room: Room) -> None:
    await apply_config(room, msgspec.structs.replace(room.config, team=TEAM), "crisisroom.yaml")


def look(room: Room, person: str = "ada", **more: object) -> Seen | None:
    comer = Comer(person, 17, wide=True)
    for name, value in more.items():
        setattr(comer, name, value)
    return firstlook.look(str(room.store.path), comer, int(room.clock.now().timestamp()))


def texts(seen: Seen) -> str:
    """Return everything that was read, as one text."""
    parts = (seen.posts, seen.tasks, seen.entries, seen.roles, seen.words, seen.duties)
    rows = [tuple(row) for part in parts for row in part]
    return str(rows) + str(tuple(seen.incident) if seen.incident is not None else "")


async def test_it_tells_what_the_room_is(night: Room) -> None:
    seen = look(night)
    assert seen is not None
    assert seen.incident is not None
    assert (seen.incident["title"], seen.incident["severity"]) == ("Double charge", "sev1")
    assert [post["handle"] for post in seen.posts][:2] == ["mira.k", "kettle_on"]
    assert (seen.total, seen.free) == (12, 7)
    assert [one["id"] for one in seen.tasks][:2] == ["pause", "call"]
    assert seen.entries[0]["words"] == "phoned dee, no answer"


async def test_it_leaves_the_file_as_it_is(night: Room) -> None:
    await night.close()
    path = night.store.path
    before = path.read_bytes()
    assert look(night) is not None
    assert path.read_bytes() == before


# Files that are no room of ours.


@pytest.mark.parametrize("what", ["missing", "empty", "text", "folder", "fifo", "other", "cut"])
async def test_what_is_no_room_is_not_looked_at(night: Room, tmp_path: Path, what: str) -> None:
    path = tmp_path / "strange?#%.db"
    if what in ("empty", "text"):
        path.write_text("" if what == "empty" else "no room, only words" * 1000)
    elif what == "folder":
        path.mkdir()
    elif what == "fifo":
        os.mkfifo(path)
    elif what == "other":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE room (key TEXT, value TEXT)")
    elif what == "cut":
        whole = night.store.path.read_bytes()
        path.write_bytes(whole[: len(whole) // 3])
    assert firstlook.look(str(path), Comer("ada", 17, wide=True), 0) is None


async def test_odd_names_are_names(night: Room, tmp_path: Path) -> None:
    await night.close()
    path = tmp_path / "50%41 ?mode=rw#x.db"
    path.write_bytes(night.store.path.read_bytes())
    assert firstlook.look(str(path), Comer("ada", 17, wide=True), 0) is not None
    assert firstlook.look(str(path) + "y", Comer("ada", 17, wide=True), 0) is None


@pytest.mark.parametrize("version", [SCHEMA - 1, SCHEMA + 1])
async def test_a_room_of_another_release_is_left_to_the_program(night: Room, version: int) -> None:
    await night.close()
    with sqlite3.connect(night.store.path) as raw:
        raw.execute(f"PRAGMA user_version = {version}")
    assert look(night) is None
    with sqlite3.connect(night.store.path) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA}")
        assert raw.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert look(night) is not None


@pytest.mark.parametrize("key", ["moved", "erase.request", "erase.unsettled"])
async def test_a_room_that_is_on_its_way_is_not_shown(night: Room, key: str) -> None:
    with sqlite3.connect(night.store.path) as raw:
        raw.execute("INSERT INTO room VALUES (?, 'x')", (key,))
    raw.close()
    assert look(night) is None


async def test_a_drills_room_has_a_time_of_its_own(night: Room) -> None:
    await apply_config(night, RoomConfig(name="drill: fire"), "crisisroom.yaml")
    assert look(night) is None


async def test_damaged_json_is_not_guessed_at(night: Room) -> None:
    with sqlite3.connect(night.store.path) as raw:
        raw.execute("UPDATE projection SET body = substr(body, 1, 50) WHERE kind = 'plan'")
    raw.close()
    assert look(night) is None


async def test_a_locked_room_is_not_waited_for(night: Room) -> None:
    await night.close()
    raw = sqlite3.connect(night.store.path, isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA journal_mode=DELETE")
    raw.execute("BEGIN EXCLUSIVE")
    given_up = threading.Timer(20, raw.close)  # it would wait for this one, should it wait
    given_up.start()
    try:
        assert look(night) is None
        assert given_up.is_alive()
    finally:
        given_up.cancel()
        raw.close()


async def test_more_posts_than_can_be_counted_at_once(
    night: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firstlook, "COUNTED", 7)
    seen = look(night)
    assert seen is not None
    assert (seen.total, seen.free) == (None, 7)
    monkeypatch.setattr(firstlook, "_STEPS", 0)
    monkeypatch.setattr(firstlook, "_PACE", 10)
    assert look(night) is None


# Who may see it.


async def test_only_the_team_is_let_in(night: Room) -> None:
    assert look(night, "eve") is not None  # a room without a team has one person
    assert look(night, "eve", confined=True) is None
    await with_team(night)
    assert look(night, "ada") is not None
    assert look(night, "eve") is None
    assert look(night, "ada", by_name=True) is None  # the team says who people are
    kim = look(night, "kim")
    assert kim is not None
    assert kim.access == "observer"
    assert look(night, "rex") is None  # begins with the brief


async def test_a_key_that_was_removed_shows_nothing(night: Room) -> None:
    await with_team(night)
    assert look(night, "ada", confined=True, key=fingerprint(KEY)) is not None
    assert look(night, "ada", confined=True, key=fingerprint(OTHER)) is not None
    assert look(night, "ada", confined=True, key="") is not None  # of an older release's line
    assert look(night, "bo", confined=True, key=fingerprint(KEY)) is None
    assert look(night, "ada", confined=True, key="SHA256:" + "A" * 43) is None


async def test_a_restricted_incident_is_never_shown(night: Room) -> None:
    await with_team(night)
    await places.here(night, "mine", "INC-1", "3", "M-5")
    bo = night.as_actor(Actor("bo"))
    await places.here(bo, "theirs", "INC-1", "3", "M-5")
    await restricting.restrict(night, "INC-1", ["ada"])
    for person, view in (("ada", 3), ("bo", 1)):
        seen = look(night, person)
        assert seen is not None
        assert seen.incident is None
        assert not seen.entries
        assert not seen.tasks
        assert "Double charge" not in texts(seen)
        assert seen.view == view  # bo's place names what is not there for him
        assert not any(post["linked"] for post in seen.posts)
    hers, his = look(night, "ada"), look(night, "bo")
    assert hers is not None
    assert hers.shut
    assert his is not None
    assert not his.shut  # it says not even that there is one


async def test_what_is_for_legal_takes_the_incident_with_it(night: Room) -> None:
    await with_team(night)
    await record.note(night.as_actor(Actor("cy")), "INC-1", "zanzibar", visibility="legal")
    for person in ("ada", "bo", "kim"):
        seen = look(night, person)
        assert seen is not None
        assert seen.shut
        assert "zanzibar" not in texts(seen)
        assert seen.incident is None
    seen = look(night, "cy")
    assert seen is not None
    assert "zanzibar" in texts(seen)


async def test_who_was_erased_is_gone(night: Room) -> None:
    before = look(night)
    assert before is not None
    assert "mira.k" in texts(before)
    await erasing.erase(night, [Person(handle="mira.k")], "asked for it")
    after = look(night)
    assert after is None or "mira.k" not in texts(after)
