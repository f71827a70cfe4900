"""`backtest --counts`: equally spaced counts from a CSV file, a score for each of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from math import isfinite
from pathlib import Path
from statistics import median

import msgspec

from crisisroom.cli.files import read_bytes, write_files
from crisisroom.core.candidate import Level
from crisisroom.core.detect import reason as say
from crisisroom.core.detect.counts import Scored, scores
from crisisroom.core.detect.rule import Rule
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json

COLUMNS = ("timestamp", "value")
HEADER = b"timestamp,value,anomaly_score\n"
_LOOKED_AT = 200  # rows by which the spacing is told
_HINT = "one row for each hour, or each five minutes"
_LONGEST = 86_400  # seconds between two rows
_JITTER = 0.1  # of the spacing: how far off a row may be
_MOST = 1e12  # no room counts further


class Row(msgspec.Struct, frozen=True):
    """A row as it is written, and as numbers; a time without a zone is taken for UTC."""

    timestamp: str
    value: str
    second: float
    count: float
    line: int


def read_rows(name: str) -> list[Row]:
    """Return the rows of a CSV file; Refused names the first line that is none."""
    try:
        text = read_bytes(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("csv", f"{name} is not UTF-8 at byte {error.start + 1}") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [cell.strip().lower() for cell in next(reader, [])]
        if not set(COLUMNS) <= set(head):
            raise Refused("csv", f"{name}:1: no columns timestamp and value", "see backtest --help")
        places = head.index("timestamp"), head.index("value")
        rows = [_row(name, reader.line_num, cells, places) for cells in reader if cells]
    except csv.Error as error:
        raise Refused("csv", f"{name}:{reader.line_num}: {error}") from error
    if len(rows) < 2:
        raise Refused("csv", f"{name}: {say.counted(len(rows), 'row')}: their spacing is unknown")
    return rows


def _row(name: str, line: int, cells: Sequence[str], places: tuple[int, int]) -> Row:
    if len(cells) <= max(places):
        raise Refused("csv", f"{name}:{line}: a timestamp and a value are needed")
    written, value = cells[places[0]].strip(), cells[places[1]].strip()
    try:
        moment = datetime.fromisoformat(written)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        second = aware.timestamp()
    except (ValueError, OverflowError):
        hint = "write it like 2026-11-22 03:05:00"
        raise Refused("csv", f"{name}:{line}: {written[:40]} is no time", hint) from None
    try:
        count = float(value)
    except ValueError:
        raise Refused("csv", f"{name}:{line}: {value[:40]} is no number") from None
    if not isfinite(count) or not 0 <= count <= _MOST:
        raise Refused("csv", f"{name}:{line}: {value[:40]} is no count")
    if second < 0:
        raise Refused("csv", f"{name}:{line}: {written[:40]} is before 1970")
    return Row(written, value, second, count, line)


def spacing(name: str, rows: Sequence[Row]) -> int:
    """Return how many seconds lie between two rows, by the first of them.

    Refused names the first row that is not later than the one before, or not a whole number of
    spacings later.
    """
    for one, later in pairwise(rows):
        if later.second <= one.second:
            raise Refused("csv", f"{name}:{later.line}: not later than the row before", _HINT)
    some = rows[:_LOOKED_AT]
    between = median(later.second - one.second for one, later in pairwise(some))
    if not 1 <= between <= _LONGEST:
        what = "less than a second" if between < 1 else "more than a day"
        raise Refused("csv", f"{name}: the rows are {what} apart", _HINT)
    bucket = round(between)
    for one, later in pairwise(rows):
        apart = later.second - one.second
        if abs(apart - bucket * round(apart / bucket)) > _JITTER * bucket or apart < bucket / 2:
            what = f"{apart:g} s after the row before, others are {bucket} s apart"
            raise Refused("csv", f"{name}:{later.line}: {what}", _HINT)
    return bucket


def missing(rows: Sequence[Row], bucket: int) -> tuple[int, int]:
    """Return how many rows are missing between those given, and the line after the first gap."""
    many = line = 0
    for one, later in pairwise(rows):
        skipped = round((later.second - one.second) / bucket) - 1
        if skipped > 0:
            many, line = many + skipped, line or later.line
    return many, line


def scored(rows: Sequence[Row], rule: Rule, bucket: int) -> list[Scored]:
    """Return a score for each row, by the rule of the early warning."""
    return list(scores(((row.second, row.count) for row in rows), rule, bucket))


def write_scores(name: str, rows: Sequence[Row], found: Sequence[Scored]) -> None:
    """Write the rows with their scores; a file of ours is written over, others are not."""
    path = Path(name)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for row, one in zip(rows, found, strict=True):
        writer.writerow((row.timestamp, row.value, f"{one.score:.4f}"))
    write_files({path: HEADER + out.getvalue().encode()}, force=_ours(path))


def _ours(path: Path) -> bool:
    """Return whether a file is empty, or one that this wrote before."""
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) in (b"", HEADER)
    except IsADirectoryError as error:
        raise Usage("file", f"{path} is a folder") from error
    except OSError:
        return False


def candidates(rows: Sequence[Row], found: Sequence[Scored]) -> Iterator[Json]:
    """Yield a candidate for each row that warns, as the contract has it."""
    number = 0
    for row, one in zip(rows, found, strict=True):
        if not one.warns:
            continue
        number += not one.escalates
        by = one.deviation
        minutes = max(1, by.seconds // 60)
        usual = say.usual(by.expected, by.spread, by_hour=True)
        yield {
            "id": f"C-{number}",
            "uid": f"{number}",
            "kind": "escalated" if one.escalates else "raised",
            "at": stamp(datetime.fromtimestamp(row.second, UTC)),
            "term": "",
            "level": _level(one),
            "reason": f"{round(by.observed):,} in {say.span(minutes)}, {usual}",
            "observed": round(by.observed),
            "expected": round(by.expected, 2),
            "spread": round(by.spread, 2),
            "window_minutes": minutes,
            "authors": 0,
            "sources": 0,
            "reach": 0,
            "narratives": [],
            "words": [],
            "score": round(by.score, 2),
            "suggested_playbook": "",
            "state": "open",
            "ended_at": None,
        }


def _level(one: Scored) -> Level:
    if one.strength >= 5.0:
        return "storm"
    return "rising" if one.strength >= 2.0 or one.escalates else "early"
