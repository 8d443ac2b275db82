"""Where a request comes from, no closer than the privacy policy's P03 lets us know."""

from collections.abc import Mapping
from dataclasses import dataclass

MAX_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Origin:
    """A truncated network (`203.0.113.0/24`, `2001:db8:1::/48`) and a family of devices (`Firefox on Linux`)."""

    network: str | None = None
    device: str | None = None

    def described(self) -> Mapping[str, str]:
        """Return what is known."""
        known = {"network": self.network, "device": self.device}
        return {name: value[:MAX_LENGTH] for name, value in known.items() if value}


NOWHERE = Origin()
"""Not from the network: the command line, a test."""
