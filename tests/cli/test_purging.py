"""`purge` by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.driver import Cli

from crisisroom.clock import ManualClock

FIELDS = {
    *("before", "dry_run", "compacted", "mentions", "cited", "clicks", "narratives", "counts"),
    *("authors", "entry", "held", "incidents"),
}


@pytest.fixture
def old(crisis: Cli, clock: ManualClock) -> Cli:
    """A room whose three mentions are a hundred days old, one of them an incident's."""
    crisis.ok("mention", "link", "INC-1", "M-2")
    clock.advance(100 * 86_400)
    return crisis


def test_it_says_what_would_go_and_leaves_it(old: Cli) -> None:
    said = old.ok("purge", "--older", "90d", "--dry-run")
    assert said.lines == [
        "would purge 2 mentions seen before 2026-12-02T02:07:00.000Z",
        "kept 1 that are older: incidents cite them, or somebody works on them",
    ]
    assert len(old.json("mentions")) == 3


def test_it_purges_and_that_is_on_record(old: Cli) -> None:
    done = old.json("purge", "--older", "90d", "--compact")
    assert done.keys() == FIELDS
    assert (done["mentions"], done["cited"], done["compacted"]) == (2, 1, True)
    assert [one["id"] for one in old.json("mentions")] == ["M-2"]
    assert old.json("verify")["ok"]
    again = old.ok("purge", "--older", "90d")
    assert again.lines[0].startswith("purged 0 mentions")
    assert old.json("purge", "--older", "90d")["entry"] is None


@pytest.mark.parametrize("older", ["", "90", "-90d", "1h", "x" * 99])
def test_a_span_that_makes_no_sense_is_refused(old: Cli, older: str) -> None:
    old.refused(2, "purge", f"--older={older}")
    assert len(old.json("mentions")) == 3


def test_nothing_goes_without_saying_how_old(old: Cli) -> None:
    assert "nothing says how old is too old" in old.refused(2, "purge").err
    assert len(old.json("mentions")) == 3


def test_the_retention_says_how_old_is_too_old(old: Cli) -> None:
    text = 'schema: 1\nroom: {name: "Ours"}\nbrand: {name: "Ferrow"}\nretention: {mentions: 90d}\n'
    Path("crisisroom.yaml").write_text(text)
    old.ok("apply", "crisisroom.yaml")
    assert any("2 posts are older than it says" in line for line in old.ok("status").lines)
    assert old.json("status")["purge"]["mentions"] == 2
    done = old.json("purge")
    assert (done["mentions"], done["incidents"]) == (2, [])
    assert old.json("status")["purge"]["mentions"] == 0
