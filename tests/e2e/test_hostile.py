"""Hostile posts through everything that shows them: nothing drives the terminal, nothing runs."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from e2e.ground import Ground
from e2e.hostile import mark, mentions, piece
from e2e.kills import dice
from e2e.scene import OPEN_WORD, me
from e2e.terminal import Terminal
from e2e.wire import LINES, LINES_ON_TTY, Rules, violations

from crisisroom.core.query import Query
from crisisroom.firstpaint import memo
from crisisroom.room import Room, reading, record, triage

MARK = re.compile(r"n\d{5}")
ENTRY = re.compile(r"  entry \d+")
WIDE = (160, 60)
FEED_AT = 57  # the column at which the feed begins there
full = [pytest.mark.full, pytest.mark.timeout(3600)]


def flooded(ground: Ground, count: int, linked: int = 20) -> random.Random:
    """Fill the room with so many hostile posts, and link so many of them to the incident."""
    rng = dice()
    ground.declare()
    lines = "".join(f"{json.dumps(one)}\n" for one in mentions(rng, count))
    assert ground.do("ingest", "-", given=lines).startswith(f"{count} new")
    chosen = [f"M-{number + 1}" for number in range(0, count, count // linked)]

    async def link(room: Room) -> None:
        for one in chosen:
            await triage.link(room, "INC-1", [one])
            await record.note(room, "INC-1", "so that the timeline shows each of them")

    ground.look(link, actor=me())
    return rng


def sound(ground: Ground, screen: Terminal) -> None:
    """Check that the screen still works, broke nowhere, and sent nothing it may not."""
    screen.press("1").wait_for(OPEN_WORD)
    assert screen.program.poll() is None
    assert [str(one) for one in screen.wire.violations[:5]] == []
    kept = [path for path in (ground.folder / "home").rglob("*") if path.is_file()]
    assert [path for path in kept if path.name != memo.FILE] == []  # no report of a bug


# On the screen.


@pytest.mark.parametrize(
    ("count", "details", "acts"),
    [(600, 60, 3), pytest.param(10_000, 1_000, 20, marks=full)],
)
def test_hostile_posts_on_the_screen(ground: Ground, count: int, details: int, acts: int) -> None:
    rng = flooded(ground, count, linked=2 * acts)
    screen = ground.screen(size=WIDE).wait_for(OPEN_WORD).wait_for(mark(count - 1))
    shown = ground.look(lambda room: reading.count(room, Query(copies=False)))
    assert count * 0.95 < shown <= count  # now and then a flood of the same signs is a repost
    every_page(screen, shown)
    every_detail(screen, details)
    sound(ground, screen)
    every_entry(ground, screen)
    every_act(screen, acts)
    sound(ground, screen)
    every_paste(ground, screen, rng, acts)
    sound(ground, screen)
    tokens = sum(screen.wire.counts.values())
    assert tokens > count
    print(f"{count} posts: {screen.wire.size} bytes, {tokens} tokens checked")


def every_page(screen: Terminal, count: int) -> None:
    """Page through the feed until each post was seen that is no copy of another."""
    seen = set(page(screen.wait_for(page, why="a full page")))
    while mark(0) not in seen:
        screen.press("pagedown").wait_for(partial(goes_on, seen=seen), why="the next page")
        seen |= set(page(screen))
    assert len(seen) == count
    screen.press("g").wait_for(max(seen))


def goes_on(screen: Terminal, seen: set[str]) -> bool:
    """Whether the feed shows a whole page, and on it something new."""
    return not set(page(screen) or seen) <= seen


def page(screen: Terminal) -> list[str]:
    """Return the marks of the rows that the feed shows; none before every row is there."""
    rows = [line[FEED_AT:] for line in screen.lines[5:36]]
    return [found for row in rows for found in MARK.findall(row)[:1]] if all(rows) else []


def every_detail(screen: Terminal, count: int) -> None:
    """Show so many posts whole, one after another."""
    for _ in range(count):
        screen.press("j").wait_for(detail_shown, why="the post's thread")


def detail_shown(screen: Terminal) -> bool:
    """Whether the thread shows the post on which the cursor stands."""
    rows = [line[FEED_AT:] for line in screen.lines if line[FEED_AT : FEED_AT + 1] == "▌"]
    found = MARK.search(rows[0]) if rows else None
    return found is not None and screen.text.count(found[0]) > 1


def every_entry(ground: Ground, screen: Terminal) -> None:
    """Show the timeline's entries, each whole: they name who posted."""
    wanted, seen = ground.incident().seq, set[str]()
    screen.press("4").wait_for("enter detail")
    for _ in range(wanted + 2):
        screen.press("enter").wait_for(lambda now: ENTRY.search(now.text), why="an entry")
        seen |= set(ENTRY.findall(screen.text))
        screen.press("escape").wait_for("enter detail").press("j")
    assert len(seen) == wanted
    screen.press("1").wait_for("enter thread")


def every_act(screen: Terminal, count: int) -> None:
    """Answer, claim, show and dismiss posts: what the room says then names who posted."""
    for _ in range(count):
        screen.press("a").wait_for(lambda now: "is yours for" in now.lines[-1])
        screen.press("r").wait_for("Approved words")
        screen.press("escape").wait_for("1 Feed")
        screen.press(":").wait_for("type to narrow")
        screen.send("original")
        screen.wait_for("its edits").press("enter").wait_for("as it came")
        screen.press("escape").wait_for("enter thread")
        screen.press("x").wait_for(lambda now: ": not relevant" in now.lines[-1])
        screen.press("j").wait_for("enter thread")


def every_paste(ground: Ground, screen: Terminal, rng: random.Random, count: int) -> None:
    """Paste attacks into a reply; some end the paste early and press the keys that send."""
    screen.press("r").wait_for("Approved words")
    for _ in range(count):
        screen.paste(piece(rng)[:2000] + rng.choice(("", "\x1b[201~\x13y", "\n\x13\ny")))
    assert not any(reply.sends for reply in ground.incident().replies.values())


# Clicks.


@pytest.mark.parametrize("pages", [1, pytest.param(12, marks=full)])
def test_no_click_on_a_post_runs_anything(ground: Ground, pages: int) -> None:
    rng = dice()
    ground.declare()
    ground.ingest(_clickable(rng, pages * 14))
    before = _state(ground)
    screen = ground.screen("--mouse", rules=Rules(mouse=True)).wait_for("1 Feed")
    for _ in range(pages):
        for row, line in enumerate(screen.wait_for("press").lines[4:35], 4):
            for column in range(44, len(line), 3):
                screen.click(column, row)
        screen.press("pagedown")
    screen.press("1", "g").wait_for(mark(pages * 14 - 1))
    sound(ground, screen)
    assert _state(ground) == before


def _clickable(rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        action = rng.choice(("app.leave", "app.quit", "screen.act('dismiss')", "act('leave')"))
        yield {
            "text": f"{mark(number)} [@click={action}]press here[/] [@click='{action}']press",
            "author": {"handle": f"[@click={action}]press[/]"},
        }


def _state(ground: Ground) -> tuple[object, ...]:
    """Return everything a click could have changed: log, posts, files."""

    async def read(room: Room) -> tuple[object, ...]:
        return await reading.timeline(room, "INC-1"), await reading.mentions(room, Query())

    files = {path for path in ground.folder.rglob("*") if path.is_file()}
    files = {path for path in files if "room.db" not in path.name and path.name != memo.FILE}
    return *ground.look(read), files


# As lines.


@pytest.mark.parametrize("count", [1_200, pytest.param(10_000, marks=full)])
def test_hostile_posts_as_lines_and_in_exports(ground: Ground, count: int) -> None:
    flooded(ground, count)
    ids = [f"M-{number}" for number in range(1, count, count // 5)]
    verbs = [
        ["mentions"], ["mentions", "--json"], ["mentions", "--query", "twice"], ["timeline"],
        ["timeline", "--json"], ["brief"], ["status"], ["status", "--json"], ["incidents"],
        ["outbox"], *(["mention", "show", one] for one in ids),
        *(["mention", "show", one, "--raw"] for one in ids[:2]),
        *(["mention", "claim", one] for one in ids[:2]),
    ]  # fmt: skip
    for verb in verbs:
        done = ground.run(*verb)
        assert done.returncode == 0, (verb, done.stderr)
        assert clean(f"{done.stdout}{done.stderr}", LINES), verb
    for verb in (["mentions"], ["mention", "show", ids[0]], ["timeline"]):
        screen = ground.screen(*verb[1:], verb=verb[0], rules=LINES_ON_TTY)
        assert screen.wait_end() == 0
        assert not screen.drained().wire.violations, verb
    exported(ground)


def clean(text: str, rules: Rules) -> bool:
    """Whether a text holds nothing but what its rules allow."""
    found = violations(text.encode("utf-8", "surrogateescape"), rules)
    print(*(str(one) for one in found[:5]))
    return not found


def exported(ground: Ground) -> None:
    """Export the incident in every format and profile, and check every byte."""
    folder = ground.folder / "out"
    folder.mkdir()
    formats, profiles = ("md", "json", "jsonl", "csv", "ics214"), ("internal", "legal", "public")
    for form, profile in itertools.product(formats, profiles):
        target = folder / f"{profile}.{form}"
        ground.do("export", "INC-1", "--format", form, "--profile", profile, "-o", str(target))
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert len(written) >= len(formats) * len(profiles)
    for path in written:
        words = path.read_text("utf-8").replace("\r\n", "\n")
        assert clean(words, LINES), path.name
        if path.suffix == ".csv":
            assert not formulas(words), path.name
    lines = [json.loads(line) for line in (folder / "internal.jsonl").read_text().splitlines()]
    linked = [line["data"] for line in lines if line.get("kind") == "mention.linked"]
    shown = json.loads(ground.run("mentions", "--json", "--incident", "INC-1").stdout)
    held = {one["id"]: one["text"] for one in shown}
    assert linked
    assert all(one["quote"] == held[one["id"]] for one in linked), "kept word for word"


def formulas(words: str) -> list[str]:
    """Return the cells that a spreadsheet would take for a formula."""
    cells = (cell for row in csv.reader(io.StringIO(words)) for cell in row)
    return [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d)", cell)]


@pytest.mark.parametrize("count", [12, pytest.param(300, marks=full)])
def test_hostile_arguments_are_named_without_being_obeyed(ground: Ground, count: int) -> None:
    rng = dice()
    ground.declare()
    for _ in range(count):
        bad = piece(rng)[:3000].replace("\0", "").encode("utf-8", "replace").decode()
        verb = rng.choice((
            ["note", "--", bad], [bad], ["task", "done", "--", bad], ["task", bad],
            ["--as", bad, "status"], ["--config", bad, "status"], ["check", "--", 3000 * " "],
            ["mentions", "--query", bad], ["mention", "show", "--", bad], ["ingest", "--", bad],
            ["declare", "x", "--playbook", bad], ["export", "INC-1", "--format", bad],
            ["check", "--", bad], ["note", "x", "--at", bad], ["reply", "draft", "--", bad, bad],
        ))  # fmt: skip
        done = ground.run(*verb)
        assert done.returncode in (0, 1, 2), (verb, done.returncode, done.stderr)
        assert clean(f"{done.stdout}{done.stderr}", LINES), verb
