"""The mailbox of `mail`, and beside it an SMTP server that sends for who logs in over TLS."""

from __future__ import annotations

import mailbox
import sys
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import ClassVar

from real.servers import install
from real.servers.base import Daemon, accepts, free_port, wait_until
from real.servers.mail import SMTP, MailServer

_SCRIPT = Path(__file__).parent / "mailhost" / "submission.py"


class MailHost(MailServer):
    """Sends what `user` hands in with `password`; `outside` is what the world has got."""

    name: ClassVar[str] = "mailhost"

    def __init__(self) -> None:
        super().__init__()
        self.submission_port = free_port()
        self.smtp = f"127.0.0.1:{self.submission_port}"
        self._fault = self.state / "fault"
        self._world = self.state / "world"
        self._door: Daemon | None = None

    def prepare(self) -> Daemon:
        daemon = super().prepare()
        self._door = self._door or self._start_door()
        return daemon

    def _start_door(self) -> Daemon:
        python = install.venv(SMTP, "aiosmtpd").with_name(Path(sys.executable).name)
        given = {
            "maildir": self._world,
            "fault": self._fault,
            "cert": self.ca_file,
            "key": self.state / "key.pem",
            "user": self.user,
            "password": self.password,
            "port": self.submission_port,
        }
        options = [f"--{name}={value}" for name, value in given.items()]
        door = Daemon([str(python), "-W", "ignore", str(_SCRIPT), *options], self.log)
        door.start()
        return door

    def ready(self) -> bool:
        return super().ready() and accepts("127.0.0.1", self.submission_port)

    def close(self) -> None:
        if self._door is not None:
            self._door.stop()
        super().close()

    def fault(self, what: str) -> None:
        """Say what happens to the next mail: `deaf`, `mute`, or a code."""
        self._fault.write_text(what)

    def outage(self) -> None:
        """Stop taking mail, until `begin`."""
        if self._door is not None:
            self._door.stop()
        self._door = None

    def begin(self) -> None:
        """Take mail again."""
        self._door = self._door or self._start_door()
        wait_until(self.ready, "the SMTP server after an outage")

    def outside(self, subject: str = "") -> list[EmailMessage]:
        """What people outside have got, of one subject."""
        if not self._world.exists():
            return []
        found = [_parsed(one.as_bytes()) for one in mailbox.Maildir(self._world)]
        return [one for one in found if subject in str(one["Subject"])]

    def sent_folder(self) -> list[EmailMessage]:
        """What stands in the mailbox's folder of sent mail."""
        folder = self.state / "help" / "Maildir" / ".Sent"
        files = [one for part in ("cur", "new") for one in (folder / part).glob("*")]
        return [_parsed(one.read_bytes()) for one in files]


def _parsed(mail: bytes) -> EmailMessage:
    return BytesParser(policy=default).parsebytes(mail)
