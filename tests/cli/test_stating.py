"""Statements on the command line: compared, put right, taken back; and everything stopped."""

from __future__ import annotations

from cli.driver import Cli

from crisisroom.clock import ManualClock

WORDS = "All kettles of batch 7 may get too hot. Unplug yours. We are sorry."


def approved(cli: Cli, words_id: str) -> None:
    """Hand a text in and approve it, as the one person of the room."""
    cli.ok("statement", "submit", words_id)
    digits = cli.json("statement", "show", words_id)["sha256"][:12]
    cli.ok("statement", "approve", words_id, digits)


def published(cli: Cli) -> None:
    """Publish ST-1 by hand."""
    cli.ok("statement", "draft", "INC-1", "holding", WORDS)
    approved(cli, "ST-1")
    cli.ok("statement", "publish", "ST-1", "--channel", "by-hand")
    cli.ok("statement", "confirm", "ST-1", "--url", "https://ferrow.test/1")


def test_versions_are_compared_word_by_word(crisis: Cli, facts: None) -> None:
    crisis.ok("statement", "draft", "INC-1", "holding", "It is 40 kettles.")
    crisis.ok("statement", "edit", "INC-1", "ST-1", "It is 70 kettles.")
    said = crisis.ok("statement", "diff", "ST-1")
    assert said.lines[-1] == "It is [-40-]{+70+} kettles."
    found = crisis.json("statement", "diff", "INC-1", "ST-1", "1", "2")
    assert [piece["kind"] for piece in found["pieces"]] == ["same", "gone", "new", "same"]
    assert "1 to 2" in crisis.refused(2, "statement", "diff", "ST-1", "1", "9").err


def test_a_moved_fact_is_told_with_the_ways_out(crisis: Cli, facts: None) -> None:
    published(crisis)
    shown = crisis.ok("statement", "show", "ST-1")
    assert "affected: all kettles of batch 7" in shown.out
    assert crisis.ok("statement", "owed").lines == ["no correction is due"]
    crisis.ok("fact", "set", "INC-1", "affected", "all kettles of batch 8")
    for fact in ("mistake", "correct"):
        crisis("fact", "set", "INC-1", fact, "the batch")
    (line,) = crisis.ok("statement", "owed", "INC-1").lines
    assert "ST-1 says all kettles of batch 7" in line
    assert "crisisroom statement correct INC-1 ST-1" in line
    corrects = crisis.json("statement", "correct", "INC-1", "ST-1", "It is batch 8, not 7.")
    assert (corrects["corrects"], corrects["kind"]) == ("ST-1", "correction")
    approved(crisis, "ST-2")
    crisis.ok("statement", "publish", "ST-2", "--channel", "by-hand")
    crisis.ok("statement", "confirm", "ST-2", "--url", "https://ferrow.test/2")
    assert crisis.ok("statement", "owed").lines == ["no correction is due"]
    (settled,) = crisis.json("statement", "owed", "--all")
    assert settled["how"] == "corrected"


def test_what_is_held_back_is_upheld_or_written_anew(crisis: Cli, facts: None) -> None:
    crisis.ok("statement", "draft", "INC-1", "holding", WORDS)
    crisis.ok("fact", "set", "INC-1", "affected", "all kettles of batch 8")
    shown = crisis.ok("statement", "show", "ST-1")
    assert "held back, because affected moved" in shown.lines
    assert "changed since this was written" in crisis.refused(1, "statement", "submit", "ST-1").err
    upheld = crisis.json("statement", "uphold", "ST-1", "batch 7 is meant")
    assert upheld["suspended"] == []
    crisis.ok("statement", "submit", "ST-1")


def test_taking_back_says_why(crisis: Cli, facts: None) -> None:
    published(crisis)
    assert "needs a reason" in crisis.refused(2, "statement", "retract", "ST-1", " ").err
    back = crisis.json("statement", "retract", "INC-1", "ST-1", "the wrong batch")
    assert (back["state"], back["sends"][0]["state"]) == ("withdrawn", "retracted")
    assert back["retracted_at"]


def test_one_channel_gets_words_of_its_own(crisis: Cli, facts: None) -> None:
    crisis.ok("statement", "draft", "INC-1", "holding", WORDS)
    assert (
        "there is no channel blog"
        in crisis.refused(2, "statement", "variant", "ST-1", "blog", "Short.").err
    )
    assert "which words" in crisis.refused(2, "statement", "variant", "ST-1", "blog").err
    unknown = crisis.refused(2, "statement", "translate", "ST-1", "xx")
    assert "in xx" in unknown.err


def test_everything_stops_and_goes_on(crisis: Cli, facts: None) -> None:
    crisis.ok("reply", "draft", "INC-1", "M-1")
    assert crisis.ok("outgoing", "status").lines == ["words go out"]
    assert "stopped all outgoing words" in crisis.ok("outgoing", "stop", "wrong plant").out
    status = crisis.json("outgoing", "status")
    assert (status["stopped"], status["why"]) == (True, "wrong plant")
    assert "stopped all outgoing" in crisis.refused(1, "reply", "send", "R-1", "--no-wait").err
    crisis.ok("outgoing", "resume", "Legal read it")
    crisis.ok("reply", "send", "R-1", "--no-wait")
    assert crisis.json("outgoing", "status") == {"stopped": False}


def test_a_reply_has_a_form(crisis: Cli, facts: None) -> None:
    private = crisis.json("reply", "draft", "INC-1", "M-2", "--form", "private")
    assert private["form"] == "private"
    assert private["uses"]


def test_a_draft_comes_back(crisis: Cli) -> None:
    assert crisis.ok("draft", "list").lines == ["nothing is unfinished"]
    assert crisis.ok("draft", "list", "--gone").lines == ["no draft is gone"]
    assert "no draft x/y" in crisis.refused(2, "draft", "history", "x/y").err
    assert "no draft nope" in crisis.refused(2, "draft", "discard", "nope").err


def test_a_stop_says_who_lets_words_go(crisis: Cli) -> None:
    crisis.ok("role", "take", "INC-1", "lead", "--as", "bo")
    crisis.ok("declare", "Another", "--playbook", "service-outage")
    crisis.ok("outgoing", "stop", "INC-1", "wrong plant")
    stopped, who = crisis.ok("outgoing", "status").lines
    assert stopped.endswith("stopped all outgoing words 02:07: wrong plant")
    assert who == "Crisis lead (bo) of INC-1 lets them go again: crisisroom outgoing resume REASON"
    status = crisis.json("outgoing", "status")
    assert (status["incident"], status["at"]) == ("INC-1", "2026-11-22T02:07:00.000Z")
    assert status["may_resume"] == [{"incident": "INC-1", "role": "lead", "holder": "bo"}]


def test_a_repeated_stop_is_told_and_stops_nothing(crisis: Cli) -> None:
    stop = ("outgoing", "stop", "wrong plant", "--command-id", "c1")
    first = crisis.ok(*stop)
    assert crisis.ok(*stop).out == first.out
    crisis.ok("outgoing", "resume", "Legal read it")
    again = crisis.ok(*stop)
    assert again.lines[0].endswith("stopped all outgoing words; they were let go again since")
    assert crisis.json("outgoing", "status") == {"stopped": False}


def test_status_counts_corrections_that_are_due(
    crisis: Cli, facts: None, clock: ManualClock
) -> None:
    published(crisis)
    assert crisis.json("status")["owed"] == []
    crisis.ok("fact", "set", "INC-1", "affected", "all kettles of batch 8")
    clock.advance(47 * 60)
    told = "1 correction is due (ST-1), the oldest 47m old: crisisroom statement owed INC-1"
    lines = crisis.ok("status").lines
    assert f"  correct: {told}" in lines
    assert lines[lines.index(f"  correct: {told}") - 1].startswith("incident: INC-1")
    assert crisis.json("status")["owed"] == [
        {
            "incident": "INC-1",
            "count": 1,
            "words": ["ST-1"],
            "oldest_at": "2026-11-22T02:07:00.000Z",
        }
    ]
    crisis.ok("statement", "stands", "INC-1", "ST-1", "both are meant")
    assert crisis.json("status")["owed"] == []
    assert "correct:" not in crisis.ok("status").out
