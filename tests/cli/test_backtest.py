"""`backtest`: the past of counts and of mentions, from the command line, without a room."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli, as_lines

START = datetime(2026, 3, 1, tzinfo=UTC)
CONTRACT = {
    "id", "at", "level", "reason", "observed", "expected", "window_minutes", "authors", "sources",
    "narratives", "suggested_playbook", "state",
}  # fmt: skip


def counts(path: Path, values: list[int], minutes: int = 5) -> str:
    """Write counts as a CSV file; returns its name."""
    rows = (
        f"{START + timedelta(minutes=minutes * at):%Y-%m-%d %H:%M:%S},{value}"
        for at, value in enumerate(values)
    )
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    return str(path)


def mention(minute: float, text: str = "smoke again", **more: object) -> dict[str, object]:
    """A line of the past."""
    at = START + timedelta(minutes=minute)
    return {"text": text, "posted_at": at.isoformat(), **more}


def past(*, crowd: int = 12) -> list[dict[str, object]]:
    """Two days with something every three hours, then a crowd within six minutes."""
    quiet = [mention(at, f"all well on day {at}", source="social") for at in range(0, 2880, 180)]
    loud = [mention(2885 + at / 2, author={"handle": f"p{at}"}) for at in range(crowd)]
    return [*quiet, *loud]


USUAL = [10, 12, 9, 11] * 72 * 7  # a week


def test_counts_get_a_score_a_row(cli: Cli, tmp_path: Path) -> None:
    file = counts(tmp_path / "volume.csv", [*USUAL, 400, 500, 300])
    said = cli.ok("backtest", "--counts", file, "--scores", "scores.csv")
    assert said.lines[-1] == "1 warning in 7 days, 1 a week"
    assert "in 15 min, usual 3" in said.lines[-2]
    with open("scores.csv", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [row["value"] for row in rows[-3:]] == ["400", "500", "300"]
    assert rows[0]["timestamp"] == "2026-03-01 00:00:00"
    scores = [float(row["anomaly_score"]) for row in rows]
    assert len(scores) == len(USUAL) + 3
    assert all(0 <= one <= 1 for one in scores)
    assert scores[-3] >= 0.5 > max(scores[300:-3])


def test_scores_are_written_over_and_other_files_are_not(cli: Cli, tmp_path: Path) -> None:
    file = counts(tmp_path / "volume.csv", USUAL)
    for _ in range(2):
        cli.ok("backtest", "--counts", file, "--scores", "scores.csv")
    Path("mine.csv").write_text("precious")
    cli.refused(1, "backtest", "--counts", file, "--scores", "mine.csv")
    assert Path("mine.csv").read_text() == "precious"


def test_counts_as_json_and_a_lower_bar(cli: Cli, tmp_path: Path) -> None:
    file = counts(tmp_path / "volume.csv", [*USUAL, 20, 21, 20])
    assert cli.json("backtest", "--counts", file, "--threshold", "30") == []
    (one,) = cli.json("backtest", "--counts", file)
    assert set(one) >= CONTRACT
    assert one["at"].startswith("2026-03-08T00:")
    assert one["window_minutes"] == 15


@pytest.mark.parametrize("minutes", [1, 15, 60])
def test_other_spacings_are_told_by_the_rows(cli: Cli, tmp_path: Path, minutes: int) -> None:
    rows = 14 * 1440 // minutes
    file = counts(tmp_path / "volume.csv", [*[30, 34, 29] * (rows // 3), *[2000] * 20], minutes)
    found = cli.json("backtest", "--counts", file)
    assert [one["kind"] for one in found][:1] == ["raised"]
    assert found[0]["window_minutes"] in (15, 60, 240)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("time,value\n", ":1: no columns timestamp and value"),
        ("timestamp,value\n2026-01-01,1\nyesterday,2\n", ":3: yesterday is no time"),
        ("timestamp,value\n2026-01-01,many\n", ":2: many is no number"),
        ("timestamp,value\n2026-01-01,-1\n", ":2: -1 is no count"),
        ("timestamp,value\n2026-01-01,nan\n", ":2: nan is no count"),
        ("timestamp,value\n2026-01-01\n", ":2: a timestamp and a value are needed"),
        ("timestamp,value\n2026-01-01,1\n", ": 1 row: their spacing is unknown"),
        ("timestamp,value\n2026-01-02,1\n2026-01-01,1\n", ":3: not later than the row before"),
        ("timestamp,value\n2026-01-02,1\n2026-01-02,1\n", ":3: not later than the row before"),
        ("timestamp,value\n1969-12-31,1\n1970-01-01,1\n", ":2: 1969-12-31 is before 1970"),
        ("timestamp,value\n2026-01-01,1e300\n", ":2: 1e300 is no count"),
        (
            "timestamp,value\n2026-01-01,1\n2026-01-02,1\n2026-01-03,1\n2026-01-03T07:00,1\n",
            ":5: 25200 s after the row before, others are 86400 s apart",
        ),
        ("", ":1: no columns"),
    ],
)
def test_what_is_off_about_a_file_is_named(cli: Cli, text: str, where: str) -> None:
    Path("volume.csv").write_text(text)
    assert f"volume.csv{where}" in cli.refused(1, "backtest", "--counts", "volume.csv").err


def test_mentions_without_authors_are_warned_of(cli: Cli) -> None:
    Path("past.jsonl").write_bytes(as_lines(past()))
    (one, *_) = cli.json("backtest", "past.jsonl")
    assert set(one) >= CONTRACT
    assert (one["id"], one["state"]) == ("C-1", "ended")
    assert one["at"] < (START + timedelta(minutes=2900)).isoformat()
    assert one["authors"] >= 3
    assert not room_file().exists()
    said = cli.ok("backtest", "past.jsonl", "--days")
    assert said.lines[-1] == "1 warning in 2 days, 3.5 a week"
    assert "2026-03-03  1 warning, 12 heard (UTC)" in said.lines


def test_identical_texts_in_any_order_from_stdin(cli: Cli) -> None:
    lines = [{key: value for key, value in one.items() if key != "author"} for one in past()]
    found = cli.json("backtest", "-", stdin=as_lines([*reversed(lines)]))
    assert found[0]["kind"] == "raised"


def test_people_and_quiet_can_be_tried(cli: Cli) -> None:
    Path("past.jsonl").write_bytes(as_lines(past()))
    assert cli.json("backtest", "past.jsonl", "--people", "13") == []
    assert cli.json("backtest", "past.jsonl", "--quiet", "6h")


def test_a_bad_line_is_named_and_left_out(cli: Cli) -> None:
    lines = as_lines(past()) + b'{"text": 3}\n{"text": "no time"}\n'
    Path("past.jsonl").write_bytes(lines)
    said = cli("backtest", "past.jsonl")
    assert said.code == 1
    assert f"past.jsonl:{len(past()) + 1}: text:" in said.err
    assert "without posted_at" in said.err
    assert "1 warning" in said.out


def test_terms_risk_and_exclusions_of_a_configuration(cli: Cli) -> None:
    Path("crisisroom.yaml").write_text(
        "schema: 1\n"
        "terms: [{id: kettle, say: kettle, title: 'The kettle'}]\n"
        "exclude: [giveaway]\n"
        "warn: {risk: ['burnt my hand']}\n"
    )
    loud = [mention(2885 + at, f"the kettle smokes {at}") for at in range(9)]
    others = [mention(2885 + at, "who wins the giveaway") for at in range(60)]
    prize = [mention(1000 + at / 5, "win a kettle, giveaway") for at in range(60)]
    said = [mention(4000 + at, "the kettle burnt my hand") for at in range(2)]
    Path("past.jsonl").write_bytes(
        as_lines([mention(0, "my kettle"), *prize, *others, *loud, *said])
    )
    first, *_, last = cli.json("backtest", "past.jsonl")
    assert (first["term"], first["observed"] <= 9) == ("kettle", True)
    assert first["reason"].startswith("The kettle: ")
    assert last["words"] == ["burnt my hand"]


def test_nothing_said_about_us_is_remarked(cli: Cli) -> None:
    terms = "[{id: kettle, say: kettle}, {id: rival, say: cup, kind: competitor}]"
    Path("crisisroom.yaml").write_text(f"schema: 1\nterms: {terms}\n")
    Path("past.jsonl").write_bytes(as_lines([mention(0, "the cup")]))
    said = cli("backtest", "past.jsonl")
    assert (said.code, said.out) == (0, "0 warnings in less than a day\n")
    assert "nothing in 1 mention is about us" in said.err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("past.jsonl", "--counts", "volume.csv"),
        ("past.jsonl", "--scores", "out.csv"),
        ("missing.jsonl",),
        ("past.jsonl", "--threshold", "high"),
        ("past.jsonl", "--people", "0"),
        ("past.jsonl", "--quiet", "long"),
        ("--counts", "missing.csv"),
    ],
)
def test_what_it_does_not_take(cli: Cli, words: tuple[str, ...]) -> None:
    Path("past.jsonl").write_bytes(as_lines([mention(0)]))
    assert cli.refused(2, "backtest", *words).err.strip()


def test_missing_rows_are_said_and_not_taken_for_silence(cli: Cli, tmp_path: Path) -> None:
    name = counts(tmp_path / "volume.csv", USUAL)
    lines = Path(name).read_text().splitlines()
    Path(name).write_text("\n".join([*lines[:1000], *lines[1012:]]) + "\n")
    said = cli("backtest", "--counts", name)
    assert (said.code, said.out) == (0, "0 warnings in 7 days, 0 a week\n")
    assert "volume.csv:1001: 12 rows missing" in said.err


def test_a_mention_before_1970_is_a_bad_line(cli: Cli) -> None:
    old = {"text": "smoke", "posted_at": "1965-01-01T00:00:00+00:00"}
    Path("past.jsonl").write_bytes(as_lines([*past(), old]))
    said = cli("backtest", "past.jsonl")
    assert said.code == 1
    assert "past.jsonl: a mention of 1965, before 1970: smoke" in said.err
    assert "1 warning" in said.out
