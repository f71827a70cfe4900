"""Apps made up at random: what we send looks as what Textual writes, in every cell."""

from __future__ import annotations

import random

import pytest
from term.apps import Fuzzed, shake
from term.recorder import Twins, on_twins
from textual.pilot import Pilot

SIZES = ((80, 24), (100, 30), (40, 12), (30, 50), (13, 5))


async def look(seed: int, steps: int) -> Twins:
    luck = random.Random(seed)
    app = Fuzzed(luck)

    async def drive(pilot: Pilot[None], twins: Twins) -> None:
        await shake(app, pilot, twins, steps)

    size = luck.choice(SIZES)
    return await on_twins(app, size, drive, seed=seed, fills=luck.random() < 0.7)


@pytest.mark.parametrize("seed", range(12))
async def test_it_looks_the_same(seed: int) -> None:
    twins = await look(seed, 25)
    assert twins.compared > 1


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(1000, 1400))
async def test_it_always_does(seed: int) -> None:
    await look(seed, 80)
