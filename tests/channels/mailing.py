"""What the tests of the mail channel stand on."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

from standins import sent as sent_standin
from standins import smtp as smtp_standin

from crisisroom.channels import Outgoing, make
from crisisroom.channels.mail import MailChannel
from crisisroom.clock import ManualClock

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SECRET = "canary-mail-password"
TEXT = "Dear Pat,\n\nwe know: größer 👩‍🚒 & more.\n.\nFrom here on\nit is fixed."
WORDS = Outgoing(
    key="k1",
    text=TEXT,
    first_try_at=NOW,
    in_reply_to="1234@fans.test",
    to="pat@fans.test",
    title="Wo ist mein Päckchen",
    language="de",
)


def channel(
    smtp: smtp_standin.StandIn, sent: sent_standin.StandIn | None = None, **more: object
) -> MailChannel:
    options = {"smtp": smtp.host, "handle": "help@acme.test", "private": True}
    if sent:
        options["host"] = sent.host
    made = make("mail", "help", {**options, **more}, token=SECRET, clock=ManualClock(NOW))
    assert isinstance(made, MailChannel)
    return made


def parsed(data: bytes) -> EmailMessage:
    mail = email.message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def words_in(mail: EmailMessage) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")
