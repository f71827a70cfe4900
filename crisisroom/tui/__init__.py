"""The room in the terminal: the only package that imports Textual."""

from __future__ import annotations

import os

# Textual reads these when it is imported: a far terminal gets no animation and few frames.
REMOTE = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
os.environ.setdefault("TEXTUAL_FPS", "10" if REMOTE else "30")
