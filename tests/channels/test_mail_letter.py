"""The mail itself: whatever is put into it stays where it was put."""

from __future__ import annotations

from collections.abc import AsyncIterator

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
