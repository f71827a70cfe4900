"""People by the command line: hand-over, calls, the phone ladder, the rota."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

PLAN = """\
schema: 1
id: kettle
title: A kettle overheats
version: 1
reviewed: 2026-10-01
severities:
  - {id: sev1, label: Grave}
facts:
  - {id: cause, label: Cause}
  - {id: aware, label: Known since}
roles:
  - {id: lead, title: Lead, required: yes, backup: bo}
  - {id: legal, title: Legal}
contacts:
  - id: lab
    name: "The lab"
    org: partner
    hours: "Mo-Fr 08:00-18:00"
    timezone: America/New_York
    language: es
    reach: [{by: phone, to: "+1 202 5"}]
  - {id: ada, name: "Ada", roles: [lead], reach: [{by: phone, to: "+49 170 1"}], hours: 24/7}
  - {id: bo, name: "Bo", checked: 2026-01-01, reach: [{by: phone, to: "+49 170 2"}], hours: late}
escalations:
  - id: wake
    title: Wake the lead
    steps: [{call: [lead], wait: 5m}, {call: [bo], wait: 5m}]
deadlines:
  - {id: gdpr, title: Tell the authority, starts: aware, within: 72h, role: legal, law: "Art. 33"}
phases:
  - id: first
    title: First hour
    tasks:
      - {id: pause, title: Pause posts, role: lead, within: 5m}
statements:
  - id: holding
    kind: holding
    title: First words
    approval: words
    text: |
      We look into it. More by {{next_update}}.
approvals:
  - {id: words, by: [lead, legal]}
cadences:
  - {id: public, audience: public, statement: holding, first_within: 30m, every: {sev1: 1h},
     on_overdue: [{notify: lead}]}
"""

ROTA = """\
schema: 1
room: {zone: Europe/Berlin}
oncall:
  people: [ada, bo]
  start: 2026-10-05
  swaps:
    - {person: cy, start: 2026-11-22, end: 2026-11-22 18:00}
"""


@pytest.fixture
def planned(cli: Cli) -> Cli:
    """The command line of a room whose INC-1 follows PLAN; it is Sunday, 03:07 in Berlin."""
    Path("crisisroom.yaml").write_text(ROTA)
    Path("playbooks").mkdir()
    Path("playbooks/kettle.yaml").write_text(PLAN)
    cli.ok("check", "playbooks")
    cli.ok("declare", "Kettles smoke", "--playbook", "kettle", "--as", "ada")
    return cli


def _held_by(planned: Cli, name: str) -> None:
    """Let somebody lead."""
    if planned.json("role", "list")[0]["holder"] != name:
        planned.ok("role", "take", "lead", "--as", name)


def test_a_role_is_handed_over_with_a_brief(planned: Cli) -> None:
    _held_by(planned, "ada")
    planned.ok("fact", "set", "cause", "a loose wire", "--as", "ada")
    said = planned.ok("role", "handover", "lead", "bo", "the lab calls at six", "--as", "ada")
    assert "offers Lead to bo: the lab calls at six" in said.lines[0]
    assert said.lines[1] == "ada stays responsible until bo accepts:"
    assert said.lines[2] == "  crisisroom role accept INC-1 lead"
    (lead, _) = planned.json("role", "list")
    assert (lead["holder"], lead["offer"]["person"]) == ("ada", "bo")
    assert planned.ok("role", "list").lines[0].endswith("offered to bo, who has not accepted it")
    needed = planned.json("brief", "--as", "bo")["needed_from_you"]
    assert needed[0].startswith("take Lead over from ada, or decline (role accept INC-1 lead)")
    refused = planned.refused(1, "role", "accept", "lead", "--as", "cy")
    assert "Lead is offered to bo, not to you" in refused.err
    lines = planned.ok("role", "accept", "lead", "--as", "bo").lines
    assert lines[0].endswith("tells ada: bo is Lead now: you are free of it")
    assert lines[1].endswith("took Lead over from ada: the lab calls at six")
    assert lines[2].startswith("INC-1 Kettles smoke: brief, ")
    assert "  Cause: a loose wire" in lines
    assert "  task: Pause posts, by 03:12" in lines
    assert "  Bo: last checked 2026-01-01" in lines


def test_a_hand_over_as_json(planned: Cli) -> None:
    _held_by(planned, "bo")
    planned.ok("fact", "set", "cause", "a loose wire", "--as", "ada")
    offered = planned.json("role", "handover", "lead", "ada", "--as", "bo")
    assert (offered["id"], offered["holder"]) == ("lead", "bo")
    assert (offered["offer"]["by"], offered["offer"]["person"]) == ("bo", "ada")
    assert offered["brief"]["for"] == "ada"
    assert offered["brief"]["known"] == ["Cause: a loose wire"]
    assert "task: Pause posts, by 03:12" in offered["brief"]["needed_from_you"]
    taken = planned.json("role", "accept", "lead", "--as", "ada")
    assert (taken["holder"], taken["offer"], taken["brief"]["for"]) == ("ada", None, "ada")
    refused = planned.refused(1, "role", "handover", "lead", "cy", "--as", "bo")
    assert "ada is Lead, not you" in refused.err


def test_a_part_of_somebody_who_is_gone_is_taken_with_the_reason(planned: Cli) -> None:
    _held_by(planned, "bo")
    said = planned.ok("role", "take", "lead", "nobody reaches Bo", "--as", "cy")
    assert said.lines[-3].endswith("took Lead, without a hand-over by bo: nobody reaches Bo")
    assert said.lines[-1] == "  crisisroom brief INC-1 --role lead"
    taken = planned.json("role", "assign", "lead", "ada", "--as", "cy")
    assert taken["holder"] == "ada"


def test_an_offer_is_declined_or_taken_back(planned: Cli) -> None:
    _held_by(planned, "bo")
    planned.ok("role", "handover", "lead", "cy", "--as", "bo")
    assert planned.json("role", "decline", "lead", "on a train", "--as", "cy")["offer"] is None
    planned.ok("role", "handover", "lead", "cy", "--as", "bo")
    kept = planned.json("role", "keep", "lead", "--as", "bo")
    assert (kept["holder"], kept["offer"]) == ("bo", None)
    planned.refused(1, "role", "accept", "lead", "--as", "cy")


def test_leaving_a_required_role_says_whom_to_call(planned: Cli) -> None:
    planned.ok("role", "assign", "lead", "cy", "--as", "ada")
    left = planned("role", "leave", "lead", "--as", "cy")
    assert left.code == 0
    assert "nobody holds it now" in left.out
    assert "call Bo: phone +49 170 2 (late)" in left.err
    planned.ok("role", "take", "legal", "--as", "cy")
    planned.ok("role", "leave", "legal", "--as", "cy")


def test_the_ladder_is_read_from_the_top(planned: Cli) -> None:
    planned.ok("role", "assign", "lead", "bo", "--as", "cy")
    lines = planned.ok("team", "--plain").lines
    assert lines[0] == (
        "phone ladder: INC-1 Kettles smoke, playbook kettle version 1,"
        " as of 2026-11-22 03:07 Europe/Berlin"
    )
    heads = [line for line in lines if line[:1].isdigit()]
    assert heads == [
        "1. bo  Bo: Lead, now Lead",
        "2. ada  Ada: also: Lead",
        "3. lab  The lab: partner",
    ]
    assert "  phone: +49 170 2" in lines
    assert "  late; there it is Sun 03:07 (Europe/Berlin)" in lines
    assert "  outside hours, opens Mon 08:00; there it is Sat 21:07 (America/New_York)" in lines
    assert "  language: es" in lines
    assert "  check this: last checked 2026-01-01" in lines


def test_the_ladder_is_a_private_file(planned: Cli) -> None:
    said = planned.ok("team", "-o", "phones.txt")
    assert said.out == "wrote phones.txt: 3 contacts\n"
    file = Path("phones.txt")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == planned.ok("team").out
    assert "--force" in planned.refused(1, "team", "-o", "phones.txt").err
    planned.ok("team", "-o", "phones.txt", "--force")


def test_the_ladder_of_a_playbook_needs_no_room(cli: Cli) -> None:
    refused = cli.refused(2, "team")
    assert "--playbook" in refused.err
    Path("kettle.yaml").write_text(PLAN)
    lines = cli.ok("team", "--playbook", "kettle.yaml").lines
    assert lines[3] == "1. ada  Ada: Lead"
    cli.refused(2, "team", "INC-1", "--playbook", "kettle.yaml")
    assert not room_file().exists()


def test_contacts_as_json(planned: Cli) -> None:
    planned.ok("contact", "message", "lab", "call us back", "--by", "phone")
    planned.ok("contact", "called", "lab")
    contacts = {one["id"]: one for one in planned.json("contact", "list")}
    assert list(contacts) == ["ada", "bo", "lab"]
    lab = contacts["lab"]
    assert lab["reach"] == [{"by": "phone", "to": "+1 202 5"}]
    assert (lab["reachable"], lab["changes_at"]) == (False, "2026-11-23T13:00:00.000Z")
    assert lab["local_time"] == "2026-11-21T21:07-05:00"
    assert (lab["place"], lab["language"], lab["org"]) == ("partner", "es", "partner")
    assert [call["note"] for call in lab["calls"]] == ["call us back", ""]
    assert (contacts["bo"]["reachable"], contacts["bo"]["when"]) == (None, "late")
    assert contacts["bo"]["stale"] == "last checked 2026-01-01"
    assert contacts["ada"]["reachable"] is True
    assert planned.json("team") == planned.json("contact", "list")
    lines = planned.ok("contact", "list").lines
    assert any(line.endswith("called by phone, message left: call us back") for line in lines)
    assert any(line.endswith(" called, no answer") for line in lines)


def test_who_is_on_duty(planned: Cli) -> None:
    lines = planned.ok("oncall").lines
    assert lines[0] == "on duty Sun 2026-11-22 03:07: ada, until Sun 2026-11-22 09:00"
    assert lines[1:4] == [
        "  phone: +49 170 1",
        "over the weekend (Europe/Berlin):",
        "  Sat 2026-11-21 00:00 to Sun 2026-11-22 09:00: ada",
    ]
    assert "  Sun 2026-11-22 09:00 to Sun 2026-11-22 18:00: cy, a swap" in lines
    assert "    no playbook has a contact for cy" in lines
    assert planned.ok("oncall", "--weekend").lines[0] == "over the weekend (Europe/Berlin):"
    at = planned.json("oncall", "--at", "2026-11-25 12:00", "--days", "7")
    assert (at["role"], at["zone"]) == ("lead", "Europe/Berlin")
    assert at["now"]["person"] == "bo"
    assert at["now"]["reach"] == [{"by": "phone", "to": "+49 170 2"}]
    assert [one["person"] for one in at["shifts"]] == ["bo", "ada"]
    for odd in (("--at", "soon"), ("--days", "0"), ("--days", "9999"), ("--at", "+4000d")):
        planned.refused(2, "oncall", *odd)


def test_a_room_without_a_rota_says_how_to_have_one(crisis: Cli) -> None:
    refused = crisis.refused(1, "oncall")
    assert "has no rota" in refused.err
    assert "crisisroom.yaml" in refused.err


def test_the_shipped_examples_answer_no_phone(cli: Cli) -> None:
    Path("crisisroom.yaml").write_text(ROTA)
    cli.ok("mention", "add", "My kettle smokes")
    assert cli.ok("oncall").lines[1] == "  no playbook has a contact for ada"
    assert cli.json("oncall")["now"]["reach"] == []
