"""What a person is told of the server's refusals."""

from __future__ import annotations

import asyncpg

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.store.migrations import moved, newer


def said(error: BaseException) -> Refused:
    """Return the server's error as one line a person can act on."""
    state = getattr(error, "sqlstate", None) or ""
    message = " ".join(str(error).split())[:300]
    if state == "CR001":
        return newer(int(message))
    if state == "CR003":
        return moved(str(error))
    if state == "55P03":
        why = "another program has been writing to this room for too long"
        return Unavailable("busy", why, "try again")
    if state == "25006":
        return Unavailable("read-only", "this room cannot be written to from here")
    if state == "42501":
        hint = "crisisroom room prepare, by the room's owner, gives a role its rights"
        return Refused("not-allowed", f"the server does not allow this: {message}", hint)
    if state.startswith("53"):
        return Unavailable("server-full", f"the server has no more room: {message}")
    if isinstance(
        error, asyncpg.UntranslatableCharacterError | asyncpg.CharacterNotInRepertoireError
    ):
        return Refused("text", "there is a character in it that the room cannot keep")
    return Unavailable("store", f"the room's store refused: {message}")
