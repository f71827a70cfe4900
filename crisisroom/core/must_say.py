"""The parts a first message has to have, looked for by their usual words.

Only a reader can tell whether a text says them well; this asks where nothing like them is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crisisroom.core.playbook import Part

_TIME = r"\b(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9]\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b"
_PAGE = r"https?://\S|\b[\w-]+(?:\.[\w-]+)*\.(?:[^\W\d_]{2,})/?\b"

_EVERYWHERE: dict[Part, tuple[str, str]] = {
    "next_update": ("when we speak again", _TIME),
    "where": ("where to look", _PAGE),
}
_ENGLISH: dict[Part, tuple[str, str]] = {
    "empathy": (
        "a word for those it hit",
        r"\b(?:sorry|apologi[sz]e|apolog(?:y|ies)|regret|understand|worr(?:y|ied|ying)|concern(?:ed)?"
        r"|thoughts|condolences|frustrat\w+|upset\w*|frighten\w*|alarming|distress\w*|inconvenience"
        r"|feel for|how much|thank you for|hard for|difficult)\b",
    ),
    "unknown": (
        "what we do not know yet",
        r"\b(?:(?:do|does|did|can)(?: not|n't|n\u2019t)(?: yet)? (?:\w+ )?(?:know|say|confirm|tell)"
        r"|cannot(?: yet)? (?:say|confirm|tell)|not(?: yet)? (?:known|clear|confirmed|certain|sure)"
        r"|unknown|unclear|still (?:\w+ )?(?:checking|investigating|looking|finding|establishing)"
        r"|(?:looking|look) into|investigat\w+|finding out|no confirmed)\b",
    ),
    "next_update": (
        "when we speak again",
        _TIME
        + r"|\b(?:next update|update (?:you|this)|(?:again|more|news) (?:by|at|on|within|in)\b"
        r"|within (?:the|an|one|two|\d+) ?(?:hours?|minutes?)?|tomorrow|as soon as we know)",
    ),
    "where": ("where to look", _PAGE + r"|\b(?:our (?:website|page|site)|status page|hotline)\b"),
}


def unsaid(
    text: str, parts: Sequence[Part], language: str = "en", where: str = ""
) -> Iterator[tuple[Part, str]]:
    """Yield the parts that nothing in a text looks like, with what they are in plain words.

    What no pattern can tell (`known`, `doing`; in other languages than English more) is passed
    over. `where` is the page that all words should point to.
    """
    table = _ENGLISH if language.partition("-")[0].casefold() == "en" else _EVERYWHERE
    for part in parts:
        if part not in table or (part == "where" and where and where in text):
            continue
        what, pattern = table[part]
        if not re.search(pattern, text, re.IGNORECASE):
            yield part, what
