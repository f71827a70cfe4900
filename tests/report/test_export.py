"""Exports are functions of the log: the same log, the same bytes; imported without loss."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest
from report import shape
from report.builders import START, Log, erased, night

from crisisroom.core.clocks import clocks
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Author, Media, Mention
from crisisroom.report import FORMATS, PROFILES, contract, export, jsondoc, jsonl, parse_import
from crisisroom.report.contract_words import words_json
from crisisroom.report.encoding import line, parse
from crisisroom.report.jsondoc import schema
from crisisroom.report.model import Profile, record

NIGHT = night()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_log_gives_the_same_bytes(form: str, profile: Profile) -> None:
    once = export(night().record, form, profile=profile)
    again = export(record(tuple(NIGHT.entries)), form, profile=profile)
    assert once == again
    assert all(data.endswith(b"\n") for data in once.values() if form != "pdf")


def test_files_are_named_after_the_incident() -> None:
    names = {form: [*export(NIGHT.record, form)] for form in FORMATS}
    tables = ("timeline", "tasks", "mentions", "statements", "replies", "metrics")
    more = ("actions", "log", "deadlines", "enquiries", "decisions", "evidence", "volume")
    assert names == {
        "md": ["INC-7.md"],
        "json": ["INC-7.json"],
        "jsonl": ["INC-7.jsonl"],
        "csv": [f"INC-7-{table}.csv" for table in (*tables, *more)],
        "ics214": ["INC-7-ics214.txt"],
        "html": ["INC-7.html"],
        "pdf": ["INC-7.pdf"],
    }


@pytest.mark.parametrize("profile", ["internal", "legal"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_import_loses_nothing(form: str, profile: Profile) -> None:
    whole = night()
    whole.add("words.erased", 150, "erased", {"entries": [9, 10, 11, 12], "words": "asked to"})
    gone = (erased(entry) for entry in whole.entries[8:12])
    told = record([*whole.entries[:8], *gone, *whole.entries[12:]])
    [(name, data)] = export(told, form, profile=profile).items()
    back, incident = parse_import(data, name)
    assert back == told.entries
    assert incident == told.incident
    assert export(record(back), form, profile=profile) == {name: data}


def test_a_broken_log_is_not_taken_in() -> None:
    data = b"".join(jsonl.dump(NIGHT.entries)).replace(b"about 40", b"about 41")
    with pytest.raises(Refused, match="entry 6") as refused:
        parse_import(data, "INC-7.jsonl")
    assert refused.value.code == "broken"


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_redacted_log_is_not_taken_in(form: str) -> None:
    [(name, data)] = export(NIGHT.record, form, profile="public").items()
    with pytest.raises(Refused, match="redacted"):
        parse_import(data, name)


@pytest.mark.parametrize("bad", ["../INC-7", "INC-0", "INC-٣", "INC-7\n", "inc-7", 7, None])
def test_an_id_that_is_none_never_becomes_a_file_name(bad: object) -> None:
    log = Log(id=bad)
    with pytest.raises(Refused, match="replayed"):
        _ = log.record


def test_values_of_another_type_are_refused() -> None:
    with pytest.raises(Refused, match="replayed"):
        _ = Log(severity=5).record
    with pytest.raises(Refused, match="replayed"):
        record([])


def test_unknown_formats_profiles_and_zones_are_refused() -> None:
    with pytest.raises(Usage, match="no format 'docx'"):
        export(NIGHT.record, "docx")
    with pytest.raises(Usage, match="no profile"):
        export(NIGHT.record, "md", profile="secret")  # type: ignore[arg-type]
    for zone in ("Mars/Base", "../etc/passwd", "Europe", "/etc/passwd", "x\0"):
        with pytest.raises(Refused, match="no time zone"):
            export(NIGHT.record, "csv", zone=zone)


def test_times_are_of_the_zone_with_offset_and_utc() -> None:
    page = export(NIGHT.record, "md")["INC-7.md"].decode()
    assert "- Declared: 2026-11-22 03:07:00 +01:00 (02:07:00Z) by ada" in page
    rows = export(NIGHT.record, "csv", zone="Asia/Kolkata")["INC-7-timeline.csv"].decode()
    assert "\r\n1,2026-11-22T07:37:00+05:30,2026-11-22T02:07:00.000Z," in rows


def test_the_report_tells_the_story() -> None:
    page = export(NIGHT.record, "md")["INC-7.md"].decode()
    for told in (
        "# INC-7: Customers charged twice",
        "from 2026-11-22 03:07:00 +01:00 (02:07:00Z), sev2",
        "| first mention to declared | 9m | 3 to 1 |",
        "  - rejected by dee (ok), 2026-11-22 03:19:00 +01:00 (02:19:00Z): no blame, says counsel",
        "  > We see double charges.\\\n  > We are on it.",
        "- sent on mastodon, 2026-11-22 03:24:00 +01:00 (02:24:00Z): <https://blog.example/holding>",
        "| 29m | ada | sent | <https://social.example/@ferrow/77> |",
        "| ada | done, late 15m: late numbers |",
        "| ada | skipped: an inner reason |",
        "Never established: Refund date.",
        "ada: an inner decision. Because: the legal reason",
        "| Lead | ada | 2026-11-22 03:08:00 +01:00 (02:08:00Z) | to the end |",
        "| Grace Hop | phone | reached | ada |",
        "| A-1 | Move the checkout hour | bo | 2026-12-01 | open |",
        "~~inner note~~ meant 41 (entered 2026-11-22 03:36:00 +01:00; corrected by entry 26)",
        "meant 41 (corrects entry 25)",
        NIGHT.record.head_hash,
    ):
        assert told in page


def test_the_timeline_is_in_the_order_things_happened() -> None:
    page = export(NIGHT.record, "md")["INC-7.md"].decode()
    rows = page.split("## Timeline")[1].split("\n")
    shown = [int(row.split("|")[1]) for row in rows if row.startswith("| ") and row[2].isdigit()]
    assert sorted(shown) == [entry.seq for entry in NIGHT.entries]
    assert shown.index(25) < shown.index(10)
    assert shown[:2] == [3, 1]


def test_a_zone_that_this_machine_does_not_know_is_utc() -> None:
    page = export(Log(zone="Moon/Crater").record, "md")["INC-7.md"].decode()
    assert "- Declared: 2026-11-22 02:07:00 +00:00" in page


def test_a_drill_says_so() -> None:
    files = {form: export(Log(drill=True).record, form) for form in ("md", "ics214")}
    assert "DRILL" in files["md"]["INC-7.md"].decode()
    assert "(DRILL)" in files["ics214"]["INC-7-ics214.txt"].decode()


def test_an_empty_incident_can_be_reported() -> None:
    for form in FORMATS:
        for profile in PROFILES:
            assert export(Log(zone="").record, form, profile=profile)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("log", [NIGHT, Log()])
def test_the_json_export_fits_its_schema(log: Log, profile: Profile) -> None:
    rules = json.loads(schema())
    whole = json.loads(export(log.record, "json", profile=profile)["INC-7.json"])
    assert [*shape.flaws(whole, rules, rules)] == []
    assert [*whole][: len(rules["required"])] == [
        name for name in rules["properties"] if name in rules["required"]
    ]


def test_the_schema_describes_every_field_we_write() -> None:
    rules = json.loads(schema())
    whole = json.loads(export(NIGHT.record, "json")["INC-7.json"])
    assert whole.keys() <= rules["properties"].keys()
    for field in ("tasks", "facts", "roles", "mentions", "actions", "decisions", "timeline"):
        name = rules["properties"][field]["items"]["$ref"].removeprefix("#/$defs/")
        assert set(whole[field][0]) == set(rules["$defs"][name]["required"])
    for field in ("statements", "replies"):
        assert set(whole[field][0]) == set(rules["$defs"]["words"]["required"])


def test_the_schema_refuses_what_is_wrong() -> None:
    rules = json.loads(schema())
    whole = json.loads(export(NIGHT.record, "json")["INC-7.json"])
    whole["incident"]["status"] = "odd"
    del whole["tasks"][0]["overdue"]
    whole["timeline"][0]["hash"] = "short"
    found = [*shape.flaws(whole, rules, rules)]
    places = {flaw.split(":")[0] for flaw in found}
    assert places == {"$.incident.status", "$.tasks[0]", "$.timeline[0].hash"}


def test_blanks_of_a_draft_are_listed() -> None:
    log = Log()
    log.draft("ST-1", 1, "About ‹number› people, {{fact.cause}}.")
    whole = jsondoc.document(log.record)
    assert whole["statements"][0]["blanks"] == ["number", "cause"]


def test_things_have_the_fields_that_scripts_rely_on() -> None:
    incident = NIGHT.record.incident
    task = contract.task_json(incident, incident.tasks["numbers"], START)
    assert (task["overdue"], task["state"], task["waiting_for"]) == (True, "done", "")
    waiting = Log().record.incident
    held = contract.task_json(waiting, waiting.tasks["brief"], START)
    assert (held["overdue"], held["waiting_for"]) == (False, "task: Get the numbers")
    words = words_json(incident.statements["ST-1"])
    assert words["remote_url"] == "https://blog.example/holding"
    assert [(one["verdict"], one["version"]) for one in words["approvals"]] == [
        ("rejected", 1),
        ("approved", 2),
    ]
    [clock, *_] = clocks(Log().record.incident, START)
    assert contract.clock_json(clock) == {
        "id": "task:pause",
        "kind": "task",
        "title": "Pause scheduled posts",
        "due_at": "2026-11-22T02:12:00.000Z",
        "state": "ok",
        "who": "lead",
    }


def test_an_entry_has_exactly_the_fields_of_the_contract() -> None:
    fields = "seq uid incident kind v at recorded_at actor role text data corrects prev_hash hash"
    assert [*contract.entry_json(NIGHT.entries[0], "INC-7")] == fields.split()


def test_a_mention_has_the_fields_of_the_contract() -> None:
    mention = Mention(
        id="M-1",
        uid="u",
        source="feed",
        external_id="x",
        kind="post",
        author=Author("@pat", "Pat", 12),
        text="hi",
        url="https://x.example",
        lang="en",
        media=(Media(alt="a cat"),),
        posted_at=datetime(2026, 1, 1, tzinfo=UTC),
        seen_at=datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
        state="new",
    )
    shown = contract.mention_json(mention)
    assert shown["author"] == {"handle": "@pat", "name": "Pat", "reach": 12}
    assert shown["media"] == [{"kind": "image", "url": "", "alt": "a cat", "sha256": ""}]
    [linked, *_] = jsondoc.document(NIGHT.record)["mentions"]
    assert shown.keys() - contract.triage_json(mention).keys() <= linked.keys()
    assert (linked["author"]["reach"], linked["seen_at"]) == (1201, "2026-11-22T01:59:00.000Z")


def test_lines_are_canonical_and_safe_to_print() -> None:
    value = {"b": "\u202e\x9b\x7f\x1b", "a": [1, None, True, "ü"]}
    assert line(value) == b'{"a":[1,null,true,"\xc3\xbc"],"b":"\\u202e\\u009b\\u007f\\u001b"}'
    assert parse(line(value)) == value
    for bad in (b"1.0", b'{"a":1,"a":2}', b"NaN", b"[" * 10**5, b"\xff", b"{"):
        with pytest.raises(ValueError, match=r"it|twice"):
            parse(bad)


def test_a_log_without_entries_is_not_written() -> None:
    with pytest.raises(ValueError, match="without entries"):
        b"".join(jsonl.dump([]))


def test_an_erased_person_is_erased_in_every_format() -> None:
    entries = [
        erased(entry) if "pat1" in f"{entry.text} {entry.data}" else entry
        for entry in NIGHT.entries
    ]
    told = record(entries)
    for form in FORMATS:
        for data in export(told, form).values():
            assert b"pat1" not in data
    assert told.head_hash == NIGHT.record.head_hash
    assert [held.salt for held in entries[2].seals.values() if held.salt] == []


def test_metrics_in_json_name_their_entries() -> None:
    whole = jsondoc.document(NIGHT.record)
    figures = {one["id"]: one for one in whole["metrics"]}
    assert figures["time_to_declare"] == {
        "id": "time_to_declare",
        "label": "first mention to declared",
        "state": "recorded",
        "unit": "seconds",
        "seconds": 540,
        "so_far": None,
        "from": 3,
        "to": 1,
        "from_at": "2026-11-22T01:58:00.000Z",
        "to_at": "2026-11-22T02:07:00.000Z",
        "met": None,
        "of": None,
        "target": None,
    }
    assert msgspec.json.decode(b"".join(jsondoc.dump(NIGHT.record)))["decisions"][0]["by"] == "ada"
