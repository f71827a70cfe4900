"""A mailbox: what people write to us, by polls and at once where the server can tell (IDLE).

A mail is known by its Message-ID, so nothing stands twice when a server numbers its messages
anew. The text is the subject and the new words; the mail itself stays in the mailbox, unread.
Answers of machines (out of office, bounces) are left out, what went to many is not addressed to
us. A thread is joined to its first mail: what we wrote in between is not in the room.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Author, Incoming
from crisisroom.mail.login import TLS_PORT, Login
from crisisroom.mail.mailbox import Mailbox, opened
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.sources.mail_message import Mail, read_mail
from crisisroom.sources.mail_words import new_words
from crisisroom.wire.dates import clamp, parse

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher
    from crisisroom.wire.imap import Raw

_PAGE = 40  # messages in one poll
_DAY = timedelta(days=1)  # read again where a server counts anew; also of a mailbox that is new


class MailOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mailbox may say: its server, who opens it, and which folder."""

    host: str
    handle: str = ""
    folder: str = "INBOX"
    private: bool = False
    ca_file: str = ""


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a mailbox has been read: its validity, a message's number, and when that was."""

    validity: int = 0
    uid: int = 0
    at: float = 0.0

    def fits(self, box: Mailbox) -> bool:
        """Tell whether the number still means what it did."""
        return bool(self.at) and self.validity == box.validity


class MailSource:
    """One folder of one mailbox."""

    def __init__(self, source_id: str, login: Login, clock: Clock) -> None:
        self.id = source_id
        self._login = login
        self._clock = clock

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Read what came since the last poll, at most forty; of a new mailbox the last day."""
        before = msgspec.convert(cursor, Mark)
        async with opened(self._login, fetch) as box:
            uid = await self._start(before, box)
            found, reached = await box.newer_than(uid)
            page = found[:_PAGE]
            mentions, automatic = [], 0
            async for raw in box.messages(page):
                mail = await asyncio.to_thread(read_mail, raw.data)
                automatic += mail.automatic
                if mention := self._mention(mail, raw):
                    mentions.append(mention)
        after = Mark(box.validity, page[-1] if page else reached, self._clock.now().timestamp())
        more = len(found) > len(page) or reached > uid
        note = f"{automatic} answers of machines left out" if automatic else ""
        return Batch(tuple(mentions), msgspec.to_builtins(after), note, more)

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[Incoming, None]:
        """Yield mails as they come, until the server hangs up; none where it cannot tell."""
        before = msgspec.convert(cursor, Mark)
        async with opened(self._login, fetch) as box:
            if "IDLE" not in box.abilities:
                return
            uid = before.uid if before.fits(box) else box.next - 1
            while True:
                box.news = False
                found, uid = await box.newer_than(uid)
                async for raw in box.messages(found):
                    uid = max(uid, raw.uid)
                    mail = await asyncio.to_thread(read_mail, raw.data)
                    if mention := self._mention(mail, raw):
                        yield mention
                if not found and not box.news:
                    await box.wait()

    async def _start(self, before: Mark, box: Mailbox) -> int:
        """Return the number after which to read."""
        if before.fits(box):
            return before.uid
        now = self._clock.now()
        last = now.fromtimestamp(before.at, now.tzinfo) if before.at else now
        recent = await box.since((min(last, now) - _DAY).date())
        return min(recent, default=box.next) - 1

    def _mention(self, mail: Mail, raw: Raw) -> Incoming | None:
        """Return the mention a mail is; None for our own, a machine's, and empty ones."""
        words = new_words(mail.text)
        text = "\n\n".join(one for one in (mail.subject, words) if one)
        ours = mail.address.casefold() == self._login.user.casefold()
        if mail.automatic or ours or not (text or mail.media):
            return None
        return Incoming(
            text=text,
            source=self.id,
            external_id=mail.id,
            kind="mail",
            author=Author(mail.address, mail.name),
            media=mail.media,
            posted_at=self._posted_at(mail, raw),
            reply_to=mail.thread[0] if mail.thread else "",
            direct=not mail.bulk,
        )

    def _posted_at(self, mail: Mail, raw: Raw) -> datetime | None:
        """Return when our server got it, which nobody outside can claim; else what it says."""
        moment = raw.came_at or parse(mail.date)
        return moment and clamp(moment, self._clock.now())


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> MailSource:
    """Build a mailbox from its options and the account's password; Refused without one."""
    chosen = options_as(MailOptions, source_id, options)
    if not token or not chosen.handle:
        message = f"source {source_id}: a mailbox needs its account's handle and password"
        raise Refused("no-token", message, "set handle, and token_env or token_file")
    host, _, port = chosen.host.partition(":")
    login = Login(
        host,
        int(port or TLS_PORT),
        chosen.handle,
        token,
        chosen.folder or "INBOX",
        chosen.private,
        chosen.ca_file,
    )
    return MailSource(source_id, login, clock)
