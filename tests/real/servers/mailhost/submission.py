"""An SMTP server that takes mail from those who log in, over TLS; run by the venv of aiosmtpd.

Each mail goes into one Maildir, whoever it is for. The file `fault` says what happens to the next
mail: `deaf` loses it before it is taken, `mute` takes it and answers nothing, a code denies it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import mailbox
import ssl
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller  # type: ignore[import-not-found]
from aiosmtpd.smtp import AuthResult  # type: ignore[import-not-found]


class Door:
    """Takes mails into a Maildir, or does what the fault says."""

    def __init__(self, maildir: str, fault: Path) -> None:
        self._box = mailbox.Maildir(maildir)
        self._fault = fault

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        fault = ""
        with contextlib.suppress(FileNotFoundError):
            fault = self._fault.read_text()
            self._fault.unlink()
        if fault == "deaf":
            server.transport.abort()
        if fault not in ("", "mute"):
            return f"{fault} because the test says so" if fault.isdecimal() else "451 gone"
        people = "".join(f"X-For: {one}\r\n" for one in envelope.rcpt_tos)
        self._box.add(people.encode() + envelope.original_content)
        if fault == "mute":
            server.transport.abort()
        return "250 taken"


async def _run(given: argparse.Namespace) -> None:
    def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        fits = (data.login.decode(), data.password.decode()) == (given.user, given.password)
        return AuthResult(success=fits, handled=False)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(given.cert, given.key)
    door = Controller(
        Door(given.maildir, Path(given.fault)),
        hostname="127.0.0.1",
        port=given.port,
        tls_context=context,
        require_starttls=True,
        authenticator=login,
        auth_required=True,
    )
    door.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("maildir", "fault", "cert", "key", "user", "password"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--port", type=int, required=True)
    asyncio.run(_run(parser.parse_args()))
