"""Signed calls, as Standard Webhooks has them: libraries of many languages can check one.

A HMAC-SHA256 of the id, the time and the body with a secret that itself never crosses the network.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

_BASE64 = "whsec_"  # how Standard Webhooks marks a secret that is written in base64


def secret_of_hook(token: str) -> bytes:
    """Return the bytes that sign, of a secret as people keep it."""
    if token.startswith(_BASE64):
        try:
            return base64.b64decode(token.removeprefix(_BASE64), validate=True)
        except binascii.Error:
            return token.encode()
    return token.encode()


def signed(secret: bytes, key: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a call: its key, the same for every try, its time, its signature."""
    moment = str(int(at.timestamp()))
    digest = hmac.digest(secret, b".".join((key.encode(), moment.encode(), body)), hashlib.sha256)
    return {
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
