"""How much of what is done to a room or an export `verify` names: a table by kind of tampering.

Run it from the checkout:
`PYTHONPATH=.:tests python tests/bench/tamper.py [--rooms 600] [--exports 400] [--flips 300]`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from report.tampering import built
from report.test_tamper import SEED, Outcome, flipped, on_export, on_room

KINDS = {
    "flip": ("flipped", "row_unreadable"),
    "update": (
        *("updated", "entry_changed", "words_changed", "words_moved", "words_swapped"),
        *("head_changed", "row_changed", "settings_changed", "stop_forged", "schema_changed"),
        *("anchor_changed", "evidence_changed", "numbers_swapped", "rows_of_nothing"),
    ),
    "delete": (
        *("deleted", "words_gone", "erasure_faked", "entry_deleted", "entry_deleted_and_closed"),
        *("row_deleted", "incident_hidden", "incident_deleted"),
    ),
    "insert": (
        *("inserted", "words_added", "entry_inserted", "entry_before_the_first", "row_added"),
        "unknown_kind",
    ),
    "reorder": ("moved", "entries_swapped"),
    "cut tail": ("cut", "cut_with_care", "end_cut", "end_cut_and_counted", "end_cut_with_care"),
    "replay an old copy": ("room_replayed", "incident_replayed", "incident_replayed_only"),
    "rewrite and re-hash": ("rewritten", "entry_rehashed", "written_anew", "all_written_anew"),
}
KIND_OF = {act: kind for kind, acts in KINDS.items() for act in acts}

Rows = list[tuple[Outcome, float]]


def _table(outcomes: Rows) -> int:
    """Print what was seen, by act and by kind; returns how many were not, or elsewhere."""
    by_act: dict[str, Rows] = defaultdict(list)
    by_kind: dict[str, Rows] = {kind: [] for kind in KINDS}
    for row in outcomes:
        by_act[row[0].name].append(row)
        by_kind[KIND_OF[row[0].name.partition(": ")[2]]].append(row)
    print(f"{'tampering':34} {'done':>5} {'seen':>5} {'at its entry':>13} {'ms':>6}")
    for name, rows in sorted(by_act.items()):
        _print_row(name, rows)
    print()
    for kind, rows in by_kind.items():
        _print_row(kind, rows)
    _print_row("all", outcomes)
    missed = [one for one, _ in outcomes if not (one.seen and one.named and one.anchored)]
    for one in missed:
        print(f"MISSED {one.name}: {one.said}")
    return len(missed)


def _print_row(name: str, rows: Rows) -> None:
    seen = sum(one.seen for one, _ in rows)
    named = sum(one.named and one.anchored for one, _ in rows)
    mean = sum(seconds for _, seconds in rows) / max(len(rows), 1) * 1000
    print(f"{name:34} {len(rows):5} {seen:5} {named:13} {mean:6.0f}")


def main() -> int:
    """Tamper, and print the table; 1 where something was not named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=600)
    parser.add_argument("--exports", type=int, default=400)
    parser.add_argument("--flips", type=int, default=300)
    asked = parser.parse_args()
    outcomes: Rows = []
    with tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp") as made:
        folder = Path(made)
        os.environ["XDG_RUNTIME_DIR"] = made
        ground = built(folder)
        for seed in range(SEED, SEED + asked.rooms):
            began = time.perf_counter()
            outcomes.append((on_room(ground, folder, seed), time.perf_counter() - began))
        for seed in range(SEED, SEED + asked.exports):
            began = time.perf_counter()
            outcomes.append((on_export(seed), time.perf_counter() - began))
        missed = _table(outcomes)
        seen = sum(flipped(ground, folder, seed) for seed in range(asked.flips))
        print(f"bits flipped in the file: {asked.flips}, seen {seen}, the rest hit no record")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
