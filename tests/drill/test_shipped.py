"""Every shipped playbook's drill ends by itself, with a report and a log that holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from drill.holding import Hold

from crisisroom.core.playbook import Playbook
from crisisroom.core.timeline import flaws, stamp
from crisisroom.drill.outcome import Item
from crisisroom.drill.scenario import length, steps_of
from crisisroom.library import list_ids, load


def _shipped() -> dict[str, Playbook]:
    loaded = {name: load(name, ()) for name in list_ids(())}
    return {name: plan for name, (plan, _) in loaded.items() if plan and plan.drill}


SHIPPED = _shipped()


def _mark(item: Item) -> str:
    """Return what the engine calls the due time that somebody missed."""
    assert item.due_at is not None
    return f"{item.kind}:{item.id}@{stamp(item.due_at)}"


@pytest.mark.parametrize("name", sorted(SHIPPED))
async def test_it_ends_by_itself_and_holds(hold: Hold, tmp_path: Path, name: str) -> None:
    plan = SHIPPED[name]
    result, entries = await hold(plan)
    made = result.outcome
    assert made is not None
    assert entries[0].data["drill"]
    assert list(flaws(entries)) == []
    assert (result.ok, result.problems, result.played) == (True, (), len(plan.drill))
    took = (result.end - result.start).total_seconds()
    assert length(steps_of(plan)) <= took <= length(steps_of(plan)) + 600
    assert result.slips == (), [f"{one.what}: {one.why}" for one in result.slips]
    assert made.of("late"), "a team that is never late teaches nothing"
    noted = {entry.data["clock"] for entry in entries if entry.kind == "clock.late"}
    assert noted == {_mark(one) for one in (*made.of("late"), *made.of("never"))}
    assert made.spoken.first is not None
    assert any(told.answered_at for told in made.injects)
