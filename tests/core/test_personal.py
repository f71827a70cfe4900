from __future__ import annotations

from itertools import pairwise
from string import ascii_uppercase

import msgspec
import pytest
from core.ordinary import SENTENCES
from hypothesis import given
from hypothesis import strategies as st
from room.people import PLAN

from crisisroom.core.personal import LENGTHS, Hit, Kind, find, ours
from crisisroom.core.playbook import Contact, KeyMessage, Reach

SHAPES = ("AB-000000", "00-AAAA-00")
JOINTS = ("", " ", "-", ".", "\u00a0", "\u202f", "\u2011", " - ", "\t")
DIGITS = (
    "0123456789",
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",  # full-width
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",  # Arabic
    "\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f",  # Devanagari
    "".join(chr(0x1D7CE + digit) for digit in range(10)),  # mathematical bold
)
SIZES = ([4], [4, 6, 5], [4, 6, 4], [3], [5], [2], [1], [99])


def kinds(text: str, *known: str) -> list[Kind]:
    return [hit.kind for hit in find(text, SHAPES, known)]


def luhn(digits: str) -> str:
    """Return the digit that makes a card's number whole."""
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(reversed(digits))]
    return str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def spelt(number: str, sizes: list[int], joint: str, digits: str) -> str:
    """Return a number in groups of these sizes, the last one over and over, in other digits."""
    groups, rest, sizes = list[str](), number, list(sizes)
    while rest:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        groups.append(rest[:size])
        rest = rest[size:]
    return joint.join(groups).translate(dict(zip(map(ord, "0123456789"), digits, strict=True)))


@st.composite
def cards(draw: st.DrawFn) -> str:
    length = draw(st.integers(13, 19))
    digits = "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=length - 2)))
    number = draw(st.sampled_from("23456")) + digits[: length - 2]
    number += luhn(number)
    spelling = [draw(st.sampled_from(one)) for one in (SIZES, JOINTS, DIGITS)]
    if (
        len(set(number)) == 1
        or all(  # years in a row are no card
            number[at : at + 2] in ("19", "20") for at in range(0, length, 4)
        )
    ):
        number = "4111111111111111"
    return spelt(number, spelling[0], spelling[1], spelling[2])  # type: ignore[arg-type]


@st.composite
def accounts(draw: st.DrawFn) -> str:
    country, length = draw(st.sampled_from(sorted(LENGTHS.items())))
    figures = "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=8, max_size=8)))
    alphabet = "0123456789" + ascii_uppercase
    rest = "".join(
        draw(st.lists(st.sampled_from(alphabet), min_size=length - 12, max_size=length - 12))
    )
    inner = figures + rest
    checked = 98 - int("".join(str(int(char, 36)) for char in f"{inner}{country}00")) % 97
    number = f"{country}{checked:02}{inner}"
    if draw(st.booleans()):
        number = number.lower()
    joint = draw(st.sampled_from(JOINTS))
    return spelt(number, draw(st.sampled_from([[4], [99]])), joint, draw(st.sampled_from(DIGITS)))


AROUND = st.sampled_from(["", "Use ", "my card: ", "(", "Is it ", "Konto: "])
AFTER = st.sampled_from(["", ".", " 12/27 123", ", please", ")", " is mine", "\nThank you"])


@given(AROUND, cards(), AFTER)
def test_every_card_is_found_however_it_is_spelt(before: str, card: str, after: str) -> None:
    text = before + card + after
    covered = [(one.start, one.end) for one in find(text) if one.kind == "card"]
    assert any(start <= len(before) and end >= len(before + card) for start, end in covered), text


@given(AROUND, accounts(), AFTER)
def test_every_account_is_found_however_it_is_spelt(before: str, number: str, after: str) -> None:
    text = before + number + after
    assert Hit("iban", len(before), len(before + number)) in find(text), text


@pytest.mark.parametrize("sentence", SENTENCES)
def test_ordinary_sentences_name_nobody_s_number(sentence: str) -> None:
    assert find(sentence) == ()


def test_there_are_two_hundred_of_them() -> None:
    assert len(set(SENTENCES)) >= 200


@pytest.mark.parametrize(
    "number",
    [
        "+49 30 1234567", "+49 (0)30 / 123 45-67", "+1 (555) 123-4567", "+33 6 12 34 56 78",
        "0049301234567", "0044 20 7946 0958", "030 1234567", "0171/1234567", "(030) 123456",
        "01711234567", "06 12 34 56 78", "06.12.34.56.78", "(555) 123-4567", "555-123-4567",
        "1-800-555-0199", "０３０ １２３４５６７", "٠٣٠١٢٣٤٥٦٧", "0\u20e33\u20e30\u20e3 1234567",
        "+49\u200b30\u00a01234567",
    ],
)  # fmt: skip
def test_phones_are_found_however_they_are_spelt(number: str) -> None:
    text = f"Hello, {number}, yes."
    assert [(hit.kind, text[hit.start : hit.end].rstrip("\u20e3")) for hit in find(text)] == [
        ("phone", number.rstrip("\u20e3"))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "call me on 5551234567", "Tel.: 20 12 34 56", "my phone number is 612 345 678",
        "ring me: 555-1234", "WhatsApp 4915112345679", "Ruf an: 22 33 44 55",
    ],
)  # fmt: skip
def test_where_it_says_phone_fewer_digits_will_do(text: str) -> None:
    assert kinds(text) == ["phone"]


@pytest.mark.parametrize(
    "text", ["order AB-123456", "ab123456", "AB 123-456", "12-wxyz-34", "it is ab‐１２３４５６!"]
)
def test_order_numbers_are_found_by_their_shape(text: str) -> None:
    assert kinds(text) == ["order"]


@pytest.mark.parametrize("text", ["CAB-123456", "AB-1234567", "AB-12345", "AC-123456", "12-34-56"])
def test_another_shape_is_another_number(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to kim.lee+kettle@mail.example.", ["mail"]),
        ("@pat@social.example", []),
        ("kim@localhost", []),
        ("mail kim@x.example and lee@y.example", ["mail", "mail"]),
    ],
)
def test_mail_addresses_are_found_and_handles_are_none(text: str, found: list[str]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Call 030 1234567.",
        "Call +49 (0)30 1234567 24 hours a day.",
        "Call 0049 30 1234567 2026 as well.",
        "Write to help@ferrow.example.",
        "Write to press@mail.ferrow.example.",
        "Write to KIM@X.example.",
        "Batch AB-123 456 is called back.",
        "IBAN DE89 3704 0044 0532 0130 00",
    ],
)
def test_what_stands_in_our_words_is_ours_to_say(text: str) -> None:
    known = (
        "+49 30 1234567",
        "https://www.ferrow.example/safety",
        "kim@x.example",
        "Only AB-123456.",
        "Give to DE89370400440532013000",
    )
    assert kinds(text) != []
    assert kinds(text, *known) == []


@pytest.mark.parametrize(
    "text", ["+49 30 1234568", "+49 30 12345", "kim@gmail.example", "AB-123457", "lee@x.example"]
)
def test_another_number_is_not_ours(text: str) -> None:
    assert find(text, SHAPES, ("+49 30 1234567", "kim@x.example", "a@gmail.example", "AB-123456"))


def test_a_plan_s_words_contacts_and_page_are_ours() -> None:
    plan = msgspec.structs.replace(
        PLAN,
        contacts=(Contact("lab", "The lab", (Reach("phone", "+49 30 7654321"),)),),
        key_messages=(KeyMessage("call", "Call", "Call 0800 1234567."),),
        source_of_truth="ferrow.example",
    )
    known = ours(plan, {"handle": "pat@social.example", "fact.hotline": "0700 555 1234"})
    said = "030 7654321, 0800 1234567, help@ferrow.example, 0700 5551234; Hello pat@social.example"
    assert len(kinds(said)) == 5
    assert kinds(said, *known) == []


@given(st.text(max_size=200))
def test_hits_lie_inside_any_text_and_apart(text: str) -> None:
    found = find(text, SHAPES, (text[:50],))
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text("0123456789 -./+()@:aB,\u0661\uff0b", max_size=120))
def test_numbers_in_any_order_are_taken_apart(text: str) -> None:
    found = find(text, SHAPES)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found)


PIECES = """
1|1 |12 |0 |+1 |a.|a@|a@b.|AB-|DE12 |de1|(0|1.1.|tel |call me |4111 |€1 |1,|http://|x|-|00|1\u200b
"""


@pytest.mark.parametrize("piece", PIECES.strip("\n").split("|"))
def test_long_texts_cost_no_more_than_their_length(piece: str) -> None:
    short = piece * (2_000 // len(piece))
    long = short * 20  # anything worse than linear does not come back
    assert all(hit.end <= len(short) for hit in find(short, SHAPES))
    assert all(hit.end <= len(long) for hit in find(long, SHAPES))
