"""The JSON contract, field by field: these fields stay."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cli.driver import MENTIONS, Cli, as_lines

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SHA256 = re.compile(r"[0-9a-f]{64}")
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def names(listed: str) -> set[str]:
    """Return the names in a line, as the design lists them."""
    return {*listed.split()}


MENTION = names(
    "id uid source external_id brand account author text url lang media posted_at seen_at state"
    " assignee narrative incident reply_to kind"
)
INCIDENT = names(
    "id uid title severity status declared_at resolved_at playbook playbooks answers roles drill"
)
TASK = names(
    "id phase title role assignee state due_at overdue required evidence waiting_for opened_at"
    " repeat times added_by"
)
FACT = names("id label state value source at type unit options")
WORDS = names(
    "id kind audience channel mention state version text sha256 approvals blanks problems"
    " remote_url approval steps waits_for promises"
)
CLOCK = names("id kind title due_at state who")
ENTRY = names("seq uid incident kind v at recorded_at actor role text data corrects prev_hash hash")
STATUS = names("room schema watcher sources incidents clocks outbox unwatched")
BRIEF = names("incident for situation said promised open needed_from_you roles clocks")
CHECKED = {"ok", "problems"}
PLAYBOOK = names("id title version sha256 approved problems")
EXPORT = names(
    "schema as_of profile incident metrics roles facts tasks statements replies contacts deadlines"
    " candidates narratives mentions actions timeline head_hash enquiries escalations cadences"
    " clocks decisions"
)


def has(thing: dict[str, Any], fields: set[str]) -> None:
    assert fields <= thing.keys(), fields - thing.keys()


def test_mention(crisis: Cli) -> None:
    first = crisis.json("mentions")[0]
    has(first, MENTION)
    assert first["id"] == "M-1"
    assert UUID7.fullmatch(first["uid"])
    assert first["author"] == {"handle": "@pat@fans.test", "name": "Pat", "reach": 1200}
    assert (first["source"], first["external_id"], first["state"]) == ("social", "p1", "new")
    assert (first["kind"], first["media"], first["lang"]) == ("post", [], "en")
    assert first["posted_at"] == "2026-11-22T02:00:00.000Z"
    assert TIME.fullmatch(first["seen_at"])
    assert first["text"] == MENTIONS[0]["text"]


def test_what_mentions_prints_ingest_takes(crisis: Cli) -> None:
    again = crisis.json("mentions")
    assert crisis.json("ingest", stdin=as_lines(again)) == {
        "added": 0,
        "edited": 0,
        "known": 3,
        "bad": 0,
    }


def test_incident(crisis: Cli) -> None:
    (incident,) = crisis.json("incidents")
    has(incident, INCIDENT)
    assert (incident["id"], incident["status"], incident["drill"]) == ("INC-1", "open", False)
    assert UUID7.fullmatch(incident["uid"])
    assert incident["resolved_at"] is None
    assert incident["playbook"]["id"] == "product-defect"
    assert incident["playbook"]["version"] == 1
    assert SHA256.fullmatch(incident["playbook"]["sha256"])
    assert (incident["playbooks"], incident["answers"]) == ([], {})
    lead = incident["roles"][0]
    assert (lead["id"], lead["title"], lead["required"]) == ("lead", "Crisis lead", True)
    assert (lead["holder"], lead["since"]) == ("", None)
    assert lead["empty_since"] == "2026-11-22T02:07:00.000Z"
    assert lead["backup"] in {one["id"] for one in crisis.json("contact", "list")}
    assert lead["within"] > 0


def test_task(crisis: Cli) -> None:
    tasks = {task["id"]: task for task in crisis.json("task", "list")}
    for task in tasks.values():
        has(task, TASK)
    pause = tasks["pause-posts"]
    assert (pause["state"], pause["required"], pause["overdue"]) == ("open", True, False)
    assert pause["due_at"] == "2026-11-22T02:12:00.000Z"
    assert (pause["phase"], pause["role"], pause["evidence"]) == ("assess", "social", "note")
    assert tasks["stop-sale"]["waiting_for"].startswith("task: ")
    assert tasks["thank"]["due_at"] is None


def test_fact(crisis: Cli) -> None:
    has(crisis.json("fact", "list")[0], FACT)
    known = crisis.json("fact", "set", "affected", "batch 7", "--source", "quality")
    has(known, FACT | {"entry"})
    assert (known["id"], known["state"], known["value"]) == ("affected", "known", "batch 7")
    assert (known["source"], known["label"]) == ("quality", "which ones are affected")
    assert TIME.fullmatch(known["at"])


def test_statement_and_reply(crisis: Cli, facts: None) -> None:
    statement = crisis.json("statement", "draft", "INC-1", "holding")
    has(statement, WORDS | {"entry"})
    assert (statement["id"], statement["kind"], statement["state"]) == ("ST-1", "holding", "draft")
    assert (statement["audience"], statement["version"]) == ("public", 1)
    assert SHA256.fullmatch(statement["sha256"])
    assert (statement["approvals"], statement["blanks"]) == ([], [])
    reply = crisis.json("reply", "draft", "INC-1", "M-2", "We", "look", "at", "it.")
    has(reply, WORDS | {"entry"})
    assert (reply["id"], reply["mention"], reply["channel"]) == ("R-1", "M-2", "by-hand")
    assert [one["code"] for one in reply["problems"]] == ["own_words"]
    crisis.ok("reply", "submit", "INC-1", "R-1")
    approved = crisis.json("reply", "approve", "INC-1", "R-1", reply["sha256"])
    (approval,) = approved["approvals"]
    has(approval, {"by", "step", "at", "verdict"})
    assert (approval["step"], approval["verdict"]) == ("public-words", "approved")
    assert approved["problems"] == []


def test_blanks_have_their_labels(crisis: Cli) -> None:
    statement = crisis.json("statement", "draft", "INC-1", "holding")
    assert "product" in statement["blanks"]
    assert {one["code"] for one in statement["problems"]} >= {"blank"}
    assert all(one["severity"] in ("block", "ask", "info") for one in statement["problems"])


def test_entries(crisis: Cli) -> None:
    entries = crisis.json("timeline", "INC-1")
    for number, entry in enumerate(entries, 1):
        has(entry, ENTRY)
        assert (entry["seq"], entry["incident"]) == (number, "INC-1")
        assert TIME.fullmatch(entry["at"])
        assert SHA256.fullmatch(entry["hash"])
    assert entries[0]["prev_hash"] == "0" * 64
    assert entries[0]["data"]["plan"]["id"] == "product-defect"


def test_status_of_a_room_nobody_watches(crisis: Cli) -> None:
    status = crisis.json("status")
    has(status, STATUS | {"people"})
    assert status["watcher"] is None
    assert (status["sources"], status["outbox"], status["people"]) == ([], [], [])
    assert [one["id"] for one in status["incidents"]] == ["INC-1"]
    for clock in status["clocks"]:
        has(clock, CLOCK | {"incident"})
        assert clock["kind"] in ("task", "cadence", "role")
        assert clock["state"] in ("ok", "warn", "overdue")
    assert isinstance(status["schema"], int)


def test_brief(crisis: Cli) -> None:
    brief = crisis.json("brief", "INC-1", "--role", "lead")
    has(brief, BRIEF)
    assert (brief["incident"], brief["for"]) == ("INC-1", "lead")
    has(brief["clocks"][0], CLOCK)
    texts = ("situation", "said", "promised", "open", "needed_from_you", "roles")
    assert all(isinstance(line, str) for field in texts for line in brief[field])


def test_verify_and_check(crisis: Cli) -> None:
    verdict = crisis.json("verify")
    has(verdict, CHECKED)
    assert (verdict["ok"], verdict["problems"]) == (True, [])
    crisis.ok("init")
    assert crisis.json("check") == {"ok": True, "problems": []}


def test_playbooks(cli: Cli) -> None:
    for playbook in cli.json("playbook", "list"):
        has(playbook, PLAYBOOK | {"words"})
        assert SHA256.fullmatch(playbook["sha256"])
        assert (playbook["approved"], playbook["problems"]) == (0, [])
    has(cli.json("playbook", "show", "product-defect"), PLAYBOOK)


def test_export(crisis: Cli) -> None:
    whole = crisis.json("export", "INC-1", "--format", "json")
    has(whole, EXPORT)
    assert whole["head_hash"] == whole["timeline"][-1]["hash"]


ACTS: list[tuple[tuple[str, ...], set[str]]] = [
    (("task", "done", "pause-posts", "done"), TASK),
    (("task", "skip", "thank", "no time"), TASK),
    (("task", "assign", "thank", "bo"), TASK),
    (("role", "take", "lead"), {"id", "title", "holder"}),
    (("role", "assign", "lead", "bo"), {"id", "title", "holder"}),
    (("contact", "called", "ada", "--by", "phone"), {"id", "name", "reach", "calls"}),
    (("contact", "reached", "ada"), {"id", "name", "reach", "calls"}),
    (("action", "add", "a better fuse"), {"id", "title", "owner", "due", "state"}),
    (("note", "it rang"), ENTRY),
    (("decision", "stop it", "--why", "smoke"), ENTRY),
    (("correct", "1", "no, ten past"), ENTRY),
    (("severity", "sev1", "smoke"), INCIDENT),
    (("retitle", "Kettles burn"), INCIDENT),
    (("mention", "link", "M-1", "M-2"), {"incident", "mentions"}),
    (("mention", "claim", "M-1"), MENTION),
    (("mention", "dismiss", "M-1"), MENTION),
    (("mention", "add", "she called", "--author", "jo"), MENTION),
]


@pytest.mark.parametrize(("words", "fields"), ACTS, ids=[" ".join(act) for act, _ in ACTS])
def test_acts_print_the_changed_thing_with_its_entry(
    crisis: Cli, words: tuple[str, ...], fields: set[str]
) -> None:
    changed = crisis.json(*words)
    has(changed, fields | {"entry"})
    newest = crisis.json("timeline", "INC-1")[-1]["seq"]
    assert changed["entry"] == (None if words[0] == "mention" and words[1] != "link" else newest)


def test_an_act_on_a_linked_mention_has_its_entry(crisis: Cli) -> None:
    crisis.ok("mention", "link", "M-1")
    claimed = crisis.json("mention", "claim", "M-1")
    assert (claimed["incident"], claimed["entry"]) == ("INC-1", 3)


def test_lists_are_one_array_and_pages_follow_each_other(crisis: Cli) -> None:
    lists = (
        ("mentions",),
        ("timeline", "INC-1"),
        ("task", "list"),
        ("fact", "list"),
        ("role", "list"),
        ("contact", "list"),
        ("playbook", "list"),
        ("incidents",),
        ("outbox",),
        ("deadline", "list"),
        ("enquiry", "list"),
        ("escalation", "list"),
        ("cadence", "list"),
    )
    for words in lists:
        whole = crisis.json(*words)
        assert isinstance(whole, list)
        paged: list[Any] = []
        while page := crisis.json(*words, "--limit", "2", *_after(paged)):
            assert len(page) <= 2
            paged += page
        assert paged == whole, words


def _after(paged: list[Any]) -> tuple[str, ...]:
    if not paged:
        return ()
    last = paged[-1]
    return ("--after", str(last.get("seq") or last["id"]))
