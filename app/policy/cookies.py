"""The cookie register: every cookie that this service sets, in words. One that is not here is never set.

`app/web/cookies.py` sets them, and raises for what is not declared (Art. 5(3) of Directive 2002/58/EC).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.consent_purposes import ConsentPurpose


class CookieKind(StrEnum):
    """What a cookie is for; only the first kind needs no consent."""

    STRICTLY_NECESSARY = "STRICTLY_NECESSARY"
    PREFERENCE = "PREFERENCE"
    ANALYTICS = "ANALYTICS"


class SameSite(StrEnum):
    """With which requests of other sites a browser sends it (RFC 6265bis, section 5.2)."""

    LAX = "LAX"
    STRICT = "STRICT"


CONSENTS = {
    CookieKind.PREFERENCE: ConsentPurpose.PREFERENCE_COOKIES,
    CookieKind.ANALYTICS: ConsentPurpose.ANALYTICS_COOKIES,
}
"""The consent that a kind of cookie needs."""
OPTIONAL = frozenset(CONSENTS.values())
"""What people choose in their browser."""


class UndeclaredCookie(Exception):
    """A cookie that is not in the register was about to be set, or one that is set elsewhere than in one place."""


@dataclass(frozen=True, slots=True)
class DeclaredCookie:
    """A cookie of this host alone."""

    name: str
    purpose: str
    """In words, for whoever reads the page about cookies."""
    kind: CookieKind
    lifetime: timedelta
    """At most; each use may begin it anew."""
    secure: bool
    http_only: bool = True
    """Whether it is out of reach of scripts."""
    same_site: SameSite = SameSite.LAX

    @property
    def full_name(self) -> str:
        """Return the name that is sent: over https it has the prefix `__Host-`, and browsers hold us to it."""
        return f"__Host-{self.name}" if self.secure else self.name

    @property
    def consent(self) -> ConsentPurpose | None:
        """The consent that it needs; None for what is strictly necessary."""
        return CONSENTS.get(self.kind)


class CookieRegister:
    """The cookies of one service."""

    def __init__(self, declared: Iterable[DeclaredCookie]) -> None:
        """Raises ValueError where two have the same name."""
        self._declared: dict[str, DeclaredCookie] = {}
        for cookie in declared:
            if cookie.name in self._declared:
                raise ValueError(f"the cookie {cookie.name} is declared twice")
            self._declared[cookie.name] = cookie

    def __iter__(self) -> Iterator[DeclaredCookie]:
        return iter(self._declared.values())

    def named(self, name: str) -> DeclaredCookie:
        """Return the cookie of a name, without its prefix. Raises UndeclaredCookie."""
        if name not in self._declared:
            raise UndeclaredCookie(f"no cookie {name} is declared in app/policy/cookies.py")
        return self._declared[name]


def cookie_register(*, secure: bool, session_lifetime: timedelta) -> CookieRegister:
    """Return the cookies of a service; `secure` where it is reached by https."""

    def necessary(name: str, lifetime: timedelta, purpose: str) -> DeclaredCookie:
        return DeclaredCookie(name, purpose, CookieKind.STRICTLY_NECESSARY, lifetime, secure)

    day, minutes, half_a_year = timedelta(days=1), timedelta(minutes=10), timedelta(days=180)
    theme = "Keeps whether you want our pages light or dark."
    visited = "Holds the day of your last visit and nothing else, so that we can count new and returning visits."
    return CookieRegister(
        (
            necessary("session", session_lifetime, "Keeps you signed in."),
            necessary("challenge", minutes, "Remembers, between password and second factor, who signs in."),
            necessary("browser", day, "Proves that a form was sent from our own page in this browser."),
            necessary("question", minutes, "Remembers, while you are at Google or GitHub, what you went there for."),
            necessary("arrival", minutes, "Remembers who came back from there, until you have decided."),
            necessary(
                "choice",
                half_a_year,
                "Holds what you chose about cookies, the day, and the version of the privacy policy: nothing that is "
                "different for each person.",
            ),
            DeclaredCookie("theme", theme, CookieKind.PREFERENCE, half_a_year, secure),
            DeclaredCookie("visited", visited, CookieKind.ANALYTICS, timedelta(days=30), secure),
        )
    )
