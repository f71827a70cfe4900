"""The outbox's figures: replies on three kinds of network, a death at every point, every trouble.

    python tests/bench/outbox.py [--replies 10000] [--rooms 420] [--seed 1]

Prints, for each network, how the replies ended and which promises were broken (none), then how
many replies went through each death in each trouble. Rooms are made in /dev/shm where there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from watch.platforms import KINDS, POINTS, TROUBLES
from watch.simulation import COMBINATIONS, Tally, simulate

NAMES = {"key": "key for 1 h", "put": "put by key", "never": "nothing"}
WRONG = ("duplicate", "false sent", "false failed", "silently lost")


def _said(tally: Tally, seconds: float) -> None:
    print(f"\n{sum(tally.ends.values())} replies, {tally.deaths} deaths, {seconds:.0f} s\n")
    print(f"{'network':14}{'replies':>9}{'sent':>8}{'in doubt':>10}", end="")
    print("".join(f"{one:>15}" for one in WRONG))
    for kind in KINDS:
        counts = {state: count for (of, state), count in tally.ends.items() if of == kind}
        print(f"{NAMES[kind]:14}{sum(counts.values()):>9}", end="")
        print(f"{counts.get('sent', 0):>8}{counts.get('unknown', 0):>10}", end="")
        mine = [line for line in tally.wrong if f": {kind}, " in line]
        print("".join(f"{sum(line.startswith(one) for line in mine):>15}" for one in WRONG))
    print(f"\n{'died at (times, all networks)':38}" + "".join(f"{one:>15}" for one in TROUBLES))
    for point in POINTS:
        print(f"{point:38}", end="")
        hits = [sum(tally.hits[kind, point, one] for kind in KINDS) for one in TROUBLES]
        print("".join(f"{count:>15}" for count in hits))
    for line in tally.wrong[:20]:
        print(line)
    print(f"\ncombinations that no reply went through: {len(tally.missing())}")


async def _run(replies: int, a_room: int, seed: int) -> int:
    plans = [COMBINATIONS[number % len(COMBINATIONS)] for number in range(replies * len(KINDS))]
    tally, began = Tally(), time.perf_counter()
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    for number, start in enumerate(range(0, len(plans), a_room)):
        with tempfile.TemporaryDirectory(prefix="cr-", dir=where) as folder:
            os.environ["XDG_RUNTIME_DIR"] = folder
            tally.add(await simulate(Path(folder), plans[start : start + a_room], seed + number))
        done = min(start + a_room, len(plans))
        print(f"{done} of {len(plans)}", end="\r", file=sys.stderr, flush=True)
    _said(tally, time.perf_counter() - began)
    return 1 if tally.wrong or tally.missing() else 0


def main() -> int:
    """Run what the arguments ask for; 1 where a promise is broken or a combination was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=10_000, help="on each network")
    parser.add_argument("--rooms", type=int, default=420, help="replies in one room")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    return asyncio.run(_run(asked.replies, asked.rooms, asked.seed))


if __name__ == "__main__":
    sys.exit(main())
