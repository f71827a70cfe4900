"""Where we go and where we never go."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.wire.address import why_not

PUBLIC = ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00::1"]
PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.9", "192.88.99.1", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",
    "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
    "::7f00:1", "2001:db8::1", "2001:20::1", "3fff::1", "5f00::1", "100::1", "4000::1",
]  # fmt: skip
NEVER = [
    "2001::1",
    "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "ff02::1", "::ffff:0.0.0.0", "::ffff:224.0.0.1", "64:ff9b::e000:1", "localhost", "", "1.2.3",
    "2130706433", "0x7f.1", "127.1", "::ffff:127.0.0.1:80",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert why_not(address) == ""
    assert why_not(address, private=True) == ""


@pytest.mark.parametrize("address", PRIVATE)
def test_private_only_when_allowed(address: str) -> None:
    assert why_not(address) == "a private address"
    assert why_not(address, private=True) == ""


@pytest.mark.parametrize("address", NEVER)
def test_never(address: str) -> None:
    assert why_not(address)
    assert why_not(address, private=True)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_all_its_forms(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    forms = [
        f"::ffff:{address}",
        str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))),
        str(ipaddress.IPv6Address((0x64FF9B << 96) | number)),
    ]
    if number > 1:
        forms.append(str(ipaddress.IPv6Address(number)))
    for private in (False, True):
        assert {why_not(f, private=private) for f in forms} == {
            why_not(str(address), private=private)
        }


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(why_not(text), str)
