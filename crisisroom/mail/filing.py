"""The folder of what we sent, as evidence: what is in it says what may be tried again.

SMTP cannot be asked whether a mail went out. So a note stands in the folder before the last dot of
a mail goes, and the mail itself after it was taken; the note then goes. Neither there: the dot was
never sent. The mail there, put by us or by a server that keeps copies itself: it is out. Only a
note: nobody knows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crisisroom.mail.mailbox import Mailbox, entered
from crisisroom.wire.imap import Reply, Value, quoted

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher
    from crisisroom.mail.login import Login

Evidence = Literal["absent", "begun", "sent"]
_USUAL = ("sent", "sent items", "sent messages", "sent mail", "inbox.sent")
_OWN = "Sent"


@dataclass(slots=True)
class Filing:
    """The open folder of sent mail; a mail is known by its id, a note by an id of its own."""

    _box: Mailbox
    _folder: str  # as IMAP writes it, in quotes

    async def evidence(self, mail_id: str, note_id: str) -> Evidence:
        """Say what the folder knows about a mail."""
        await self._box.ask("NOOP")  # what came since the folder was opened counts too
        if await self._numbers(mail_id):
            return "sent"
        return "begun" if await self._numbers(note_id) else "absent"

    async def put(self, mail: bytes) -> None:
        """Put a mail or a note into the folder, as read."""
        await self._box.ask(f"APPEND {self._folder} (\\Seen) {{{len(mail)}}}", then=mail)

    async def take_out(self, note_id: str) -> None:
        """Take a note out again; nothing else that waits for its end is touched."""
        if not (numbers := await self._numbers(note_id)):
            return
        named = ",".join(map(str, numbers))
        await self._box.ask(f"UID STORE {named} +FLAGS.SILENT (\\Deleted)")
        if "UIDPLUS" in self._box.abilities:
            await self._box.ask(f"UID EXPUNGE {named}")

    async def _numbers(self, id_: str) -> list[int]:
        return await self._box.search(f"UNDELETED HEADER Message-ID {quoted(f'<{id_}>')}")


@asynccontextmanager
async def filing(login: Login, fetch: Fetcher) -> AsyncIterator[Filing]:
    """Open the folder of sent mail, made where there is none; FetchError says why it cannot be."""
    async with entered(login, fetch) as box:
        folder = _sent_among(await box.ask('LIST "" "*"'))
        if not folder:
            folder = quoted(_OWN)
            await box.ask(f"CREATE {folder}")
        await box.ask(f"SELECT {folder}")
        yield Filing(box, folder)


def _sent_among(replies: Sequence[Reply]) -> str:
    """Return the folder that the server marks as that of sent mail, or else one of a usual name."""
    named: dict[str, str] = {}
    for reply in replies:
        if reply.name != "LIST" or len(reply.values) < 4:
            continue
        name = _name(reply.values[3])
        if name is None:
            continue
        marks = reply.values[1] if isinstance(reply.values[1], list) else []
        if any(isinstance(mark, str) and mark.lower() == "\\sent" for mark in marks):
            return name
        named.setdefault(name.strip('"').lower(), name)
    return next((named[usual] for usual in _USUAL if usual in named), "")


def _name(value: Value) -> str | None:
    """Return a folder's name in quotes; None for what is no plain name."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
    try:
        return quoted(text) if isinstance(text, str) else None
    except ValueError:
        return None
