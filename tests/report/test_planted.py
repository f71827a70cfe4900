"""A thousand people in every field of every kind of entry: none of them is in a public export."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec
import pytest
from report.papers import words_of
from report.planting import More, bare_night, planted

from crisisroom.core.canonical import text_hash
from crisisroom.core.timeline import stamp
from crisisroom.report import FORMATS, Profile, export, exporting
from crisisroom.report.model import Record
from crisisroom.report.redact import narrowed

PEOPLE = 1_000
TRACES = re.compile(
    r"zq\d+[hnm]|surq\d+|planted\d+|mailq\d+|(?:\+|00)49\W{0,3}170\W{0,3}1\W{0,3}\d{3}\W{0,3}\d{3}"
)


class Person(msgspec.Struct, frozen=True):
    """Somebody who was planted, by number."""

    number: int

    @property
    def local(self) -> str:
        return f"zq{self.number}h"

    @property
    def handle(self) -> str:
        return f"@{self.local}@planted{self.number}.example"

    @property
    def name(self) -> str:
        return f"Zq{self.number}n Surq{self.number}"

    @property
    def mail(self) -> str:
        return f"zq{self.number}m@mailq{self.number}.example"

    @property
    def phone(self) -> str:
        return f"+49 170 1{self.number:06}"

    @property
    def link(self) -> str:
        return f"https://planted{self.number}.example/@{self.local}/7{self.number}"

    @property
    def called(self) -> tuple[str, ...]:
        return self.handle, f"@{self.local}", self.local, self.name, self.link

    @property
    def words(self) -> str:
        """All they are called and reached by, in one of many spellings."""
        return self._spelt(*self.called, self.mail, self.phone)

    @property
    def approved(self) -> str:
        """The same without numbers: those in words we approved beforehand are our own."""
        return self._spelt(*self.called)

    def _spelt(self, *said: str) -> str:
        return "; ".join(SPELLINGS[self.number % len(SPELLINGS)](one) for one in said)


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


SPELLINGS = (
    str,
    str.upper,
    str.title,
    wide,
    lambda text: quote(text, safe=""),
    lambda text: f"https://ferrow.example/?to={quote(text, safe='')}",
    lambda text: f"({text}), “{text}”.",
    lambda text: unicodedata.normalize("NFD", text.replace("Surq", "Sürq")),
    lambda text: text.replace("q", "q\u200b"),
)


def person(number: int) -> Person:
    return Person(number % PEOPLE)


def plant(key: str, number: int) -> str:
    one = person(number)
    known = {"handle": one.handle, "name": one.name, "url": one.link, "external_id": one.link}
    known |= dict.fromkeys(("text", "answer"), one.approved)
    return known.get(key, one.words)


def linked(one: Person) -> More:
    data = {
        "mention": f"uid-{one.number}",
        "id": f"M-{1000 + one.number}",
        "source": "mastodon",
        "external_id": one.link,
        "handle": one.handle,
        "name": one.name,
        "reach": 5,
        "seen_at": stamp(bare_night()[0].at),
        "revision": 1,
        "quote": one.words,
        "url": one.link,
        "posted_at": stamp(bare_night()[0].at),
        "state": "new",
        "assignee": "",
        "sha256": text_hash(one.words),
    }
    return "mention.linked", data


def spoken(number: int, words: str) -> list[More]:
    """Return a statement that went out with these words."""
    name = f"ST-{500 + number}"
    drafted: dict[str, Any] = {
        "kind": "update",
        "audience": "public",
        "template": "update",
        "channel": "web",
        "approval": "words",
        "uses": [],
    }
    drafted |= {"id": name, "words": words, "sha256": text_hash(words)}
    drafted |= dict.fromkeys(("mention", "mention_id", "handle"), "")
    way = {"id": name, "channel": "web", "key": "k", "words": words}
    url = person(number).link
    return [
        ("statement.drafted", drafted),
        ("statement.queued", way),
        ("statement.sent", way | {"remote_id": words, "remote_url": url}),
    ]


def noted(words: str) -> list[More]:
    """Return entries with these words that are made to be marked public."""
    seen = {"visibility": "public", "words": words}
    action = {"action": "A-500", "owner": words, "due": "", "url": words, "kind": "prevent"}
    return [
        ("note.added", seen | {"about": [words]}),
        ("decision.made", seen | {"why": words, "options": [{"words": words}]}),
        ("fact.set", seen | {"fact": "what", "state": "known", "value": words}),
        ("review.written", seen | {"section": "summary"}),
        ("factor.added", seen | {"factor": "F-500", "sort": "well"}),
        ("entry.corrected", seen | {"corrects_entry": 1}),
        ("action.added", seen | action | {"title": words}),
        ("action.changed", seen | action | {"title": words}),
        ("action.done", seen | {"action": "A-500"}),
        ("incident.retitled", seen | {"title": words}),
        ("task.skipped", seen | {"task": "sworn"}),
        ("hold.set", seen),
        ("deadline.waived", seen | {"deadline": "stock"}),
    ]


@cache
def night(marked: bool) -> Record:
    """Return a night with everybody in it; `marked` lets everybody read all of it."""
    everybody = [person(number) for number in range(PEOPLE)]
    more: list[More] = []
    for number in range(0, PEOPLE, 20):
        words = " ".join(one.words for one in everybody[number : number + 20])
        more += spoken(number, words)
        kinds = noted(words)
        more.append(kinds[number // 20 % len(kinds)])
    if marked:
        known = len(bare_night()) + PEOPLE + len(more)
        more += [
            ("entry.marked", {"entry": seq, "visibility": "public", "words": person(seq).words})
            for seq in range(1, known + 1)
        ]
    return planted(plant, more, [linked(one) for one in everybody])


def traces(text: str) -> set[str]:
    """Return what is left of the planted, however it is spelt."""
    plain = re.sub(r"'sha256-[\w+/]+='", "", text)  # of our own style and script, by chance
    plain = plain.replace("\\", "").replace("`", "").replace("\u200b", "")
    forms = {plain, unquote(plain), html.unescape(plain), unquote(html.unescape(plain))}
    return {
        found for form in forms for found in TRACES.findall(_folded(form).replace("u\u0308", "u"))
    }


def _folded(text: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all formats be written from one narrowing: with a thousand people it takes seconds."""
    monkeypatch.setattr(exporting, "narrowed", cached)


@cache
def narrowed_night(marked: bool, profile: Profile) -> Record:
    return narrowed(night(marked), profile)


def cached(whole: Record, profile: Profile) -> Record:
    return narrowed_night(whole is night(True), profile)


@pytest.mark.parametrize("marked", [False, True], ids=["as it is", "all marked public"])
@pytest.mark.parametrize("form", [one for one in FORMATS if one != "pdf"])
def test_nobody_is_in_a_public_export(form: str, marked: bool) -> None:
    for name, data in export(night(marked), form, profile="public").items():
        assert traces(f"{name} {data.decode()}") == set()


@pytest.mark.parametrize("marked", [False, True], ids=["as it is", "all marked public"])
def test_nobody_is_on_public_paper(marked: bool, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    [pdf] = export(night(marked), "pdf", profile="public").values()
    assert traces(words_of(pdf, tmp_path)) == set()
    assert traces(pdf.decode("latin-1")) == set()


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "pdf"])
def test_everybody_is_in_the_whole_record(form: str) -> None:
    files = export(night(False), form, profile="legal").values()
    assert len(traces("\n".join(data.decode() for data in files))) > PEOPLE


def test_everybody_has_a_number_and_keeps_it() -> None:
    shown = narrowed_night(False, "public").incident
    called = {one.id: one.handle for one in shown.mentions.values() if one.id.startswith("M-1")}
    firsts = [called[f"M-{1000 + number}"] for number in range(PEOPLE)]
    assert len({*firsts}) == PEOPLE
    assert firsts[0] == "person-1"
    said = shown.statements["ST-500"].text
    assert {f"person-{number}" for number in range(1, 21)} <= {*re.findall(r"person-\d+", said)}


def test_words_around_the_people_stay() -> None:
    texts = [one.text for one in narrowed_night(False, "public").incident.statements.values()]
    assert any("we know what happened" in one for one in texts)
