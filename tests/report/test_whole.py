"""A night with every kind of entry: exported whole, imported without loss, and safe in public."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from report import shape
from report.papers import TEXTS
from report.whole_night import BLOCKS, WholeNight, whole_night
from report.whole_plan import PERSONAL

from crisisroom.core.apply import KINDS, documents
from crisisroom.report import FORMATS, PROFILES, Profile, export, parse_import, verify_file
from crisisroom.report.jsondoc import document, schema
from crisisroom.report.late import late
from crisisroom.report.model import record
from crisisroom.report.redact import INNER, LEFT_OUT, TOLD, narrowed
from crisisroom.report.verify import verify_entries, verify_projection

NIGHT = whole_night()
RECORD = NIGHT.record
_SUMS = re.compile(r"'sha256-[0-9A-Za-z+/]{43}='")  # any letters may stand in these
BESIDE = {"incident.declared", "phase.begun", "task.opened", "task.not_needed"} | {
    "person.notified",
    "drill.inject",
    "mention.tagged",
}


def test_every_kind_of_entry_happens() -> None:
    assert {entry.kind for entry in RECORD.entries} == set(KINDS) | BESIDE


@pytest.mark.parametrize("profile", ["internal", "legal"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_import_loses_nothing(form: str, profile: Profile) -> None:
    [(name, data)] = export(RECORD, form, profile=profile).items()
    told = narrowed(RECORD, profile)
    back, incident = parse_import(data, name)
    assert back == told.entries
    assert incident == told.incident
    assert documents(incident) == documents(told.incident)
    assert (back == RECORD.entries) == (profile == "legal"), "what is for Legal stays there"
    assert [one.hash for one in back] == [one.hash for one in RECORD.entries]
    assert export(record(back), form, profile=profile) == {name: data}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_every_export_verifies(form: str, profile: Profile) -> None:
    [(name, data)] = export(RECORD, form, profile=profile).items()
    assert verify_file(data, name) == []


def test_the_log_and_its_tables_verify() -> None:
    assert verify_entries(RECORD.entries, "INC-9") == []
    assert verify_projection(RECORD.entries, documents(RECORD.incident)) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_json_export_fits_its_schema(profile: Profile) -> None:
    rules = json.loads(schema())
    whole = json.loads(export(RECORD, "json", profile=profile)["INC-9.json"])
    assert [*shape.flaws(whole, rules, rules)] == []
    assert whole.keys() <= rules["properties"].keys()


def test_the_schema_describes_every_field() -> None:
    rules = json.loads(schema())
    whole = json.loads(export(RECORD, "json")["INC-9.json"])
    for field, of in rules["properties"].items():
        name = of.get("items", {}).get("$ref", "").removeprefix("#/$defs/")
        for item in whole[field] if name else ():
            assert item.keys() <= rules["$defs"][name]["properties"].keys(), field
    assert whole["incident"].keys() <= rules["$defs"]["incident"]["properties"].keys()


@settings(max_examples=25, deadline=None, phases=(Phase.reuse, Phase.generate))
@given(st.permutations(BLOCKS), st.lists(st.integers(1, 900), min_size=1, max_size=9))
def test_no_personal_text_is_in_public_whatever_the_order(
    blocks: Sequence[str], pace: Sequence[int]
) -> None:
    told = whole_night(blocks, pace=pace).record
    for form in TEXTS:
        for name, data in export(told, form, profile="public").items():
            assert PERSONAL.findall(_SUMS.sub("", data.decode())) == [], name
            if form in ("json", "jsonl"):
                assert verify_file(data, name) == []


@pytest.mark.parametrize("form", TEXTS)
def test_the_other_profiles_keep_it_all(form: str) -> None:
    for profile in ("internal", "legal"):
        files = export(RECORD, form, profile=profile)
        assert PERSONAL.search("\n".join(data.decode() for data in files.values()))


def test_what_only_concerns_us_keeps_its_place_and_nothing_else() -> None:
    shown = narrowed(RECORD, "public")
    assert [(one.seq, one.hash, one.at) for one in shown.entries] == [
        (one.seq, one.hash, one.at) for one in RECORD.entries
    ]
    hidden = [one for one in shown.entries if one.kind == INNER]
    assert {(one.text, one.role, len(one.data)) for one in hidden} == {("[left out]", "", 0)}
    inner = ("deadline.", "escalation.", "enquiry.", "contact.", "message.", "answer.", "clock.")
    assert not [one.kind for one in shown.entries if one.kind.startswith(inner)]
    whole = document(shown)
    for field in ("contacts", "deadlines", "enquiries", "escalations"):
        assert whole[field] == []
    assert whole["incident"]["answers"] == {}


def test_a_task_that_would_tell_a_hidden_fact_is_not_shown() -> None:
    incident, shown = RECORD.incident, narrowed(RECORD, "public").incident
    assert {*incident.tasks} - {*shown.tasks} == {"dpo", "quiet", _added(NIGHT)}
    assert [one.id for one in shown.plan.cadences] == ["public"]
    assert [phase.id for phase in shown.plan.phases] == ["assess", "respond"]
    assert shown.tasks["crowd"].due_at is not None


def _added(night: WholeNight) -> str:
    [added] = [task.id for task in night.state.tasks.values() if task.added_by]
    return added


@settings(max_examples=15, deadline=None)
@given(st.permutations(BLOCKS))
def test_what_is_shown_stands_as_it_really_stood(blocks: Sequence[str]) -> None:
    told = whole_night(blocks).record
    incident, shown = told.incident, narrowed(told, "public").incident
    for task in shown.tasks.values():
        real = incident.tasks[task.id]
        if real.state == "waiting" and not {*real.needs} <= {*shown.tasks}:
            real = msgspec.structs.replace(real, state="open")  # what it waits for is not shown
        assert (task.state, task.due_at, task.closed_at, task.times) == (
            real.state,
            real.due_at,
            real.closed_at,
            real.times,
        ), task.id
    assert [(one.id, one.state, one.sent_at) for one in shown.statements.values()] == [
        (one.id, one.state, one.sent_at) for one in incident.statements.values()
    ]
    for fact in shown.facts.values():
        assert (fact.state, fact.at) == (incident.facts[fact.id].state, incident.facts[fact.id].at)


def test_the_public_timeline_tells_known_kinds_only() -> None:
    page = export(RECORD, "md", profile="public")["INC-9.md"].decode()
    shown = narrowed(RECORD, "public")
    assert {entry.kind for entry in shown.entries if entry.text != LEFT_OUT} <= {*TOLD}
    left_out = sum(entry.text == LEFT_OUT for entry in shown.entries)
    assert f"{left_out} entries are not for the public." in page
    for told in (
        "handed Crisis lead over to responder-",
        "now to do: Count the crowd",
        "contact-1",
    ):
        assert told in page


@pytest.mark.parametrize("form", ["md", "csv"])
def test_sections_that_only_concern_us_are_not_in_public(form: str) -> None:
    files = export(RECORD, form, profile="public")
    assert not [name for name in files if "enquiries" in name or "deadlines" in name]
    text = "\n".join(data.decode() for data in files.values())
    for word in ("Legal duties", "Enquiries", "Escalations", "Review", "EMERGENCY", "came late"):
        assert word not in text


def test_marks_and_kinds_of_later_programs_harm_no_report() -> None:
    night = WholeNight()
    night.act("clock.late", clock="of another kind", who="x")
    night.act("escalation.paused", escalation="wake")
    night.act("statement.pinned")
    for form in FORMATS:
        for profile in PROFILES:
            assert export(night.record, form, profile=profile)
    assert late(night.record) == ()


def test_what_came_late_is_told_with_its_end() -> None:
    known = {(one.kind, one.id): one for one in late(RECORD)}
    pause = known["task", "pause"]
    assert (pause.title, pause.who) == ("Pause posts", "social")
    ended = RECORD.entries[(pause.ended_seq or 0) - 1]
    assert (ended.kind, ended.data["task"]) == ("task.done", "pause")
    assert pause.seconds(RECORD.as_of) == (ended.at - pause.due_at).total_seconds()
    assert known["task", "holding"].never
    marks = {entry.data["clock"] for entry in RECORD.entries if entry.kind == "clock.late"}
    assert len(late(RECORD)) == len(marks)


def test_spreadsheets_of_a_night() -> None:
    files = export(RECORD, "csv")
    tables = {
        name.split("-")[2].removesuffix(".csv"): [
            *csv.DictReader(io.StringIO(data.decode(), newline=""))
        ]
        for name, data in files.items()
    }
    assert [one["id"] for one in tables["deadlines"]] == ["gdpr", "nis", "stock"]
    nis = tables["deadlines"][1]
    assert (nis["state"], nis["seconds_late"]) == ("met", "")
    assert int(nis["seconds_before"]) > 0
    assert [one["state"] for one in tables["enquiries"]] == ["answered", "closed", "open"]
    figures = {one["id"]: one for one in tables["metrics"]}
    assert figures["deadline_margin"]["seconds"] == nis["seconds_before"]
    assert {(row["incident"], row["drill"]) for rows in tables.values() for row in rows} == {
        ("INC-9", "no")
    }
    released = {one["id"]: one["approved_by"] for one in tables["statements"]}["ST-2"]
    assert released.endswith("(without approval)")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_drill_is_marked_in_every_format(profile: Profile) -> None:
    drill = WholeNight(drill=True).record
    for form in TEXTS:
        for data in export(drill, form, profile=profile).values():
            rows = data.decode().split("\r\n") if form == "csv" else [data.decode()]
            marks = ("DRILL", '"drill":true', "INC-9,yes")
            body = rows[1:-1] if form == "csv" else rows
            assert all(any(mark in row for mark in marks) for row in body), form
