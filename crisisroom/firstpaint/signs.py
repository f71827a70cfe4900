"""The signs of the visual language, and what stands for them where only ASCII shows."""

from __future__ import annotations

FREE, OWNED, DONE, PRIVATE, WAITS, BAD, LOOK, OFF = "•", "▸", "✓", "»", "◦", "✗", "!", "-"
OPEN, CLOSED, QUOTE, CURSOR, CLIPPED, LINE = "▿", "▹", "│", "▌", "…", "─"
NOW = LINE * 12  # behind `now`: as wide as the pane, it would be half of what a new post takes
TIMES = "×"
PINNED = "♦"
RISING = " ▁▂▃▄▅▆▇█"

ASCII = str.maketrans(
    {
        FREE: "*",
        OWNED: "@",
        DONE: "+",
        PRIVATE: "=",
        WAITS: ".",
        BAD: "x",
        OPEN: "v",
        CLOSED: ">",
        QUOTE: "|",
        CURSOR: ">",
        CLIPPED: "~",
        LINE: "-",
        TIMES: "x",
        PINNED: "^",
        "‹": "<",
        "›": ">",
        **dict(zip(RISING[1:], "_.-=+*%#", strict=True)),
    }
)

NARROW = "".join(map(chr, ASCII))
"""These signs, each of which takes one cell."""
