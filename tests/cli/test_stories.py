"""Stories, warnings, sorting, digest and campaigns by the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from cli.conftest import room_file
from cli.driver import Cli
from conftest import START
from room.heard import signal, stories_told, warned

from crisisroom.cli.stories import story_line
from crisisroom.clock import ManualClock
from crisisroom.core.narrative import Narrative
from crisisroom.room import Actor, Room


@pytest.fixture
def heard(cli: Cli, clock: ManualClock) -> Cli:
    """The command line of a room in which people talked, and one early warning waits."""
    room_file().parent.mkdir(mode=0o700)

    async def talk() -> None:
        async with await Room.open(str(room_file()), actor=Actor("ada"), clock=clock) as room:
            await stories_told(room, {"N-1": 3, "N-2": 2}, complaint=0.9)
            await warned(room, signal(), playbook="product-defect")

    asyncio.run(talk())
    return cli


def test_stories_are_listed_and_put_right(heard: Cli) -> None:
    assert [(one["id"], one["mentions"]) for one in heard.json("narratives")] == [
        ("N-1", 3),
        ("N-2", 2),
    ]
    [first, _] = heard.json("narratives", "--full")
    assert first["mention_ids"] == ["M-1", "M-2", "M-3"]
    heard.ok("narrative", "rename", "N-1", "Charged", "twice")
    heard.ok("narrative", "split", "N-1", "M-3", "--title", "Refunds")
    heard.ok("narrative", "merge", "N-2", "N-3")
    assert "Charged twice" in heard.ok("narrative", "show", "n-1").out
    assert [one["id"] for one in heard.json("narratives")] == ["N-2", "N-1"]
    heard.ok("narrative", "dismiss", "N-2")
    assert [one["id"] for one in heard.json("narratives")] == ["N-1"]
    heard.ok("narrative", "restore", "N-2")
    said = heard("narrative", "show", "M-1")
    assert (said.code, "is no story's id" in said.err) == (2, True)


def test_a_warning_is_read_decided_and_declared(heard: Cli) -> None:
    [one] = heard.json("candidates")
    assert {"id", "at", "level", "reason", "observed", "expected", "window_minutes"} <= one.keys()
    assert (one["suggested_playbook"], one["state"]) == ("product-defect", "open")
    shown = heard.ok("candidate", "show", "C-1")
    assert "declare it: crisisroom declare" in shown.out
    heard.ok("candidate", "watch", "C-1", "until", "noon")
    heard.ok("candidate", "reopen", "C-1")
    assert heard("candidate", "dismiss", "C-1").code == 2
    declared = heard.json("declare", "It smokes", "--candidate", "C-1")
    assert declared["playbook"]["id"] == "product-defect"
    again = heard("declare", "It smokes", "--candidate", "C-1")
    assert (again.code, "was declared already: INC-1" in again.err) == (1, True)
    exported = heard.json("export", "INC-1", "--format", "json")
    assert [one["id"] for one in exported["candidates"]] == ["C-1"]
    assert exported["candidates"][0]["expected_hundredths"] == 40
    assert "expected" not in exported["candidates"][0]  # no float, and no wrong whole number
    assert [one["id"] for one in exported["narratives"]] == ["N-1"]
    assert len(exported["mentions"]) == 3
    heard.ok("narrative", "link", "INC-1", "N-2")
    heard.ok("verify")


def test_posts_are_sorted_by_one_word(heard: Cli) -> None:
    made = heard.json("mention", "sort", "answer", "M-1", "m-2")
    assert [one["verdict"] for one in made] == ["answer", "answer"]
    assert len(heard.json("mention", "sort", "thank", "--story", "N-2")) == 2
    assert [one["verdict"] for one in heard.json("mention", "sort", "none", "M-1")] == [""]
    assert heard("mention", "sort", "answer").code == 2


def test_the_digest_leads_to_an_owned_action(heard: Cli) -> None:
    assert heard.json("digest")["stories"] == []  # nothing was counted by time in this room
    heard.ok("improvement", "add", "Check-out", "at", "11", "--owner", "bo", "--story", "N-1")
    assert "ACT-1 open bo Check-out at 11 (N-1)" in heard.ok("improvement", "list").out
    heard.ok("improvement", "done", "ACT-1", "the desk opens at 11")
    assert heard.json("improvement", "list") == []
    assert "no campaign is set up" in heard.ok("campaign", "list").out
    heard.ok("filter", "save", "press", "kind:article")
    assert heard.json("filter", "list")[0]["typed"] == "kind:article"
    heard.ok("filter", "remove", "press")
    assert heard("digest", "--last", "soon").code == 2


def test_declaring_needs_a_playbook_from_somewhere(heard: Cli, tmp_path: Path) -> None:
    said = heard("declare", "It smokes")
    assert (said.code, "--playbook ID" in said.err) == (2, True)


def test_a_count_that_ends_early_says_so() -> None:
    story = Narrative(
        id="N-1", uid="u", title="t", mentions=12_001, free=2_000, first_at=START, last_at=START
    )
    assert " 12001 posts (2,000+ free)" in story_line(story, str)
    assert " (1,999 free)" in story_line(msgspec.structs.replace(story, free=1_999), str)


def test_a_name_of_a_story_is_asked_for(heard: Cli) -> None:
    assert "say what the story is called" in heard.refused(2, "narrative", "rename", "N-1", "").err


def test_a_list_of_what_there_is_not_is_refused(heard: Cli) -> None:
    assert len(heard.json("mentions", "--source", "web", "--story", "n-1")) == 3
    said = heard.refused(2, "mentions", "--source", "webb").err
    assert "no source is called 'webb'" in said
    assert "no term is called 'ferow'" in heard.refused(2, "mentions", "--term", "ferow").err
    assert "there is no story N-9" in heard.refused(2, "mentions", "--story", "N-9").err
    assert "is no story's id" in heard.refused(2, "mentions", "--story", "nonsense").err


def test_the_nearest_source_and_term_are_named(heard: Cli, tmp_path: Path) -> None:
    (tmp_path / "crisisroom.yaml").write_text(
        "schema: 1\nterms: [{id: ferrow, say: ferrow}]\n"
        "sources: [{id: press, type: feed, url: 'https://news.example/feed'}]\n"
    )
    heard.ok("apply", str(tmp_path / "crisisroom.yaml"))
    said = heard.refused(2, "mentions", "--source", "pres", "--json").error
    assert said["hint"] == 'did you mean "press"?'
    said = heard.refused(2, "mentions", "--term", "ferow", "--json").error
    assert said["hint"] == 'did you mean "ferrow"?'
    assert heard.json("mentions", "--source", "press", "--term", "ferrow") == []


def test_a_filter_that_means_nothing_is_not_kept(heard: Cli) -> None:
    said = heard.refused(2, "filter", "save", "bad", "is:nonsense").err
    assert "is:nonsense is unknown" in said
    assert heard.json("filter", "list") == []
    heard.ok("filter", "save", "good", "is:free", "refund")
