"""What is withheld from the team, and what an entry marked public tells."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import msgspec
import pytest
from report.builders import START, Log, erased, night
from report.whole_night import WholeNight

from crisisroom.core.errors import Refused
from crisisroom.core.timeline import WITHHELD, Entry, always_sealed, entry_hash, flaws, stamp
from crisisroom.report import FORMATS, Profile, export, parse_import, verify_file
from crisisroom.report.model import Record, record
from crisisroom.report.redact import INNER, LEFT_OUT, TOLD, for_legal, lacking, narrowed

LEGAL = "privileged advice of counsel"


def marked(log: Log, seq: int, visibility: str, words: str = "because") -> None:
    data = {"entry": seq, "visibility": visibility, "words": words}
    log.add("entry.marked", 300, f"marked entry {seq}: {words}", data, actor="dee")


def advised() -> Log:
    """Return a night with a note for Legal, one marked so later, and one in its own data."""
    log = night()
    note = log.add("note.added", 210, f"note: {LEGAL}", {"words": LEGAL})
    own = {"words": LEGAL, "why": LEGAL, "options": [{"words": LEGAL}], "visibility": "legal"}
    log.add("decision.made", 211, f"decided: {LEGAL}", own)
    log.fact("cause", 212, LEGAL)
    marked(log, note.seq, "legal", LEGAL)
    marked(log, note.seq + 2, "legal")
    return log


def entry(told: Record, seq: int) -> Entry:
    return told.entries[seq - 1]


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "pdf"])
def test_what_is_for_legal_is_with_legal_alone(form: str) -> None:
    told = advised().record
    for profile, there in (("internal", False), ("public", False), ("legal", True)):
        files = export(told, form, profile=profile)  # type: ignore[arg-type]
        text = "\n".join(data.decode() for data in files.values())
        assert (LEGAL in text) is there, profile
        if profile == "internal":
            assert "[withheld]" in text.replace("\\", "")


def test_seals_stay_and_the_chain_holds() -> None:
    whole = advised().record
    told = narrowed(whole, "internal")
    assert [*flaws(told.entries)] == []
    assert told.head_hash == whole.head_hash
    number = len(night().entries) + 1
    kept, before = entry(told, number), entry(whole, number)
    assert kept.text == WITHHELD
    assert kept.data == {"words": WITHHELD}
    assert {path: held.digest for path, held in kept.seals.items()} == {
        path: held.digest for path, held in before.seals.items()
    }
    assert {held.salt for held in kept.seals.values()} == {""}
    assert entry(told, number - 1) == entry(whole, number - 1)


def test_what_follows_from_it_is_without_it_too() -> None:
    shown = narrowed(advised().record, "internal").incident
    assert shown.decisions[-1].words == shown.decisions[-1].reason == WITHHELD
    assert shown.decisions[-1].options == (WITHHELD,)
    assert (shown.facts["cause"].state, shown.facts["cause"].value) == ("known", WITHHELD)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_it_can_be_taken_in_and_says_what_it_lacks(form: str) -> None:
    told = advised().record
    [(name, data)] = export(told, form).items()
    assert verify_file(data, name) == []
    back, incident = parse_import(data, name)
    assert back == narrowed(told, "internal").entries
    assert incident == narrowed(told, "internal").incident
    assert lacking(back) == 2 + 4 + 3 + 2 + 2
    assert lacking(told.entries) == 0
    assert export(record(back), form) == {name: data}


def test_a_withheld_text_cannot_be_put_back_changed() -> None:
    data = export(advised().record, "jsonl")["INC-7.jsonl"]
    [problem, *_] = verify_file(data.replace(b'"words":"[withheld]"', b'"words":"made up"', 1), "x")
    assert "was added after it had been erased" in problem.message


def test_what_was_erased_before_is_not_called_withheld() -> None:
    log = advised()
    seq = len(night().entries) + 1
    told = record([erased(one) if one.seq == seq else one for one in log.entries])
    assert entry(narrowed(told, "internal"), seq).text == "[erased]"


def moved() -> WholeNight:
    """Return a night with a fact for Legal that moved, and words that rest on it."""
    made = WholeNight()
    for block in ("staff", "facts", "statements"):
        getattr(made, block)()
    for value in (LEGAL, f"no {LEGAL}"):
        told = {"value": value, "words": "", "visibility": "legal"}
        made.act("fact.set", fact="what", state="changed", **told)
    asked = {"enquiry": "EQ-1", "sort": "media", "outlet": LEGAL, "name": "", "quote": LEGAL}
    made.act("enquiry.added", to="", due_at=stamp(made.now), visibility="legal", **asked)
    made.act("note.added", words="later")
    return made


def test_what_the_room_itself_says_of_it_is_withheld_with_it() -> None:
    whole = moved().record
    quoting = {one.kind for one in whole.entries if LEGAL in one.text or LEGAL in f"{one.data}"}
    assert quoting >= {"fact.set", "fact.moved", "enquiry.added", "clock.late"}
    told = narrowed(whole, "internal")
    assert [one.kind for one in told.entries if LEGAL in one.text or LEGAL in f"{one.data}"] == []
    hidden = for_legal(whole.entries, whole.incident)
    assert for_legal(told.entries, told.incident) == hidden
    assert {one.kind for one in whole.entries if one.seq in hidden} == quoting


def test_a_correction_of_it_is_withheld_with_it() -> None:
    log = advised()
    first = len(night().entries) + 1
    log.add("entry.corrected", 320, f"not {LEGAL}", {"words": f"not {LEGAL}"}, corrects=first)
    again = log.add("entry.corrected", 321, "x", {"words": LEGAL}, corrects=len(log.entries))
    assert LEGAL not in export(log.record, "jsonl")["INC-7.jsonl"].decode()
    marked(log, again.seq, "internal")
    assert LEGAL in export(log.record, "jsonl")["INC-7.jsonl"].decode()


@pytest.mark.parametrize("profile", ["internal", "legal"])
def test_a_table_says_for_whom_an_entry_is(profile: Profile) -> None:
    log = advised()
    marked(log, 25, "public")
    data = export(log.record, "csv", profile=profile)["INC-7-timeline.csv"].decode()
    rows = csv.DictReader(io.StringIO(data, newline=""))
    first = len(night().entries) + 1
    assert {int(row["entry"]): row["visibility"] for row in rows if row["visibility"]} == {
        **dict.fromkeys((first, first + 1, first + 2, first + 3, first + 4), "legal"),
        25: "public",
    }


def test_a_mark_can_be_taken_back() -> None:
    log = night()
    note = log.add("note.added", 210, "note", {"words": LEGAL, "visibility": "legal"})
    assert LEGAL not in export(log.record, "jsonl")["INC-7.jsonl"].decode()
    marked(log, note.seq, "internal")
    assert LEGAL in export(log.record, "jsonl")["INC-7.jsonl"].decode()


def test_the_report_says_how_much_it_lacks() -> None:
    page = export(advised().record, "md")["INC-7.md"].decode()
    assert "- Withheld: 13 texts of entries that only Legal may read" in page
    assert "Withheld:" not in export(night().record, "md")["INC-7.md"].decode()


OPENED: list[tuple[str, dict[str, Any]]] = [
    ("note.added", {"words": "we told Pat Doe1 and ada"}),
    ("decision.made", {"words": "we told Pat Doe1", "why": "Grace Hop says so", "options": []}),
    ("review.written", {"section": "summary", "words": "we told Pat Doe1"}),
    ("factor.added", {"factor": "F-1", "sort": "well", "words": "we told Pat Doe1"}),
    ("task.done", {"task": "thank", "words": "we told Pat Doe1"}),
    ("contact.called", {"contact": "ceo", "name": "Grace Hop", "way": "phone", "reached": True}),
    ("hold.set", {"words": "we told Pat Doe1"}),
    ("enquiry.added", {"enquiry": "EQ-1", "sort": "media", "outlet": "The Daily", "name": "Kim"}),
]
_MORE = {
    "contact.called": {"words": "we told Pat Doe1"},
    "enquiry.added": {"to": "+49 30 77", "quote": "why?", "words": "we told Pat Doe1"},
}


@pytest.mark.parametrize(("kind", "data"), OPENED, ids=[kind for kind, _ in OPENED])
def test_an_entry_marked_public_tells_its_words(kind: str, data: dict[str, Any]) -> None:
    log = night()
    log.add(kind, 210, f"inner {kind}", data | _MORE.get(kind, {}) | {"visibility": "public"})
    told = narrowed(log.record, "public")
    shown = entry(told, len(log.entries))
    assert "we told person-1" in shown.text
    assert shown.data["visibility"] == "public"
    for form in FORMATS:
        if form != "pdf":
            files = export(log.record, form, profile="public").values()
            text = "\n".join(one.decode() for one in files)
            assert "we told person-1" in text, form
            for secret in ("Pat Doe1", "Grace Hop", "inner", "The Daily", "+49 30 77"):
                assert secret not in text, (form, secret)


def test_without_the_mark_nothing_of_it_is_told() -> None:
    log = night()
    for kind, data in OPENED:
        log.add(kind, 210, f"inner {kind}", data | _MORE.get(kind, {}))
    for form in FORMATS:
        if form != "pdf":
            files = export(log.record, form, profile="public").values()
            assert "we told" not in "\n".join(one.decode() for one in files), form


def test_a_decision_marked_public_stands_with_its_options() -> None:
    log = night()
    options = [{"words": "tell nobody"}, {"words": "tell Pat Doe1"}]
    data = {"words": "tell all", "why": "it is true", "options": options, "visibility": "public"}
    log.add("decision.made", 210, "decided", data)
    page = export(log.record, "md", profile="public")["INC-7.md"].decode()
    section = page.split("## Decisions\n")[1].split("\n## ")[0]
    assert "responder-1: tell all. Because: it is true" in section
    assert "  - or: tell person-1" in section
    assert LEFT_OUT.replace("[", "\\[") not in section


def test_a_pin_shows_where_what_it_pins_shows() -> None:
    log = night()
    told = next(one.seq for one in log.entries if one.kind == "statement.sent")
    inner = next(one.seq for one in log.entries if one.kind == "note.added")
    for seq in (told, inner):
        log.add("entry.pinned", 210, "pinned", {"entry": seq})
    shown = narrowed(log.record, "public")
    assert shown.incident.pinned == (told,)
    assert [one.kind for one in shown.entries[-2:]] == ["entry.pinned", INNER]
    log.add("entry.unpinned", 211, "unpinned", {"entry": told})
    assert narrowed(log.record, "public").incident.pinned == ()


def test_corrected_times_of_what_is_told_count_in_public() -> None:
    log = night()
    told = next(one.seq for one in log.entries if one.kind == "statement.sent")
    inner = next(one.seq for one in log.entries if one.kind == "note.added")
    right = "2026-11-22T02:20:00.000Z"
    for seq in (told, inner):
        data = {"words": "inner words", "at": right}
        log.add("entry.corrected", 210, "corrected", data, corrects=seq)
    shown = narrowed(log.record, "public")
    assert shown.incident.corrected.keys() == {f"{told}"}
    assert shown.incident.corrected[f"{told}"].words == LEFT_OUT
    assert [(one.kind, one.corrects) for one in shown.entries[-2:]] == [
        ("entry.corrected", told),
        (INNER, None),
    ]
    page = export(log.record, "md", profile="public")["INC-7.md"].decode()
    assert "~~2026-11-22 03:24:00 +01:00~~ 2026-11-22 03:20:00 +01:00" in page


def test_what_is_for_legal_is_not_told_in_public_and_stands_all_the_same() -> None:
    log = night()
    seq = next(one.seq for one in log.entries if one.kind == "incident.severity")
    assert entry(narrowed(log.record, "public"), seq).kind in TOLD
    marked(log, seq, "legal")
    shown = narrowed(log.record, "public")
    assert entry(shown, seq).text == LEFT_OUT
    assert shown.incident.severity == "sev2"


def test_changes_of_an_action_are_told_without_its_link() -> None:
    log = night()
    more = {"owner": "kay", "url": "https://desk.example/7", "kind": "prevent", "narrative": "N-3"}
    log.add("action.changed", 210, "x", {"action": "A-1", "title": "Ask Pat Doe1"} | more)
    log.add("action.done", 211, "x", {"action": "A-1", "words": "an inner outcome"})
    [action] = narrowed(log.record, "public").incident.actions.values()
    assert (action.title, action.owner, action.kind) == ("Ask person-1", "owner-2", "prevent")
    assert (action.link, action.narrative, action.outcome) == ("", "", "")
    assert (action.state, action.due) == ("done", "2026-12-01")


@pytest.mark.parametrize("profile", ["internal", "public"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_narrowed_exports_verify(form: str, profile: Profile) -> None:
    log = advised()
    marked(log, 25, "public")
    [(name, data)] = export(log.record, form, profile=profile).items()
    assert verify_file(data, name) == []
    if form == "json":
        assert json.loads(data)["profile"] == profile


def shown_again(visibility: str) -> Record:
    """Return a night with a post, its picture and what its author made of it."""
    log = night()
    post = {"mention": "u-9", "id": "M-9", "source": "shop", "external_id": "9", "handle": "@zed"}
    said = {"name": "Zed", "quote": f"zed said {LEGAL}", "url": "", "state": "new", "assignee": ""}
    linked = post | said | {"posted_at": stamp(START), "visibility": visibility}
    log.add("mention.linked", 400, "linked @zed (shop)", linked)
    kept = {"sha256": "a" * 64, "size": 9, "media": "image/png", "sort": "picture", "name": ""}
    log.add("evidence.kept", 401, "kept @zed", kept | {"url": "", "mention": "u-9"})
    log.add("mention.edited", 402, "@zed edited", {"mention": "u-9", "quote": f"no {LEGAL}"})
    return log.record


def test_a_post_for_legal_alone_is_not_shown_again_by_what_became_of_it() -> None:
    for visibility, there in (("legal", False), ("internal", True)):
        text = export(shown_again(visibility), "jsonl")["INC-7.jsonl"].decode()
        assert (LEGAL in text, "@zed" in text) == (there, there)


def older_decision() -> Log:
    """Return a night that ends with a decision of a program that did not seal reasons yet."""
    log = night()
    made = log.add("decision.made", 230, "decided: settle", {"words": "settle", "why": LEGAL})
    seals = {path: held for path, held in made.seals.items() if always_sealed(path)}
    bare = msgspec.structs.replace(made, seals=seals)
    log.entries[-1] = msgspec.structs.replace(bare, hash=entry_hash(bare))
    return log


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "pdf"])
def test_what_an_earlier_program_left_in_the_clear_is_with_legal_alone_too(form: str) -> None:
    log = older_decision()
    assert export(log.record, form)
    marked(log, len(log.entries), "legal")
    if form in ("json", "jsonl"):
        with pytest.raises(Refused, match="before its words could leave a chain whole"):
            export(log.record, form)
    else:
        assert LEGAL not in b"\n".join(export(log.record, form).values()).decode()
    files = export(log.record, form, profile="legal")
    assert (LEGAL in b"\n".join(files.values()).decode()) is (form != "ics214")
