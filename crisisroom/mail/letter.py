"""A mail as it is handed in: its words to the letter, its headers on lines of their own."""

from __future__ import annotations

import quopri
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from crisisroom.wire.smtp import addresses_of, sender_of

_LONGEST_TITLE = 200  # characters
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}")  # no brackets, no white space
_WHOLE = frozenset({"message-id", "in-reply-to", "references"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_SUBJECT = "Subject"
_NO_ID = "sha256:"  # how the source calls a mail that came without an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is written to whom; ids stand without their brackets, `answers` may be empty."""

    id: str
    sender: str
    to: tuple[str, ...]
    title: str
    text: str
    at: datetime
    answers: str = ""
    language: str = ""

    def encoded(self) -> bytes:
        """Return the mail as bytes, the same for the same letter; ValueError for what is none."""
        if _CONTROL.search(self.text):
            raise ValueError("the text has control characters")
        mail = EmailMessage(policy=_POLICY)
        name, address = sender_of(self.sender)
        mail["From"] = Address(name, addr_spec=address)
        mail["To"] = [Address(addr_spec=one) for one in addresses_of(",".join(self.to))]
        mail[_SUBJECT] = self._title()
        mail["Date"] = format_datetime(self.at)
        mail["Message-ID"] = f"<{_checked(self.id)}>"
        if self.answers and not self.answers.startswith(_NO_ID):
            mail["In-Reply-To"] = mail["References"] = f"<{_checked(self.answers)}>"
        if _LANGUAGE.fullmatch(self.language):
            mail["Content-Language"] = self.language
        mail["MIME-Version"] = "1.0"
        mail["Content-Type"] = 'text/plain; charset="utf-8"'
        mail["Content-Transfer-Encoding"] = "quoted-printable"
        mail.set_payload(_body(self.text))
        return mail.as_bytes()

    def _title(self) -> str:
        """Return the subject: on one line, marked as an answer where it is one."""
        said = " ".join(_UNSEEN.sub(" ", self.title).split())
        if len(said) > _LONGEST_TITLE:
            said = f"{said[: _LONGEST_TITLE - 1]}…"
        if not self.answers or said.lower().startswith("re:"):
            return said
        return f"Re: {said}".rstrip()


class _Policy(EmailPolicy):
    """Headers for SMTP; an id stays whole, which the library would encode where it is long.

    Subjects and ids are strangers': the library would decode what looks encoded in them, line
    ends and all, and put those into the mail.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name == _SUBJECT or name.lower() in _WHOLE:
            return name, value
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name == _SUBJECT:
            plain = value.isascii() and "=?" not in value
            header = Header(value, "us-ascii" if plain else "utf-8", header_name=name)
            return f"{name}: {header.encode(linesep=self.linesep)}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")


def _checked(id_: str) -> str:
    if not _ID.fullmatch(id_):
        raise ValueError("that is not the id of a mail")
    return id_


def _body(text: str) -> str:
    """Return the words in quoted-printable: decoded, they are to the letter what was approved."""
    lines = quopri.encodestring(text.replace("\n", "\r\n").encode()).decode("ascii")
    packed = re.sub(r"(?m)^From ", "=46rom ", lines).replace("\r\n", "\n").replace("\n", "\r\n")
    return packed if text.endswith("\n") or not text else f"{packed}=\r\n"
