"""Who may read what: public exports say nothing of strangers, contacts, drafts and inner words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.builders import Log, night
from report.papers import words_of

from crisisroom.report import FORMATS, export
from crisisroom.report.metrics import metrics
from crisisroom.report.model import PROFILES
from crisisroom.report.pseudonyms import Pseudonyms
from crisisroom.report.redact import TOLD, narrowed

NIGHT = night()
SECRETS = [
    "pat1",
    "pat2",
    "Pat Doe",
    "social.example",
    "charged twice!",
    "Grace",
    "+4930",
    "inner",
    "secret cause",
    "counsel",
    "blame",
    "legal reason",
    "meant 41",
    "late numbers",
    "internal.example",
    'ada"',
    "ada ",
    'dee"',
    "dee ",
    "host:1:1",
    "key-R-1",
    "salt",
]


def plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def public(log: Log, form: str) -> str:
    files = export(log.record, form, profile="public")
    return "\n".join(data.decode() for data in files.values())


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_inner_is_in_a_public_export(form: str, tmp_path: Path) -> None:
    if form == "pdf":
        pytest.importorskip("typst")
        [paper] = export(NIGHT.record, form, profile="public").values()
        text = words_of(paper, tmp_path)
    else:
        text = public(NIGHT, form)
    assert [secret for secret in SECRETS if re.search(rf"(?<!\w){re.escape(secret)}", text)] == []
    assert "responder-1" in text


@pytest.mark.parametrize("form", ["md", "json", "csv"])
def test_what_was_said_in_public_stays(form: str) -> None:
    text = public(NIGHT, form)
    assert "We see double charges." in text
    assert "https://blog.example/holding" in text
    assert "Hello person-1, sorry." in text
    assert "person-2" in text


def test_public_facts_are_those_that_may_fill_statements() -> None:
    facts = narrowed(NIGHT.record, "public").incident.facts
    assert facts["affected"].value == "about 40"
    assert facts["affected"].source == ""
    assert facts["cause"].value == "[left out]"
    assert facts["cause"].state == "known"


def test_public_figures_are_the_same_figures() -> None:
    shown, known = metrics(narrowed(NIGHT.record, "public")), metrics(NIGHT.record)
    assert {one.id for one in known} - {one.id for one in shown} >= {
        "enquiry_wait",
        "enquiries_on_time",
        "deadlines_met",
        "deadline_margin",
        "escalations",
        "time_to_acknowledge",
    }
    aimless = (msgspec.structs.replace(one, target=None) for one in known)  # what we aim at is ours
    assert {*aimless} >= {*shown}


def test_links_and_hashes_of_the_chain_stay() -> None:
    shown = narrowed(NIGHT.record, "public")
    assert [(one.seq, one.hash, one.prev_hash, one.at) for one in shown.entries] == [
        (one.seq, one.hash, one.prev_hash, one.at) for one in NIGHT.entries
    ]
    assert all(one.seals == {} for one in shown.entries)


def test_the_public_timeline_tells_known_kinds_only() -> None:
    text = public(NIGHT, "md")
    kinds = [entry.kind for entry in narrowed(NIGHT.record, "public").entries]
    left_out = sum(kind not in TOLD for kind in kinds)
    assert f"{left_out} entries are not for the public." in text
    assert "| published ST-1 on mastodon |" in text


def test_an_unknown_kind_says_nothing_in_public() -> None:
    log = night()
    log.add("later.kind", 150, "a zebra", {"title": "a zebra crossing", "plan": {"id": "zebra"}})
    assert "zebra" not in public(log, "json")
    entry = narrowed(log.record, "public").entries[-1]
    assert (entry.kind, entry.data, entry.text) == ("left.out", {}, "[left out]")


def two_wordings(channel: str) -> Log:
    """Return a log of a statement that went out, with words of its own for a channel."""
    log = Log()
    own = [{"channel": channel, "words": "The short words."}]
    log.draft("ST-1", 2, "The long words.", variants=own)
    log.send("ST-1", 3, url="https://social.test/1")
    return log


@pytest.mark.parametrize("form", ["md", "json", "csv", "jsonl"])
def test_only_words_that_went_out_themselves_are_public(form: str) -> None:
    varied = public(two_wordings("mastodon"), form)
    assert "The long words." not in varied
    assert "The short words." not in varied
    elsewhere = public(two_wordings("bluesky"), form)
    assert "The long words." in elsewhere
    assert "The short words." not in elsewhere


def test_the_report_has_the_words_of_each_channel() -> None:
    text = export(two_wordings("bluesky").record, "md", profile="internal")
    (page,) = text.values()
    assert "On bluesky:" in page.decode()
    assert "The short words." in page.decode()


def test_a_reply_in_private_stays_private() -> None:
    log = Log()
    first = log.link(1, 1)
    log.draft("R-1", 2, "Your invoice 4711.", mention=first, mention_id="M-1", handle="@pat1")
    log.send("R-1", 3, url="")
    text = public(log, "json")
    assert "4711" not in text
    assert '"sent_at":"2026-11-22T02:10:00.000Z"' in text


@pytest.mark.parametrize(
    ("kind", "audience"),
    [("internal", "staff"), ("update", "executives"), ("update", "users"), ("internal", "public")],
)
def test_an_inner_statement_that_was_sent_stays_inside(kind: str, audience: str) -> None:
    log = Log()
    log.draft("ST-1", 2, "For staff only.", kind=kind, audience=audience)
    log.send("ST-1", 3, url="https://intra.example/1")
    assert "staff only" not in public(log, "jsonl")


def test_a_handle_like_one_of_our_ids_harms_nothing() -> None:
    log = night(handle="pause", name="mastodon")
    shown = narrowed(log.record, "public").incident
    assert shown.tasks["pause"].state == "done"
    assert shown.mentions[next(iter(shown.mentions))].handle == "person-1"


def test_where_people_reach_us_stays_and_where_they_reach_others_goes() -> None:
    log = night()
    log.fact("refund", 150, "0800 555 0100")  # a fact that may fill words
    log.fact("cause", 151, "0800 555 0199")  # one that may not
    log.fact("affected", 152, "+49301234567")
    log.draft("ST-9", 160, "Ring 0800 555 0100, not 0800 555 0199 or +49 30 1234567.")
    log.send("ST-9", 161, "https://blog.example/9")
    shown = narrowed(log.record, "public").incident
    assert shown.statements["ST-9"].text == "Ring 0800 555 0100, not [left out] or contact-1."
    assert shown.facts["refund"].value == "0800 555 0100"
    assert shown.facts["affected"].value == "contact-1"


def test_titles_in_public_name_nobody() -> None:
    log = night(title="Pat Doe1 hit Grace Hop")
    action = {"action": "A-2", "title": "Ada thanks Grace Hop", "owner": "ada", "due": ""}
    log.add("action.added", 150, "action", action)
    shown = narrowed(log.record, "public").incident
    assert shown.title == "person-1 hit contact-1"
    assert shown.actions["A-2"].title == "responder-1 thanks contact-1"


def test_what_everybody_saw_is_counted_as_it_was() -> None:
    """Verdicts of one step, and promised times, come through the public profile whole."""
    log = Log()
    log.draft("ST-1", 1, "We are on it.", verbatim=False, promises="2026-11-22T03:00:00.000Z")
    log.judge("ST-1", 5, "We are on it.", 1, "approved")
    log.send("ST-1", 6, "https://blog.example/1")
    words = narrowed(log.record, "public").incident.statements["ST-1"]
    assert words.promises == log.record.incident.statements["ST-1"].promises
    assert [one.complete for one in words.verdicts] == [True]


def test_the_same_stranger_is_the_same_number_as_the_log_grows() -> None:
    log = Log()
    log.link(1, 1, handle="@b")
    log.link(2, 2, handle="@a")
    early = Pseudonyms(log.entries)
    log.link(3, 3, handle="@b")
    log.link(4, 4, handle="@c")
    late = Pseudonyms(log.entries)
    assert late.stranger("B") == "person-1"
    assert [late.stranger(one) for one in ("@b", "@a", "@c")] == [
        "person-1",
        "person-2",
        "person-3",
    ]
    assert early.stranger("@a") == late.stranger("@a")


def test_how_far_a_stranger_reaches_is_left_out() -> None:
    text = public(NIGHT, "json")
    assert "1201" not in text
    assert "01:59:00" not in text


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=30), st.text(max_size=30))
def test_any_handle_can_be_narrowed(handle: str, name: str) -> None:
    log = night(handle=handle, name=name)
    shown = narrowed(log.record, "public")
    linked = [*shown.incident.mentions.values()]
    assert [one.handle for one in linked] == ["person-1", "person-2"]
    assert [one.name for one in linked] == ["", ""]


def test_the_legal_profile_holds_seals_and_hashes() -> None:
    text = export(NIGHT.record, "md", profile="legal")["INC-7.md"].decode()
    assert all(f"`{entry.hash}`" in text for entry in NIGHT.entries)
    assert "SHA-256" in text
    rows = export(NIGHT.record, "csv", profile="legal")["INC-7-timeline.csv"].decode()
    assert NIGHT.entries[3].prev_hash in rows
    assert '"salt"' in export(NIGHT.record, "json", profile="legal")["INC-7.json"].decode()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_reader_is_told_which_profile_it_is(profile: str) -> None:
    files = export(NIGHT.record, "json", profile=profile)  # type: ignore[arg-type]
    assert f'"profile":"{profile}"' in files["INC-7.json"].decode()
