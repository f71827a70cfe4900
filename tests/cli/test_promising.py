"""Promises and talks in private by the command line."""

from __future__ import annotations

from cli.driver import Cli

from crisisroom.clock import ManualClock

PROMISE = {
    *("id", "reply", "mention", "to", "words", "due_at", "overdue", "owner", "ticket", "state"),
    *("said", "by", "at", "closed_at", "closed_by", "outcome"),
}
THREAD = {"mention", "handle", "by", "since", "reply", "state", "outcome"}


def replied(cli: Cli) -> None:
    cli.ok("mention", "link", "INC-1", "M-1")
    cli.ok("reply", "draft", "INC-1", "M-1", "We call you today.")


def test_a_promise_by_the_command_line(crisis: Cli, clock: ManualClock) -> None:
    replied(crisis)
    made = crisis.json(
        "promise", "add", "INC-1", "r-1", "a call", "with the result", "--due", "+2h",
        "--owner", "bo", "--ticket", "https://desk.example/t/88",
    )  # fmt: skip
    assert made.keys() == PROMISE | {"entry"}
    assert (made["id"], made["reply"], made["mention"], made["owner"]) == (
        "P-1", "R-1", "M-1", "bo",
    )  # fmt: skip
    assert (made["words"], made["due_at"]) == ("a call with the result", "2026-11-22T04:07:00.000Z")
    assert (made["overdue"], made["said"]) == (False, False)
    clock.advance(3 * 3600)
    (line, ticket) = crisis.ok("promise", "list", "--open").lines
    assert line.startswith("open     P-1  R-1 to ")
    assert line.endswith("1h late, R-1 is not out yet): a call with the result")
    assert ticket == "  ticket: https://desk.example/t/88"
    assert crisis.json("promise")[0]["overdue"]
    assert any("P-1 to " in one for one in crisis.json("brief")["promised"])
    assert any(one["kind"] == "promise" for one in crisis.json("status")["clocks"])
    kept = crisis.json("promise", "keep", "INC-1", "P-1", "rang her", "--at", "-10m")
    assert (kept["state"], kept["outcome"], kept["overdue"]) == ("kept", "rang her", False)
    assert kept["closed_at"] == "2026-11-22T04:57:00.000Z"
    assert crisis.ok("promise", "list", "--open").lines == ["no promises"]
    crisis.ok("promise", "add", "R-1", "a letter")
    crisis.ok("promise", "drop", "P-2", "she moved; she knows")
    assert [one["state"] for one in crisis.json("promise")] == ["kept", "dropped"]
    assert "  dropped by " in crisis.ok("promise", "list").out
    assert "no link" in crisis.refused(2, "promise", "add", "R-1", "x", "--ticket", "88").err
    assert "is no time" in crisis.refused(2, "promise", "add", "R-1", "x", "--due", "soon").err


def test_a_talk_in_private_by_the_command_line(crisis: Cli, clock: ManualClock) -> None:
    crisis.ok("mention", "link", "INC-1", "M-1")
    assert crisis.ok("private").lines == ["nothing goes on in private"]
    crisis.ok("mention", "offline", "M-1", "--as", "bo")
    clock.advance(3600)
    (line,) = crisis.ok("private", "list", "INC-1").lines
    assert line == "open     M-1  @pat@fans.test (bo, since 02:07, 1h)"
    assert crisis.json("brief")["private"] == ["M-1 of @pat@fans.test (bo) since 02:07"]
    closed = crisis.json("private", "close", "m-1", "refunded,", "content")
    assert closed.keys() == THREAD | {"entry"}
    assert (closed["state"], closed["outcome"]) == ("closed", "refunded, content")
    assert crisis.json("private", "list") == []
    (line,) = crisis.ok("private", "list", "--all").lines
    assert line.endswith("): refunded, content")
    assert "closed already" in crisis.refused(1, "private", "close", "M-1", "again").err
