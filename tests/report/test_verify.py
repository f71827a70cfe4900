"""Whatever is done to a log, `verify` says so and names the entry."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.builders import Log, erased, night

from crisisroom.core.apply import documents, replay
from crisisroom.core.timeline import ROOM, WITHHELD, Entry, entry_hash, seal
from crisisroom.report import export, jsondoc, jsonl, record, verify_entries, verify_file
from crisisroom.report.redact import narrowed
from crisisroom.report.verify import verify_projection

replace = msgspec.structs.replace

NIGHT = night()
LINES = export(NIGHT.record, "jsonl")["INC-7.jsonl"]
DOCUMENT = export(NIGHT.record, "json")["INC-7.json"]
PUBLIC = export(NIGHT.record, "jsonl", profile="public")["INC-7.jsonl"]
PUBLIC_DOCUMENT = export(NIGHT.record, "json", profile="public")["INC-7.json"]


def dumped(entries: Sequence[Entry]) -> bytes:
    return b"".join(jsonl.dump(entries))


def short() -> Log:
    log = Log()
    log.link(1, 2)
    log.done("pause", 3)
    return log


def rechained(entries: list[Entry]) -> list[Entry]:
    """Return what a forger makes: every seq, link, seal and hash right again."""
    forged: list[Entry] = []
    for entry in entries:
        previous = forged[-1].hash if forged else "0" * 64
        fresh = replace(entry, seq=len(forged) + 1, prev_hash=previous, hash="", seals={})
        forged.append(seal(fresh, lambda: "5a17"))
    return forged


@pytest.mark.parametrize("data", [LINES, PUBLIC])
def test_an_untouched_log_holds(data: bytes) -> None:
    assert verify_file(data, "INC-7.jsonl") == []


@pytest.mark.parametrize("data", [DOCUMENT, PUBLIC_DOCUMENT])
def test_an_untouched_document_holds(data: bytes) -> None:
    assert verify_file(data, "INC-7.json") == []


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_log_names_its_line(at: int, mask: int) -> None:
    changed = LINES[:at] + bytes([LINES[at] ^ mask]) + LINES[at + 1 :]
    line = LINES.count(b"\n", 0, at) + 1
    problems = verify_file(changed, "night.jsonl")
    assert any(problem.where.split()[0] == f"night.jsonl:{line}" for problem in problems)
    if line <= len(NIGHT.entries):
        assert any(problem.where.startswith(f"night.jsonl:{line} entry ") for problem in problems)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(DOCUMENT) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_document_is_found(at: int, mask: int) -> None:
    changed = DOCUMENT[:at] + bytes([DOCUMENT[at] ^ mask]) + DOCUMENT[at + 1 :]
    line = DOCUMENT.count(b"\n", 0, at) + 1
    problems = verify_file(changed, "night.json")
    assert problems
    rows = DOCUMENT.split(b"\n")
    first = rows.index(b'"timeline":[') + 2
    if first <= line < first + len(NIGHT.entries):
        assert any(problem.where.startswith(f"night.json:{line} entry ") for problem in problems)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_changed_byte_of_a_public_export_is_found(data: st.DataObject) -> None:
    whole, name = data.draw(
        st.sampled_from([(PUBLIC, "p.jsonl"), (PUBLIC_DOCUMENT, "p.json")]),
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    mask = data.draw(st.integers(1, 255))
    assert verify_file(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :], name)


@pytest.mark.full
def test_every_single_bit_of_a_short_log() -> None:
    whole = dumped(short().entries)
    missed = [
        (at, bit)
        for at in range(len(whole))
        for bit in range(8)
        if not verify_file(
            whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :], "a.jsonl"
        )
    ]
    assert missed == []


def test_a_removed_line_is_named() -> None:
    for gone in range(len(NIGHT.entries)):
        rows = LINES.splitlines(keepends=True)
        del rows[gone]
        problems = verify_file(b"".join(rows), "night.jsonl")
        where = {problem.where for problem in problems}
        last = gone == len(NIGHT.entries) - 1
        expected = f"night.jsonl:{gone + 2}" if last else f"night.jsonl:{gone + 1} entry {gone + 2}"
        assert expected in where


def test_a_doubled_line_is_named() -> None:
    rows = LINES.splitlines(keepends=True)
    rows.insert(5, rows[4])
    problems = verify_file(b"".join(rows), "night.jsonl")
    assert problems[0].where.startswith("night.jsonl:")
    assert "night.jsonl:6 entry 5" in {problem.where for problem in problems}


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(len(NIGHT.entries))))
def test_moved_lines_are_named(order: list[int]) -> None:
    *rows, footer = LINES.splitlines(keepends=True)
    problems = verify_file(b"".join([*(rows[at] for at in order), footer]), "night.jsonl")
    first = next((at for at, seq in enumerate(order) if at != seq), None)
    if first is None:
        assert problems == []
    else:
        where = f"night.jsonl:{first + 1} entry {order[first] + 1}"
        assert where in {problem.where for problem in problems}


def test_a_line_added_between_is_named() -> None:
    other = Log()
    stranger = other.add("note.added", 1, "slipped in", {"words": "slipped in"})
    entries = [*NIGHT.entries[:9], replace(stranger, seq=10), *NIGHT.entries[9:]]
    problems = verify_file(dumped(entries), "night.jsonl")
    assert {problem.where for problem in problems} >= {
        "night.jsonl:10 entry 10",
        "night.jsonl:11 entry 10",
    }


def test_a_cut_tail_shows_in_the_last_line() -> None:
    rows = LINES.splitlines(keepends=True)
    codes = {problem.code for problem in verify_file(b"".join([*rows[:-3], rows[-1]]), "n.jsonl")}
    assert codes == {"footer"}
    assert verify_file(b"".join(rows[:-1]), "n.jsonl")[0].code == "footer"
    assert verify_file(LINES[:-1], "n.jsonl")


def test_a_cut_tail_with_a_forged_last_line_shows_against_an_anchor() -> None:
    cut = dumped(NIGHT.entries[:20])
    head = NIGHT.entries[-1].hash
    assert verify_file(cut, "n.jsonl") == []
    assert [problem.code for problem in verify_file(cut, "n.jsonl", head)] == ["anchor"]
    assert [problem.code for problem in verify_entries(NIGHT.entries[:20], "INC-7", head)] == [
        "anchor"
    ]


def test_an_anchor_of_any_earlier_head_holds() -> None:
    earlier = NIGHT.entries[12].hash
    assert verify_file(LINES, "n.jsonl", earlier) == []
    assert verify_file(DOCUMENT, "n.json", earlier[:12].upper()) == []
    assert verify_file(LINES, "n.jsonl", "not a hash")[0].code == "anchor"


def test_a_rewritten_log_shows_only_against_an_anchor() -> None:
    changed = replace(NIGHT.entries[4], text="done: something else")
    forged = rechained([*NIGHT.entries[:4], changed, *NIGHT.entries[5:]])
    data = dumped(forged)
    assert verify_file(data, "n.jsonl") == []
    assert verify_file(data, "n.jsonl", NIGHT.record.head_hash)[0].code == "anchor"


def test_a_text_changed_with_its_hash_made_right_is_named() -> None:
    entry = NIGHT.entries[6]
    changed = replace(entry, data=entry.data | {"state": "unknown"})
    entries = [*NIGHT.entries]
    entries[6] = replace(changed, hash=entry_hash(changed))
    problems = verify_entries(entries, "INC-7")
    assert [problem.where for problem in problems] == ["INC-7 entry 8"]


def erasing(*seqs: int) -> list[Entry]:
    """Return a night of which some entries lost their words, with the entry that says so."""
    log = night()
    log.add("words.erased", 150, "erased 3 texts", {"entries": [3, 9, 17], "words": "asked for"})
    return [erased(entry) if entry.seq in seqs else entry for entry in log.entries]


def test_erased_texts_leave_the_log_whole() -> None:
    entries = erasing(3, 9, 17)
    assert verify_entries(entries, "INC-7") == []
    assert verify_file(dumped(entries), "n.jsonl") == []
    assert verify_file(b"".join(jsondoc.dump(record(entries))), "n.json") == []


@pytest.mark.parametrize("seq", [1, 4, 25])
def test_words_that_are_gone_though_nothing_says_so_are_named(seq: int) -> None:
    entries = erasing(3, 9, seq)
    problems = verify_entries(entries, "INC-7")
    assert [(one.where, one.code) for one in problems] == [(f"INC-7 entry {seq}", "erased")]
    (problem,) = verify_file(dumped(entries), "n.jsonl")
    assert (problem.where, problem.seq, problem.kind) == (
        f"n.jsonl:{seq} entry {seq}",
        seq,
        entries[seq - 1].kind,
    )


def test_only_a_later_entry_says_that_words_were_erased() -> None:
    log = night()
    log.add("words.erased", 150, "erased", {"entries": [32], "words": "asked for"})
    late = log.add("note.added", 151, "too late", {"words": "too late"})
    assert late.seq == 32
    entries = [erased(entry) if entry.seq == 32 else entry for entry in log.entries]
    assert [one.code for one in verify_entries(entries, "INC-7")] == ["erased"]


def test_withheld_words_were_marked_for_legal_and_came_from_elsewhere() -> None:
    log = night()
    note = log.add("note.added", 150, "counsel", {"words": "counsel", "visibility": "legal"})
    whole = narrowed(log.record, "internal").entries
    assert whole[note.seq - 1].text == WITHHELD
    assert verify_entries(whole, "INC-7") == []
    problems = verify_entries(whole, "INC-7", lent=False)
    assert [(one.where, one.code) for one in problems] == [(f"INC-7 entry {note.seq}", "erased")]
    other = [*whole]
    lost = erased(other[4])
    other[4] = replace(lost, text=WITHHELD)
    assert "INC-7 entry 5" in {one.where for one in verify_entries(other, "INC-7")}


def test_a_kind_that_this_program_does_not_know_is_said_to_be_newer() -> None:
    strange = replace(NIGHT.entries[8], kind="weather.changed")
    forged = rechained([*NIGHT.entries[:8], strange])
    problems = verify_entries(forged, "INC-7")
    assert [(one.code, one.where) for one in problems] == [("newer", "INC-7 entry 9")]
    later = rechained([*NIGHT.entries[:8], replace(NIGHT.entries[8], v=2)])
    assert [one.code for one in verify_entries(later, "INC-7")] == ["newer"]


def test_the_first_bad_entry_comes_first() -> None:
    entries = [*NIGHT.entries]
    for at in (20, 4, 11):
        entries[at] = replace(entries[at], actor="nobody")
    problems = verify_file(dumped(entries), "n.jsonl")
    assert [one.seq for one in problems] == [5, 12, 21]
    assert str(problems[0]).startswith("n.jsonl:5 entry 5 (task.done, 2026-11-22T02:11:00.000Z): ")


def test_words_put_back_after_erasing_are_named() -> None:
    entries = erasing(3, 9)
    entries[2] = replace(entries[2], text="done: invented")
    assert {problem.where for problem in verify_entries(entries, "INC-7")} == {"INC-7 entry 3"}


def test_a_hash_in_the_place_of_a_text_is_named() -> None:
    entry = NIGHT.entries[4]
    held = entry.seals["data.words"]
    data = entry.data | {"words": {"salted_sha256": held.digest}}
    seals = {path: one for path, one in entry.seals.items() if path != "data.words"}
    entries = [*NIGHT.entries]
    entries[4] = replace(entry, data=data, seals=seals)
    problems = verify_entries(entries, "INC-7")
    assert [(problem.where, problem.code) for problem in problems] == [("INC-7 entry 5", "entry")]


@pytest.mark.parametrize("value", [1.5, 2**60, "\ud800", {1, 2}])
def test_a_value_that_has_no_hash_is_named(value: object) -> None:
    entries = [*NIGHT.entries]
    entries[7] = replace(entries[7], data=entries[7].data | {"odd": value})
    problems = verify_entries(entries, "INC-7")
    assert problems[-1].where == "INC-7 entry 8"
    assert "no hash" in problems[-1].message


def test_another_label_on_one_line_is_named() -> None:
    rows = LINES.splitlines(keepends=True)
    rows[3] = rows[3].replace(b'"incident":"INC-7"', b'"incident":"INC-8"')
    problems = verify_file(b"".join(rows), "n.jsonl")
    assert [problem.where for problem in problems] == ["n.jsonl:4 entry 4"]


def test_another_label_on_every_line_is_found() -> None:
    moved = LINES.replace(b'"incident":"INC-7"', b'"incident":"INC-8"')
    problems = verify_file(moved, "n.jsonl")
    assert problems[0].where == "n.jsonl:1 entry 1"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1}', b'"v":1,"x":1}'),
        (b'"v":1}', b'"v":1,"v":1}'),
        (b'"v":1}', b'"v":1.0}'),
        (b'"v":1}', b'"v": 1}'),
        (b'"v":1}', b'"v":true}'),
        (b'"source":"person",', b""),
        (b'"source":"person"', b'"source":"nobody"'),
        (b".000Z", b".000+00:00"),
        (b'"corrects":null', b'"corrects":NaN'),
        (b'"text":"', b'"text":"\\u0041\\ud800'),
        (b'"data":{', b'"data":' + b"[" * 100_000),
        (b'"text":', b'"text"\xff:'),
    ],
)
def test_a_line_that_is_not_ours_to_the_byte_is_named(old: bytes, new: bytes) -> None:
    rows = LINES.splitlines(keepends=True)
    assert old in rows[1]
    rows[1] = rows[1].replace(old, new, 1)
    assert "n.jsonl:2 entry 2" in {
        problem.where for problem in verify_file(b"".join(rows), "n.jsonl")
    }


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"{}", b"\xff", b"[]\n[]\n", b"null\n"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
def test_what_is_no_log_is_a_problem(data: bytes, name: str) -> None:
    assert verify_file(data, name)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert verify_file(data, "a.jsonl")
    assert verify_file(b'{\n"timeline":[\n' + data + b"\n],\n}\n", "a.json")


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_changed_figures_of_a_document_are_found(chance: random.Random) -> None:
    rows = DOCUMENT.split(b"\n")
    end = rows.index(b'"timeline":[')
    at = chance.choice([at for at in range(1, end) if b"0" in rows[at]])
    rows[at] = rows[at].replace(b"0", b"1", 1)
    problems = verify_file(b"\n".join(rows), "n.json")
    assert [(problem.code, problem.where) for problem in problems] == [
        ("derived", f"n.json:{at + 1}")
    ]


def test_a_document_in_another_layout_is_refused() -> None:
    again = msgspec.json.format(DOCUMENT, indent=2)
    assert [problem.code for problem in verify_file(again, "n.json")] == ["layout"]


def test_a_sound_chain_that_tells_no_incident_is_a_problem() -> None:
    odd = replace(NIGHT.entries[4], data={"task": "unheard-of", "words": ""})
    forged = rechained([*NIGHT.entries[:4], odd])
    assert [problem.code for problem in verify_file(dumped(forged), "n.jsonl")] == ["replay"]


def test_the_rooms_own_chain_verifies() -> None:
    log = Log()
    entries = rechained(
        [replace(entry, chain=ROOM, kind="words.approved") for entry in log.entries]
    )
    data = dumped(entries)
    assert verify_file(data, "room.jsonl") == []
    assert b'"incident":""' in data


def test_the_form_of_a_file_is_seen_without_its_name() -> None:
    assert verify_file(LINES, "-") == []
    assert verify_file(DOCUMENT, "-") == []


def test_rows_that_replaying_gives_are_fine() -> None:
    incident = replay(NIGHT.entries)
    assert incident is not None
    assert verify_projection(NIGHT.entries, documents(incident)) == []


def test_rows_that_differ_are_named() -> None:
    incident = replay(NIGHT.entries)
    assert incident is not None
    rows = documents(incident)
    rows["task", "pause"] = rows["task", "pause"] | {"state": "open"}
    rows["task", "invented"] = rows["task", "thank"]
    del rows["fact", "cause"]
    rows["role", "lead"] = rows["role", "lead"] | {"holder": 1.5}
    found = {problem.where: problem.message for problem in verify_projection(NIGHT.entries, rows)}
    assert set(found) == {"task pause", "task invented", "fact cause", "role lead"}
    assert found["task pause"].endswith("says: state")
    assert "the table does not" in found["fact cause"]


def test_entries_that_cannot_be_replayed_are_a_problem_of_the_projection() -> None:
    assert verify_projection(NIGHT.entries[1:], {})[0].code == "replay"
    assert verify_projection([], {}) == []
