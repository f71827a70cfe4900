"""The PDF: the same bytes twice, whatever the words are; short where the log is very long."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from bench.long_night import long_night
from report.html.ferrow import ferrow
from report.test_hostile_cells import night as hostile_night
from report.whole_night import whole_night

from crisisroom.core.errors import Refused
from crisisroom.report import pdf
from crisisroom.report.html.blocks import Para, Section
from crisisroom.report.html.paper import LONG, Paper
from crisisroom.report.html.pieces import Code, Ref
from crisisroom.report.model import Record, record
from crisisroom.report.page import Page

NIGHTS: dict[str, Callable[[], Record]] = {
    "ferrow": ferrow,
    "whole": lambda: whole_night().record,
    "hostile": hostile_night,
    "long": lambda: record(long_night(LONG + 500)),
}


@pytest.mark.parametrize("name", NIGHTS)
def test_the_same_log_gives_the_same_sheets(name: str) -> None:
    pytest.importorskip("typst")
    once, again = (b"".join(pdf.dump(NIGHTS[name]())) for _ in range(2))
    assert once[:5] == b"%PDF-"
    assert once == again


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(Refused, match="extra `pdf`") as refused:
        pdf.dump(ferrow())
    assert refused.value.hint == "pip install 'crisisroom[pdf]'"


def values(night: Record) -> dict[str, Any]:
    page = Page.of(night)
    made: dict[str, Any] = msgspec.json.decode(pdf._sources(page)["report.json"])
    return made


def every(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from every(one)


@pytest.mark.parametrize("name", NIGHTS)
def test_links_and_the_places_they_lead_to_are_there_together(name: str) -> None:
    links, places = set(), []
    for one in every(values(NIGHTS[name]())):
        if one.get("anchor"):
            links.add(one["anchor"]) if one.get("is") == "ref" else places.append(one["anchor"])
    assert sorted(places) == sorted(links)


def test_a_very_long_log_is_cut_short_and_says_so() -> None:
    night = NIGHTS["long"]()
    made = values(night)
    rows = [len(one["rows"]) for one in every(made) if one.get("is") == "table"]
    assert max(rows) <= 40
    text = msgspec.json.encode(made).decode()
    assert "more are in the other exports" in text
    assert f"all {len(night.entries):,} entries are in the other exports" in text
    assert all(
        row["key"] for one in every(made) if "day" in one and "rows" in one for row in one["rows"]
    )


def test_of_many_things_the_first_are_printed() -> None:
    paper = Paper(Page.of(ferrow()).zone, LONG + 1)
    made = paper.section(Section("x", "X", tuple(Para(f"thing {n}") for n in range(100))))
    *things, rest = made["blocks"]
    assert [one["line"][0]["text"] for one in things] == [f"thing {n}" for n in range(len(things))]
    assert rest["line"][0]["text"] == f"{100 - len(things)} more are in the other exports."


def test_a_link_to_what_is_not_printed_only_names_it() -> None:
    paper = Paper(Page.of(ferrow()).zone, 1)
    made = paper.line((Ref("e7", "entry 7"), Code("x")))
    paper.lead()
    assert [one.get("anchor", "") for one in made] == ["", ""]
    assert made[0]["text"] == "entry 7"
