"""Contacts from tables: kept to the letter, or refused with line and reason."""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.authoring.imported import Imported, Refusal
from crisisroom.authoring.people import contacts_from_table
from crisisroom.authoring.table import LARGEST
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Contact, Reach
from crisisroom.core.playbook_include import Shared
from crisisroom.core.problems import Report
from crisisroom.core.schema import bind
from crisisroom.core.yamltext import parse
from crisisroom.core.yamlwrite import write

ADA = Contact("ada", "Ada", (Reach("phone", "+49 30 1234"),))


def people(found: Imported) -> tuple[Contact, ...]:
    """Return the contacts that were taken."""
    taken: tuple[Contact, ...] = found.sections["contacts"]
    return taken


def read(text: str, encoding: str = "utf-8") -> Imported:
    """Read a table."""
    return contacts_from_table(text.encode(encoding))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found_out(separator: str, end: str) -> None:
    found = read(
        end.join((separator.join(("Name", "Phone")), separator.join(("Ada", "+49 30 1234"))))
    )
    assert people(found) == (ADA,)
    assert (found.refused, found.remarks) == ((), ())


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("Name;Telefon", "Ada;+49 30 1234"),
        ("NAME;Tel.", "Ada;+49 30 1234"),
        ("Ansprechpartner;Mobil", "Ada;+49 30 1234"),
        ("full_name;phone number", "Ada;+49 30 1234"),
        ("Name;Telefon (dienstlich)", "Ada;+49 30 1234"),
        ("Name;Phone 1 - Value", "Ada;+49 30 1234"),
        ("Vorname;Nachname;Handy", "Ada;;+49 30 1234"),
        ("sep=;\nName;Telefon", "Ada;+49 30 1234"),
        ('"Name";"Telefon"', '"Ada";"+49 30 1234"'),
        ("Name;Telefon", "Ada;'+49 30 1234"),
        ("Name;Telefon", 'Ada;="+49 30 1234"'),
    ],
)
def test_columns_go_by_many_names(head: str, cell: str) -> None:
    assert people(read(f"{head}\n{cell}\n")) == (ADA,)


@pytest.mark.parametrize(
    "data",
    [
        "Name;Telefon\nZoë;+49 30 1\n".encode(),
        codecs.BOM_UTF8 + "Name;Telefon\nZoë;+49 30 1\n".encode(),
        codecs.BOM_UTF16_LE + "Name;Telefon\nZoë;+49 30 1\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Name;Telefon\nZoë;+49 30 1\n".encode("utf-16-be"),
        "Name;Telefon\nZoë;+49 30 1\n".encode("utf-16-le"),
        "Name;Telefon\nZoë;+49 30 1\n".encode("utf-16-be"),
        "Name;Telefon\nZoë;+49 30 1\n".encode("cp1252"),
    ],
)
def test_encodings_are_found_out(data: bytes) -> None:
    found = contacts_from_table(data)
    assert people(found) == (Contact("zoe", "Zoë", (Reach("phone", "+49 30 1"),)),)
    western = b"Zo\xeb" in data and b"\0" not in data
    assert bool(found.remarks) == western, found.remarks
    assert not western or "Windows-1252" in found.remarks[0]


def test_everything_known_has_its_place() -> None:
    found = read(
        "ID,Name,Mobile,Phone,E-Mail,Signal,Type,Company,Role,Job,Hours,Zone,Language,Checked,Note\n"
        'bo,Bo Ex,0170 1,"030 2; 030 3",bo@x.test,+49 170 1,Agentur,ACME,"lead, Head of PR",Chef,'
        '24/7,Europe/Berlin,Deutsch,1.10.2026,"knock\ntwice"\n'
    )
    assert people(found) == (
        Contact(
            id="bo",
            name="Bo Ex",
            reach=(
                Reach("phone", "0170 1"),
                Reach("phone", "030 2"),
                Reach("phone", "030 3"),
                Reach("email", "bo@x.test"),
                Reach("signal", "+49 170 1"),
            ),
            org="agency",
            roles=("lead",),
            hours="24/7",
            timezone="Europe/Berlin",
            language="de",
            checked="2026-10-01",
            note="Chef\nACME\nknock\ntwice\nrole: Head of PR",
        ),
    )
    assert not found.refused


def test_what_is_not_taken_is_said_with_its_line() -> None:
    found = read(
        'Name,Phone,Note,Hair\nAda,+49 30 1234,"two\nlines",red\n,+49 30 1,,\nBo,,,\n'
        'Cy,call me,,\nDee,"4,93E+11",,\n,,,\nAda,+49 30 1234,"two\nlines",\nEli,+49 1 5,\x07,\n'
        "Fay,+49 1 6,\u202e,,much,more\n"
    )
    assert [one.name for one in people(found)] == ["Ada"]
    assert found.remarks == ("columns that are not read: Hair",)
    assert [(one.line, one.what) for one in found.refused] == [
        (4, "+49 30 1"),
        (5, "Bo"),
        (6, "Cy"),
        (7, "Dee"),
        (9, "Ada"),
        (11, "Eli"),
        (12, "Fay +49 1 6 \ufffd much more"),
    ]
    whys = [one.why for one in found.refused]
    assert whys[0] == "it has no name"
    assert whys[1] == "it has no way to reach them"
    assert "no telephone number" in whys[2]
    assert "rounded 4,93E+11" in whys[3]
    assert whys[4] == "the same stands on line 2"
    assert "control character U+0007" in whys[5]
    assert whys[6] == "it has 6 cells, and the first row names 4 columns"


def test_two_people_of_one_name_get_ids_of_their_own() -> None:
    found = read("Name,Phone,ID\nAda,+49 30 1,\nAda,+49 30 2,\nBo,+49 30 3,ada\n")
    assert [one.id for one in people(found)] == ["ada", "ada-2", "ada-3"]


def test_a_torn_table_ends_where_it_is_torn() -> None:
    found = read('Name,Phone\nAda,+49 30 1234\nBo,"+49 30 2" x\nCy,+49 30 3\n')
    assert people(found) == (ADA,)
    assert found.refused[0].line == 3
    assert "no table" in found.refused[0].why


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"Ada,+49 30 1\n", "columns"),
        (b"\xff\xfea", "encoding"),
        (b"Name,Phone\n" + b"x" * LARGEST, "too-large"),
        (b"Name,Phone\n" + b"Ada,+49 30 1\n" * 2001, "too-many"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        contacts_from_table(data)
    assert refusal.value.code == code
    assert refusal.value.hint


def reread(found: Imported) -> tuple[Contact, ...]:
    """Write what was taken, and read it with the loader."""
    root, problems = parse(write({"contacts": people(found)}), "contacts.yaml")
    assert root is not None
    report = Report("contacts.yaml", problems)
    shared = bind(root, Shared, report)
    assert not report, report.problems()
    return shared.contacts


CELLS = st.text(st.characters(codec="utf-8") | st.sampled_from('";,|\t\r\n#:{}+4'), max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.sampled_from(",;\t|"))
def test_no_row_is_lost(rows: list[tuple[str, str, str]], separator: str) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(("Name", "E-Mail", "Note"))
    writer.writerows(rows)
    data = out.getvalue().encode()
    if b"\0" in data[1:200:2]:
        return  # a table with NULs may be anything
    found = contacts_from_table(data)
    written = [row for row in rows if any(cell.strip() for cell in row)]
    assert len(people(found)) + len(found.refused) == len(written)
    if people(found):
        assert reread(found) == people(found)
    for one in found.refused:
        assert str(one).isprintable(), one


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for whole in (data, b"Name;Telefon\n" + data):
        with suppress(Refused):
            found = contacts_from_table(whole)
            assert all(isinstance(one, Refusal) for one in found.refused)


def test_a_long_head_takes_no_time() -> None:
    with pytest.raises(Refused):
        contacts_from_table(b"." * 300_000 + b"\n")
