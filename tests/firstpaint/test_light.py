"""The first paint imports next to nothing: every module more is a millisecond of waiting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "crisisroom",
    "sqlite3",
    "_sqlite3",
    "termios",
    "pwd",
    "gc",
    "time",
    "unicodedata",
    *("datetime", "_datetime", "math"),  # these come with sqlite3
    *("collections", "functools", "_functools", "types", "operator", "_operator"),
    *("itertools", "keyword", "reprlib", "_collections"),
    *("signal", "enum"),  # once the picture is on the screen
}
PROGRAM = """
import sys
before = set(sys.modules)
import crisisroom.__main__
from crisisroom.firstpaint import asked, checklist, feed, opening, picture
from crisisroom.firstpaint import status, tabs, timeline, warning
from crisisroom.store import firstlook
import crisisroom.term.handover
print(*sorted(set(sys.modules) - before))
"""


def test_it_imports_sqlite_and_nothing_slow() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    found = done.stdout.split()
    assert {name.partition(".")[0] for name in found} <= ALLOWED | {"__future__"}
    ours = {name for name in found if name.startswith("crisisroom.")}
    assert {name for name in ours if not name.startswith("crisisroom.firstpaint")} == {
        "crisisroom.__main__",
        "crisisroom.store",
        "crisisroom.store.firstlook",
        "crisisroom.store.firstlook_sql",
        "crisisroom.store.schema",
        "crisisroom.term",
        "crisisroom.term.handover",
    }
