"""The brief by the command line, for each audience."""

from __future__ import annotations

import pytest
from cli.driver import Cli

from crisisroom.core.brief import AUDIENCES
from crisisroom.text import cells


@pytest.mark.parametrize("audience", ["", *AUDIENCES])
def test_it_is_plain_text_of_eighty_columns(crisis: Cli, audience: str) -> None:
    chosen = ("--for", audience) if audience else ()
    lines = crisis.ok("brief", "INC-1", *chosen).lines
    to = f" for {audience}" if audience else ""
    assert lines[0] == f"INC-1 Kettles smoke: brief{to}, 2026-11-22 03:07 Europe/Berlin" or (
        lines[0].startswith(f"INC-1 Kettles smoke: brief{to}, 2026-11-22 ")
    )
    assert lines[1] == "needed from you:"
    assert all(cells(line) <= 80 or len(line.split()) == 1 for line in lines)
    told = crisis.json("brief", "INC-1", *chosen)
    assert told["audience"] == audience
    assert len(told["happened"]) == 2


def test_the_page_for_who_decides_above_is_one_screen(crisis: Cli) -> None:
    for number in range(30):
        crisis.ok("action", "add", "INC-1", f"change {number} " * 9, "--owner", "fay")
    assert len(crisis.ok("brief", "INC-1", "--for", "exec", "--as", "fay").lines) <= 40


def test_an_unknown_audience_is_refused(crisis: Cli) -> None:
    assert "--for" in crisis.refused(2, "brief", "INC-1", "--for", "everybody").err
