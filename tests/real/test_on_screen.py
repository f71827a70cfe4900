"""A reply written on a real terminal, from approved words, to the stranger's own thread."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from e2e.terminal import Terminal

from real.program import Program
from real.servers.fediverse import Fediverse
from real.test_answering import answering

KNOWN = "at the moment nobody can log in"  # words of the key message `we-know`, with its fact
READING = 0.6  # seconds without a key before the one that lets words go


@contextmanager
def on_terminal(program: Program) -> Iterator[Terminal]:
    """The room on a terminal of its own."""
    env = {**program.env, "TERM": "xterm-256color"}
    argv = program.command("open")
    with Terminal(argv, env=env, cwd=program.folder, size=(120, 36)) as screen:
        yield screen


def test_a_reply_composed_on_the_screen_arrives_once(
    program: Program, fediverse: Fediverse
) -> None:
    with answering(program, fediverse.brand):
        complaint = fediverse.complain("on-screen: your app is down, and this is ridiculous")
        program.wait_for("on-screen")
        with on_terminal(program) as screen:
            screen.wait_for("on-screen").press("r").wait_for(digit_of_known, why="its words")
            screen.wait_for("no blanks").wait_for("ctrl+s review")
            screen.press("ctrl+k").wait_for("1-9 put in")
            screen.press(digit_of_known(screen)).wait_for("It is not you")
            screen.press("ctrl+s").wait_for("exactly this text")
            let_go(screen).wait_for("R-1 on main")
            screen.press("q")
            assert screen.wait_end() == 0
        sent = program.wait_reply("R-1", "sent")
        arrived = fediverse.stranger.wait_reply(complaint["id"], KNOWN)
        mention = program.wait_for("on-screen")

    assert KNOWN in sent["text"]
    assert "we-know" in sent["uses"]
    assert sent["remote_url"] == arrived["uri"]
    assert arrived["account"]["acct"] == "brand@acme.test"
    assert mention["state"] == "answered"
    assert len(program.answers_to(mention, fediverse.brand)) == 1
    assert len(fediverse.stranger.replies(complaint["id"])) == 1


def digit_of_known(screen: Terminal) -> str:
    """The digit by which the key message is chosen, empty while it is not shown."""
    found = re.search(r"[•✓] (\d)  we-know", screen.text)
    return found[1] if found else ""


def let_go(screen: Terminal) -> Terminal:
    """Answer yes to the review as a hand does: a key that comes too soon counts for nothing."""
    screen.wait_for("y send").wait_for(
        lambda seen: time.monotonic() - seen.arrivals[-1][0] > READING, why="a moment of silence"
    )
    return screen.press("y").wait_for(lambda seen: "exactly this text" not in seen.text)
