"""Where whoever sends a form of ours is."""

from starlette.requests import Request

from app.accounts.devices import device_family
from app.core.networks import network_of
from app.core.origin import Origin


def origin_of(request: Request) -> Origin:
    """Return the truncated network and the family of devices."""
    network = network_of(request.client.host if request.client else None)
    return Origin(network, device_family(request.headers.get("user-agent", "")))
