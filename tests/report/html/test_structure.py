"""How the HTML report is built: its policy, its order, its anchors, its tables, its charts."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from functools import cache
from itertools import pairwise

import pytest
from report.html.ferrow import ferrow
from report.html.page import Element, read
from report.whole_night import whole_night

from crisisroom.core.errors import Refused
from crisisroom.report.html import dump
from crisisroom.report.html.lanes import LANES
from crisisroom.report.metrics import metrics
from crisisroom.report.model import PROFILES, Profile, Record
from crisisroom.report.model import record as whole_record
from crisisroom.report.redact import narrowed


@cache
def night(name: str = "ferrow", profile: Profile = "internal") -> Record:
    return narrowed(ferrow() if name == "ferrow" else whole_night().record, profile)


@cache
def page(name: str = "ferrow", profile: Profile = "internal") -> Element:
    return read(b"".join(dump(night(name, profile))))


every = pytest.mark.parametrize("profile", PROFILES)
both = pytest.mark.parametrize("name", ["ferrow", "whole"])


@both
def test_the_same_log_gives_the_same_bytes(name: str) -> None:
    again = ferrow() if name == "ferrow" else whole_night().record
    assert b"".join(dump(night(name))) == b"".join(dump(narrowed(again, "internal")))


@both
@every
def test_the_policy_allows_what_is_in_the_file_and_no_more(name: str, profile: Profile) -> None:
    [policy] = [
        one.attributes["content"]
        for one in page(name, profile).every("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        digests = [_digest(one.text) for one in page(name, profile).every(tag) if one.text]
        inside = [one for one in digests if f"'sha256-{one}'" in rules[rule]]
        assert len(inside) == len(rules[rule].split()) == (2 if tag == "style" else 1)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@both
@every
def test_nothing_is_loaded_and_nothing_acts_by_attribute(name: str, profile: Profile) -> None:
    for one in page(name, profile).every():
        assert one.tag not in ("img", "iframe", "link", "object", "embed", "form", "base", "image")
        assert not {"style", "src", "srcset", "action"} & one.attributes.keys()
        assert not [key for key in one.attributes if key.startswith("on")]
        assert "url(" not in one.text or one.tag in ("#root", "html", "body", "script")


@both
@every
def test_links_lead_inside_or_safely_away(name: str, profile: Profile) -> None:
    whole = page(name, profile)
    ids = [one.attributes["id"] for one in whole.every() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in whole.every("a"):
        target = one.attributes["href"]
        if target.startswith("#"):
            assert target[1:] in ids
        else:
            assert re.match(r"https?://", target)
            assert {"noopener", "noreferrer", "nofollow"} <= {*one.attributes["rel"].split()}


@both
@every
def test_headings_go_down_one_at_a_time(name: str, profile: Profile) -> None:
    levels = [int(one.tag[1]) for one in page(name, profile).every() if _is_heading(one.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def _is_heading(tag: str) -> bool:
    return re.fullmatch("h[1-6]", tag) is not None


def test_it_has_landmarks_a_language_and_a_way_past_the_contents() -> None:
    whole = page()
    assert whole.every("html")[0].attributes["lang"] == "en"
    for tag in ("main", "nav", "footer"):
        assert len(whole.every(tag)) == 1
    assert whole.every("a")[0].attributes["href"] == "#main"
    named = {one.attributes["href"][1:] for one in whole.every("nav")[0].every("a")}
    assert named == {one.attributes["id"] for one in whole.every("section")}


@both
def test_tables_have_captions_and_heads_that_say_their_scope(name: str) -> None:
    for table in page(name).every("table"):
        assert table.every("caption")[0].text
        heads = [one for one in table.every("thead")[0].every("th")]
        assert {one.attributes["scope"] for one in heads} == {"col"}
        for row in table.every("tbody")[0].every("tr"):
            assert [one.attributes["scope"] for one in row.every("th")] == ["row"]
            cells = [one for one in row.inside if one.tag in ("th", "td")]
            assert [one.attributes["data-l"] for one in cells] == [one.text for one in heads]


@both
def test_charts_say_what_they_show(name: str) -> None:
    drawings = page(name).every("svg")
    assert len(drawings) >= 6
    for one in drawings:
        title, desc = one.attributes["aria-labelledby"].split()
        assert one.one(title).text
        assert one.one(desc).text
        assert one.attributes["role"] == "img"


@both
@every
def test_every_entry_that_is_told_stands_in_the_timeline_once(name: str, profile: Profile) -> None:
    told = night(name, profile)
    rows = [one for one in page(name, profile).one("tl").every("li") if "data-t" in one.attributes]
    from crisisroom.report.page import Page

    shown = [entry.seq for entry in Page.of(told).told]
    assert [one.attributes["id"] for one in rows] == [f"e{seq}" for seq in shown]
    moments = [int(one.attributes["data-t"]) for one in rows]
    assert moments == sorted(moments)
    assert {one.attributes["class"].split()[0] for one in rows} <= LANES.keys()


def test_figures_lead_to_the_entries_they_come_from() -> None:
    rows = page().one("metrics").every("tbody")[0].every("tr")
    made = [one for one in metrics(night()) if one.state != "not applicable"]
    for row, figure in zip(rows, made, strict=True):
        links = [one.attributes["href"] for one in row.every("a")]
        assert links == [f"#e{seq}" for seq in (figure.since, figure.to) if seq is not None]
        moments = [one.attributes["datetime"] for one in row.every("time")]
        ends = [at for at in (figure.since_at, figure.to_at) if at is not None]
        assert [datetime.fromisoformat(one) for one in moments] == [
            at.replace(microsecond=0) for at in ends
        ]
    beside = [one.label for one in metrics(night()) if one.state == "not applicable"]
    assert all(label in page().one("metrics").text for label in beside)


def test_a_figure_that_still_runs_says_how_far_it_is() -> None:
    record = night()
    until = next(one.seq for one in record.entries if one.kind == "incident.resolved") - 1
    still = read(b"".join(dump(whole_record(record.entries[:until]))))
    resolving = next(one for one in metrics(whole_record(record.entries[:until])) if one.so_far)
    row = next(
        one for one in still.one("metrics").every("tr") if one.text.startswith(resolving.label)
    )
    assert "so far" in row.text
    assert "pending" in row.text
    assert "Still open as of" in still.one("glance").text


def test_the_acts_are_marked_on_the_chart_and_named_below_it() -> None:
    section = page().one("volume")
    words = [one.text for one in section.of("acts")[0].every("a")]
    for said in ("Declared, SEV2 Serious", "Severity SEV1 Crisis", "Resolved"):
        assert said in words
    assert any(one.startswith("Holding published") for one in words)
    assert any("paused" in one for one in words)
    pins = [one for one in section.every("svg")[0].of("pin")]
    assert 3 < len(pins) <= len(words)
    assert section.every("svg")[0].of("usual")


def test_statements_show_how_they_changed_and_who_agreed() -> None:
    first = page().one("ST-1")
    assert "handed in" in first.text
    assert "rejected" in first.text
    assert "no technical fault" in first.text
    gone = " ".join(one.text for one in first.every("del"))
    came = " ".join(one.text for one in first.every("ins"))
    assert "technical fault" in gone
    assert "payment run" in came
    assert "after 4m" in first.text


def test_the_public_sees_neither_drafts_nor_calls() -> None:
    public = page(profile="public").text
    for inner in ("technical fault", "Grace Hale", "What came late", "Evidence", "statement.png"):
        assert inner not in public
    assert "That is our mistake, and we are sorry." in public


def test_a_hold_is_told_to_us_and_to_nobody_else() -> None:
    assert [*page("whole").one("hold").of("steps")]
    public = page("whole", "public")
    assert not [one for one in public.every("section") if one.attributes["id"] == "hold"]
    assert "ON HOLD" not in public.text


def test_a_drill_says_so_at_its_head_and_on_every_sheet() -> None:
    whole = read(b"".join(dump(ferrow(drill=True))))
    assert "this did not happen" in whole.of("banner")[0].text
    assert whole.every("title")[0].text.startswith("DRILL: INC-7")
    assert "DRILL" in whole.every("style")[1].text


def test_times_are_of_the_zone_with_utc_beside_them() -> None:
    text = b"".join(dump(night(), "America/New_York")).decode()
    assert (
        '<time datetime="2026-11-21T21:12:00-05:00"><b>21:12:00</b> <small><span>-05:00</span>'
        " <span>21 Nov 2026</span> <span>22 Nov 02:12:00 UTC</span></small></time>" in text
    )
    with pytest.raises(Refused, match="time zone"):
        dump(night(), "Mars/Olympus")
