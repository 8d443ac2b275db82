"""What a page may do in a browser: nothing but what it names."""

from collections.abc import Mapping

NOTHING_ELSE = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def page_headers(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an HTML page that loads from these sources only."""
    policy = "; ".join(f"{name} {value}" for name, value in {**NOTHING_ELSE, **sources}.items())
    return {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "x-frame-options": "DENY",
    }
