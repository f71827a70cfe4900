"""Fresh identifiers and salts."""

from __future__ import annotations

import os
import secrets
import uuid
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(moment: datetime) -> str:
    """Return a time-ordered UUID (RFC 9562 version 7) for the given moment."""
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1) & (2**48 - 1)
    number = milliseconds << 80 | int.from_bytes(os.urandom(10))
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=number))


def salt() -> str:
    """Return 128 random bits as hex: what makes a sealed text unguessable."""
    return secrets.token_hex(16)
