"""One-time codes: made, read back as people type them, and only ever good for their own text."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core import codes
from crisisroom.core.incident import Verdict, Words
from crisisroom.core.said import Asked

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
HASH = "ab" * 32
CODE = "7F3K-92QD"
SALT = "00112233445566778899aabbccddeeff"
signs = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)
between = st.sampled_from(["", " ", "-", "\u2013", "\u00a0", " - ", "\n"])

ASK = Asked(
    id="K-1",
    words="ST-1",
    sha256=HASH,
    contact="lex",
    name="Lex",
    roles=("legal",),
    way="email",
    salt=SALT,
    digest=codes.digest(CODE, HASH, SALT),
    by="ada",
    at=NOW,
    expires_at=NOW + codes.GOOD_FOR,
)
TEXT = Words(
    id="ST-1",
    sort="statement",
    kind="holding",
    text="We look into it.",
    sha256=HASH,
    version=1,
    state="submitted",
    author="ada",
    drafted_at=NOW - timedelta(minutes=5),
    submitted_at=NOW - timedelta(minutes=1),
)
SAID = Verdict(
    by="Lex", step="words", at=NOW, verdict="approved", sha256=HASH, version=1, recorded_by="ada"
)
replace = msgspec.structs.replace


def test_a_code_is_made_of_signs_that_nobody_confuses() -> None:
    made = {codes.make(secrets.choice) for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert len(code) == 9
        assert code[4] == "-"
        assert codes.read(code) == code.replace("-", "")
    assert not set("ILOU") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == 32


@given(signs, st.lists(between, min_size=9, max_size=9), st.booleans())
def test_case_spaces_and_dashes_do_not_matter(code: str, gaps: list[str], small: bool) -> None:
    typed = "".join(gap + sign for gap, sign in zip(gaps, code, strict=False)) + gaps[-1]
    assert codes.read(typed.lower() if small else typed) == code


def test_what_is_heard_for_a_digit_is_that_digit() -> None:
    assert codes.read("oOiI lL01") == "00111101"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    found = codes.read(typed)
    assert found == "" or (len(found) == codes.LENGTH and set(found) <= set(codes.ALPHABET))


@pytest.mark.parametrize(
    "typed", ["", "7F3K-92Q", "7F3K-92QDD", "7F3K-92QU", "x" * 5000, "7F3K_9é2"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.read(typed) == ""
    assert not codes.fits(typed, ASK)


@settings(max_examples=25)
@given(signs)
def test_only_its_own_code_fits(code: str) -> None:
    assert codes.fits(code, ASK) == (code == CODE.replace("-", ""))


def test_a_code_is_bound_to_its_text_and_its_salt() -> None:
    assert codes.fits(" 7f3k 92qd ", ASK)
    assert not codes.fits(CODE, replace(ASK, sha256="cd" * 32))
    assert not codes.fits(CODE, replace(ASK, salt="ff" * 16))
    assert CODE not in ASK.digest
    assert len(ASK.digest) == 64


@pytest.mark.parametrize(
    ("ask", "words", "state"),
    [
        (ASK, TEXT, "open"),
        (replace(ASK, expires_at=NOW), TEXT, "expired"),
        (replace(ASK, state="void"), TEXT, "void"),
        (ASK, replace(TEXT, sha256="cd" * 32), "changed"),
        (ASK, replace(TEXT, submitted_at=None, state="draft"), "changed"),
        (ASK, replace(TEXT, submitted_at=NOW + timedelta(seconds=1)), "changed"),
        (ASK, replace(TEXT, verdicts=(SAID,)), "used"),
        (ASK, replace(TEXT, verdicts=(replace(SAID, verdict="rejected"),)), "used"),
        (ASK, replace(TEXT, verdicts=(replace(SAID, at=NOW - timedelta(hours=1)),)), "open"),
        (ASK, replace(TEXT, verdicts=(replace(SAID, by="Cy"),)), "open"),
        (ASK, replace(TEXT, verdicts=(replace(SAID, recorded_by=""),)), "open"),
        (ASK, replace(TEXT, verdicts=(replace(SAID, by="cy", verdict="revoked"),)), "changed"),
        (ASK, replace(TEXT, verdicts=(replace(SAID, by="cy", verdict="rejected"),)), "changed"),
        (ASK, replace(TEXT, state="approved"), "settled"),
        (ASK, replace(TEXT, state="withdrawn"), "settled"),
        (ASK, None, "used"),
    ],
)
def test_a_code_holds_only_while_its_text_waits(
    ask: Asked, words: Words | None, state: codes.AskState
) -> None:
    assert codes.state_of(ask, words, NOW) == state
