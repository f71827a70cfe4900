"""Signed requests of OAuth 1.0a (RFC 5849), for accounts whose tokens do not run out."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys of a program and of the account it acts for; the secret ones are never printed."""

    key: str
    key_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)

    def header(
        self,
        method: str,
        url: str,
        params: Iterable[tuple[str, str]],
        *,
        nonce: str,
        timestamp: int,
    ) -> str:
        """Return the Authorization header of one request; `url` is without its `params`.

        A body is signed only where it is a form, which is then part of `params`.
        """
        own = {
            "oauth_consumer_key": self.key,
            "oauth_nonce": nonce,
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(timestamp),
            "oauth_token": self.token,
            "oauth_version": "1.0",
        }
        signed = own | {"oauth_signature": self._signature(method, url, [*params, *own.items()])}
        return f"OAuth {_listed(signed)}"

    def _signature(self, method: str, url: str, params: Iterable[tuple[str, str]]) -> str:
        pairs = sorted((_coded(name), _coded(value)) for name, value in params)
        said = "&".join(f"{name}={value}" for name, value in pairs)
        base = "&".join(map(_coded, (method, url, said)))
        secret = f"{_coded(self.key_secret)}&{_coded(self.token_secret)}"
        made = hmac.digest(secret.encode(), base.encode(), "sha1")
        return b64encode(made).decode()


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f'{_coded(name)}="{_coded(value)}"' for name, value in sorted(values.items()))


def _coded(text: str) -> str:
    return quote(text, safe="~")
