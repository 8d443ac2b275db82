"""Which optional cookies a browser may have: what was chosen there, less what the signal and the account take back."""

from dataclasses import dataclass, replace

from starlette.requests import Request

from app.core.consent_purposes import ConsentPurpose
from app.core.origin import Origin
from app.core.ports import Clock
from app.core.viewer import Viewer
from app.policy.cookies import OPTIONAL, CookieRegister
from app.web.cookie_choice import CookieChoice
from app.web.cookie_ports import AccountConsents, Policy
from app.web.cookies import Cookie
from app.web.gpc import opts_out


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for one request."""

    choice: CookieChoice | None
    """None: there is none that counts, and the person is asked."""
    opted_out: bool
    """Whether this request has the opt-out signal."""

    def allows(self, purpose: ConsentPurpose) -> bool:
        """Return whether cookies of this purpose may be set and read."""
        return self.choice is not None and purpose in self.choice.granted


@dataclass(frozen=True, slots=True)
class CookieConsent:
    """The rules of one service."""

    register: CookieRegister
    policy: Policy
    accounts: AccountConsents
    clock: Clock

    async def standing(self, request: Request, viewer: Viewer | None, origin: Origin) -> Standing:
        """Return what counts, write down what changed it, and take back every cookie that it does not allow."""
        opted_out = opts_out(request)
        kept = await self._kept(request)
        counts = await self._less(kept, viewer, opted_out=opted_out) if kept else None
        if opted_out and viewer is not None:
            await self.accounts.opt_out(viewer, origin)
        if counts is not None and counts != kept:
            self._choice.keep(request, counts.written())
        standing = Standing(counts, opted_out)
        self._clear(request, standing)
        return standing

    async def choose(
        self, request: Request, viewer: Viewer | None, granted: frozenset[ConsentPurpose], origin: Origin
    ) -> None:
        """Keep a choice in this browser, and with the account of whoever is signed in. Raises AppError.

        The signal wins over what was pressed, in this tab or another: analytics stays off while it is sent.
        """
        opted_out = opts_out(request)
        given = granted & OPTIONAL - ({ConsentPurpose.ANALYTICS_COOKIES} if opted_out else frozenset())
        if viewer is not None:
            if opted_out:
                await self.accounts.opt_out(viewer, origin)
            await self.accounts.choose(viewer, {purpose: purpose in given for purpose in sorted(OPTIONAL)}, origin)
        choice = CookieChoice(given, opted_out, await self.policy.version(), self.clock.now().date())
        self._choice.keep(request, choice.written())
        self._clear(request, Standing(choice, opted_out))

    async def _kept(self, request: Request) -> CookieChoice | None:
        kept = CookieChoice.read(self._choice.read(request))
        if kept is None or not kept.lasts_on(self.clock.now().date(), self._choice.declared.lifetime):
            return None
        asked = [day for purpose, day in (await self.policy.asked_again()).items() if purpose in OPTIONAL]
        # The cookie has days. One of the very day on which the version took effect counts if it names that version.
        if asked and kept.day <= max(asked) and kept.policy != await self.policy.version():
            return None
        return kept

    async def _less(self, kept: CookieChoice, viewer: Viewer | None, *, opted_out: bool) -> CookieChoice:
        """Return a choice less what was taken back. The signal's opt-out outlasts the signal, until a new choice."""
        taken = await self.accounts.withdrawn(viewer) if viewer is not None and kept.granted else frozenset()
        if opted_out:
            taken |= {ConsentPurpose.ANALYTICS_COOKIES}
        return replace(kept, granted=kept.granted - taken, gpc=kept.gpc or opted_out)

    def _clear(self, request: Request, standing: Standing) -> None:
        for declared in self.register:
            cookie = Cookie(declared)
            if declared.consent and not standing.allows(declared.consent) and cookie.read(request):
                cookie.forget(request)

    @property
    def _choice(self) -> Cookie:
        return Cookie(self.register.named("choice"))
