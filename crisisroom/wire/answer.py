"""What a fetch gives: an answer, or the one error class that every failure becomes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Code = Literal[
    "timeout",  # no whole answer in time
    "dns",  # the name has no address
    "refused",  # nobody answers there
    "tls",  # the certificate or the handshake
    "too_large",  # more bytes than we take
    "encoding",  # a content encoding we do not take, or a broken one
    "redirect",  # sent elsewhere by a rule we do not follow
    "address",  # a URL or an address we do not go to
    "status",  # an answer, but not a good one
    "protocol",  # not HTTP, or cut off
]


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token for one origin; it is sent nowhere else and never printed."""

    token: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self.token}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown, in the forms in which it goes out."""
        return (self.token,)


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password for one origin; sent nowhere else, and never printed."""

    user: str
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown, in the forms in which it goes out."""
        return (self.password, self.header.removeprefix("Basic "))


@dataclass(frozen=True, slots=True)
class Response:
    """A whole answer: header names are lower case, `body` is decoded from gzip, `url` the last."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


_UNAUTHORIZED = 401


class FetchError(Exception):
    """Why nothing usable came back.

    `status` is 0 where there was no answer, `retry_after` the seconds asked for (at most 900, None
    where nothing was said), `sent` whether the request may have reached the other side, `login`
    whether it is who asks that was refused, not what was asked.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        response: Response | None = None,
        retry_after: float | None = None,
        sent: bool = False,
        login: bool = False,
    ) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.response = response
        self.status = response.status if response else 0
        self.retry_after = retry_after
        self.sent = sent
        self.login = login or self.status == _UNAUTHORIZED


def is_login(error: BaseException | None) -> bool:
    """Tell whether something failed because a login or token was refused, by all that led to it."""
    while error is not None:
        if getattr(error, "login", False):
            return True
        error = error.__cause__
    return False
