"""SMTP's words: replies, lines of a mail, addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.answer import FetchError
from crisisroom.wire.smtp import (
    Reply,
    abilities,
    address_flaw,
    addresses_of,
    line_of,
    plain,
    sender_of,
    stuffed,
)


def test_lines_of_replies() -> None:
    assert line_of(b"250-SIZE 100") == (250, True, "SIZE 100")
    assert line_of(b"250 fine") == (250, False, "fine")
    assert line_of(b"354") == (354, False, "")
    assert Reply(452, ("full",)).words == "full"
    assert [Reply(code).good for code in (250, 354, 421, 554)] == [True, True, False, False]
    assert [Reply(code).final for code in (421, 554)] == [False, True]


@given(st.binary(max_size=80))
def test_any_line_is_a_reply_or_none(line: bytes) -> None:
    try:
        code, _, _ = line_of(line)
    except FetchError:
        return
    assert 200 <= code < 600


def test_what_a_server_can() -> None:
    can = abilities(["SIZE 1000", "auth=LOGIN plain", "", "STARTTLS"])
    assert can == {"SIZE": ("1000",), "AUTH": ("LOGIN", "PLAIN"), "STARTTLS": ()}
    assert plain("help", "pw") == "AGhlbHAAcHc="


@given(st.lists(st.sampled_from([b".", b"..", b"a", b"", b"\r", b"\n", b"\r\n", b". "])))
def test_no_line_of_a_mail_ends_it(parts: list[bytes]) -> None:
    mail = b"".join(parts)
    sent = stuffed(mail)
    assert sent.endswith(b"\r\n")
    lines = sent.removesuffix(b"\r\n").split(b"\r\n")
    assert b"." not in lines
    assert b"\r" not in b"".join(lines)
    assert b"\n" not in b"".join(lines)
    whole = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")
    assert [line.removeprefix(b".") if line[:1] == b"." else line for line in lines] == (
        whole.split(b"\n")
    )


@pytest.mark.parametrize(
    "address",
    ["press@example.org", "o'neil+press@mail.example.org", "a@localhost", "a.b@1.test"],
)
def test_addresses(address: str) -> None:
    assert address_flaw(address) == ""


@pytest.mark.parametrize(
    "address",
    ["", "pat", "@pat@fans.test", "pat@", "a b@c.de", "a@b\r\nRCPT TO:<x@y.z>", "a@b>", "a@b,c@d",
     '"a b"@c.de', "ä@b.de", "a@b..de", ".a@b.de", "a@-b.de", f"{'a' * 65}@b.de",
     f"a@{'b.' * 130}de", "a@b.de ", "<a@b.de>"],
)  # fmt: skip
def test_no_addresses(address: str) -> None:
    assert "written like" in address_flaw(address)
    assert address not in address_flaw(address) or not address


def test_senders_and_lists() -> None:
    assert sender_of("press@example.org") == ("", "press@example.org")
    assert sender_of("Exämple Press <press@example.org>") == ("Exämple Press", "press@example.org")
    assert addresses_of("a@b.de, c@d.de,a@b.de") == ("a@b.de", "c@d.de")
    assert addresses_of("") == ()
    for nonsense in ("", "Example <x>", "A\nB <a@b.de>", "a@b.de <a@b.de", 'A "x" <a@b.de>'):
        with pytest.raises(ValueError, match=r"written like|one line"):
            sender_of(nonsense)
    with pytest.raises(ValueError, match="written like"):
        addresses_of("a@b.de, nobody")


@given(st.text(max_size=60))
def test_whatever_is_an_address_stays_in_its_command(text: str) -> None:
    if not address_flaw(text):
        assert text.isascii()
        assert not set(text) & set('<> \r\n\t\0,;:"')
