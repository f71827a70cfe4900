"""What the folder of sent mail says about a try, and when nothing goes out for want of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from channels.mailing import NOW, WORDS, channel
from standins import sent as sent_standin
from standins import smtp as smtp_standin

from crisisroom.channels import SendLater, SendUnknown
from crisisroom.fetch import Fetcher


@pytest.fixture
async def smtp() -> AsyncIterator[smtp_standin.StandIn]:
    async with smtp_standin.standing() as server:
        yield server


@pytest.fixture
async def sent() -> AsyncIterator[sent_standin.StandIn]:
    async with sent_standin.standing() as server:
        yield server


async def test_a_copy_is_kept_and_found(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn, fetch: Fetcher
) -> None:
    way = channel(smtp, sent)
    assert await way.find(WORDS, fetch) is None
    receipt = await way.send(WORDS, fetch)
    assert sent.ids == [f"<{receipt.remote_id}>"]
    assert list(sent.mails.values()) == smtp.mails
    assert 'SELECT "Gesendet"' in sent.asked
    assert await way.find(WORDS, fetch) == receipt
    assert await way.send(WORDS, fetch) == receipt
    assert len(smtp.mails) == 1


async def test_a_server_that_keeps_copies_itself_resolves_the_doubt(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn, fetch: Fetcher
) -> None:
    smtp.instead["."] = None
    way = channel(smtp, sent)
    with pytest.raises(SendUnknown):
        await way.send(WORDS, fetch)
    sent.put(smtp.mails[0])
    assert await way.find(WORDS, fetch) is not None


async def test_without_a_mailbox_nothing_is_known(
    smtp: smtp_standin.StandIn, fetch: Fetcher
) -> None:
    await channel(smtp).send(WORDS, fetch)
    with pytest.raises(SendUnknown, match="without host"):
        await channel(smtp).find(WORDS, fetch)


async def test_an_old_try_is_not_concluded_from(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn, fetch: Fetcher
) -> None:
    old = msgspec.structs.replace(WORDS, first_try_at=NOW - timedelta(days=2))
    with pytest.raises(SendUnknown, match="too long ago"):
        await channel(smtp, sent).find(old, fetch)


@pytest.mark.parametrize("command", ["LIST", "SELECT", "APPEND", "UID", "AUTHENTICATE"])
@pytest.mark.parametrize("said", [b" NO [OVERQUOTA] full\r\n", None])
async def test_nothing_goes_out_without_its_note(
    smtp: smtp_standin.StandIn,
    sent: sent_standin.StandIn,
    fetch: Fetcher,
    command: str,
    said: bytes | None,
) -> None:
    sent.instead[command] = said
    with pytest.raises(SendLater):
        await channel(smtp, sent).send(WORDS, fetch)
    assert smtp.mails == []
    sent.instead = {"UID" if command == "APPEND" else command: said}
    with pytest.raises(SendUnknown):
        await channel(smtp, sent).find(WORDS, fetch)


async def test_a_mailbox_that_finds_nothing_is_no_evidence(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn, fetch: Fetcher
) -> None:
    sent.blind = True
    with pytest.raises(SendLater, match="does not find"):
        await channel(smtp, sent).send(WORDS, fetch)
    assert smtp.mails == []


@pytest.mark.parametrize(
    ("folders", "chosen"),
    [
        ((b'() "/" INBOX', b'() "/" "Sent Items"'), 'SELECT "Sent Items"'),
        ((b'() "." INBOX', b'() "." INBOX.Sent'), 'SELECT "INBOX.Sent"'),
        ((b'() "/" Sent', b'(\\HasNoChildren \\Sent) "/" Other'), 'SELECT "Other"'),
        ((b'() "/" INBOX', b"x", b'() "/" NIL', b'() "/" "b\xffd"'), 'CREATE "Sent"'),
    ],
)
async def test_which_folder(
    smtp: smtp_standin.StandIn,
    sent: sent_standin.StandIn,
    fetch: Fetcher,
    folders: tuple[bytes, ...],
    chosen: str,
) -> None:
    sent.folders = folders
    await channel(smtp, sent).send(WORDS, fetch)
    assert chosen in sent.asked


async def test_without_uidplus_nothing_else_is_expunged(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn, fetch: Fetcher
) -> None:
    sent.abilities = b"IMAP4rev1 AUTH=PLAIN"
    receipt = await channel(smtp, sent).send(WORDS, fetch)
    assert sent.ids == [f"<{receipt.remote_id}>"]
    assert not any("EXPUNGE" in one for one in sent.asked)
