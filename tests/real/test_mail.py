"""What people write to us is in the room within moments, once, and their thread is one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from real.program import Program
from real.servers.base import wait_until
from real.servers.mail import MailServer

AT_ONCE = timedelta(seconds=2)


def _listens(program: Program, mail: MailServer, every: int = 3600) -> None:
    secret = program.folder / "mail-password"
    secret.write_text(mail.password)
    secret.chmod(0o600)
    host, user = json.dumps(mail.host), json.dumps(mail.user)
    program.accounts.append(
        f"{{id: help, type: mail, host: {host}, handle: {user}, private: yes,"
        f" token_file: mail-password, ca_file: {json.dumps(str(mail.ca_file))}}}"
    )
    program.listens_to("inbox", "type: mail, account: help", every)
    program.configure()


def test_a_mail_is_there_at_once_and_once(program: Program, mail: MailServer) -> None:
    _listens(program, mail)
    with program.watching():
        wait_until(lambda: program.source("inbox")["state"] == "ok", "the only poll")
        wait_until(mail.idles, "the program to wait for mail")
        sent = datetime.now(UTC)
        mail.write("At once", "the app charged me twice\n\n-- \nPat\n")
        found = program.wait_for("charged me twice")
    assert datetime.fromisoformat(found["seen_at"]) - sent < AT_ONCE
    assert found["text"] == "At once\n\nthe app charged me twice"
    assert (found["kind"], found["author"]["handle"]) == ("mail", "pat@fans.test")
    program.run("watch", "--once")  # a poll sees what the stream has brought
    assert len(program.mentions("At once")) == 1
    assert not any("Seen" in flags for flags in mail.flags())


def test_a_thread_is_one_after_our_answer(program: Program, mail: MailServer) -> None:
    _listens(program, mail)
    first = mail.write("Where is my parcel", "it has been two weeks")
    ours = EmailMessage()
    said = {"From": mail.user, "To": "pat@fans.test", "In-Reply-To": first, "References": first}
    for name, value in {**said, "Message-ID": "<ours@acme.test>", "Subject": "Re: Where"}.items():
        ours[name] = value
    ours.set_content("we are looking into it")
    mail.send(ours)  # a copy to ourselves, as many programs keep one
    mail.write(
        "Re: Where is my parcel",
        "still nothing\n\nOn Sunday, Acme wrote:\n> we are looking into it\n",
        In_Reply_To="<ours@acme.test>",
        References=f"{first} <ours@acme.test>",
    )
    program.run("watch", "--once")
    question, again = program.mentions("Where is my parcel")
    assert again["text"] == "Re: Where is my parcel\n\nstill nothing"
    assert again["reply_to"] == question["external_id"] == first.strip("<>")
    assert program.mentions("looking into it") == []


def test_numbers_counted_anew_bring_nothing_twice(program: Program, mail: MailServer) -> None:
    _listens(program, mail)
    mail.write("Before the move", "one")
    program.run("watch", "--once")
    mail.number_anew()
    mail.write("After the move", "two")
    program.run("watch", "--once")
    assert len(program.mentions("Before the move")) == 1
    assert len(program.mentions("After the move")) == 1


def test_an_outage_loses_nothing(program: Program, mail: MailServer) -> None:
    _listens(program, mail, every=2)
    with program.watching():
        wait_until(lambda: program.source("inbox")["state"] == "ok", "a first poll")
        mail.stop()
        try:
            wait_until(lambda: program.source("inbox")["state"] == "failing", "the outage to show")
            mail.write("While it was down", "delivered, and nobody could look")
        finally:
            mail.start()
        program.wait_for("While it was down")
        wait_until(lambda: program.source("inbox")["state"] == "ok", "the source to recover")
    assert len(program.mentions("While it was down")) == 1


def test_a_certificate_nobody_vouches_for_gets_no_password(
    program: Program, mail: MailServer
) -> None:
    _listens(program, mail)
    program.accounts[0] = program.accounts[0].partition(", ca_file")[0] + "}"
    program.configure()
    program.run("watch", "--once", codes=(0, 1, 3))
    assert "certificate" in program.source("inbox")["reason"]
