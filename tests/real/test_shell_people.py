"""Five people by five keys of one account: each acts under their own name, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from crisisroom.config.sshkey import fingerprint
from real.program import Json
from real.servers.base import wait_until
from real.shell_door import AT_ONCE, LOOKER, PEOPLE, Door, back, flaw, notes, on_screen, open_door

pytestmark = pytest.mark.together

TOLD = "it was {0} who wrote this"


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with open_door() as made:
        yield made


def test_everybody_acts_under_their_own_name_by_verb(door: Door) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = [pool.submit(door.run, one, f"note '{TOLD.format(one)}'") for one in PEOPLE]
        ended = [one.result() for one in said]
    door.run("ada", "note -", stdin="two lines\nof words; $(none) of a shell")
    record = door.run("bo", "export INC-1 --format json")
    told = notes(door)
    entries: list[Json] = door.program.json("timeline", "INC-1")
    keys = {one["actor"]: one["data"].get("by_key") for one in entries}

    assert {one: keys[one] for one in PEOPLE} == {
        one: fingerprint(door.keys[one].public) for one in PEOPLE
    }
    assert [(one.returncode, one.stderr) for one in ended] == [(0, b"")] * len(PEOPLE)
    for one in PEOPLE:
        assert any(TOLD.format(one) in text for text in told[one])
    assert any("of words; $(none)" in text for text in told["ada"])
    assert json.loads(record.stdout)["incident"]["id"] == "INC-1"
    assert not door.mark.exists()


def test_five_screens_at_once_each_of_their_own_person(door: Door) -> None:
    with ExitStack() as stack:
        screens = {one: stack.enter_context(on_screen(door, one)) for one in PEOPLE}
        for one, screen in screens.items():
            screen.wait_for("INC-1")
            screen.press("m").wait_for("Note").send(f"on a screen: {one}")
            screen.wait_for(f"on a screen: {one}").press("enter")
        for one in PEOPLE:
            wait_until(lambda one=one: _wrote(door, one), f"the note of {one}")  # type: ignore[misc]
        for screen in screens.values():
            screen.press("4").wait_for("on a screen: eli")
            back(screen.press("w").wait_for("not in this shell")).press("Q")
        codes = [screen.wait_end() for screen in screens.values()]

    assert codes == [0] * len(PEOPLE)


def _wrote(door: Door, who: str) -> bool:
    return any(f"on a screen: {who}" in text for text in notes(door).get(who, ()))


def test_who_only_looks_changes_nothing(door: Door) -> None:
    looked = door.run(LOOKER, "brief INC-1")
    before = door.state()
    refused = [door.run(LOOKER, one) for one in ("note hi", "resolve INC-1", "role take lead")]

    assert looked.returncode == 0
    assert [flaw(one) for one in refused] == [""] * len(refused)
    assert all(b"reads only (observer)" in one.stderr for one in refused)
    assert door.state() == before


def test_who_is_taken_out_of_the_team_is_out_at_once(door: Door) -> None:
    file = door.program.folder / "crisisroom.yaml"
    before = file.read_text()
    lines = [one for one in before.splitlines() if "id: eli," not in one]
    others = before.replace(door.keys["dee"].public, door.sshd.new_key("another").public)
    try:
        with on_screen(door, "eli") as screen:
            screen.wait_for("INC-1")
            file.write_text("\n".join(lines) + "\n")
            door.program.run("apply", str(file))
            assert screen.wait_end() == 1
        gone = door.run("eli", "note 'still here'")
        file.write_text(others)
        door.program.run("apply", str(file))
        changed = door.run("dee", "note 'still here'")
    finally:
        file.write_text(before)
        door.program.run("apply", str(file))

    assert (flaw(gone), flaw(changed)) == ("", "")
    assert b"eli is not in this room's team" in gone.stderr
    assert b"this key of dee's opens the room no more" in changed.stderr
    assert not any("still here" in text for told in notes(door).values() for text in told)
