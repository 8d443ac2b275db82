"""Families of devices, as people recognise theirs; nothing finer is kept (privacy policy, P03)."""

from ua_parser import parse

MAX_LENGTH = 512
"""Characters of a User-Agent header that are looked at: browsers send some 150."""


def device_family(user_agent: str) -> str | None:
    """Return `Firefox on Linux`, without versions; None where the header tells nothing."""
    found = parse(user_agent[:MAX_LENGTH])
    browser = found.user_agent.family if found.user_agent else None
    system = found.os.family if found.os else None
    return f"{browser} on {system}" if browser and system else browser or system
