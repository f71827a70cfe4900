"""The HTML report in a real Chromium: silent, accessible, right on a phone, a screen and paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from bench.long_night import long_night
from report.html.ferrow import ferrow
from report.test_hostile_cells import night as hostile_night
from report.whole_night import whole_night

from crisisroom.report.html import dump
from crisisroom.report.model import PROFILES, Record, record
from crisisroom.report.redact import narrowed
from real.conftest import standing
from real.servers.chromium import Chromium, Seen

NIGHTS: dict[str, Callable[[], Record]] = {
    "ferrow": ferrow,
    "drill": lambda: ferrow(drill=True),
    "whole": lambda: whole_night().record,
    "hostile": hostile_night,
}
LOOKS = ((360, "dark"), (1280, "light"))
ENTRIES = 20_000


@cache
def told(name: str) -> Record:
    return NIGHTS[name]()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """Debian's Chromium."""
    with standing(Chromium) as ground:
        yield ground


def written(chromium: Chromium, night: Record, name: str = "report") -> Path:
    """The report as a file."""
    file = chromium.folder / f"{name}.html"
    with file.open("wb") as out:
        out.writelines(dump(night))
    return file


def check_quiet(seen: Seen, file: Path) -> None:
    """Nothing in the console, nothing fetched, nothing cut off at the right."""
    assert seen.errors == []
    assert seen.requests == [file.as_uri()]
    assert seen.overflow.scroll <= seen.overflow.client
    assert seen.outside == []


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *(("ferrow", width, scheme) for width in (360, 1280) for scheme in ("light", "dark")),
        *((name, *one) for name in NIGHTS if name != "ferrow" for one in LOOKS),
    ],
)
def test_it_is_silent_fits_and_is_accessible(
    chromium: Chromium, name: str, width: int, scheme: str
) -> None:
    file = written(chromium, told(name))
    seen = chromium.look(file, width=width, scheme=scheme, axe=True)
    check_quiet(seen, file)
    assert seen.violations == []
    assert seen.checked > 15  # rules that found something to agree with


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_is_silent(chromium: Chromium, profile: str) -> None:
    night = narrowed(told("whole"), profile)  # type: ignore[arg-type]
    file = written(chromium, night)
    seen = chromium.look(file, axe=True)
    check_quiet(seen, file)
    assert seen.violations == []


@pytest.mark.parametrize("width", [360, 1280])
def test_without_script_everything_can_be_read(chromium: Chromium, width: int) -> None:
    file = written(chromium, told("ferrow"))
    read = "document.querySelectorAll('#tl li[data-t]').length"
    bar = "document.getElementById('tl-bar').hidden"
    seen = chromium.look(file, width=width, script=False, steps=[{"value": read}, {"value": bar}])
    check_quiet(seen, file)
    assert seen.values == [len(told("ferrow").entries), True]


def test_it_prints_without_overflow(chromium: Chromium) -> None:
    file = written(chromium, told("ferrow"))
    sheets = chromium.folder / "report.pdf"
    unfolded = """[...document.querySelectorAll('main details > :not(summary)')]
        .filter((one) => !one.checkVisibility()).length"""
    steps = [{"value": unfolded}, {"value": "getComputedStyle(document.body).color"}]
    seen = chromium.look(file, width=700, media="print", scheme="dark", pdf=sheets, steps=steps)
    check_quiet(seen, file)
    assert seen.values == [0, "rgb(0, 0, 0)"]  # every fold is open, and the ink is black on white
    assert sheets.stat().st_size > 10_000


SHOWN = "[...document.querySelectorAll('#tl li[data-t]')].filter((one) => !one.hidden).length"
SAID = "document.getElementById('tl-said').textContent"
CHANGED = f"({SAID}).includes(' of ')"
ONLY_KEY = f"{SHOWN} === document.querySelectorAll('#tl li.key').length"


def test_the_timeline_is_filtered(chromium: Chromium) -> None:
    night = told("ferrow")
    file = written(chromium, night)
    steps = [
        {"value": SHOWN},
        {"fill": ["#tl-text", "advertisements"], "wait": CHANGED, "value": SHOWN},
        {"fill": ["#tl-text", ""], "click": "#tl-key", "wait": ONLY_KEY, "value": SHOWN},
    ]
    everything, found, key = chromium.look(file, steps=steps).values
    assert everything == len(night.entries)
    assert found == sum("advertisements" in one.text.lower() for one in night.entries)
    assert 8 < key < 30


def test_the_timeline_is_zoomed_by_button_and_key(chromium: Chromium) -> None:
    file = written(chromium, told("ferrow"))
    steps = [
        {"click": "[data-do=in]", "wait": CHANGED, "value": SHOWN},
        {"press": ["[data-do=in]", "+"], "value": SHOWN},
        {"press": ["[data-do=in]", "ArrowRight"], "value": SHOWN},
        {"press": ["[data-do=in]", "0"], "value": SHOWN},
        {"value": "document.querySelectorAll('#tl-over .heap').length > 20"},
    ]
    wide, close, later, everything, drawn = chromium.look(file, steps=steps).values
    assert everything == len(told("ferrow").entries) > wide > close > 0
    assert later != close
    assert drawn


def test_a_link_to_an_entry_shows_it_though_it_was_filtered(chromium: Chromium) -> None:
    file = written(chromium, told("ferrow"))
    visible = "document.getElementById('e1').checkVisibility()"
    steps = [
        {"fill": ["#tl-text", "no such words"], "wait": f"!{visible}", "value": visible},
        {"click": "#metrics a[href='#e1']", "wait": visible, "value": visible},
    ]
    assert chromium.look(file, steps=steps).values == [False, True]


def test_a_very_long_night_can_be_used(chromium: Chromium) -> None:
    file = written(chromium, record(long_night(ENTRIES)), "long")
    steps = [
        {"value": SHOWN},
        {"value": "performance.getEntriesByType('navigation')[0].domInteractive"},
        {"click": "#tl-key", "wait": ONLY_KEY, "value": SHOWN},
    ]
    everything, interactive, key = chromium.look(file, width=360, steps=steps).values
    assert everything >= ENTRIES
    assert interactive > 0
    assert 100 < key < 200
