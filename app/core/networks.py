"""Whom a request is charged to that nobody is signed in for."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

UNKNOWN = "unknown"


def network_of(host: str | None) -> str:
    """Return the network that an address is in, IPv4 /24 and IPv6 /48: no more is kept of it than that."""
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((address, 48), strict=False))
        address = address.ipv4_mapped
    return str(IPv4Network((address, 24), strict=False))
