"""`/account`: the security page. Who is signed in sees what opens their account, and changes it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.accounts import api_keys, connected_apps, factors, lost_factors, service, sessions
from app.accounts.factors import FactorKind
from app.accounts.identities import unlink
from app.accounts.queries import person
from app.accounts.recovery_codes import left
from app.core.days import day
from app.core.viewer import IN_WORDS, Viewer
from app.outreach.service import dismiss
from app.web.browser import NO_STORE, Browser
from app.web.local_paths import HOME, local_path
from app.web.pages.identities import identities_of
from app.web.pages.offers import Offers
from app.web.pages.origin import origin_of
from app.web.pages.ports import PagePorts
from app.web.pages.rendering import page
from app.web.pages.signed_in import Refused, Sent, form_route


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """The page of one server."""

    browser: Browser
    ports: PagePorts
    offers: Offers

    def routes(self) -> list[Route]:
        """Return the page's routes: its own, and one for each of its forms."""
        actions = {
            "/account/factors/remove": self._remove_factor,
            "/account/recovery/stop": self._stop_recovery,
            "/account/sessions/revoke": self._revoke_session,
            "/account/sessions/revoke-all": self._revoke_sessions,
            "/account/apps/revoke": self._revoke_app,
            "/account/keys/revoke": self._revoke_key,
            "/account/identities/unlink": self._unlink,
            "/account/notices/dismiss": self._dismiss_notice,
        }
        forms = [form_route(path, self.browser, act, self.show) for path, act in actions.items()]
        return [Route(HOME, self._get), *forms]

    async def _get(self, request: Request) -> Response:
        viewer = await self.browser.viewer(request)
        return self.browser.to_sign_in(request) if viewer is None else await self.show(request, viewer)

    async def show(self, request: Request, viewer: Viewer, refused: Refused | None = None) -> Response:
        """Show the page, or what was refused on it."""
        set_up = await factors.second_factors(viewer)
        values = {
            "csrf": self.browser.proof(request),
            "error": refused[0] if refused else None,
            "known": await person(viewer),
            "factors": set_up,
            "has_app": any(factor.kind is FactorKind.TOTP for factor in set_up),
            "recovery": await lost_factors.running(viewer),
            "codes_left": await left(viewer.user_id),
            "sessions": await sessions.own_sessions(viewer, self.ports.clock),
            "current": viewer.session_id,
            "apps": await connected_apps.connected_apps(viewer),
            "keys": await api_keys.own_keys(viewer),
            "in_words": IN_WORDS,
            "day": day,
            **await identities_of(viewer, self.offers),
        }
        return page("security.html", values, refused[1] if refused else 200, self.offers.leads_to, scripted=True)

    async def _remove_factor(self, sent: Sent) -> None:
        await factors.remove(sent.viewer, sent.id(), origin_of(sent.request))

    async def _stop_recovery(self, sent: Sent) -> None:
        await lost_factors.cancel(sent.viewer, None, self.ports.one_time, origin_of(sent.request))

    async def _revoke_session(self, sent: Sent) -> None:
        await sessions.revoke(sent.viewer, sent.id(), origin_of(sent.request))

    async def _revoke_sessions(self, sent: Sent) -> Response:
        await service.sign_out(sent.viewer, origin_of(sent.request), everywhere=True)
        self.browser.forget(sent.request)
        return self.browser.to_sign_in(sent.request, HOME)

    async def _revoke_app(self, sent: Sent) -> None:
        await connected_apps.revoke(sent.viewer, sent.id(), origin_of(sent.request))

    async def _revoke_key(self, sent: Sent) -> None:
        await api_keys.revoke(sent.viewer, sent.id(), origin_of(sent.request))

    async def _unlink(self, sent: Sent) -> None:
        await unlink(sent.viewer, sent.id(), origin_of(sent.request))

    async def _dismiss_notice(self, sent: Sent) -> Response:
        await dismiss(sent.viewer, sent.id())
        return RedirectResponse(local_path(sent.form.get("next", HOME)), 303, NO_STORE)
