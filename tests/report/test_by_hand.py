"""Every time and figure of a crisis, computed by hand: the crisis itself is in `by_hand`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

import msgspec
import pytest
from report.by_hand import AUTUMN, FROM_AFAR, NEW_YORK, SPRING, Wall, crisis

from crisisroom.report import export
from crisisroom.report.metrics import metrics
from crisisroom.report.redact import narrowed

M = 60
RECORDED: Mapping[str, tuple[int, int, int]] = {
    # figure: seconds, from entry, to entry
    "time_to_detect": (22 * M, 3, 2),  # -30 to -8
    "time_to_triage": (14 * M, 2, 7),  # -8 to 6
    "alert_acknowledged": (8 * M, 2, 1),  # -8 to 0: declared on the warning, before bo had it
    "alert_to_lead": (10 * M, 2, 5),  # -8 to 2
    "alert_to_declare": (8 * M, 2, 1),  # -8 to 0
    "time_to_declare": (30 * M, 3, 1),  # -30 to 0
    "time_to_staff": (2 * M, 1, 5),  # 0 to 2
    "first_statement": (20 * M, 1, 16),  # 0 to 20
    "public_wait": (50 * M, 3, 16),  # -30 to 20
    "first_reply_median": (70 * M, 3, 21),  # of 70 (-30 to 40) and 150 (-15 to 135) the first
    "first_reply_p90": (150 * M, 4, 40),  # and the second
    "approval_wait": (2 * M, 12, 13),  # 15 to 17
    "approval_step": (2 * M, 12, 13),
    "update_lateness": (5 * M, 25, 25),  # ST-2 alone
    "longest_silence": (35 * M, 16, 25),  # of 20, 35 (20 to 55), 25, 28; none after the resolution
    "deadline_margin": (20 * M, 26, 36),  # 150 - 130
    "deadline_margin:gdpr": (20 * M, 26, 36),
    "time_to_acknowledge": (4 * M, 8, 10),  # 7 to 11
    "human_contact": (4 * M, 8, 10),
    "decay": (120 * M, 41, 41),  # H with 40 to H+2 with 3, which is under 5
    "time_to_calm": (110 * M, 1, 41),  # 0 to H+2, which is minute 110; 3 quiet hours follow
    "time_to_resolve": (300 * M, 1, 42),
}
COUNTED: Mapping[str, tuple[int, int, int, int]] = {
    # figure: so many, of so many, from entry, to entry
    "tasks_on_time": (2, 3, 1, 17),  # pause, numbers as corrected; brief never; thank has no time
    "required_on_time": (1, 1, 1, 17),  # pause
    "tasks_skipped": (0, 4, 1, 17),
    "updates_kept": (3, 4, 1, 35),  # all but ST-2
    "deadlines_met": (1, 1, 1, 36),
    "escalations": (1, 1, 1, 10),
    "escalation_steps": (1, 2, 8, 9),
    "mentions_triaged": (2, 2, 3, 42),
    "mentions_answered": (2, 2, 3, 42),
    "peak_hour": (40, 62, 41, 41),  # 4 + 40 + 12 + 3 + 2 + 1
}
NEVER = ("first_reply_in_time", "enquiry_wait", "enquiries_on_time")  # no target, nobody asked

CASES = pytest.mark.parametrize(
    ("zone", "read_in", "wall"),
    [
        ("Europe/Berlin", "", AUTUMN),
        ("Europe/Berlin", "", SPRING),
        ("America/New_York", "", NEW_YORK),
        ("Europe/Berlin", "America/New_York", FROM_AFAR),
    ],
    ids=["backwards", "forwards", "backwards in New York", "read from afar"],
)


def files(zone: str, read_in: str, wall: Wall, form: str) -> dict[str, str]:
    """Return an export of the crisis that was declared when the wall's second time says."""
    record = crisis(wall[1][0], zone).record
    return {name: data.decode() for name, data in export(record, form, zone=read_in).items()}


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text))]


def iso(local: str) -> str:
    day, clock, offset = local.split()
    return f"{day}T{clock}{offset}"


def z(utc: str) -> str:
    return f"{utc.replace(' ', 'T')}.000Z"


@CASES
def test_the_figures_in_json(zone: str, read_in: str, wall: Wall) -> None:
    [whole] = files(zone, read_in, wall, "json").values()
    found = {one["id"]: one for one in json.loads(whole)["metrics"]}
    spans = {
        name: (one["seconds"], one["from"], one["to"])
        for name, one in found.items()
        if one["seconds"] is not None
    }
    assert spans == RECORDED
    counts = {
        name: (one["met"], one["of"], one["from"], one["to"])
        for name, one in found.items()
        if one["of"] is not None
    }
    assert counts == COUNTED
    assert {name for name, one in found.items() if one["state"] == "not applicable"} == {*NEVER}
    assert {found[name]["state"] for name in (*RECORDED, *COUNTED)} == {"recorded"}


@CASES
def test_each_figure_is_the_time_between_its_two_moments(
    zone: str, read_in: str, wall: Wall
) -> None:
    night = crisis(wall[1][0], zone)
    for one in metrics(night.record):
        if one.seconds is not None and not one.id.startswith("deadline_margin"):
            assert one.since_at is not None
            assert one.to_at is not None
            apart = (one.to_at - one.since_at).total_seconds()
            assert apart == one.seconds or one.id == "update_lateness"
    first = {one.id: one for one in metrics(night.record)}["first_statement"].json()
    assert (first["from_at"], first["to_at"]) == (z(wall[1][0]), z(wall[2][0]))


@CASES
def test_times_in_markdown(zone: str, read_in: str, wall: Wall) -> None:
    [page] = files(zone, read_in, wall, "md").values()
    for utc, local in wall[1:]:
        assert f"{local} ({utc.partition(' ')[2]}Z)" in page
    for label, value, entries in (
        ("first mention to first statement", "50m", "3 to 16"),
        ("first reply, median", "1h10", "3 to 21"),
        ("tasks done on time", "2 of 3", "1 to 17"),
        ("updates sent on time", "3 of 4", "1 to 35"),
        ("longest silence of ours", "35m", "16 to 25"),
        ("least time left at a legal duty", "20m", "26 to 36"),
        ("posts in the loudest hour", "40 of 62", "41 to 41"),
        ("declared to calm", "1h50", "1 to 41"),
        ("declared to resolved", "5h", "1 to 42"),
    ):
        assert f"| {label} | {value} | {entries} |" in page


@CASES
def test_times_in_spreadsheets(zone: str, read_in: str, wall: Wall) -> None:
    made = files(zone, read_in, wall, "csv")
    sent = {row["id"]: row for row in rows(made["INC-7-statements.csv"])}
    for name, (utc, local) in zip(("ST-1", "ST-2", "ST-3", "ST-4"), wall[2:6], strict=True):
        assert (sent[name]["sent_at"], sent[name]["sent_at_utc"]) == (iso(local), z(utc))
    told = {row["entry"]: row for row in rows(made["INC-7-timeline.csv"])}
    for entry, (utc, local) in zip(("1", "16", "25", "30", "35", "42"), wall[1:], strict=True):
        assert (told[entry]["at"], told[entry]["at_utc"]) == (iso(local), z(utc))
    posted = {row["id"]: row for row in rows(made["INC-7-mentions.csv"])}["M-1"]
    assert (posted["posted_at"], posted["posted_at_utc"]) == (iso(wall[0][1]), z(wall[0][0]))
    figures = {row["id"]: row for row in rows(made["INC-7-metrics.csv"])}
    assert {
        name: (int(row["seconds"]), int(row["from"]), int(row["to"]))
        for name, row in figures.items()
        if row["seconds"]
    } == RECORDED
    assert {
        name: (int(row["met"]), int(row["of"]), int(row["from"]), int(row["to"]))
        for name, row in figures.items()
        if row["of"]
    } == COUNTED


@CASES
def test_times_in_the_activity_log(zone: str, read_in: str, wall: Wall) -> None:
    [page] = files(zone, read_in, wall, "ics214").values()
    lines = page.splitlines()
    assert f"2. Operational period: {wall[1][1]}" in page
    for name, (utc, local) in zip(("ST-1", "ST-2", "ST-3", "ST-4"), wall[2:6], strict=True):
        [line] = [one for one in lines if one.endswith(f" sent {name}")]
        assert line.strip().startswith(f"{local} ({utc.partition(' ')[2]}Z)")


@CASES
def test_times_in_html(zone: str, read_in: str, wall: Wall) -> None:
    [page] = files(zone, read_in, wall, "html").values()
    for utc, local in wall[1:]:
        assert f'<time datetime="{iso(local)}">' in page
        assert f"{utc.partition(' ')[2]} UTC" in page
    for value in ("22m", "1h10", "2 of 3", "3 of 4", "1h50", "40 of 62"):
        assert value in page


@CASES
def test_times_in_json_lines(zone: str, read_in: str, wall: Wall) -> None:
    [lines] = files(zone, read_in, wall, "jsonl").values()
    told = [json.loads(line) for line in lines.splitlines()]
    for entry, (utc, _) in zip((1, 16, 25, 30, 35, 42), wall[1:], strict=True):
        assert told[entry - 1]["at"] == z(utc)


def test_half_past_two_came_twice_and_is_told_apart() -> None:
    for form in ("md", "ics214"):
        [page] = files("Europe/Berlin", "", AUTUMN, form).values()
        assert "2026-10-25 02:30:00 +02:00" in page
        assert "2026-10-25 02:30:00 +01:00" in page
    lines = [
        line
        for line in files("Europe/Berlin", "", AUTUMN, "ics214")["INC-7-ics214.txt"].splitlines()
        if " sent ST-" in line
    ]
    assert [line.rpartition(" ")[2] for line in lines] == ["ST-1", "ST-2", "ST-3", "ST-4"]


def test_strangers_read_the_same_figures_where_they_may() -> None:
    record = crisis(AUTUMN[1][0], "Europe/Berlin").record
    inner = {one.id: one for one in metrics(record)}
    shown = metrics(narrowed(record, "public"))
    assert {one.id for one in shown} < {*inner}
    for one in shown:
        if one.id != "tasks_on_time":  # strangers know of fewer tasks, and not what was asked
            assert one == msgspec.structs.replace(inner[one.id], target=None)
