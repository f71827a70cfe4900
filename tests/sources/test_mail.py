"""A mailbox against a stand-in: what is new, numbers counted anew, and servers that misbehave."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.mails import mail
from standins import imap as stand_in_imap
from standins.imap import StandIn

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher, FetchError
from crisisroom.mail import mailbox
from crisisroom.sources import make
from crisisroom.sources.mail import MailSource
from crisisroom.wire.imap import folder_name, pairs, quoted, read

PASSWORD = "canary-pw"


@pytest.fixture
async def imap() -> AsyncIterator[StandIn]:
    async with stand_in_imap.standing() as one:
        yield one


def _source(imap: StandIn, clock: ManualClock, **options: Any) -> MailSource:
    given_ = {"host": imap.host, "handle": "help@acme.test", "private": True, **options}
    source = make("mail", "box", given_, clock=clock, token=PASSWORD)
    assert isinstance(source, MailSource)
    return source


def _mails(*numbers: int) -> dict[int, bytes]:
    return {n: mail(b"words %d" % n, id_=b"m%d" % n) for n in numbers}


async def test_what_is_new_since_the_cursor(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(imap, clock)
    imap.messages = _mails(3, 5)
    batch = await source.poll({}, fetch)
    assert [one.external_id for one in batch.mentions] == ["m3@x", "m5@x"]
    first = batch.mentions[0]
    assert (first.text, first.kind, first.direct, first.author.handle) == (
        "s\n\nwords 3", "mail", True, "pat@fans.test",
    )  # fmt: skip
    assert first.posted_at is not None
    assert first.posted_at.isoformat() == "2026-11-22T02:00:00+00:00"
    assert (await source.poll(batch.cursor, fetch)).mentions == ()  # `5:*` names 5 again
    imap.messages |= _mails(8)
    batch = await source.poll(batch.cursor, fetch)
    assert [one.external_id for one in batch.mentions] == ["m8@x"]


async def test_nothing_is_changed_in_the_mailbox(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.messages = _mails(1)
    await _source(imap, clock, folder="Käufer & Co").poll({}, fetch)
    said = [words.partition(" ")[0] for words in imap.asked]
    assert "EXAMINE" in said
    assert not {"SELECT", "STORE", "EXPUNGE", "APPEND", "COPY", "MOVE"} & set(said)
    assert all(".PEEK[" in words for words in imap.asked if "BODY" in words)
    assert 'EXAMINE "K&AOQ-ufer &- Co"' in imap.asked


async def test_numbers_counted_anew_are_read_again_from_the_day_before(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(imap, clock)
    imap.messages = _mails(7, 8)
    batch = await source.poll({}, fetch)
    imap.validity, imap.messages = 8, {1: _mails(8)[8], 2: _mails(9)[9]}
    batch = await source.poll(batch.cursor, fetch)
    assert [one.external_id for one in batch.mentions] == ["m8@x", "m9@x"]  # m8 is known by its id
    assert "UID SEARCH SINCE 21-Nov-2026" in imap.asked
    assert batch.cursor["validity"] == 8


async def test_many_come_in_pages(imap: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    imap.messages = _mails(*range(1, 96))
    source = _source(imap, clock)
    cursor: dict[str, Any] = {}
    ids: list[str] = []
    more = True
    while more:
        batch = await source.poll(cursor, fetch)
        assert len(batch.mentions) <= 40
        ids += [one.external_id for one in batch.mentions]
        cursor, more = batch.cursor, batch.more
    assert ids == [f"m{n}@x" for n in range(1, 96)]


async def test_what_is_no_mention(imap: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    imap.messages = {
        1: mail(b"away", b"Auto-Submitted: auto-replied"),
        2: mail(b"ours").replace(b"pat@fans.test", b"Help@Acme.test"),
        3: mail(b"news", b"List-Id: <l.example>", id_=b"news"),
        4: b"",
    }
    batch = await _source(imap, clock).poll({}, fetch)
    assert [(one.external_id, one.direct) for one in batch.mentions] == [("news@x", False)]
    assert batch.note == "1 answers of machines left out"


async def test_a_thread_is_joined_to_its_first_mail(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.messages = {1: mail(b"x", b"References: <first@x> <ours@acme.test>")}
    (found,) = (await _source(imap, clock).poll({}, fetch)).mentions
    assert found.reply_to == "first@x"


# --- at once --------------------------------------------------------------------------------------


async def test_a_mail_is_told_at_once(imap: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    imap.messages = _mails(1)
    source = _source(imap, clock)
    cursor = (await source.poll({}, fetch)).cursor
    async with aclosing(source.stream(cursor, fetch)) as heard:
        for number in (2, 3):
            imap.messages |= _mails(number)
            imap.push.put_nowait(b"* %d EXISTS\r\n" % number)
            assert (await anext(heard)).external_id == f"m{number}@x"


async def test_idle_is_renewed_and_news_in_between_are_not_lost(
    imap: StandIn, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(mailbox.Mailbox.wait, "__defaults__", (0.01,))
    source = _source(imap, clock)
    async with aclosing(source.stream({}, fetch)) as heard:
        told = asyncio.ensure_future(anext(heard))
        await imap.until(lambda asked: asked.count("DONE") >= 3)
        imap.messages |= _mails(9)  # the server says nothing
        assert (await told).external_id == "m9@x"


async def test_leaving_ends_it_at_once(imap: StandIn, clock: ManualClock, fetch: Fetcher) -> None:
    heard = _source(imap, clock).stream({}, fetch)
    told = asyncio.ensure_future(anext(heard))
    await imap.until(lambda asked: "IDLE" in asked)
    told.cancel()
    with pytest.raises(asyncio.CancelledError):
        await told
    await imap.until(lambda asked: asked[-1].endswith("LOGOUT"))


async def test_a_server_that_cannot_tell_is_only_polled(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.greeting = b"* OK [CAPABILITY IMAP4rev1] hello\r\n"
    imap.instead["CAPABILITY"] = lambda tag, _: f"* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n".encode()
    assert [one async for one in _source(imap, clock).stream({}, fetch)] == []


async def test_a_hang_up_ends_the_stream_with_its_reason(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.push.put_nowait(b"* BYE going down\r\n")
    with pytest.raises(FetchError, match="BYE going down"):
        await anext(_source(imap, clock).stream({}, fetch))


# --- who may not be talked to, and who misbehaves -------------------------------------------------


async def test_the_password_never_goes_in_clear_over_the_internet(
    imap: StandIn, clock: ManualClock
) -> None:
    async def anywhere(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with Fetcher(resolve=anywhere) as fetch:
        with pytest.raises(FetchError, match="a private address"):
            await _source(imap, clock, private=False).poll({}, fetch)
    assert imap.asked == []


async def test_tls_that_is_offered_is_begun_before_the_password_is_said(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hello\r\n"
    with pytest.raises(FetchError) as caught:  # this one cannot after all
        await _source(imap, clock).poll({}, fetch)
    assert caught.value.code in ("tls", "protocol", "timeout")
    assert not any("LOGIN" in one or "AUTHENTICATE" in one for one in imap.asked)


async def test_words_slipped_in_before_tls_are_noticed(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.greeting = b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n"
    imap.instead["STARTTLS"] = lambda tag, _: f"{tag} OK\r\n* PREAUTH come in\r\n".encode()
    with pytest.raises(FetchError, match="before TLS has begun"):
        await _source(imap, clock).poll({}, fetch)


async def test_a_password_beyond_ascii_and_one_refused(
    imap: StandIn, clock: ManualClock, fetch: Fetcher
) -> None:
    imap.greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n"
    imap.instead["AUTHENTICATE"] = b"+ \r\n"
    source = make(
        "mail", "box", {"host": imap.host, "handle": "pät", "private": True},
        clock=clock, token="gehe\u00efm",
    )  # fmt: skip
    task = asyncio.ensure_future(source.poll({}, fetch))
    await imap.until(lambda asked: len(asked) >= 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert b64decode(imap.line).decode() == "\0pät\0gehe\u00efm"
    imap.instead["AUTHENTICATE"] = lambda tag, _: f"{tag} NO [AUTHENTICATIONFAILED] no\r\n".encode()
    with pytest.raises(FetchError, match="AUTHENTICATIONFAILED") as caught:
        await _source(imap, clock).poll({}, fetch)
    assert PASSWORD not in str(caught.value)
    assert caught.value.login


MISBEHAVIOUR: list[tuple[str, str, bytes]] = [
    ("greeting", "400 Bad Request", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ("greeting", "BYE full", b"* BYE full\r\n"),
    ("EXAMINE", "a line without an end", b"* " + b"x" * (1 << 20)),
    ("EXAMINE", "hung up", b""),
    ("UID SEARCH", "a literal of", b"* SEARCH {99999999}\r\n"),
    ("UID FETCH", "a literal of", b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n"),
    ("UID FETCH", "nested too deeply", b"* 1 FETCH " + b"(" * 100 + b"\r\n"),
    ("UID FETCH", "more than 10000 answers", b"* 1 FETCH (UID 1)\r\n" * 11_000),
    ("UID SEARCH", "without its tag", b"\r\n"),
    ("UID SEARCH", "without its tag", b'"quoted"\r\n'),
]


@pytest.mark.parametrize(
    ("where", "why", "said"), MISBEHAVIOUR, ids=[f"{one[0]}: {one[1]}" for one in MISBEHAVIOUR]
)
async def test_misbehaviour(
    imap: StandIn, clock: ManualClock, fetch: Fetcher, where: str, why: str, said: bytes
) -> None:
    imap.messages = _mails(1)

    def hang_up(_tag: str, _words: str) -> bytes:
        raise ConnectionResetError

    if where == "greeting":
        imap.greeting = said
    else:
        imap.instead[where] = said or hang_up
    with pytest.raises(FetchError, match=why):
        await _source(imap, clock).poll({}, fetch)


async def test_silence_ends_in_time(
    imap: StandIn, clock: ManualClock, fetch: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "_DEADLINE", 0.05)
    imap.instead["UID SEARCH"] = lambda *_: b"* 1 EXISTS\r\n"
    with pytest.raises(FetchError, match="no answer to UID within"):
        await _source(imap, clock).poll({}, fetch)


def test_a_mailbox_needs_its_password(clock: ManualClock) -> None:
    with pytest.raises(Refused, match="handle and password"):
        make("mail", "box", {"host": "mail.example", "handle": "a"}, clock=clock)


# --- the responses --------------------------------------------------------------------------------


def test_reading_responses() -> None:
    reply = read([b'* 3 FETCH (UID 7 FLAGS () X "a \\"b\\"" BODY[]<0> {3}', b"a)(", b")"])
    assert (reply.name, reply.number) == ("FETCH", 3)
    assert dict(pairs(reply)) == {"UID": "7", "FLAGS": [], "X": b'a "b"', "BODY[]<0>": b"a)("}
    said = read([b"* OK [UIDVALIDITY 7] it's \"fine"])
    assert (said.name, said.code) == ("OK", ("UIDVALIDITY", "7"))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
def test_any_response(parts: list[bytes]) -> None:
    try:
        reply = read(parts)
    except FetchError:
        return
    assert reply.tag
    assert isinstance((reply.name, reply.number, reply.code, list(pairs(reply))), tuple)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_what_is_quoted_is_read(text: str) -> None:
    assert read([f"* X {quoted(text)}".encode()]).values[1] == text.encode()


@given(st.text(max_size=20))
def test_any_folder_can_be_named(name: str) -> None:
    if name.isprintable() or not name:
        assert folder_name(name).isascii()
