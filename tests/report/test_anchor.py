"""Anchors: what they say to the byte, files of them, and what they show of a log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.timeline import GENESIS
from crisisroom.report.anchor import (
    Anchor,
    Anchors,
    Head,
    Known,
    check,
    encode,
    in_words,
    parse,
    signed_bytes,
    sum_of,
)

replace = msgspec.structs.replace

AT = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
ROOM_ID = "01939f00-0000-7000-8000-000000000001"


def digits(number: int) -> str:
    return f"{number:064x}"


def anchor(entries: int = 40, at: datetime = AT, **more: int) -> Anchor:
    logs = {"INC-1": entries, **more}
    heads = [
        Head(f"uid-{name}", name.replace("_", "-"), many, digits(many))
        for name, many in logs.items()
    ]
    return Anchor(room=ROOM_ID, at=at, chains=(Head("room", "room", 7, digits(7)), *heads))


def chained(*anchors: Anchor) -> bytes:
    rows: list[bytes] = []
    for one in anchors:
        prev = sum_of(rows[-1]) if rows else GENESIS
        rows.append(encode(replace(one, prev=prev)))
    return b"".join(row + b"\n" for row in rows)


def known(end: int = 40, *, rewritten: int = 10**6) -> dict[str, Known]:
    """Return the room and INC-1 with so many entries, from one on with other hashes."""
    hashes = {
        seq: digits(seq) if seq < rewritten else digits(seq + 10**6) for seq in range(1, end + 1)
    }
    return {
        "room": Known("room", {seq: digits(seq) for seq in range(1, 8)}),
        "uid-INC-1": Known("INC-1", hashes),
    }


def told(noted: Anchors, chains: dict[str, Known], **more: bool) -> list[tuple[str, str]]:
    return [(one.where, one.message) for one in check(noted, chains, ROOM_ID, **more)]


def test_an_anchor_comes_back_as_it_was() -> None:
    one = replace(anchor(), signature="-----BEGIN SSH SIGNATURE-----\nx\n")
    read = parse(encode(one) + b"\n", "a")
    assert (read.anchors, read.problems) == ((one,), ())
    assert one.sha256 in in_words(one)
    assert "2 logs, 47 entries" in in_words(one)
    assert signed_bytes(one) == signed_bytes(anchor())


def test_a_mail_with_an_anchor_in_it_can_be_given_as_it_is() -> None:
    one = anchor()
    mail = f"Keep this.\r\n\r\n{in_words(one)}\r\n\r\n  {encode(one).decode()}\r\n-- \r\nbye\r\n"
    read = parse(mail.encode(), "mail")
    assert (read.anchors, read.problems) == ((one,), ())


@pytest.mark.parametrize("data", [b"", b"\n", b"hello", b"{}", b"[]\n", b"\xff\xfe", b"{" * 5000])
def test_what_is_no_anchor_is_a_problem(data: bytes) -> None:
    read = parse(data, "x")
    assert read.anchors == ()
    assert {one.code for one in read.problems} == {"anchor"}


@given(st.data())
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    whole = encode(anchor()) + b"\n"
    at = data.draw(st.integers(0, len(whole) - 2))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    assert parse(changed, "x").problems


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert parse(data, "x").problems
    parse(encode(anchor()) + b"\n" + data, "x")


def test_lines_of_a_file_are_a_chain() -> None:
    hours = [anchor(seq, AT + timedelta(hours=seq)) for seq in range(1, 6)]
    whole = chained(*hours)
    assert parse(whole, "f").problems == ()
    rows = whole.splitlines(keepends=True)
    for taken in range(4):
        off = parse(b"".join(rows[:taken] + rows[taken + 1 :]), "f")
        assert off.problems[0].where == f"f:{taken + 1}"
    moved = [rows[0], rows[2], rows[1], *rows[3:]]
    assert parse(b"".join(moved), "f").problems[0].where == "f:2"
    forged = chained(hours[0], replace(hours[1], room="other")).splitlines(keepends=True)
    assert parse(b"".join([*forged, *rows[2:]]), "f").problems[0].where == "f:3"


def test_half_a_line_of_a_power_cut_is_vouched_for_by_the_next() -> None:
    first = chained(anchor(1))
    torn = encode(anchor(2))[:50]
    after = encode(replace(anchor(3), prev=sum_of(torn))) + b"\n"
    read = parse(first + torn + b"\n" + after, "f")
    assert (len(read.anchors), read.problems) == (2, ())
    assert parse(first + torn, "f").problems[0].where == "f:2"


def test_a_log_that_grew_holds() -> None:
    noted = parse(chained(anchor(10), anchor(20)), "f")
    assert told(noted, known(55)) == []


def test_a_cut_end_names_the_last_entry_that_is_left() -> None:
    noted = parse(encode(anchor(40)), "f")
    ((where, message),) = told(noted, known(30))
    assert where == "INC-1 entry 30"
    assert "cut after entry 30: at 2026-11-22T02:07:00.000Z it had 40" in message


def test_a_log_written_anew_names_where_that_may_begin() -> None:
    noted = parse(chained(anchor(10), anchor(20), anchor(40)), "f")
    ((where, message),) = told(noted, known(50, rewritten=15))
    assert where == "INC-1 entry 11"
    assert "entries 11 to 20 were written anew" in message
    ((where, message),) = told(parse(encode(anchor(1)), "f"), known(50, rewritten=1))
    assert (where, message.split(" were")[0]) == ("INC-1 entry 1", "entry 1")


def test_both_at_once_are_told() -> None:
    noted = parse(chained(anchor(10), anchor(40)), "f")
    assert [where for where, _ in told(noted, known(30, rewritten=5))] == [
        "INC-1 entry 1",
        "INC-1 entry 30",
    ]


def test_a_missing_log_is_named() -> None:
    noted = parse(encode(anchor(40, INC_2=9)), "f")
    ((where, message),) = told(noted, known())
    assert (where, message) == (
        "INC-2",
        "this log is missing: at 2026-11-22T02:07:00.000Z it had 9 entries",
    )


def test_an_anchor_of_another_room_does_not_count() -> None:
    noted = parse(encode(replace(anchor(), room="other")), "f")
    ((where, message),) = told(noted, known())
    assert where == "f"
    assert "another room" in message
    both = Anchors("f", (*noted.anchors, anchor(41)))
    assert told(both, known(41)) == []


def test_of_an_export_only_its_own_log_is_looked_for() -> None:
    chains = {"uid-INC-1": known(30)["uid-INC-1"]}
    noted = parse(encode(anchor(40)), "f")
    ((_, message),) = told(noted, chains, file=True)
    assert message.startswith("it is an older export, or its end was cut after entry 30")
    assert told(parse(encode(anchor(30)), "f"), chains, file=True) == []
    ((where, message),) = told(noted, {"uid-INC-5": Known("x", {})}, file=True)
    assert (where, message) == ("f", "it says nothing of this log")
