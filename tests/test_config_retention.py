"""How long things stay, as crisisroom.yaml says it."""

from __future__ import annotations

import pytest

from crisisroom.config import room_from, room_part
from crisisroom.config.kinds import days_of
from crisisroom.config.load import load_config

ROOM = 'schema: 1\nbrand: {name: "Ferrow"}\n'


def test_it_is_read_and_kept_with_the_room() -> None:
    config, problems = load_config(f"{ROOM}retention: {{mentions: 90d, incidents: 3y}}\n", "c.yaml")
    assert not problems
    assert config is not None
    kept = room_from(room_part(config)).retention
    assert (days_of(kept.mentions), days_of(kept.incidents)) == (90, 3 * 365)


def test_without_it_everything_stays() -> None:
    config, _ = load_config(ROOM, "c.yaml")
    assert config is not None
    assert days_of(config.retention.mentions) == 0


@pytest.mark.parametrize("age", ["90", "0d", "3 years", "-1d", "1h", "3m", "99999999d"])
def test_what_is_no_age_is_named(age: str) -> None:
    config, problems = load_config(f'{ROOM}retention: {{mentions: "{age}"}}\n', "c.yaml")
    assert config is None
    assert "90d, 12w or 3y" in problems[0].message or problems[0].line == 3


def test_incidents_stay_as_long_as_posts_at_least() -> None:
    _, problems = load_config(f"{ROOM}retention: {{mentions: 2y, incidents: 1y}}\n", "c.yaml")
    assert "before other posts go" in problems[0].message
