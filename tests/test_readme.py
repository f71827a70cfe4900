"""The README says what the program does: its keys, verbs and commands are checked against it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from crisisroom.cli.verbs import FAMILIES, SUMMARIES
from crisisroom.tui.actions import key_table

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_KEYS = re.compile(r"<!-- keys -->\n.*?<!-- /keys -->", re.DOTALL)


def test_the_key_table_is_that_of_the_program() -> None:
    text = README.read_text(encoding="utf-8")
    wanted = _KEYS.sub(lambda _: f"<!-- keys -->\n{key_table()}<!-- /keys -->", text)
    if os.environ.get("CRISISROOM_UPDATE_README"):
        README.write_text(wanted, encoding="utf-8")
    assert text == wanted, "CRISISROOM_UPDATE_README=1 writes the table anew"


def test_every_verb_it_shows_exists() -> None:
    shown = re.findall(r"crisisroom (?!demo\b)([a-z][a-z-]*)(?: ([a-z]+))?", README.read_text())
    for first, second in shown:
        if first in FAMILIES and second:
            assert second in FAMILIES[first], f"{first} {second}"
        elif first in FAMILIES or first in SUMMARIES:
            continue
        else:
            pytest.fail(f"README shows `crisisroom {first}`, which is no verb")


@pytest.mark.parametrize("marker", ["demo-command", "test-command"])
def test_its_two_commands_are_one_line_each(marker: str) -> None:
    found = re.search(rf"<!-- {marker} -->\n```sh\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    assert len(found[1].strip().splitlines()) == 1


def test_its_pictures_exist() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README.read_text())
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
