"""Which network addresses we go to: a stranger's link must not reach our own network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_NEVER = tuple(ip_network(n) for n in ("0.0.0.0/8", "240.0.0.0/4"))
_NOT_PUBLIC = tuple(ip_network(n) for n in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24"))
_GLOBAL_6 = ip_network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    ip_network(n) for n in ("2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16")
)
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))


def why_not(text: str, *, private: bool = False) -> str:
    """Return why we do not connect to this IP address; empty where we do.

    `private` allows loopback, local and carrier networks, never multicast or reserved ones.
    """
    try:
        address = _inner(ip_address(text))
    except ValueError:
        return "not an IP address"
    if address.is_multicast:
        return "a multicast address"
    if address.is_unspecified or _in(address, _NEVER):
        return "a reserved address"
    return "" if private or _is_public(address) else "a private address"


def _in(address: IPv4Address | IPv6Address, networks: tuple[object, ...]) -> bool:
    return any(address in network for network in networks)  # type: ignore[operator]


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 form of it leads to."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not _in(address, _NOT_PUBLIC)
    return address in _GLOBAL_6 and address.is_global and not _in(address, _NOT_PUBLIC_6)
