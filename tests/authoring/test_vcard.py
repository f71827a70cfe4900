"""Contacts from vCards."""

from __future__ import annotations

from contextlib import suppress

import pytest
from authoring.test_people import people, reread
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.authoring.imported import Imported
from crisisroom.authoring.vcard import contacts_from_vcards
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Contact, Reach


def read(*lines: str, end: str = "\r\n", version: str = "3.0") -> Imported:
    """Read one card with these lines."""
    whole = ("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", "")
    return contacts_from_vcards(end.join(whole).encode())


def ways(*lines: str, version: str = "3.0") -> tuple[Reach, ...]:
    """Return the ways to reach somebody with these lines."""
    (one,) = people(read("FN:Ada", *lines, version=version))
    return one.reach


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_card_is_a_contact(version: str, end: str) -> None:
    lines = (
        "N:Muß;Zoë;;;",
        'FN:Zoë \\"Z\\" Muß',
        "ORG:ACME\\, Inc.;Press",
        "TITLE:Chief",
        "TEL;TYPE=cell:+49 170 1",
        'item1.TEL;TYPE="work,voice":0049 (30) 1234-0',
        "item1.X-ABLabel:Desk",
        "EMAIL:zoe@x.test",
        "NOTE:first\\nsec",
        " ond; third",
        "TZ:Europe/Berlin",
        "LANG:de",
    )
    found = read(*lines, end=end, version=version)
    assert people(found) == (
        Contact(
            id="zoe-z-muss",
            name='Zoë "Z" Muß',
            reach=(
                Reach("phone", "+49 170 1"),
                Reach("phone", "0049 (30) 1234-0"),
                Reach("email", "zoe@x.test"),
            ),
            timezone="Europe/Berlin",
            language="de",
            note="ACME, Inc., Press\nChief\nfirst\nsecond; third",
        ),
    )
    assert found.remarks == ("properties that are not read: X-ABLABEL",)
    assert not found.refused


def test_numbers_are_kept_in_order_and_to_the_letter() -> None:
    assert ways("TEL:0123", "EMAIL:a@x", "TEL:+49 (0)30/12-34", "TEL:0123") == (
        Reach("phone", "0123"),
        Reach("email", "a@x"),
        Reach("phone", "+49 (0)30/12-34"),
    )
    assert ways("TEL;VALUE=uri:tel:+49-30-1234", "EMAIL:mailto:a@x", version="4.0") == (
        Reach("phone", "+49-30-1234"),
        Reach("email", "a@x"),
    )


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("FN: Ada  Lovelace ",), "Ada Lovelace"),
        (("N:Lovelace;Ada;;;",), "Ada Lovelace"),
        (("N:Semi\\;colon;Ada",), "Ada Semi;colon"),
        (("FN:", "ORG:Fire brigade;Desk"), "Fire brigade, Desk"),
        (("fn:lower case",), "lower case"),
        (("FN;CHARSET=UTF-8:Ada",), "Ada"),
        (("FN:Ada: the first",), "Ada: the first"),
    ],
)
def test_names(lines: tuple[str, ...], name: str) -> None:
    (one,) = people(read(*lines, "TEL:+49 30 1"))
    assert one.name == name


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("TEL:+49 30 1",), "no name"),
        (("FN:Ada",), "no telephone and no mail address"),
        (("FN:Ada", "TEL:ask the desk"), "no telephone number"),
        (("FN:Ada", "EMAIL:nobody"), "no mail address"),
        (("FN:Ada", "TEL:+49 1", "this is no line"), "line 5 is no line of a vCard"),
        (("FN:Ada\u202e", "TEL:+49 30 1"), "direction control"),
        (("FN:Ada", "TEL:+49 30 1", f"NOTE:{'x' * 2001}"), "too many"),
        (("FN:Ada", "KIND:group", "TEL:+49 30 1"), "a group"),
    ],
)
def test_what_is_no_contact_is_refused_with_its_reason(lines: tuple[str, ...], why: str) -> None:
    found = read(*lines)
    assert people(found) == ()
    (refusal,) = found.refused
    assert refusal.line == 1
    assert why in refusal.why


@pytest.mark.parametrize("version", ["2.1", "", "5.0"])
def test_other_versions_are_refused_with_advice(version: str) -> None:
    (refusal,) = read("FN:Ada", "TEL:+49 30 1", version=version).refused
    assert "export it as version 3.0 or 4.0" in refusal.why


def test_cards_that_are_cut_off_do_not_take_others_with_them() -> None:
    text = (
        "hello\nBEGIN:VCARD\nVERSION:3.0\nFN:Cut\nBEGIN:VCARD\nVERSION:3.0\nFN:Ada\nTEL:+49 30 1\n"
        "END:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Late"
    )
    found = contacts_from_vcards(text.encode())
    assert [one.name for one in people(found)] == ["Ada"]
    assert [(one.line, one.what) for one in found.refused] == [
        (1, "hello"),
        (2, "Cut"),
        (10, "Late"),
    ]


def test_a_file_without_cards_is_refused() -> None:
    with pytest.raises(Refused, match="no vCard"):
        contacts_from_vcards(b"")


LINES = st.one_of(
    st.sampled_from(
        (
            "BEGIN:VCARD",
            "END:VCARD",
            "VERSION:3.0",
            "VERSION:4.0",
            "FN:Ada",
            "N:A;B",
            "TEL:+49 30 1",
            "EMAIL:a@x",
            " folded",
            "\tfolded",
            "NOTE:a\\nb",
            "KIND:group",
            "TZ:+01:00",
            "ORG:;;",
        )
    ),
    st.text(max_size=20),
    st.builds(
        "{}:{}".format, st.sampled_from(("FN", "TEL", "EMAIL", "NOTE", "N")), st.text(max_size=9)
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=20), st.sampled_from(("\n", "\r\n")))
def test_any_lines_are_read_or_refused(lines: list[str], end: str) -> None:
    data = end.join(lines).encode("utf-8", "replace")
    with suppress(Refused):
        found = contacts_from_vcards(data)
        if people(found):
            assert reread(found) == people(found)
        assert all(str(one).isprintable() for one in found.refused)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Refused):
        found = contacts_from_vcards(b"BEGIN:VCARD\r\n" + data)
        assert people(found) or found.refused
