"""The room in the terminal: the only package that imports Textual."""

from __future__ import annotations

import os

from crisisroom.firstpaint.cells import is_far
from crisisroom.terminals import taken_for

# Textual reads these when it is imported: no animation, and no more colours than our own theme was
# chosen for.
REMOTE = is_far(os.environ)
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
os.environ["TEXTUAL_COLOR_SYSTEM"] = taken_for(os.environ).system
