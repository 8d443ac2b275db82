"""Which addresses are public."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.processors.addresses import is_loopback, is_public

INSIDE = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]


@given(st.data(), st.sampled_from(INSIDE))
def test_no_address_of_these_networks_is_public(data: st.DataObject, name: str) -> None:
    network = ipaddress.ip_network(name)
    offset = data.draw(st.integers(0, network.num_addresses - 1))
    assert not is_public(str(network[offset]))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_ipv6_clothes_is_never_public(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for disguised in ((0xFFFF << 32) + number, number, (0x64FF9B << 96) + number, (0x2002 << 112) + (number << 80)):
        assert not is_public(str(ipaddress.IPv6Address(disguised)))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "localhost", "1.1.1", "0x7f000001", "2130706433", "fe80::1%eth0", "[::1]"])
def test_what_is_no_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_this_machine_is_told_by_its_names(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
