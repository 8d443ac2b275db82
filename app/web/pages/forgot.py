"""`/account/forgot`: ask for a mail with a link that changes the password. The page says the same of every address."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.accounts import recovery
from app.accounts.identity import known_form
from app.core.errors import AppError, RateLimited
from app.core.limits import Doing, Limits, Per
from app.core.networks import network_of
from app.web.pages.rendering import page, sent


def forgot_routes(limits: Limits, recovery_wait: timedelta, contact: str) -> list[Route]:
    """Return the page. `contact` is whom somebody writes to who has lost the address too."""
    hours = int(recovery_wait.total_seconds()) // 3600
    empty = {"hours": hours, "contact": contact, "error": None, "mailed": False}

    async def forgot(request: Request) -> HTMLResponse:
        if request.method != "POST":
            return page("forgot.html", empty)
        email = (await sent(request)).get("email", "")
        network = network_of(request.client.host if request.client else None)
        try:
            await limits.check(Doing.ASK_FOR_RESET, {Per.NETWORK: network, Per.TARGET: known_form(email)})
            await recovery.request_reset(email)
        except AppError as error:
            status = 429 if isinstance(error, RateLimited) else 422
            return page("forgot.html", {**empty, "error": error.message}, status)
        return page("forgot.html", {**empty, "mailed": True})

    return [Route("/account/forgot", forgot, methods=["GET", "POST"])]
