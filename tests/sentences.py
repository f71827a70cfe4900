"""Five hundred sentences as people write them into a plan, with everything YAML stumbles over."""

from __future__ import annotations

import random
from collections.abc import Iterator

_OPENINGS = (
    "We know that {thing} {fault}",
    "{thing}: {fault}, and we are sorry",
    "Since {time} {thing} {fault}",
    "Please call {phone} if {thing} {fault}",
    "Is it true that {thing} {fault}?",
    "Write to {mail} {odd} we answer by {time}",
    "{odd} {thing} {fault}",
    "Ask {handle} about {thing} {odd}",
    "{handle} asked: does {thing} work at {time}?",
    "Refund {percent} to everybody {odd}",
    "{number}",
    "Step {number}: tell {handle}, then {mail}",
    "It's {thing} that {fault} {odd}",
    'They say "{thing} {fault}" {odd}',
    "{word}",
    "{emoji} {thing} {fault} {emoji}",
    "See {path} for {thing}",
    "Meet at {time} {odd} {word}",
    "{thing} ({odd}) {fault}; {word}",
    "Ticket #{number} {odd} {thing}",
)
_FILLINGS = {
    "thing": ("the Lumo 2 lamp", "order #4711", "batch: 44", "C#", "the “new” app", "A&B", "NO"),
    "fault": ("gets too hot", "does not work", "smokes @ 60 °C", "isn't safe", "fails 50%"),
    "time": ("12:30", "09:05", "1:30", "22:30:00", "2026-10-01", "17h", "5pm"),
    "phone": ("+49 30 1234", "+493012345", "0049301234", "0800 000 000", "112"),
    "mail": ("care@example.org", "https://www.example.org/a?b=c#d", "help@a.example, or 112"),
    "handle": ("@ada", "@pat@fans.test", "#legal", "&co", "*all*", "Bo"),
    "percent": ("100%", "%50", "50 %", "1.10", "€ 1,200.-", "0x1F"),
    "number": ("0123", "007", "+49301234567", "1_000", "1e3", ".5", "-1", "12:30", "0o17", "4711"),
    "word": ("NO", "yes", "off", "null", "~", "y", "On", "TRUE", "None", "=", "<<", ".inf", "---"),
    "emoji": ("🔥", "👩‍👩‍👧", "🏳️‍🌈", "👍🏽", "❤️", "😀"),
    "path": ("C:\\temp\\plan", "C:\\new\\plan", "\\\\server\\notes", "~/plan", "/srv/plan#2"),
    "odd": (
        "- now", "? really", "! urgent", "| and", "> all", "& more", "* all", "#1", " # not yet",
        "[draft]", "{draft}", "{{draft}}", "`code`", ": yes", "a: b", "\t tab", "50 %", "% off",
        "\u00a0hard space", "– dash", "…", "‚quote‘", "'", '"', "\\", "trailing ", ", and",
        "می‌خواهم", "größer", "e\u0301", "No. 5", "§ 5", "--", "…", "//", "a,b", "x", "@",
    ),
}  # fmt: skip


def sentences(count: int = 500) -> Iterator[str]:
    """Yield so many different sentences, always the same ones."""
    choose = random.Random(20261122)
    seen: set[str] = set()
    while len(seen) < count:
        pattern = choose.choice(_OPENINGS)
        words = {name: choose.choice(those) for name, those in _FILLINGS.items()}
        sentence = pattern.format_map(words)
        if choose.random() < 0.2:
            sentence = f"{choose.choice(_FILLINGS['odd'])} {sentence}"
        if sentence not in seen:
            seen.add(sentence)
            yield sentence
