"""`/account/…`: where our mails' links lead, and whoever lost something. Opening one changes nothing; its form does."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.accounts import addresses, lost_factors, recovery
from app.core.errors import AppError, RateLimited
from app.core.limits import Doing, Limits, Per
from app.core.one_time import OneTimeTokens
from app.core.origin import Origin
from app.core.viewer import Viewer
from app.web.browser import Browser
from app.web.pages.origin import origin_of
from app.web.pages.rendering import page, sent

CONFIRM = {
    "title": "Confirm your address",
    "lead": "Somebody made an account with this address. If it was you, type the password of that account.",
    "label": "The account's password (nothing, if you have none and are signed in here)",
    "autocomplete": "current-password",
    "optional": True,
    "button": "This address is mine",
}
CONFIRMED = "The address is confirmed: you can sign in with it now."
RESET = {
    "title": "Choose a new password",
    "lead": "Every device will be signed out. Three or four unrelated words are easy to keep and hard to guess.",
    "label": "New password",
    "autocomplete": "new-password",
    "button": "Change the password",
    "again": True,
    "also": {"path": "/account/recover", "words": "I have lost my second factor and all recovery codes"},
}
RECOVER = {
    "title": "The second factor is lost",
    "lead": "After a waiting time your second factors and recovery codes are removed, and every device is signed out. "
    "We mail you now, and anybody who is signed in to your account can stop it until then.",
    "button": "Start the waiting time",
    "again": True,
}
STARTED = "The waiting time runs: the mail says when it ends. Come back then with the password, or with a new link."
KEEP = {
    "title": "Keep the second factor",
    "lead": "Somebody said that the second factor of your account is lost. If it was not you, stop that here, and "
    "change the password of your mailbox.",
    "button": "Stop it: it was not me",
}
KEPT = "It is stopped: your second factor and your recovery codes work as before."
CHANGED = "The password is changed: sign in with the new one."


def account_routes(tokens: OneTimeTokens, limits: Limits, recovery_wait: timedelta, browser: Browser) -> list[Route]:
    """Return the pages of the links. They need no session: link and password together are the proof.

    Who has no password, because they sign in with others, confirms a new address where they are signed in.
    """

    async def confirm(token: str, password: str, origin: Origin, viewer: Viewer | None) -> None:
        await addresses.confirm(viewer, token, password or None, tokens, origin)

    async def reset(token: str, password: str, origin: Origin, _viewer: Viewer | None) -> None:
        await recovery.reset(token, password, tokens, origin)

    async def recover(token: str, _password: str, origin: Origin, _viewer: Viewer | None) -> None:
        await lost_factors.start(token, tokens, recovery_wait, origin)

    async def keep(token: str, _password: str, origin: Origin, _viewer: Viewer | None) -> None:
        await lost_factors.cancel(None, token, tokens, origin)

    return [
        _form("/account/confirm", CONFIRM, confirm, CONFIRMED, limits, browser),
        _form("/account/reset", RESET, reset, CHANGED, limits, browser),
        _form("/account/recover", RECOVER, recover, STARTED, limits, browser),
        _form("/account/keep", KEEP, keep, KEPT, limits, browser),
    ]


Command = Callable[[str, str, Origin, Viewer | None], Awaitable[None]]


def _form(
    path: str, wording: Mapping[str, object], command: Command, done: str, limits: Limits, browser: Browser
) -> Route:
    async def answer(request: Request) -> HTMLResponse:
        viewer = await browser.viewer(request)
        shown = {
            "csrf": browser.proof(request) if viewer else "",
            "label": None,
            "also": None,
            "again": False,
            "optional": False,
            **wording,
            "token": request.query_params.get("token", ""),
            "error": None,
            "done": None,
        }
        if request.method != "POST":
            return page("account.html", shown)
        form = await sent(request)
        token = form.get("token", "")
        try:
            origin = origin_of(request)
            await limits.check(Doing.FOLLOW_LINK, {Per.NETWORK: origin.network or "", Per.TARGET: token})
            asker = viewer if viewer and browser.proved(request, form) else None
            await command(token, form.get("password", ""), origin, asker)
        except RateLimited as error:
            return page("account.html", {**shown, "token": token, "error": error.message}, 429)
        except AppError as error:
            return page("account.html", {**shown, "token": token, "error": error.message}, 422)
        return page("account.html", {**shown, "done": done})

    return Route(path, answer, methods=["GET", "POST"])
