"""Which addresses of the Internet Protocol are public, so that what comes from outside cannot point inside (SSRF)."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port to addresses; raises OSError where there are none."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only IPv6 block whose addresses are public (RFC 4291). v4-mapped, NAT64, ULA and link-local ones are outside."""
_TRANSLATED = tuple(map(IPv6Network, ("2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20")))
"""Inside of it, but tunnels (Teredo, 6to4) that hold an IPv4 address of any kind, special uses and documentation."""


def is_public(address: str) -> bool:
    """Return whether anybody on the Internet could mean this address; what is no address is not public."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        return _is_public_v6(parsed)
    return _is_public_v4(parsed)


def is_loopback(host: str) -> bool:
    """Return whether a host of a URL is this machine: `localhost`, or a literal of 127/8 or ::1."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


async def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id or address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _TRANSLATED)
