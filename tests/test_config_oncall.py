"""The rota in crisisroom.yaml: what is refused, where, and what the room keeps of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config import Config, Problem, Swap, room_from, room_part
from crisisroom.config.load import load_config
from crisisroom.room.settings import differences

TURNS = """\
schema: 1
team:
  - {id: ada, name: Ada, roles: [lead]}
  - {id: bo, name: Bo, roles: [lead, social]}
  - {id: cy, name: Cy}
oncall:
  people: [ada, bo]
  start: 2026-10-05
  every: 7d
  handover: "09:00"
  zone: Europe/Berlin
  swaps:
    - {person: bo, start: 2026-10-10, end: 2026-10-11 18:00}
"""


def good(text: str, name: str = "/srv/room/crisisroom.yaml") -> Config:
    config, problems = load_config(text, name)
    assert not problems
    assert config is not None
    return config


def problems_of(old: str, new: str) -> list[Problem]:
    assert old in TURNS
    config, problems = load_config(TURNS.replace(old, new, 1), "c.yaml")
    assert config is None
    return problems


def test_a_rotation_loads() -> None:
    rota = good(TURNS).oncall
    assert rota is not None
    assert (rota.people, rota.start, rota.every) == (("ada", "bo"), "2026-10-05", 604_800)
    assert (rota.handover, rota.zone, rota.role) == ("09:00", "Europe/Berlin", "lead")
    assert rota.swaps == (Swap("bo", "2026-10-10", "2026-10-11 18:00"),)


def test_a_calendar_lies_beside_the_file() -> None:
    rota = good("schema: 1\noncall: {ical: rota.ics}\n").oncall
    assert rota is not None
    assert rota.ical == "/srv/room/rota.ics"


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("people: [ada, bo]", "poeple: [ada, bo]", '"poeple" is not known', 'mean "people"?'),
        ("people: [ada, bo]", "people: [ada, bob]", "no member of the team is", 'mean "bo"?'),
        ("people: [ada, bo]", "people: [ada, cy]", '"cy" is on duty as lead', "add lead"),
        ("people: [ada, bo]", "people: []", 'needs "people" or "ical"', "a calendar's file"),
        ("person: bo", "person: zed", "no member of the team is called", "ada, bo"),
        ("start: 2026-10-05", "start: 5.10.2026", "written YYYY-MM-DD", ""),
        ("start: 2026-10-05", "start: 2026-02-30", "no such day", ""),
        ("  start: 2026-10-05\n", "", 'need a "start"', "first hand-over"),
        ("every: 7d", "every: weekly", "a duration belongs here", "2d"),
        ("every: 7d", "every: 5m", "too short", ""),
        ('handover: "09:00"', "handover: 9", "written 09:00", ""),
        ('handover: "09:00"', 'handover: "24:00"', "written 09:00", ""),
        ("zone: Europe/Berlin", "zone: Europe/Berln", "no time zone has this name", ""),
        ("end: 2026-10-11 18:00", "end: 2026-10-11 25:00", "a day, or a day and a time", ""),
        ("end: 2026-10-11 18:00", "end: 18:00", "a day, or a day and a time", ""),
        ("end: 2026-10-11 18:00", "end: 2026-10-10", "ends before it starts", ""),
        ("end: 2026-10-11 18:00", "till: 2026-10-12", '"till" is not known here', "end"),
        ("  people: [ada, bo]", "  ical: x.ics\n  people: [ada, bo]", 'no "people"', "take"),
        (
            "    - {person: bo",
            "    - {person: ada, start: 2026-10-09, end: 2026-10-12}\n    - {person: bo",
            "another swap covers this time",
            "",
        ),
    ],
)
def test_what_does_not_hold_together_is_reported(
    old: str, new: str, message: str, hint: str
) -> None:
    problems = problems_of(old, new)
    assert any(message in found.message and hint in found.hint for found in problems), problems


def test_without_a_team_anybody_may_be_on_duty() -> None:
    lines = [line for line in TURNS.splitlines() if "name:" not in line and "team" not in line]
    assert good("\n".join(lines)).oncall is not None


def test_the_room_keeps_the_rota_and_says_what_changed() -> None:
    config = good(TURNS)
    kept = json.loads(json.dumps(room_part(config)))
    assert room_from(kept).oncall == config.oncall
    other = room_part(good(TURNS.replace("[ada, bo]", "[bo, ada]")))
    assert differences(kept, json.loads(json.dumps(other))) == [
        'oncall.people: ["ada","bo"] -> ["bo","ada"]'
    ]
    assert room_from({}).oncall is None


@given(st.text(max_size=40), st.sampled_from(["start", "handover", "zone", "role", "ical"]))
def test_any_value_loads_or_says_what_is_wrong(text: str, key: str) -> None:
    rota = f"{{people: [ada], start: 2026-10-05, {key}: {json.dumps(text)}}}"
    config, problems = load_config(f"schema: 1\noncall: {rota}", "c.yaml")
    assert (config is None) == bool(problems)
