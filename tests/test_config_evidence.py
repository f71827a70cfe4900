"""What crisisroom.yaml says about evidence."""

from __future__ import annotations

import pytest

from crisisroom.config import Keep, room_from, room_part
from crisisroom.config.kinds import bytes_of, size_flaw
from crisisroom.config.load import load_config


def problems(line: str) -> list[str]:
    _, found = load_config(f"schema: 1\nevidence: {line}\n", "c.yaml")
    return [str(one) for one in found]


def test_linked_pictures_are_kept_unless_it_says_otherwise() -> None:
    config, found = load_config("schema: 1\n", "c.yaml")
    assert not found
    assert config is not None
    assert config.evidence == Keep(pictures="linked", most="8MB", keep="500MB")
    assert (config.evidence.most_bytes, config.evidence.keep_bytes) == (8_000_000, 500_000_000)


def test_it_belongs_to_the_room() -> None:
    text = "schema: 1\nevidence: {pictures: all, most: 500kB, keep: 2GB}\n"
    config, found = load_config(text, "c.yaml")
    assert not found
    assert config is not None
    assert room_from(room_part(config)).evidence == Keep(pictures="all", most="500kB", keep="2GB")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{pictures: some}", "one of: linked, all, none"),
        ("{most: 8 MB}", "a size is written like 500kB, 8MB or 2GB"),
        ("{most: 0MB}", "a size is written like"),
        ("{keep: lots}", "a size is written like"),
        ("{most: 33MB}", "more than the room takes at once"),
        ("{most: 8MB, keep: 7MB}", "larger than all of them together"),
        ("{sounds: all}", "sounds"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_line(line: str, says: str) -> None:
    (problem,) = problems(line)
    assert problem.startswith("c.yaml:2:")
    assert says in problem


def test_sizes_are_powers_of_ten() -> None:
    assert bytes_of("1kB") == 1000
    assert bytes_of("999999GB") == 999_999 * 10**9
    assert bytes_of("1KB") == 0
    assert size_flaw("8MB") == ""
