"""Notes, decisions, corrections, pins and readers, by the command line."""

from __future__ import annotations

import pytest
from cli.driver import Cli

from crisisroom.clock import ManualClock


def test_notes_decisions_and_corrections(crisis: Cli, clock: ManualClock) -> None:
    clock.advance(3600)
    note = crisis.json("note", "the phone rang", "--at", "03:00")
    assert (note["at"], note["text"]) == ("2026-11-22T03:00:00.000Z", "the phone rang")
    decision = crisis.json("decision", "stop the sale", "--why", "smoke")
    assert decision["text"] == "decided: stop the sale, because smoke"
    correction = crisis.json("correct", "INC-1", str(note["seq"]), "it was the door")
    assert correction["corrects"] == note["seq"]
    assert "no entry 99" in crisis.refused(2, "correct", "99", "x").err


def test_both_times_are_shown_where_something_is_written_down_later(crisis: Cli) -> None:
    said = crisis.ok("note", "INC-1", "the phone rang", "--at", "-1h").lines
    assert said == ["INC-1 2 of 01:07, written down 02:07: the phone rang"]
    assert crisis.ok("note", "INC-1", "and again").lines == ["INC-1 3: and again"]


def test_a_decision_lists_what_else_could_have_been_done(crisis: Cli) -> None:
    words = ("decision", "INC-1", "stop the sale", "--why", "smoke")
    entry = crisis.json(*words, "--option", "warn", "--option", "wait", "--about", "F:affected")
    assert entry["data"]["options"] == [{"words": "warn"}, {"words": "wait"}]
    assert entry["data"]["about"] == ["F:affected"]
    assert entry["text"] == "decided: stop the sale, because smoke (not: warn; wait)"
    assert "needs words" in crisis.refused(2, *words, "--option", " ").err


BESIDE = (
    ("note", "INC-1", "x"),
    ("decision", "INC-1", "x"),
    ("fact", "set", "INC-1", "affected", "batch 7"),
    ("contact", "called", "INC-1", "CONTACT", "x"),
    ("contact", "reached", "INC-1", "CONTACT", "x"),
    ("contact", "message", "INC-1", "CONTACT", "x"),
    ("task", "done", "INC-1", "pause-posts", "x"),
    ("enquiry", "add", "INC-1", "--outlet", "The Times", "why?"),
    ("action", "add", "INC-1", "x"),
)


@pytest.mark.parametrize("words", BESIDE, ids=" ".join)
def test_verbs_that_write_take_time_links_and_readers(crisis: Cli, words: tuple[str, ...]) -> None:
    contact = crisis.json("contact", "list")[0]["id"]
    words = tuple(contact if one == "CONTACT" else one for one in words)
    assert "future" in crisis.refused(1, *words, "--at", "2027-01-01").err
    assert "long before" in crisis.refused(1, *words, "--at", "2025-11-22").err
    assert "no mention M-9" in crisis.refused(2, *words, "--about", "M-9").err
    assert len(crisis.json("timeline")) == 1
    crisis.ok(*words, "--at", "-5m", "--about", "E:1", "--about", f"C:{contact}", "--legal")
    entry = crisis.json(
        "timeline",
        "--kind",
        "people",
        "--kind",
        "record",
        "--kind",
        "tasks",
        "--kind",
        "facts",
        "--source",
        "person",
    )[-1]
    assert (entry["at"], entry["recorded_at"]) == (
        "2026-11-22T02:02:00.000Z",
        "2026-11-22T02:07:00.000Z",
    )
    assert entry["visibility"] == "legal"
    assert {"E:1", f"C:{contact}"} <= {one["ref"] for one in entry["links"]}


def test_a_repeat_with_the_same_command_id_writes_once(crisis: Cli) -> None:
    for words in (
        ("note", "INC-1", "x", "--about", "E:1"),
        ("correct", "INC-1", "1", "--at", "-5m"),
        ("pin", "INC-1", "1"),
        ("unpin", "INC-1", "1"),
        ("mark", "INC-1", "2", "legal", "counsel"),
    ):
        twice = (*words, "--command-id", "-".join(words))
        assert crisis.json(*twice)["entry"] == crisis.json(*twice)["entry"]
    assert len(crisis.json("timeline", "INC-1")) == 6


def test_the_time_of_the_declaration_can_be_corrected(crisis: Cli) -> None:
    said = crisis.ok("correct", "INC-1", "1", "--at", "-30m").lines
    assert said == ["INC-1 2: corrected entry 1: it was at 01:37, not 02:07"]
    assert "of that time already" in crisis.refused(1, "correct", "INC-1", "1", "--at", "-30m").err
    assert "needs words, or a time" in crisis.refused(2, "correct", "INC-1", "1").err


def test_pins_come_and_go(crisis: Cli) -> None:
    pinned = crisis.json("pin", "INC-1", "1")
    assert (pinned["seq"], pinned["pinned"], pinned["entry"]) == (1, True, 2)
    assert crisis.ok("pin", "INC-1", "1").lines == ["INC-1: nothing changed, this stood already"]
    assert "only speaks of another" in crisis.refused(1, "pin", "INC-1", "2").err
    assert crisis.json("unpin", "INC-1", "1")["pinned"] is False
    assert crisis.json("timeline", "INC-1", "--pinned") == []


def test_readers_are_marked_with_a_reason(crisis: Cli) -> None:
    crisis.ok("note", "INC-1", "counsel called")
    crisis.ok("correct", "INC-1", "2", "the insurer called")
    marked = crisis.json("mark", "INC-1", "2", "legal", "advice of counsel")
    assert (marked["seq"], marked["visibility"]) == (2, "legal")
    legal = crisis.json("timeline", "--visibility", "legal")
    assert [(one["seq"], one["kind"]) for one in legal] == [
        (2, "note.added"),
        (3, "entry.corrected"),
        (4, "entry.marked"),
        (5, "entry.marked"),
    ]
    assert crisis.ok("mark", "INC-1", "2", "legal", "again").lines[0].endswith("stood already")
    assert "usage" in crisis.refused(2, "mark", "INC-1", "2", "secret", "x", "--json").error["code"]
    assert "say why" in crisis.refused(2, "mark", "INC-1", "2", "public", " ").err


def test_volume_is_counted_by_hand(crisis: Cli) -> None:
    counted = crisis.json("volume", "count", "INC-1")
    assert counted["incident"] == "INC-1"
    assert sum(one["mentions"] for one in counted["volume"]) in (0, 3)
    assert crisis.ok("volume", "count", "INC-1").code == 0
