"""All the secrets that settings name."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.config.keyed import Keyed
from crisisroom.config.settings import Account, Config, RoomConfig


def every_key(config: Config | RoomConfig) -> Iterator[tuple[str, Keyed]]:
    """Yield whatever has a secret, and what people call it."""
    yield from ((one.id, one) for one in config.accounts)
    yield from ((one.id, one) for one in config.messengers)
    for name in ("deadman", "alerts"):
        place: Keyed | None = getattr(config.notifying, name)
        if place is not None:
            yield name, place


def credentials(config: Config | RoomConfig) -> set[str]:
    """Return the credentials of systemd that are wanted."""
    return {one.token_credential for _, one in every_key(config) if one.token_credential}


def owner_of(keyed: Keyed) -> str:
    """Return whose account it is, empty where it is nobody's."""
    return keyed.owner if isinstance(keyed, Account) else ""
