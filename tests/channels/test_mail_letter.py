"""The mail itself: whatever is put into it stays where it was put."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.header import decode_header, make_header

import msgspec
import pytest
from channels.mailing import NOW, TEXT, WORDS, channel, parsed, words_in
from hypothesis import given
from hypothesis import strategies as st
from standins import sent as sent_standin
from standins import smtp as smtp_standin

from crisisroom.channels import SendRefused
from crisisroom.fetch import Fetcher
from crisisroom.mail.letter import Letter
from crisisroom.wire.smtp import sender_of


@pytest.fixture
async def smtp() -> AsyncIterator[smtp_standin.StandIn]:
    async with smtp_standin.standing() as server:
        yield server


@pytest.fixture
async def sent() -> AsyncIterator[sent_standin.StandIn]:
    async with sent_standin.standing() as server:
        yield server


@pytest.mark.parametrize(
    "words",
    [
        {"to": "pat@fans.test>\r\nRCPT TO:<all@fans.test"},
        {"to": "@pat@fans.test"},
        {"to": "pat@fans.test,all@fans.test"},
        {"in_reply_to": "1@a>\r\nBcc: all@fans.test"},
        {"in_reply_to": "1@ä"},
        {"text": "one\r\nBcc: x@y.z"},
        {"text": "a\0b"},
    ],
)
async def test_what_is_no_mail_is_refused(
    smtp: smtp_standin.StandIn, fetch: Fetcher, words: dict[str, str]
) -> None:
    with pytest.raises(SendRefused) as caught:
        await channel(smtp).send(msgspec.structs.replace(WORDS, **words), fetch)
    assert str(caught.value).isprintable()
    assert smtp.told == []


async def test_a_subject_stays_a_subject(smtp: smtp_standin.StandIn, fetch: Fetcher) -> None:
    title = "Hi\r\nBcc: all@fans.test\r\n\r\nbody \u2028" + "ä" * 300
    await channel(smtp).send(msgspec.structs.replace(WORDS, title=title), fetch)
    mail = parsed(smtp.mails[0])
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Re: Hi Bcc: all@fans.test body äää")
    assert words_in(mail) == TEXT
    assert sum(one.startswith("RCPT") for one in smtp.told) == 1


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t.=")),
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    answers=st.text("abc@.$!#%", max_size=400),
)
def test_every_letter_says_what_it_was_given(text: str, title: str, answers: str) -> None:
    to = ("pat@fans.test",)
    letter = Letter(
        id="1@acme.test",
        sender="help@acme.test",
        to=to,
        title=title,
        text=text,
        at=NOW,
        answers=answers,
    )
    data = letter.encoded()
    mail = parsed(data)
    assert words_in(mail) == text
    assert data.isascii()
    assert set(mail.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
    assert (mail["In-Reply-To"] or "") == (f"<{answers}>" if answers else "")
    assert max(map(len, data.split(b"\r\n"))) <= 998


_SMUGGLED = "=?utf-8?q?=0D=0ABcc:_all=40fans.test=0D=0A=0D=0AWe_lied.?="


@pytest.mark.parametrize(
    "title",
    [
        _SMUGGLED,
        f"Re: {_SMUGGLED}",
        f"ä {_SMUGGLED}",
        "=?utf-8?b?DQpCY2M6IHhAeA==?=",
        "a\x00\x1b[31mb",
    ],
)
async def test_what_looks_encoded_in_a_stranger_s_subject_is_not_decoded(
    smtp: smtp_standin.StandIn, fetch: Fetcher, title: str
) -> None:
    await channel(smtp).send(msgspec.structs.replace(WORDS, title=title), fetch)
    head = smtp.mails[0].replace(b"\r\n ", b" ").partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n")]
    assert len(set(names)) == len(names)
    assert b"Bcc" not in names
    mail = parsed(smtp.mails[0])
    shown = " ".join(title.replace("\x00", " ").replace("\x1b", " ").split())
    read = str(make_header(decode_header(mail_header(smtp.mails[0]))))
    assert read.removeprefix("Re: ") == shown.removeprefix("Re: ")
    assert words_in(mail) == TEXT


def mail_header(mail: bytes) -> str:
    """Return the subject as it went over the wire, unfolded."""
    head = mail.replace(b"\r\n ", b" ").partition(b"\r\n\r\n")[0].decode("ascii")
    return next(one[9:] for one in head.split("\r\n") if one.startswith("Subject: "))


@given(
    title=st.text(max_size=120)
    | st.from_regex(r"(=\?utf-8\?[qb]\?[ -~]{0,20}\?=)+", fullmatch=True),
    answers=st.just("2@b.test")
    | st.from_regex(r"=\?utf-8\?q\?(=0D=0A|[!-;@-~]){1,9}\?=", fullmatch=True),
    language=st.text(max_size=8),
)
def test_no_title_and_no_language_makes_a_header_of_its_own(
    title: str, answers: str, language: str
) -> None:
    letter = Letter(
        id="1@a.test",
        sender="Acme <a@a.test>",
        to=("p@b.test",),
        title=title,
        text=TEXT,
        at=NOW,
        answers=answers,
        language=language,
    )
    try:
        raw = letter.encoded()
    except ValueError:
        return
    head, _, _ = raw.replace(b"\r\n ", b" ").partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n")]
    told = ["From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"]
    more = ["MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
    assert [one for one in names if one != "Content-Language"] == told + more
    assert all(32 <= byte < 127 or byte in b"\r\n\t" for byte in head)
    assert words_in(parsed(raw)) == TEXT


def test_a_sender_s_name_is_written_as_it_reads() -> None:
    with pytest.raises(ValueError, match="not encoded"):
        sender_of("=?utf-8?q?A=0D=0AX:_y?= <a@a.test>")
