"""`/.well-known/…`: what programs look for at fixed places (RFC 8615)."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from app.core.ports import Clock

VALID_FOR = timedelta(days=180)
"""RFC 9116 (2.5.5) recommends less than a year."""
CHANGE_PASSWORD = "/account/forgot"  # noqa: S105 - an address


def wellknown_routes(base_url: str, contact: str, clock: Clock) -> list[Route]:
    """Return security.txt (RFC 9116) and the place where password managers send people (W3C, change-password)."""

    async def security(_request: Request) -> PlainTextResponse:
        expires = (clock.now() + VALID_FOR).strftime("%Y-%m-%dT00:00:00Z")
        lines = (
            f"Contact: mailto:{contact}",
            f"Expires: {expires}",
            "Preferred-Languages: en",
            f"Canonical: {base_url}/.well-known/security.txt",
        )
        return PlainTextResponse("\n".join(lines) + "\n", headers={"cache-control": "max-age=86400"})

    async def change_password(_request: Request) -> RedirectResponse:
        return RedirectResponse(CHANGE_PASSWORD, 303, {"cache-control": "no-store"})

    return [
        Route("/.well-known/security.txt", security),
        Route("/.well-known/change-password", change_password),
    ]
