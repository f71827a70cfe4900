"""Where a mailbox is, and who opens it."""

from __future__ import annotations

from dataclasses import dataclass, field

TLS_PORT = 993
_PLAIN_PORT = 143


@dataclass(frozen=True, slots=True)
class Login:
    """Where a mailbox is and who opens it; the password is never printed."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    private: bool = False
    ca_file: str = ""

    @property
    def tls(self) -> bool:
        """Whether TLS begins with the first byte; elsewhere the server has to offer it."""
        return self.port == TLS_PORT or (not self.private and self.port != _PLAIN_PORT)
