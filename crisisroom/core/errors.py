"""The refusals a person sees: one clear line, and how to mend it."""

from __future__ import annotations


class Refused(Exception):
    """An act the room will not do: `code` for programs, `message` and `hint` for people."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Usage(Refused):
    """The call itself is off: an unknown id, a missing argument (exit code 2)."""


class Unavailable(Refused):
    """Not now: the room is locked, the disk is full, a server does not answer (exit code 3)."""


class OutcomeUnknown(Refused):
    """It may have happened: a person has to look (exit code 4)."""
