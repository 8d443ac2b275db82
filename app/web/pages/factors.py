"""Where second factors are set up: an authenticator app, a passkey, recovery codes. What is secret is shown once."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import factors
from app.accounts.factors import TotpSecret
from app.core.viewer import Viewer
from app.web.browser import Browser
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page
from app.web.pages.security import SecurityPage
from app.web.pages.signed_in import Refused, Sent, form_route

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004, section 5.3.8)."""


@dataclass(frozen=True, slots=True)
class FactorPages:
    """The pages of one server."""

    browser: Browser
    ports: PagePorts
    account: SecurityPage

    def routes(self) -> list[Route]:
        """Return the pages' routes."""
        shown = self.account.show
        return [
            form_route("/account/totp", self.browser, self._begin_totp, shown),
            form_route("/account/totp/confirm", self.browser, self._confirm_totp, self._ask_for_code),
            form_route("/account/passkeys", self.browser, self._confirm_passkey, shown),
            form_route("/account/recovery-codes", self.browser, self._renew_codes, shown),
        ]

    async def _begin_totp(self, sent: Sent) -> Response:
        made = await factors.begin_totp(sent.viewer, self.ports.sealer)
        return await self._totp(sent.request, sent.viewer, made)

    async def _ask_for_code(self, request: Request, viewer: Viewer, refused: Refused) -> Response:
        return await self._totp(request, viewer, None, refused)

    async def _totp(
        self, request: Request, viewer: Viewer, made: TotpSecret | None, refused: Refused | None = None
    ) -> Response:
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "secret": _in_fours(made.secret) if made else None,
            "uri": made.uri if made else None,
            "code": _svg(made.uri) if made else None,
        }
        return page("totp.html", values, refused[1] if refused else 200)

    async def _confirm_totp(self, sent: Sent) -> Response:
        ports, code = self.ports, sent.form.get("code", "")
        codes = await factors.confirm_totp(sent.viewer, code, ports.sealer, ports.clock, origin_of(sent.request))
        return _codes("The authenticator app is set up", codes)

    async def _confirm_passkey(self, sent: Sent) -> Response | None:
        credential, name = sent.form.get("credential", ""), sent.form.get("name", "")
        party, origin = self.ports.relying_party, origin_of(sent.request)
        codes = await factors.confirm_passkey(sent.viewer, credential, name, party, origin)
        return _codes("The passkey is set up", codes) if codes else None

    async def _renew_codes(self, sent: Sent) -> Response:
        codes = await factors.renew_recovery_codes(sent.viewer, origin=origin_of(sent.request))
        return _codes("You have new recovery codes", codes)


def _codes(title: str, codes: Sequence[str]) -> Response:
    return page("recovery_codes.html", {"title": title, "codes": codes})


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _svg(content: str) -> str:
    """Return a QR code as an SVG element, without styles or identifiers: the page's policy lets none in."""
    drawn = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        drawn, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=False, omitsize=True, light="#fff", nl=False,
        svgclass="qr", lineclass=None, title="QR code for an authenticator app",
    )  # fmt: skip
    return drawn.getvalue().decode()
