"""What `check` costs: CPU and memory for each broken file, in a process that has it loaded.

Run it from the checkout: `PYTHONPATH=.:tests python tests/bench/check.py [--all]`. The baseline is
the process after it has checked the shipped playbook product-defect twice, with the collector in
its usual state. Each file is checked in a fork of that process: CPU is the fork's own time (user
and system), growth is its peak resident memory above the baseline's. The target is 50 ms and
32 MB each.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from awkward_yaml import REFUSED
from broken_playbooks import SLIPS
from heavy_playbooks import HEAVY

from crisisroom.core.playbook_load import load_playbook
from crisisroom.library import find
from crisisroom.zones import known

BASELINE = "product-defect"
MOST_MS, MOST_MB = 50.0, 32.0
TODAY = date(2026, 11, 22)


def files() -> Iterator[tuple[str, str]]:
    """Yield every broken file and its name."""
    yield from ((f"slip: {one.name}", one.text) for one in SLIPS)
    yield from ((f"awkward: {one.name}", one.text) for one in REFUSED)
    yield from ((f"heavy: {name}", text) for name, text in HEAVY.items())


def check(text: str, name: str) -> int:
    """Check one file as the command does; return how many problems it has."""
    return len(load_playbook(text, name, today=TODAY, zone_known=known)[1])


def peak() -> int:
    """Return the most memory this process has held since it was last reset, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def measured(text: str) -> tuple[float, float, int]:
    """Return the CPU milliseconds, the megabytes of growth and the problems of one check."""
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        Path("/proc/self/clear_refs").write_text("5")
        before, start = peak(), time.process_time()
        problems = check(text, "broken.yaml")
        cost = ((time.process_time() - start) * 1000, (peak() - before) / 1024, problems)
        os.write(there, json.dumps(cost).encode())
        os._exit(0)
    os.close(there)
    with open(here, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    if status or not said:
        raise SystemExit(f"a check ended with {status}")
    ms, mb, problems = json.loads(said)
    return ms, mb, problems


def main() -> int:
    """Print the dearest files, or all of them; 1 where one costs too much."""
    text, name = find(BASELINE, [])
    for _ in range(2):
        check(text, name)
    check("owner: x", "warm")  # the modules that only a file with problems needs
    costs = [(min(measured(file) for _ in range(5)), name) for name, file in files()]
    costs.sort(reverse=True)
    print(f"baseline: a process that checked {BASELINE} twice, {peak() / 1024:.0f} MB at its peak")
    for (ms, mb, problems), name in costs if "--all" in sys.argv else costs[:20]:
        print(f"{ms:6.1f} ms {mb:6.1f} MB {problems:4} problems  {name}")
    over = [name for (ms, mb, _), name in costs if ms > MOST_MS or mb > MOST_MB]
    print(f"{len(costs)} files, {len(over)} over {MOST_MS:.0f} ms or {MOST_MB:.0f} MB")
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
