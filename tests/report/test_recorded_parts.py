"""What an incident keeps of its own record, in JSON and in spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from report.builders import START, Log, night
from report.whole_night import whole_night

from crisisroom.core.incident import Incident
from crisisroom.core.timeline import stamp
from crisisroom.report import export
from crisisroom.report.contract_record import record_json

PICTURE = "a" * 64


def at(minute: float) -> str:
    return stamp(START + timedelta(minutes=minute))


def kept() -> Log:
    """Return a night with something of everything that is kept of the record itself."""
    log = Log()
    uid = log.link(1, -9)
    picture: dict[str, Any] = {"size": 9, "media": "image/png", "sort": "picture"}
    shown = {"sha256": PICTURE, "name": "=cmd.png", "url": "https://x.example/1", "mention": uid}
    log.add("evidence.kept", 6, "kept", picture | shown)
    log.add("entry.pinned", 7, "pinned", {"entry": 1})
    log.add("entry.marked", 8, "marked", {"entry": 2, "visibility": "public", "words": "said so"})
    log.add("entry.corrected", 9, "wrong", {"words": "it was two"}, corrects=2)
    log.add("entry.corrected", 10, "wrong", {"words": "", "at": at(-3)}, corrects=2)
    options = [{"words": "recall all"}, {"words": "wait"}]
    log.add("decision.made", 11, "x", {"words": "stop", "why": "smoke", "options": options})
    counted = {"complaints": 2, "usual_hundredths": 205, "sources": {"b": 3, "a": 4}}
    row: dict[str, Any] = {"start": at(0), "seconds": 3600, "mentions": 7} | counted
    log.add("volume.counted", 60, "counted", {"rows": [row | {"mentions": 5}]})
    log.add("volume.counted", 61, "counted", {"rows": [row]})
    log.add("hold.set", 62, "hold", {"words": "the court asks"}, actor="dee")
    log.add("review.written", 63, "x", {"section": "summary", "words": "It burned."})
    log.add("factor.added", 64, "x", {"factor": "F-1", "words": "one supplier", "sort": "badly"})
    offered = {"role": "lead", "person": "bo", "words": "tired", "tasks": ["pause"]}
    log.add("role.offered", 65, "x", offered)
    item = {"action": "A-1", "title": "Two suppliers", "owner": "bo", "due": "2026-12-01"}
    log.add("action.added", 66, "x", item | {"kind": "prevent", "url": "https://t.example/9"})
    log.add("action.done", 67, "x", {"action": "A-1", "words": "signed"})
    return log


def tables(log: Log) -> dict[str, list[dict[str, str]]]:
    """Return the spreadsheets by their name, as a program reads them."""
    return {
        name.split("-")[2].removesuffix(".csv"): [
            *csv.DictReader(io.StringIO(data.decode(), newline=""))
        ]
        for name, data in export(log.record, "csv").items()
    }


def test_the_records_own_parts_in_json() -> None:
    told = record_json(kept().record.incident)
    assert told["pins"] == [1]
    assert told["marks"] == [{"entry": 2, "visibility": "public"}]
    [wrong] = told["corrected"]
    assert (wrong["entry"], wrong["words"], wrong["at"]) == (2, "it was two", at(-3))
    assert wrong["corrected_by"] == 7, "the newest word on it"
    [evidence] = told["evidence"]
    assert (evidence["sha256"], evidence["size"], evidence["sort"]) == (PICTURE, 9, "picture")
    [hour] = told["volume"]
    assert (hour["mentions"], hour["usual_hundredths"]) == (7, 205), "later rows replace earlier"
    assert told["review"]["sections"][0]["words"] == "It burned."
    assert [one["sort"] for one in told["factors"]] == ["badly"]
    assert told["offers"][0]["tasks"] == ["pause"]


def test_a_whole_night_shows_each_of_its_parts() -> None:
    incident: Incident = whole_night().record.incident
    told = record_json(incident)
    counts = {name: len(value) for name, value in told.items() if isinstance(value, list)}
    assert counts == {
        "questions": len(incident.questions),
        "pins": len(incident.pinned),
        "marks": len(incident.marked),
        "corrected": len(incident.corrected),
        "evidence": len(incident.evidence),
        "volume": len(incident.volume),
        "factors": len(incident.factors),
        "offers": len(incident.offers),
    }
    assert all(counts.values()), "the night leaves something of each"


def test_the_records_own_parts_in_spreadsheets() -> None:
    found = tables(kept())
    [action] = found["actions"]
    assert (action["kind"], action["state"], action["outcome"]) == ("prevent", "done", "signed")
    assert action["link"] == "https://t.example/9"
    [decision] = found["decisions"]
    assert (decision["because"], decision["options"]) == ("smoke", "recall all; wait")
    [picture] = found["evidence"]
    assert (picture["sha256"], picture["posts"]) == (PICTURE, "M-1")
    assert not picture["name"].startswith("="), "no cell computes"
    [hour] = found["volume"]
    assert (hour["mentions"], hour["usual"], hour["sources"]) == ("7", "2.05", "a=4 b=3")
    assert hour["start"] == "2026-11-22T03:07:00+01:00"
    told = {row["entry"]: row for row in found["timeline"]}
    assert (told["1"]["pinned"], told["2"]["visibility"]) == ("yes", "public")
    assert (told["2"]["corrected_by"], told["2"]["corrected_at_utc"]) == ("7", at(-3))


def test_figures_in_spreadsheets_say_when_and_how_long_so_far() -> None:
    log = Log()
    log.add("note.added", 12, "x", {"words": "x"})
    rows = {row["id"]: row for row in tables(log)["metrics"]}
    waits = rows["first_statement"]
    assert (waits["state"], waits["so_far"], waits["target"]) == ("pending", "720", "1800")
    assert (waits["from"], waits["from_at"]) == ("1", "2026-11-22T03:07:00+01:00")
    assert (waits["from_at_utc"], waits["to"], waits["to_at"]) == (at(0), "", "")
    assert rows["tasks_on_time"]["unit"] == "share"


def test_strangers_get_none_of_it() -> None:
    names = {name.split("-")[2] for name in export(kept().record, "csv", profile="public")}
    assert not names & {"evidence.csv", "volume.csv", "decisions.csv"}
    assert "metrics.csv" in names


def test_a_night_without_any_of_it_has_empty_tables() -> None:
    found = tables(night())
    assert [found[name] for name in ("evidence", "volume")] == [[], []]
