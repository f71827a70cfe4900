"""Exports that the program of schema 1 wrote: they verify, with a word, and what is off is named.

The files are its own, of a night with every kind of entry that it knew; they are kept for ever.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.report import parse_import, verify_file
from crisisroom.report.logfile import read
from crisisroom.report.model import SCHEMA
from crisisroom.report.older import edition, in_words

HERE = Path(__file__).parent / "schema1"
BOTH = pytest.mark.parametrize("profile", ["internal", "public"])


def export_of(profile: str) -> bytes:
    return gzip.decompress((HERE / f"{profile}.json.gz").read_bytes())


@BOTH
def test_it_verifies_with_a_word(profile: str) -> None:
    data = export_of(profile)
    assert edition(data) == 1
    assert verify_file(data, "INC-9.json") == []
    said = in_words(read(data, "INC-9.json"), data)
    assert said.startswith("an earlier crisisroom wrote it (schema 1, now")
    assert said.endswith("count otherwise now: time_to_declare")  # it called that one invalid


def test_figures_that_count_otherwise_are_told_and_no_flaw() -> None:
    data = export_of("internal")
    figure = re.search(rb'"id":"([a-z_]+)","label"[^\n]*"seconds":([0-9]+)', data)
    assert figure
    changed = data[: figure.start(2)] + b"77" + data[figure.end(2) :]
    assert verify_file(changed, "INC-9.json") == []
    said = in_words(read(changed, "INC-9.json"), changed)
    assert said.endswith(f"count otherwise now: time_to_declare, {figure[1].decode()}")
    odd = data.replace(b'"id":"' + figure[1] + b'"', b'"id":["x"]', 1)
    assert verify_file(odd, "INC-9.json")[0].message == "metrics is not what the timeline gives"


WHOLE = export_of("public")


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0, max_value=len(WHOLE) - 1), st.integers(min_value=0, max_value=7))
def test_a_flipped_bit_of_a_public_one_is_found(at: int, bit: int) -> None:
    data = WHOLE[:at] + bytes([WHOLE[at] ^ 1 << bit]) + WHOLE[at + 1 :]
    assert verify_file(data, "INC-9.json") != []  # the sum of a public one is over all of it


def test_it_can_be_imported() -> None:
    entries, incident = parse_import(export_of("internal"), "INC-9.json")
    assert (len(entries), incident.id) == (280, "INC-9")


@pytest.mark.parametrize(
    ("profile", "old", "new", "where", "code"),
    [
        ("internal", b'"required":true', b'"required":false', "INC-9.json", "derived"),
        ("internal", b'"severity":"', b'"severity":"x', "INC-9.json", "derived"),
        ("internal", b'"actor":"', b'"actor":"x', "INC-9.json:", "chain"),
        ("internal", b'"schema":1', b'"schema":2', "INC-9.json:", "derived"),
        ("public", b'"required":true', b'"required":false', "INC-9.json", "derived"),
        ("public", b'\n"sha256":"', b'\n"sha256":"0', "INC-9.json", "derived"),
    ],
)
def test_what_is_off_is_named(profile: str, old: bytes, new: bytes, where: str, code: str) -> None:
    data = export_of(profile)
    assert old in data
    (first, *_) = verify_file(data.replace(old, new, 1), "INC-9.json")
    assert (first.code, first.where.startswith(where)) == (code, True)


@BOTH
@pytest.mark.parametrize("list_of", [b'"tasks":[', b'"mentions":[', b'"decisions":['])
def test_a_thing_that_was_taken_out_or_put_in_is_named(profile: str, list_of: bytes) -> None:
    rows = export_of(profile).split(b"\n")
    at = rows.index(list_of) + 1
    for off in ([*rows[:at], *rows[at + 1 :]], [*rows[:at], rows[at], *rows[at:]]):
        (problem, *_) = verify_file(b"\n".join(off), "INC-9.json")
        assert problem.message.endswith("is not what the timeline gives")


@pytest.mark.parametrize("more", [b"", b'"sha256":"' + b"0" * 64 + b'",'])
def test_the_edition_of_json_lines_is_in_their_last_line(more: bytes) -> None:
    last = b'{"count":1,"profile":"public","schema":%d,' + more + b'"uid":"u"}\n'
    assert edition(b"{}\n" + last % 1) == 1
    assert edition(b"{}\n" + last % SCHEMA) == SCHEMA
    assert edition(b"no export at all") == SCHEMA
