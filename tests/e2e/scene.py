"""What several proofs begin with: an incident, people who post, who we are."""

from __future__ import annotations

import os
import pwd

from e2e.ground import Ground
from e2e.terminal import Terminal

OPEN_WORD = "Something happened"  # the incident's title: the room is on the screen
SMALL = (80, 24)


def people(ground: Ground, count: int = 12) -> None:
    """Let so many people post."""
    ground.ingest(
        {
            "text": f"post {n:02}",
            "external_id": str(n),
            "author": {"handle": f"handle{n:02}"},
            "posted_at": f"2026-11-01T{n // 60:02}:{n % 60:02}:00Z",
        }
        for n in range(count)
    )


def cursor_on(screen: Terminal, words: str) -> bool:
    """Whether the cursor's bar stands on the row with these words."""
    return "▌" in screen.line_with(words)


def me() -> str:
    """Return who the program takes us for: the UNIX user."""
    return pwd.getpwuid(os.getuid()).pw_name
