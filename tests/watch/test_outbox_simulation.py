"""Three kinds of network × a death at every point × every trouble: never two posts, never a lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from watch.platforms import KINDS, POINTS, TROUBLES
from watch.simulation import COMBINATIONS, Combination, Tally, covered, simulate

from crisisroom.channels import Channel
from crisisroom.watch.recovery import Recovery
from crisisroom.watch.way import Way

FULL = 10_000  # replies on each kind of network
A_ROOM = 420  # replies


def _check(tally: Tally, plans: Sequence[Combination]) -> None:
    assert tally.wrong == []
    assert sum(tally.ends.values()) >= len(plans)
    assert tally.missing(plans) == []
    assert {state for _, state in tally.ends} <= {"sent", "unknown"}
    sent, doubt = (
        {kind: tally.ends[kind, state] for kind in KINDS} for state in ("sent", "unknown")
    )
    assert doubt["put"] == 0
    assert min(sent.values()) > doubt["never"] > 0


def test_there_are_enough_points_and_all_the_troubles() -> None:
    assert len(set(POINTS)) >= 12
    assert len(set(TROUBLES)) == 7
    assert len(set(COMBINATIONS)) == len(KINDS) * len(POINTS) * len(TROUBLES)


async def test_every_death_in_every_trouble_leaves_one_post_and_the_truth(tmp_path: Path) -> None:
    each = len(POINTS) * len(TROUBLES)
    some = [COMBINATIONS[number % len(KINDS) * each + number] for number in range(each)]
    assert {one[1:] for one in some} == {one[1:] for one in COMBINATIONS}
    _check(await covered(tmp_path, some, 7), some)


async def test_an_outbox_that_repeats_blindly_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The simulation would see it: without the look, and with keys for ever, there are doubles."""

    async def blind(self: Recovery, way: Way, channel: Channel) -> int:
        await self._again(way)
        return 1

    monkeypatch.setattr(Recovery, "go_on", blind)
    some = [one for one in COMBINATIONS if one[1] == "waiting for the answer"]
    tally = await simulate(tmp_path, some, 3)
    doubles = [line for line in tally.wrong if line.startswith("duplicate")]
    assert any(": key, " in line for line in doubles)
    assert any(": never, " in line for line in doubles)
    assert not any(": put, " in line for line in doubles)


@pytest.mark.full
@pytest.mark.timeout(7200)
async def test_ten_thousand_replies_on_each_network(tmp_path: Path) -> None:
    each = FULL * len(KINDS)
    plans = [COMBINATIONS[number % len(COMBINATIONS)] for number in range(each)]
    tally = Tally()
    for start in range(0, each, A_ROOM):
        here = tmp_path / f"{start}"
        here.mkdir()
        tally.add(await simulate(here, plans[start : start + A_ROOM], start))
    _check(tally, plans)
