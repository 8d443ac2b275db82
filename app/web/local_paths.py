"""Where somebody may be sent after signing in: to a page of ours, whatever a link says."""

import re

HOME = "/account"
MAX_LENGTH = 4096
_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*", re.ASCII)
"""A path with a query, of characters that no browser reads in two ways: no backslash, no control, no fragment."""


def local_path(given: str) -> str:
    """Return a path of this server with its query; `/account` for whatever could lead elsewhere."""
    return given if len(given) <= MAX_LENGTH and _LOCAL.fullmatch(given) else HOME
