"""Mail: an answer in its thread, or a statement to a list; once, and in doubt never again.

SMTP cannot be asked whether a mail went out, and a repeat is a second mail. Where the account has
its mailbox (`host`), the folder of sent mail keeps the evidence: see `mail.filing`. What fails:
up to the last dot nothing is out (a no for good is refused, else later); the dot's own answer is
certain (4xx later, 5xx refused); no answer to the dot is unknown. Mail cannot be taken back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
    lengths,
    options_as,
    outcome,
)
from crisisroom.core.errors import Refused
from crisisroom.mail.filing import Filing, filing
from crisisroom.mail.letter import Letter
from crisisroom.mail.login import TLS_PORT, Login
from crisisroom.mail.submission import USUAL_PORT, Door, Submission, handing_in
from crisisroom.wire.answer import FetchError
from crisisroom.wire.smtp import Denied, address_flaw, addresses_of, sender_of

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_GREYLISTED = 120.0  # seconds after a no for now: a server that tries newcomers wants minutes
_CREDIBLE = timedelta(days=1)  # how long nobody tidies away what was just sent
_NOTE = (
    "This note stands here while a mail is being sent. If it stays, nobody knows whether the mail"
    " went out: the outbox asks a person.\n"
)
_TITLE = 78  # characters of a statement's first line that make its subject, where it has none


class MailChannelOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mail account may say: the servers, who logs in, who writes, and to which list."""

    smtp: str
    handle: str
    host: str = ""
    sender: str = ""
    to: str = ""
    private: bool = False
    ca_file: str = ""


class MailChannel:
    """One account that sends; what it takes is known once `prepare` has logged in."""

    kind = "mail"
    repeats: Repeats = "never"
    wait = 0.0
    limits = Limits()

    def __init__(
        self, channel_id: str, options: MailChannelOptions, token: str, clock: Clock
    ) -> None:
        self.id = channel_id
        self._clock = clock
        self._sender, self._list = _people(channel_id, options)
        self._door = _door(options, token)
        self._login = _login(options, token)
        self._most: int | None = None  # bytes of one mail, 0 for no limit

    def measure(self, text: str) -> Measure:
        """Count characters as a reader sees them: a mail is as long as it is."""
        return lengths.plain(text)

    async def prepare(self, fetch: Fetcher) -> None:
        """Log in, once, and learn how large a mail may be; SendRefused or SendLater."""
        if self._most is None:
            with _nothing_out():
                async with handing_in(self._door, fetch) as way:
                    self._most = way.size

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Send one mail; SendRefused, SendLater or SendUnknown."""
        letter = self._letter(words)
        mail = _encoded(self.id, letter)
        if self._most and len(mail) > self._most:
            raise SendRefused(f"{self.id}: the server takes mails of {self._most} bytes at most")
        async with AsyncExitStack() as stack:
            with _nothing_out():
                way = await stack.enter_async_context(handing_in(self._door, fetch))
                await way.address(sender_of(letter.sender)[1], letter.to, len(mail))
                filed = await self._filed(stack, fetch)
                if filed and await _is_out(filed, letter):
                    return Receipt(letter.id)
                await way.hand_over(mail)
                if filed:
                    await _noted(filed, letter)
            await _committed(way, filed, letter)
            if filed:
                with suppress(FetchError, OSError):  # it is out, with a copy or without
                    await _kept(filed, letter, mail)
        return Receipt(letter.id)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look into the folder of sent mail; SendUnknown without one, and where only a note is."""
        if self._login is None:
            raise SendUnknown(f"{self.id}: mail cannot be looked up without host: in its account")
        if self._clock.now() - words.first_try_at > _CREDIBLE:
            raise SendUnknown(f"{self.id}: too long ago for what its mailbox still holds")
        letter = self._letter(words)
        try:
            async with filing(self._login, fetch) as filed:
                out = await _is_out(filed, letter)
        except FetchError as error:
            raise SendUnknown(outcome.in_words(error, "could not look")) from error
        return Receipt(letter.id) if out else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Refuse, always: what was mailed stays with who has it."""
        raise SendRefused(f"{self.id}: mail cannot be taken back: write a correction")

    async def _filed(self, stack: AsyncExitStack, fetch: Fetcher) -> Filing | None:
        """Open the folder of sent mail; None where the account has no mailbox."""
        if self._login is None:
            return None
        return await stack.enter_async_context(filing(self._login, fetch))

    def _letter(self, words: Outgoing) -> Letter:
        """Return the mail that these words are; SendRefused where nobody is named to get it."""
        answers = bool(words.in_reply_to or words.to)
        if words.to and address_flaw(words.to):
            raise SendRefused(f"{self.id}: who wrote that has no mail address: answer by hand")
        to = (words.to,) if words.to else () if answers else self._list
        if not to:
            missing = "nobody to answer" if answers else "no list: add to: to its account"
            raise SendRefused(f"{self.id}: {missing}")
        digest = hashlib.sha256(f"{self.id}\0{words.key}".encode()).hexdigest()[:40]
        return Letter(
            id=f"{digest}@{sender_of(self._sender)[1].partition('@')[2]}",
            sender=self._sender,
            to=to,
            title=words.title or ("" if answers else _first_line(words.text)),
            text=words.text,
            at=words.first_try_at,
            answers=words.in_reply_to,
            language=words.language,
        )


def make(channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock) -> MailChannel:
    """Build a mail channel from its options and the account's password; Refused without one."""
    chosen = options_as(MailChannelOptions, channel_id, options)
    if not (chosen.smtp and chosen.handle and token):
        message = f"channel {channel_id}: mail needs its account's smtp, handle and password"
        raise Refused("bad-channel", message, "set smtp, handle, and token_env or token_file")
    return MailChannel(channel_id, chosen, token, clock)


def _people(channel_id: str, options: MailChannelOptions) -> tuple[str, tuple[str, ...]]:
    """Return who writes, and the list that statements go to."""
    sender = options.sender or options.handle
    try:
        sender_of(sender)
        return sender, addresses_of(options.to)
    except ValueError as error:
        message = f"channel {channel_id}: {error}"
        raise Refused("bad-channel", message, "check sender: and to: of its account") from error


def _door(options: MailChannelOptions, token: str) -> Door:
    host, _, port = options.smtp.partition(":")
    where = (host, int(port or USUAL_PORT))
    return Door(*where, options.handle, token, options.private, options.ca_file)


def _login(options: MailChannelOptions, token: str) -> Login | None:
    host, _, port = options.host.partition(":")
    if not host:
        return None
    where = (host, int(port or TLS_PORT))
    login = Login(*where, options.handle, token)
    return replace(login, private=options.private, ca_file=options.ca_file)


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"


def _encoded(channel_id: str, letter: Letter) -> bytes:
    try:
        return letter.encoded()
    except ValueError as error:
        raise SendRefused(f"{channel_id}: no mail can be made of this: {error}") from error


@contextmanager
def _nothing_out() -> Iterator[None]:
    """Say what it means that something failed before the last dot of a mail."""
    try:
        yield
    except Denied as no:
        raise _denied(no) from no
    except FetchError as error:
        raise outcome.not_asked(error) from error
    except OSError as error:
        raise SendLater(f"the connection broke: {type(error).__name__}", outcome.AGAIN) from error


def _denied(no: Denied) -> SendFailure:
    return SendRefused(no.message) if no.reply.final else SendLater(no.message, _GREYLISTED)


async def _committed(way: Submission, filed: Filing | None, letter: Letter) -> None:
    """Send the last dot; a note stays only where nobody knows."""
    try:
        await way.commit()
    except Denied as no:
        await _unnoted(filed, letter)
        raise _denied(no) from no
    except (FetchError, OSError) as error:
        message = f"{way.door.host}: no certain answer to a whole mail"
        if way.doubtful:
            raise SendUnknown(message) from error
        await _unnoted(filed, letter)
        raise SendLater(message, outcome.AGAIN) from error


def _note_id(letter: Letter) -> str:
    return f"begun.{letter.id}"


async def _is_out(filed: Filing, letter: Letter) -> bool:
    """Tell whether the mail went out already; SendUnknown where it may have."""
    evidence = await filed.evidence(letter.id, _note_id(letter))
    if evidence == "begun":
        raise SendUnknown("the mailbox only has the note of a try: ask who should have it")
    return evidence == "sent"


async def _noted(filed: Filing, letter: Letter) -> None:
    """Put the note of a try, and see that it stands there: it is evidence only then."""
    note = Letter(
        id=_note_id(letter),
        sender=letter.sender,
        to=(sender_of(letter.sender)[1],),
        title=f"Being sent: {letter.title}",
        text=_NOTE,
        at=letter.at,
    )
    await filed.put(note.encoded())
    if await filed.evidence(letter.id, note.id) == "absent":
        raise FetchError("protocol", "the mailbox does not find what was just put into it")


async def _unnoted(filed: Filing | None, letter: Letter) -> None:
    if filed:
        with suppress(FetchError, OSError):  # a note that stays is doubt, and doubt is safe
            await filed.take_out(_note_id(letter))


async def _kept(filed: Filing, letter: Letter, mail: bytes) -> None:
    """Keep a copy of what is out, unless the server has done so itself, and take out the note."""
    if await filed.evidence(letter.id, _note_id(letter)) != "sent":
        await filed.put(mail)
    await filed.take_out(_note_id(letter))
