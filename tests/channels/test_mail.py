"""The mail channel against stand-ins: what goes out, and what a failure means.

Dovecot and a real SMTP server are in `real/`.
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator

import msgspec
import pytest
from channels.mailing import NOW, SECRET, TEXT, WORDS, channel, parsed, words_in
from standins import sent as sent_standin
from standins import smtp as smtp_standin

from crisisroom.channels import (
    Outgoing,
    Receipt,
    SendLater,
    SendRefused,
    SendUnknown,
    make,
)
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher
from crisisroom.mail import submission
from crisisroom.sources.mail_message import read_mail
from crisisroom.watch.renewing import Renewing


@pytest.fixture
async def smtp() -> AsyncIterator[smtp_standin.StandIn]:
    async with smtp_standin.standing() as server:
        yield server


@pytest.fixture
async def sent() -> AsyncIterator[sent_standin.StandIn]:
    async with sent_standin.standing() as server:
        yield server


async def test_a_reply_is_in_its_thread_and_to_the_letter(
    smtp: smtp_standin.StandIn, fetch: Fetcher
) -> None:
    receipt = await channel(smtp, sender="Äcme Help <help@acme.test>").send(WORDS, fetch)
    mail = parsed(smtp.mails[0])
    assert words_in(mail) == TEXT
    assert mail["In-Reply-To"] == mail["References"] == "<1234@fans.test>"
    assert (mail["Subject"], mail["To"]) == ("Re: Wo ist mein Päckchen", "pat@fans.test")
    assert mail["From"] == "Äcme Help <help@acme.test>"
    assert mail["Message-ID"] == f"<{receipt.remote_id}>"
    assert receipt.remote_id.endswith("@acme.test")
    assert mail["Date"].datetime == NOW
    assert max(map(len, smtp.mails[0].split(b"\r\n"))) <= 78
    assert smtp.told[2].startswith("MAIL FROM:<help@acme.test>")
    read = read_mail(smtp.mails[0])
    assert (read.id, read.thread) == (receipt.remote_id, ("1234@fans.test",))
    assert (read.automatic, read.bulk) == (False, False)


async def test_a_statement_goes_to_the_list_only(
    smtp: smtp_standin.StandIn, fetch: Fetcher
) -> None:
    way = channel(smtp, to="press@list.test, desk@news.test")
    statement = Outgoing(key="k2", text="We know.\nMore at nine.", first_try_at=NOW)
    await way.send(statement, fetch)
    mail = parsed(smtp.mails[0])
    assert (mail["Subject"], mail["To"]) == ("We know.", "press@list.test, desk@news.test")
    assert mail["In-Reply-To"] is None
    with pytest.raises(SendRefused, match="nobody to answer"):
        await way.send(msgspec.structs.replace(WORDS, to=""), fetch)
    with pytest.raises(SendRefused, match="add to: to its account"):
        await channel(smtp).send(statement, fetch)
    assert len(smtp.mails) == 1


@pytest.mark.parametrize("subject", ["Re: so", "RE: so", "re: so"])
async def test_an_answer_is_marked_once(
    smtp: smtp_standin.StandIn, fetch: Fetcher, subject: str
) -> None:
    await channel(smtp).send(msgspec.structs.replace(WORDS, title=subject), fetch)
    assert parsed(smtp.mails[0])["Subject"] == subject


async def test_a_mail_without_an_id_is_answered_without_a_thread(
    smtp: smtp_standin.StandIn, fetch: Fetcher
) -> None:
    words = msgspec.structs.replace(WORDS, in_reply_to="sha256:00ff")
    await channel(smtp).send(words, fetch)
    mail = parsed(smtp.mails[0])
    assert (mail["In-Reply-To"], mail["Subject"]) == (None, "Re: Wo ist mein Päckchen")


async def test_the_same_words_are_the_same_mail(smtp: smtp_standin.StandIn, fetch: Fetcher) -> None:
    for _ in range(2):  # nobody does so: an address without a mailbox cannot tell
        await channel(smtp).send(WORDS, fetch)
    assert smtp.mails[0] == smtp.mails[1]
    assert channel(smtp).repeats == "never"


# --- what a failure means -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "said", "kind"),
    [
        ("", b"554 go away\r\n", SendRefused),
        ("", b"421 busy\r\n", SendLater),
        ("", None, SendLater),
        ("", b"* OK IMAP4rev1\r\n", SendLater),
        ("EHLO", b"502 what\r\n", SendRefused),
        ("AUTH", b"535 no\r\n", SendRefused),
        ("AUTH", b"454 later\r\n", SendLater),
        ("MAIL", b"550 not you\r\n", SendRefused),
        ("RCPT", b"550 no such user\r\n", SendRefused),
        ("RCPT", b"450 greylisted\r\n", SendLater),
        ("RCPT", None, SendLater),
        ("DATA", b"554 no\r\n", SendRefused),
        ("DATA", b"250 fine\r\n", SendLater),
        ("DATA", None, SendLater),
        ("DATA", b"354 go on\r\n250 taken\r\n", SendLater),
        (".", b"451 later\r\n", SendLater),
        (".", b"421 closing\r\n", SendLater),
        (".", b"552 too big\r\n", SendRefused),
        (".", b"554-no\r\n554 spam\r\n", SendRefused),
        (".", b"354 go on\r\n", SendUnknown),
        (".", b"nonsense\r\n", SendUnknown),
        (".", b"250-" + b"x" * 9000, SendUnknown),
        (".", b"250-on\r\n" * 200, SendUnknown),
        (".", None, SendUnknown),
    ],
)
async def test_what_a_failure_means(
    smtp: smtp_standin.StandIn,
    sent: sent_standin.StandIn,
    fetch: Fetcher,
    command: str,
    said: bytes | None,
    kind: type[Exception],
) -> None:
    smtp.instead[command] = said
    way = channel(smtp, sent)
    with pytest.raises(kind) as caught:
        await way.send(WORDS, fetch)
    assert str(caught.value).isprintable()
    assert [one[:7] for one in sent.ids] == (["<begun."] if kind is SendUnknown else [])
    if kind is not SendUnknown:
        assert await way.find(WORDS, fetch) is None
        return
    with pytest.raises(SendUnknown):
        await way.find(WORDS, fetch)
    smtp.instead.clear()
    taken = len(smtp.mails)
    with pytest.raises(SendUnknown):
        await way.send(WORDS, fetch)
    assert len(smtp.mails) == taken


async def test_silence_ends(
    smtp: smtp_standin.StandIn, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "_TAKING", 0.05)
    smtp.instead["."] = b""
    with pytest.raises(SendUnknown):
        await channel(smtp).send(WORDS, fetch)
    monkeypatch.setattr(submission, "_DEADLINE", 0.05)
    smtp.instead = {"RCPT": b"250-"}
    with pytest.raises(SendLater, match="within 0"):
        await channel(smtp).send(WORDS, fetch)


async def test_one_address_that_is_refused_keeps_all_from_it(
    smtp: smtp_standin.StandIn, fetch: Fetcher
) -> None:
    way = channel(smtp, to="a@list.test,b@list.test")
    smtp.instead["RCPT"] = b"550 no\r\n"
    with pytest.raises(SendRefused):
        await way.send(Outgoing(key="k", text="We know.", first_try_at=NOW), fetch)
    assert smtp.mails == []


async def test_nobody_answers_there(fetch: Fetcher) -> None:
    options = {"smtp": "127.0.0.1:1", "handle": "help@acme.test", "private": True}
    way = make("mail", "help", options, token=SECRET, clock=ManualClock(NOW))
    for attempt in (way.prepare(fetch), way.send(WORDS, fetch)):
        with pytest.raises(SendLater):
            await attempt


async def test_the_size_that_a_server_takes(smtp: smtp_standin.StandIn, fetch: Fetcher) -> None:
    smtp.abilities = (b"standin", b"SIZE 2000", b"AUTH PLAIN")
    way = channel(smtp)
    await way.prepare(fetch)
    with pytest.raises(SendRefused, match="2000 bytes"):
        await way.send(msgspec.structs.replace(WORDS, text="x" * 2000), fetch)
    assert way.measure("x" * 99999).fits


async def test_ways_to_log_in(smtp: smtp_standin.StandIn, fetch: Fetcher) -> None:
    smtp.abilities = (b"standin", b"AUTH=LOGIN")
    await channel(smtp).send(WORDS, fetch)
    assert smtp.told[1:4] == ["AUTH LOGIN", "aGVscEBhY21lLnRlc3Q=", "Y2FuYXJ5LW1haWwtcGFzc3dvcmQ="]
    smtp.abilities = (b"standin", b"AUTH CRAM-MD5")
    with pytest.raises(SendLater, match="offers no login"):
        await channel(smtp).send(WORDS, fetch)
    smtp.abilities = (b"standin",)  # a relay of one's own network
    await channel(smtp).send(WORDS, fetch)
    assert len(smtp.mails) == 2


async def test_the_password_is_nowhere_else(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn, fetch: Fetcher
) -> None:
    packed = "AGhlbHBAYWNtZS50ZXN0AGNhbmFyeS1tYWlsLXBhc3N3b3Jk"
    way = channel(smtp, sent)
    for command in ("AUTH", "MAIL", "."):
        smtp.instead = {command: f"550 {SECRET} {packed}\r\n".encode()}
        with pytest.raises(SendRefused) as caught:
            await way.send(WORDS, fetch)
        told = "".join(traceback.format_exception(caught.value))
        assert SECRET not in told
        assert packed not in told
    smtp.instead = {}
    sent.instead["AUTHENTICATE"] = f" NO [{SECRET}] {packed}\r\n".encode()
    with pytest.raises(SendLater) as later:
        await way.send(WORDS, fetch)
    told = "".join(traceback.format_exception(later.value))
    assert SECRET not in told
    assert packed not in told
    assert SECRET not in repr(vars(way))


async def test_a_login_that_is_refused_is_tried_with_a_new_password(
    smtp: smtp_standin.StandIn, fetch: Fetcher
) -> None:
    options = {"smtp": smtp.host, "handle": "help@acme.test", "private": True}
    clock, passwords = ManualClock(NOW), ["fresh", "stale"]

    def ask() -> str:
        smtp.instead = {"AUTH": b"535 no\r\n"} if len(passwords) == 2 else {}
        return passwords.pop()

    way = Renewing(
        ask, lambda token: make("mail", "help", options, token=token, clock=clock), clock
    )
    await way.send(WORDS, fetch)
    assert (passwords, len(smtp.mails)) == ([], 1)


async def test_mail_is_not_taken_back(smtp: smtp_standin.StandIn, fetch: Fetcher) -> None:
    with pytest.raises(SendRefused, match="cannot be taken back"):
        await channel(smtp).retract(Receipt("1@acme.test"), fetch)
    assert channel(smtp).limits.retracts is False


@pytest.mark.parametrize(
    ("options", "token", "message"),
    [
        ({}, SECRET, "smtp"),
        ({"smtp": "mail.test"}, SECRET, "handle"),
        ({"smtp": "mail.test", "handle": "help@acme.test"}, "", "password"),
        ({"smtp": "mail.test", "handle": "help"}, SECRET, "written like"),
        ({"smtp": "mail.test", "handle": "help@a.de", "to": "x"}, SECRET, "written like"),
        ({"smtp": "mail.test", "handle": "help@a.de", "app": "x"}, SECRET, "unknown field"),
    ],
)
def test_options(options: dict[str, str], token: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        make("mail", "help", options, token=token, clock=ManualClock(NOW))
