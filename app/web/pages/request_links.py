"""`/requests/…`: where the links of requests lead. One shows that it is the person; the other, where it stands.

Opening one changes nothing: mail programs and scanners open links by themselves.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts.errors import LinkSpent, StepUpRequired
from app.core.days import day
from app.core.errors import AppError, InvalidInput
from app.core.limits import Doing, Per
from app.core.ports import ObjectStore
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Viewer
from app.privacy.asked import Request as Asking
from app.privacy.asked import steps_of
from app.privacy.fetching import archive_of, check_archive_link, is_mailable, mail_archive_link, take_archive
from app.privacy.following import followed, status_link, take_back
from app.privacy.meanings import MEANINGS
from app.privacy.proofs import decline, prove, waiting
from app.privacy.rights.registry import RIGHTS
from app.privacy.status import CANCELABLE, RequestStatus, StepAction, StepStatus
from app.support.topics import RIGHTS as IN_WORDS
from app.web.archives import PATH as ARCHIVES
from app.web.archives import archive_response
from app.web.browser import NO_STORE, SIGN_IN, Browser
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page, refusal, sent
from app.web.pages.sign_in import NOT_OURS
from app.web.security import page_headers

VERIFY, STATUS, RECEIPT, ARCHIVE = (f"/requests/{name}" for name in ("verify", "status", "receipt", "archive"))
STANDS: Mapping[RequestStatus, str] = {
    RequestStatus.AWAITING_VERIFICATION: "It waits for the link that was mailed.",
    RequestStatus.VERIFIED: "We know that it is you. It has not begun.",
    RequestStatus.IN_PROGRESS: "It is being done.",
    RequestStatus.AWAITING_PROCESSOR: "All is done here. Somebody who got data from us needs time for their part.",
    RequestStatus.COMPLETED: "It is done.",
    RequestStatus.DENIED: "It was not granted.",
    RequestStatus.CANCELED: "It was taken back. Nothing of it is done.",
    RequestStatus.EXPIRED: "Nobody confirmed it in time. What was said in it is deleted.",
}
ACTIONS: Mapping[StepAction, str] = {
    StepAction.CHECK: "Look through",
    StepAction.EXPORT: "Copy",
    StepAction.CHANGE: "Change",
    StepAction.ERASE: "Delete",
    StepAction.NOTIFY: "Tell",
    StepAction.SCAN: "Search for what may be left",
}
STEPS: Mapping[StepStatus, str] = {
    StepStatus.PENDING: "not begun",
    StepStatus.RUNNING: "being done",
    StepStatus.AWAITING: "waits for somebody outside",
    StepStatus.DONE: "done",
}
BOTH = ["GET", "POST"]
T = TypeVar("T")
Refused = tuple[str, int]
Show = Callable[[Request, Viewer | None, str, Refused | None], Awaitable[Response]]
Do = Callable[[Request, Viewer | None, str, str], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class RequestLinks:
    """The pages of one server."""

    browser: Browser
    ports: PagePorts
    store: ObjectStore
    """Where archives lie."""

    def routes(self) -> list[Route]:
        """Return the routes of the pages."""
        return [
            Route(VERIFY, _Linked(self.browser, self.ports, self._verify_page, self._verify).answer, methods=BOTH),
            Route(STATUS, _Linked(self.browser, self.ports, self._status_page, self._act).answer, methods=BOTH),
            Route(ARCHIVE, _Linked(self.browser, self.ports, self._archive_page, self._archive).answer, methods=BOTH),
            Route(RECEIPT, self._receipt),
        ]

    async def _verify(self, _request: Request, viewer: Viewer | None, token: str, decision: str) -> Response:
        """Take the link as proof, or end the request. Raises AppError."""
        ports = self.ports
        if decision == "decline":
            await decline(token, ports.one_time, ports.requests)
            return page("request_declined.html", {})
        proved = await prove(token, viewer, ports.one_time, ports.requests)
        return RedirectResponse(status_link(proved.id, ports.one_time), 303, NO_STORE)

    async def _verify_page(
        self, request: Request, viewer: Viewer | None, token: str, refused: Refused | None
    ) -> Response:
        """Show what will happen. Raises LinkSpent."""
        found = await waiting(token, self.ports.one_time, self.ports.requests)
        right = found.request.right
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "token": token,
            "right": IN_WORDS[right],
            "meaning": MEANINGS[right],
            "address": found.request.address,
            "statement": _acted_on(found.request),
            "received": day(found.request.received_at),
            "account": found.person is not None,
            "concerns_account": RIGHTS[right].needs_account,
            "hours": round(found.grace.total_seconds() / 3600),
            "sign_in": _sign_in(token) if found.methods and viewer is None else None,
            "other": bool(found.methods) and viewer is not None and viewer.user_id != found.person,
        }
        return page("request_verify.html", values, refused[1] if refused else 200)

    async def _act(self, _request: Request, _viewer: Viewer | None, token: str, decision: str) -> Response:
        """Take it back, or mail the link of its archive. Raises AppError."""
        links, office = self.ports.one_time, self.ports.requests
        if decision == "archive":
            asked = await mail_archive_link(token, links, office)
            return RedirectResponse(f"{status_link(asked.id, links)}&mailed", 303, NO_STORE)
        if decision != "cancel":
            raise InvalidInput("Press one of the buttons.")
        taken = await take_back(token, links, office)
        return RedirectResponse(status_link(taken.id, links), 303, NO_STORE)

    async def _status_page(
        self, request: Request, _viewer: Viewer | None, token: str, refused: Refused | None
    ) -> Response:
        """Show where it stands. Raises LinkSpent."""
        found = await followed(token, self.ports.one_time, self.ports.requests)
        steps, archive = (await steps_of([found.id]))[found.id], await archive_of(found, self.ports.requests)
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "token": token,
            "asked": found,
            "right": IN_WORDS[found.right],
            "stands": STANDS[found.status],
            "steps": [(ACTIONS[each.action], each, STEPS[each.status]) for each in steps],
            "done": sum(each.status is StepStatus.DONE for each in steps),
            "archive": archive,
            "archives": ARCHIVES,
            "mailable": archive is not None and await is_mailable(found),
            "mailed": "mailed" in request.query_params,
            "cancelable": found.status in CANCELABLE,
            "day": day,
        }
        return page("request_status.html", values, refused[1] if refused else 200)

    async def _archive_page(
        self, request: Request, _viewer: Viewer | None, token: str, refused: Refused | None
    ) -> Response:
        """Ask whether to fetch it: a program that opens links would use this one up. Raises LinkSpent."""
        archive = await check_archive_link(token, self.ports.one_time, self.ports.requests)
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "token": token,
            "megabytes": f"{archive.byte_size / 1_000_000:.1f}",
            "until": day(archive.expires_at),
        }
        return page("request_archive.html", values, refused[1] if refused else 200)

    async def _archive(self, request: Request, _viewer: Viewer | None, token: str, _decision: str) -> Response:
        """Send the archive, once. Raises LinkSpent, and NotFound for lost bytes."""
        archive = await take_archive(token, self.ports.one_time, self.ports.requests)
        return await archive_response(request, archive, self.store)

    async def _receipt(self, request: Request) -> Response:
        """Send the signed receipt as a file."""
        try:
            token = request.query_params.get("token", "")
            found = await _counted(
                request, self.ports, token, followed(token, self.ports.one_time, self.ports.requests)
            )
        except AppError as error:
            return page("request_spent.html", {"error": error.message}, _status(error))
        if found.receipt is None:
            return page("request_spent.html", {"error": "There is a receipt once the request is done."}, 404)
        headers = {
            **NO_STORE,
            **page_headers({}),
            "content-disposition": 'attachment; filename="anypeople-receipt.jwt"',
        }
        return Response(found.receipt, media_type="application/jwt", headers=headers)


@dataclass(frozen=True, slots=True)
class _Linked:
    """A page behind a link, whose form does what it is for."""

    browser: Browser
    ports: PagePorts
    show: Show
    do: Do

    async def answer(self, request: Request) -> Response:
        """Show the page, or do what its form says."""
        viewer = await self.browser.viewer(request)
        form = await sent(request) if request.method == "POST" else {}
        token = form.get("token", "") or request.query_params.get("token", "")
        try:
            if request.method != "POST":
                return await _counted(request, self.ports, token, self.show(request, viewer, token, None))
            await _count(request, self.ports, token)
            if not self.browser.proved(request, form):
                return await self.show(request, viewer, token, NOT_OURS)
            try:
                return await self.do(request, viewer, token, form.get("decision", ""))
            except StepUpRequired:
                if viewer is None:
                    return self.browser.to_sign_in(request, f"{VERIFY}?token={token}")
                return self.browser.to_proof(request, f"{VERIFY}?token={token}")
            except LinkSpent:
                raise
            except AppError as error:
                return await self.show(request, viewer, token, refusal(error))
        except AppError as error:
            return page("request_spent.html", {"error": error.message}, _status(error))


async def _counted(request: Request, ports: PagePorts, token: str, looking: Awaitable[T]) -> T:
    """Return what is behind a link. What is not there counts as a try: whoever has the link may look often."""
    try:
        return await looking
    except LinkSpent:
        await _count(request, ports, token)
        raise


async def _count(request: Request, ports: PagePorts, token: str) -> None:
    """Count a try. Raises RateLimited."""
    who = {Per.NETWORK: origin_of(request).network or "", Per.TARGET: token}
    await ports.limits.check(Doing.FOLLOW_LINK, who)


def _acted_on(asked: Asking) -> str:
    """Return the words that staff will act on as the person's own: anybody may have written them in their name.

    Else no stranger's words are on a page of ours.
    """
    return asked.asked.statement if asked.asked and asked.right is PrivacyRight.RECTIFICATION else ""


def _status(error: AppError) -> int:
    return 404 if isinstance(error, LinkSpent) else refusal(error)[1]


def _sign_in(token: str) -> str:
    return f"{SIGN_IN}?next={VERIFY}%3Ftoken%3D{token}"
