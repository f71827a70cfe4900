"""SSH public keys as OpenSSH writes them: what they are, and which are too weak to open a room."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from crisisroom.core.problems import shown

LEAST_RSA = 2048  # bits; below it a key can be had for money
MOST = 4000  # characters: an RSA key of 16384 bits has 2800
_ED25519 = 32  # bytes of such a key
_CURVES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}  # bytes of a point on them
TYPES = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    *(f"ecdsa-sha2-{curve}" for curve in _CURVES),
    "ssh-rsa",
)
_LIKE = "paste the line of a .pub file: ssh-ed25519 AAAAC3Nza… ada@laptop"
_BLOB = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def key_flaw(text: str) -> str:
    """Say what keeps a text from being one public key, without options, strong enough for a room.

    A comment may follow the key. A private key is not repeated in what is said.
    """
    if "PRIVATE KEY" in text:
        return "this is a private key: nobody but its owner may have it; write its .pub here"
    if not text.isprintable():
        return "a key is one line, without tabs and control signs"
    kind, _, rest = text.partition(" ")
    if kind == "ssh-dss":
        return "ssh-dss is too weak to open a room: ssh-keygen -t ed25519 makes a better one"
    if kind.endswith("-cert-v01@openssh.com"):
        return "this is a certificate; write the key it was made of"
    if kind not in TYPES:
        return f"a key begins with its type, not with options or a name; {_LIKE}"
    written = rest.partition(" ")[0]
    try:
        blob = base64.b64decode(written, validate=True) if _BLOB.fullmatch(written) else b""
    except binascii.Error:
        blob = b""
    if base64.b64encode(blob).decode() != written or not blob:
        return f"the key is cut off, or no base64; {_LIKE}"
    return _flaw_of(kind, blob)


def _flaw_of(kind: str, blob: bytes) -> str:
    """Say what is wrong with a key's bytes: the type they name, and how strong they are."""
    parts = _parts(blob)
    if parts is None or parts[:1] != [kind.encode()]:
        return f"the key is cut off, damaged, or not of the type {shown(kind)}"
    numbers = parts[1:]
    if kind == "ssh-rsa":
        bits = int.from_bytes(numbers[1]).bit_length() if len(numbers) == 2 else 0
        return "" if bits >= LEAST_RSA else f"an RSA key of less than {LEAST_RSA} bits is too weak"
    if kind.startswith("sk-"):
        if len(numbers) < 2 or not numbers[-1]:
            return "the key is damaged: it names no application"
        numbers = numbers[:-1]
    return "" if _is_point(kind, numbers) else "the key is damaged: it has another length"


def _is_point(kind: str, numbers: list[bytes]) -> bool:
    if "ed25519" in kind:
        return [len(one) for one in numbers] == [_ED25519]
    curve = kind.partition("@")[0].removeprefix("sk-").removeprefix("ecdsa-sha2-")
    if len(numbers) != 2 or numbers[0] != curve.encode():
        return False
    return len(numbers[1]) == _CURVES[curve] and numbers[1][0] == 4


def _parts(blob: bytes) -> list[bytes] | None:
    """Return the strings a key is made of, None where a length leads beyond its end."""
    parts = []
    while blob:
        size = int.from_bytes(blob[:4])
        if len(blob) < 4 + size:
            return None
        parts.append(blob[4 : 4 + size])
        blob = blob[4 + size :]
    return parts


def bare_key(text: str) -> str:
    """Return a key's type and base64, without its comment: what tells keys apart."""
    return " ".join(text.split(" ")[:2])


def fingerprint(text: str) -> str:
    """Return a sound key's fingerprint as ssh-keygen -l and sshd's log write it: SHA256:…"""
    blob = base64.b64decode(text.split(" ")[1])
    printed = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{printed}"
