"""The same person has the same number in every format, and in every later export."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.builders import PLAN, REPLY, Log, erased, night

from crisisroom.core.timeline import Entry
from crisisroom.report import FORMATS, export
from crisisroom.report.model import record
from crisisroom.report.pseudonyms import Pseudonyms
from crisisroom.report.redact import narrowed


def plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def authors(entries: list[Entry]) -> dict[str, str]:
    shown = narrowed(record(entries), "public").incident
    return {one.id: one.handle for one in shown.mentions.values()}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=14), st.data())
def test_numbers_stay_as_the_log_grows(letters: list[str], data: st.DataObject) -> None:
    log = Log()
    for number, letter in enumerate(letters, 1):
        log.link(number, number, handle=f"@{letter * 3}@s.example", name=f"Mx {letter * 4}")
    cut = data.draw(st.integers(2, len(log.entries)))
    early, late = authors(log.entries[:cut]), authors(log.entries)
    assert early.items() <= late.items()
    assert len({*late.values()}) == len({*letters})


def test_somebody_erased_keeps_their_number() -> None:
    log = Log()
    for number, handle in enumerate(("@ann", "@bob", "@ann", "@cyd"), 1):
        log.link(number, number, handle=handle, name="")
    before = authors(log.entries)
    log.add("words.erased", 9, "erased a person", {"entries": [2, 4], "words": ""})
    gone = [erased(one) if one.seq in (2, 4) else one for one in log.entries]
    after = authors(gone)
    assert before == {"M-1": "person-1", "M-2": "person-2", "M-3": "person-1", "M-4": "person-3"}
    assert after == before | {"M-1": "[erased]", "M-3": "[erased]"}


def test_erased_contacts_and_enquirers_keep_their_numbers() -> None:
    log = night()
    for number, name in enumerate(("Kim Ost", "Lee West"), 1):
        asked = {"enquiry": f"EQ-{number}", "sort": "media", "outlet": "The Daily", "name": name}
        log.add("enquiry.added", 200, "asks", {**asked, "to": "", "quote": "Why?"})
    assert Pseudonyms(log.entries).words("Lee West") == "enquirer-2"
    first = len(log.entries) - 1
    gone = [erased(one) if one.seq in (1, first) else one for one in log.entries]
    assert (
        Pseudonyms(gone).words("Lee West, Kim Ost, Grace Hop") == "enquirer-2, Kim Ost, contact-2"
    )


def test_a_reply_without_the_server_is_to_the_same_person() -> None:
    log = Log()
    uid = log.link(1, 1, handle="@pat@s.example", name="Pat Doe")
    log.link(2, 2, handle="@kim@s.example", name="")
    log.draft("R-1", 3, REPLY, mention=uid, mention_id="M-1", handle="@PAT")
    people = Pseudonyms(log.entries)
    assert [people.stranger(one) for one in ("@pat@s.example", "@Pat", "@kim@s.example")] == [
        "person-1",
        "person-1",
        "person-2",
    ]


def test_who_owns_a_thing_and_never_acted_has_a_number_of_their_own() -> None:
    log = Log()
    for number, owner in enumerate(("the hotel", "ada", "bo"), 1):
        data: dict[str, Any] = {"action": f"A-{number}", "title": "x", "owner": owner, "due": ""}
        log.add("action.added", number, "x", data)
    log.add("note.added", 9, "x", {"words": "x"}, actor="bo")
    shown = narrowed(log.record, "public").incident.actions.values()
    assert [one.owner for one in shown] == ["owner-1", "responder-1", "responder-2"]


def test_every_format_gives_the_same_numbers() -> None:
    log = night()
    for number in range(3, 9):
        log.link(number, 30 + number)
    found = {}
    for form in ("md", "json", "csv"):
        text = "\n".join(
            one.decode() for one in export(log.record, form, profile="public").values()
        )
        pairs = re.findall(r'"handle":"(person-\d+)".*?"id":"(M-\d+)"', text)
        pairs += re.findall(r"\| (M-\d+) \| [^|]+ \| [^|]+ \| (person-\d+)", text)
        pairs += re.findall(r"\n(M-\d+),\w+,(person-\d+)", text)
        found[form] = {frozenset(pair) for pair in pairs}
    assert len(found["md"]) == 8
    assert found["md"] == found["csv"]
    assert found["md"] <= found["json"] | found["md"]


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "pdf"])
def test_two_exports_of_a_log_name_people_alike(form: str) -> None:
    once, again = (export(night().record, form, profile="public") for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    ("handle", "name", "text", "shown"),
    [
        ("@pat@s.example", "", "Dear @pat@s.example,", "Dear person-1,"),
        ("@pat@s.example", "", "Dear @PAT, dear pat.", "Dear person-1, dear person-1."),
        ("pat", "Pat Doe", "Pat Doe and the patient", "person-1 and the patient"),
        ("@al", "Al", "@al: also, Al", "person-1: also, Al"),
        ("a.*b", "", "a.*b acb", "person-1 acb"),
        ("@iris", "", "ırıs IRIS", "ırıs person-1"),
        ("@pat@s.example", "", "%40pat%40s.example ＠ｐａｔ", "person-1 person-1"),
        ("@pat@s.example", "Pat Doe", "https://s.example/@pat/7, pat-doe", "person-1 person-1"),
        ("@will", "Will", "We will tell @Will.", "We will tell person-1."),
        ("@tanaka", "田中", "田中さんへ", "person-1さんへ"),
    ],
)
def test_strangers_are_replaced_in_our_words(handle: str, name: str, text: str, shown: str) -> None:
    log = Log()
    log.link(1, 1, handle=handle, name=name)
    assert Pseudonyms(log.entries).words(text) == shown


def test_names_are_replaced_where_they_may_not_stand() -> None:
    log = night()
    asked = {"enquiry": "EQ-1", "sort": "media", "outlet": "The Daily", "name": "Kim Ost"}
    log.add("enquiry.added", 200, "asks", {**asked, "to": "+49 30 7", "quote": "Why?"})
    people = Pseudonyms(log.entries)
    text = "Grace Hop, Kim Ost, Pat Doe1 and ada"
    assert people.inner(text) == "contact-1, enquirer-1, person-1 and responder-1"
    assert people.words(text) == "contact-1, enquirer-1, person-1 and ada"


def test_numbers_and_addresses_of_people_are_replaced() -> None:
    people = Pseudonyms(night().entries)
    assert people.words("Ring +49301234567 or 030 1234567.") == "Ring contact-1 or contact-1."
    assert people.words("Write to kim@mail.test, +49 170 5550199") == (
        "Write to [left out], [left out]"
    )


def test_what_our_own_approved_words_give_out_stays() -> None:
    plan = plain(PLAN)
    plan["statements"][0]["text"] = "Call 0800 555 0100 or write to help@ferrow.test."
    people = Pseudonyms(Log(plan=plan).entries)
    text = "Call 0800 555 0100 or help@ferrow.test, not bo@ferrow.test"
    assert people.words(text) == "Call 0800 555 0100 or help@ferrow.test, not [left out]"
