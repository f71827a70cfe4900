"""Dovecot's IMAP with IDLE, fed by an SMTP server: the mailbox help@acme.test."""

from __future__ import annotations

import imaplib
import shutil
import smtplib
from email.message import EmailMessage
from typing import ClassVar
from uuid import uuid4

from real.servers import install
from real.servers.base import (
    Daemon,
    Privileges,
    Server,
    accepts,
    free_port,
    run,
    wait_until,
)

SMTP = "aiosmtpd==1.4.6"
_NOBODY = 65534
_CERTIFICATE = "openssl req -x509 -newkey rsa:2048 -nodes -days 2"
_CONFIG = """\
base_dir = {state}/run
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{state}/cert.pem
ssl_key = <{state}/key.pem
verbose_proctitle = yes
disable_plaintext_auth = no
log_path = {state}/log
mail_location = maildir:{state}/help/Maildir
passdb {{
  driver = passwd-file
  args = {state}/users
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home={state}/help
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
first_valid_uid = 1
"""


class MailServer(Server):
    """One mailbox over IMAP, with TLS begun by STARTTLS; `send` puts a mail into it by SMTP."""

    name: ClassVar[str] = "mail"
    user: ClassVar[str] = "help@acme.test"
    password: ClassVar[str] = "pw-help"

    def __init__(self) -> None:
        super().__init__()
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.ca_file = self.state / "cert.pem"
        self._smtp_port = free_port()
        self._smtp: Daemon | None = None

    @classmethod
    def install(cls) -> None:
        install.apt("dovecot-imapd")
        install.require_root("Dovecot with a mailbox of its own")
        install.venv(SMTP, "aiosmtpd")

    def prepare(self) -> Daemon:
        home = self.state / "help"
        if not home.exists():
            for folder in ("", "Maildir", "Maildir/cur", "Maildir/new", "Maildir/tmp"):
                (home / folder).mkdir()
                shutil.chown(home / folder, _NOBODY, _NOBODY)
            (self.state / "run").mkdir()
            names = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
            files = f"-keyout {self.state}/key.pem -out {self.ca_file}"
            run([*_CERTIFICATE.split(), *names.split(), *files.split()])
            (self.state / "users").write_text(f"{self.user}:{{PLAIN}}{self.password}::::\n")
            config = _CONFIG.format(state=self.state, nobody=_NOBODY, port=self.port)
            (self.state / "dovecot.conf").write_text(config)
        self._smtp = self._smtp or self._start_smtp()
        argv = ["dovecot", "-F", "-c", str(self.state / "dovecot.conf")]
        return Daemon(argv, self.log)

    def _start_smtp(self) -> Daemon:
        listen = f"127.0.0.1:{self._smtp_port}"
        handler = ("aiosmtpd.handlers.Mailbox", str(self.state / "help" / "Maildir"))
        argv = [str(install.venv(SMTP, "aiosmtpd")), "-n", "-l", listen, "-c", *handler]
        smtp = Daemon(argv, self.log, privileges=Privileges(nobody=True))
        smtp.start()
        return smtp

    def ready(self) -> bool:
        return accepts("127.0.0.1", self.port) and accepts("127.0.0.1", self._smtp_port)

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.stop()
        super().close()

    def send(self, message: EmailMessage) -> None:
        """Deliver a mail."""
        with smtplib.SMTP("127.0.0.1", self._smtp_port, timeout=20) as smtp:
            smtp.send_message(message, message["From"], [self.user])

    def write(self, subject: str, text: str, **headers: str) -> str:
        """A stranger writes; returns the mail's id. A `_` in a header stands for a dash."""
        message = EmailMessage()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        id_ = f"<{uuid4().hex}@fans.test>"
        whole = {"From": "Pat Doe <pat@fans.test>", "To": self.user, "Message-ID": id_} | given
        for name, value in {**whole, "Subject": subject}.items():
            message[name] = value
        message.set_content(text)
        self.send(message)
        return str(message["Message-ID"])

    def flags(self) -> list[str]:
        """The flags of every message, as another program that reads the mailbox sees them."""
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            box.login(self.user, self.password)
            box.select("INBOX", readonly=True)
            _, found = box.fetch("1:*", "(FLAGS)")
            return [one.decode() for one in found if isinstance(one, bytes)]
        finally:
            box.logout()

    def idles(self) -> bool:
        """Whether somebody waits for mail, as the server shows it in its process names."""
        names = run(["ps", "-eo", "args"])
        return f"{self.user} 127.0.0.1 IDLE" in names

    def number_anew(self) -> None:
        """Forget the numbers of the messages, as after a move to another server."""
        self.stop()
        for index in (self.state / "help" / "Maildir").glob("dovecot*"):
            index.unlink()
        self.start()
        wait_until(self.ready, "Dovecot after numbering anew")
