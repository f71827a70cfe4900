"""Three hundred hostile texts in every field and every format: nothing active, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report.cells import BENIGN, CELLS
from report.papers import words_of
from report.planting import planted

from crisisroom.report import FORMATS, PROFILES, Profile, export
from crisisroom.report.model import Record
from crisisroom.report.plain import one_line, visible

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
FORMULA = re.compile(r"[\t\r\n]|[\s\ufeff\x00]*[=+\-@＝＋－＠]")
INERT = {"https", "http", ""}


@cache
def night(benign: bool = False) -> Record:
    cells = BENIGN if benign else CELLS
    notes = [("note.added", {"words": f"Zq{number}x Name"}) for number in range(len(cells))]
    return planted(lambda key, number: cells[number % len(cells)], notes)


@cache
def texts(form: str, profile: Profile = "legal", benign: bool = False) -> dict[str, str]:
    files = export(night(benign), form, profile=profile).items()
    return {name: data.decode() for name, data in files}


def letters(text: str) -> str:
    """Return the letters and digits of a text, as it is shown."""
    return "".join(filter(str.isalnum, visible(text)))


def lost(shown: str) -> list[str]:
    """Return the texts of entries that cannot be found in what a reader shows."""
    seen = letters(shown)
    return [entry.text for entry in night().entries if letters(entry.text) not in seen]


def test_there_are_three_hundred_and_all_are_planted() -> None:
    assert len({*CELLS}) == 300
    assert {entry.text for entry in night().entries} >= {*CELLS}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", [one for one in FORMATS if one != "pdf"])
def test_nothing_drives_a_terminal(form: str, profile: Profile) -> None:
    for text in texts(form, profile).values():
        shown = text.replace("\r\n", "\n") if form == "csv" else text
        assert CONTROLS.findall(shown) == []
        assert "\r" not in shown


@pytest.mark.parametrize("profile", PROFILES)
def test_no_cell_computes(profile: Profile) -> None:
    for name, text in texts("csv", profile).items():
        rows = [*csv.reader(io.StringIO(text, newline=""))]
        assert len({len(row) for row in rows}) == 1, name
        assert [cell for row in rows for cell in row if FORMULA.match(cell)] == []


def test_every_spreadsheet_has_every_word() -> None:
    """What stands in the tables beside the timeline is there to the letter, but for the guard."""
    incident = night().incident
    said: dict[str, dict[str, list[str]]] = {
        "tasks": {
            "title": [one.title for one in incident.tasks.values()],
            "given": [one.given for one in incident.tasks.values()],
        },
        "mentions": {
            "author": [one.handle for one in incident.mentions.values()],
            "name": [one.name for one in incident.mentions.values()],
            "text": [one.quote for one in incident.mentions.values()],
            "url": [one.url for one in incident.mentions.values()],
        },
        "replies": {"text": [one.text for one in incident.replies.values()]},
        "enquiries": {
            "outlet": [one.outlet for one in incident.enquiries.values()],
            "question": [one.question for one in incident.enquiries.values()],
            "answer": [one.answer for one in incident.enquiries.values()],
        },
        "deadlines": {"words": [one.words for one in incident.deadlines.values()]},
        "decisions": {"decided": [one.words for one in incident.decisions]},
        "evidence": {"name": [one.name for one in incident.evidence.values()]},
        "actions": {
            "title": [one.title for one in incident.actions.values()],
            "outcome": [one.outcome for one in incident.actions.values()],
        },
    }
    for name, columns in said.items():
        rows = [*csv.DictReader(io.StringIO(texts("csv")[f"INC-9-{name}.csv"], newline=""))]
        for column, words in columns.items():
            assert words
            guarded = [guard(visible(one)) for one in words]
            assert sorted(row[column] for row in rows) == sorted(guarded), (name, column)


def guard(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def test_spreadsheets_lose_nothing() -> None:
    rows = csv.DictReader(io.StringIO(texts("csv")["INC-9-timeline.csv"], newline=""))
    told = {entry.seq: visible(entry.text) for entry in night().entries}
    assert {int(row["entry"]): row["text"] for row in rows} == {
        seq: guard(text) for seq, text in told.items()
    }


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_keeps_every_text_to_the_letter(form: str) -> None:
    [text] = texts(form).values()
    lines = [text] if form == "json" else text.splitlines()[:-1]
    found = [json.loads(line) for line in lines]
    timeline = found[0]["timeline"] if form == "json" else found
    assert [one["text"] for one in timeline] == [entry.text for entry in night().entries]
    assert [one["data"] for one in timeline] == [entry.data for entry in night().entries]


def test_the_log_of_activities_has_a_line_an_entry() -> None:
    [text] = texts("ics214").values()
    assert text.count("\n   20") == len(night().entries)
    assert all(one_line(entry.text) in text for entry in night().entries)


def flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or ())


ACTIVE = {"image", "html_inline", "html_block", "fence", "code_block", "hr", "lheading_open"}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("dialect", ["gfm-like", "commonmark", "js-default"])
def test_markdown_is_words_and_nothing_else(dialect: str, profile: Profile) -> None:
    [text] = texts("md", profile).values()
    reader = MarkdownIt(dialect).enable("table")
    found = [*flat(reader.parse(text))]
    assert [token.content for token in found if token.type in ACTIVE] == []
    links = {str(token.attrs["href"]) for token in found if token.type == "link_open"}
    assert {link for link in links if f"<{link}>" not in text} == set()
    page = Tags(reader.render(text))
    assert page.elements.keys() & {"img", "script", "iframe", "style", "svg", "object"} == set()
    assert page.schemes <= INERT


def test_markdown_loses_nothing() -> None:
    [text] = texts("md").values()
    assert lost(Tags(MarkdownIt("gfm-like").render(text)).text) == []


@pytest.mark.parametrize("dialect", ["gfm-like", "commonmark"])
def test_markdown_reads_to_the_letter(dialect: str) -> None:
    """Every row of the timeline reads as what was written, sign for sign."""
    [text] = texts("md").values()
    blocks = MarkdownIt(dialect).enable(["table", "strikethrough"]).parse(text)
    title = next(at for at, one in enumerate(blocks) if one.content == "Timeline")
    cells = [words_in(one) for one in blocks[title + 1 :] if one.type == "inline"]
    last = 6 * (len(night().entries) + 1)  # a row has six cells, the first names them
    rows = {int(cells[at]): cells[at + 4] for at in range(6, last, 6)}
    told = {entry.seq: one_line(entry.text) for entry in night().entries}
    assert rows.keys() == told.keys()
    assert [seq for seq in told if not rows[seq].startswith(told[seq])] == []


def words_in(block: Token) -> str:
    return "".join(one.content for one in block.children or ())


def test_markdown_rows_stay_rows() -> None:
    (hostile,), (plain,) = (texts("md", benign=benign).values() for benign in (False, True))
    assert hostile.count("\n| ") == plain.count("\n| ")
    assert hostile.count("\n## ") == plain.count("\n## ")
    assert hostile.count("\n### ") == plain.count("\n### ")


class Tags(HTMLParser):
    """What a browser would see: elements with their attributes, links, and the words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: set[tuple[str, str]] = set()
        self.schemes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name in ("href", "src", "action", "formaction", "xlink:href"):
                scheme, colon, _ = (value or "").partition(":")
                self.schemes.add(scheme.strip().lower() if colon else "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_page_has_the_elements_it_has_with_plain_words(profile: Profile) -> None:
    [hostile] = texts("html", profile).values()
    [plain] = texts("html", profile, benign=True).values()
    page, usual = Tags(hostile), Tags(plain)
    assert page.elements.keys() <= usual.elements.keys()
    assert page.elements["script"] == usual.elements["script"]
    assert page.attributes <= usual.attributes
    assert not [name for _, name in page.attributes if name.startswith("on")]
    assert page.schemes <= usual.schemes | INERT


def test_a_page_loses_nothing() -> None:
    [text] = texts("html").values()
    assert lost(Tags(text).text) == []
    shown = " ".join(Tags(text).text.split())
    assert [one.text for one in night().entries if one_line(one.text) not in shown] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_paper_does_nothing(profile: Profile) -> None:
    pytest.importorskip("typst")
    [pdf] = export(night(), "pdf", profile=profile).values()
    acts = rb"/(?:JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|SubmitForm|GoToR)\b"
    assert re.findall(acts, pdf) == []
    assert {url.partition(b":")[0] for url in re.findall(rb"/URI \((.*?)\)", pdf)} <= {b"https"}


def test_paper_loses_nothing(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    [pdf] = export(night(), "pdf", profile="legal").values()
    assert lost(words_of(pdf, tmp_path)) == []
