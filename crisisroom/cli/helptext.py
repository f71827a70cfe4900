"""What `crisisroom --help` prints, and `ssh … help` over an SSH key."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from crisisroom import __version__
from crisisroom.cli.verbs import SUMMARIES

EVERY_VERB = (
    "For every verb: --room FILE, --config FILE, --as NAME, --json, --plain, --read-only,"
    " --command-id ID."
)
OVER_KEY = (
    "For every verb: --json, --plain, --read-only, --command-id ID."
    " Who you are, and which room, the key says."
)
EXIT_CODES = {
    0: "done",
    1: "refused or problems found",
    2: "usage",
    3: "not now: try again",
    4: "outcome unknown: look",
    70: "an error of ours",
}


def help_text() -> str:
    """Return what `crisisroom --help` prints."""
    lines = [
        f"crisisroom {__version__}: the room for the night it goes wrong",
        "",
        "  crisisroom                 open the room in the terminal",
        "  crisisroom demo            watch a crisis first, on a throw-away room",
        "",
    ]
    width = max(len(name) for name in SUMMARIES)
    lines += [f"  {name:{width}}  {summary}" for name, summary in SUMMARIES.items()]
    lines += [
        "",
        "Verbs that act on an incident take it first: crisisroom task done INC-7 pause-posts.",
        "INC-7 may be left out while exactly one incident is open.",
        EVERY_VERB,
        "--command-id ID: the same command again does nothing twice, another one is refused.",
        "--read-only: nothing is written to the room, nobody is shown as being here.",
        "--plain: sentences instead of columns, to be read aloud; timeline and mentions have them.",
        *_exit_codes(),
        "",
    ]
    return "\n".join(lines)


def _exit_codes() -> list[str]:
    told = ", ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())
    return wrap(f"Exit codes: {told}.", 88)


def over_key_text(names: Sequence[str]) -> str:
    """Return what `ssh … help` prints: the verbs that there are over a key."""
    width = max(map(len, names))
    return "\n".join(
        [
            "This key opens one room, as you. Without a command: the room's screen (ssh -t).",
            "",
            *(f"  {name:{width}}  {SUMMARIES[name]}" for name in names),
            "",
            "Your shell takes one layer of quotes: ssh … 'note \"the plant is shut\"'.",
            "Words of several lines come on stdin: ssh … note - < words.txt",
            "help VERB says more. --json prints JSON; --command-id ID does nothing twice.",
            "",
        ]
    )
