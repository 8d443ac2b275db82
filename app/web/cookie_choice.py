"""What somebody chose about cookies, as their browser keeps it: they can read it, and it does not tell who they are."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from urllib.parse import parse_qsl, urlencode

from app.core.consent_purposes import ConsentPurpose

_PURPOSES = {"preference": ConsentPurpose.PREFERENCE_COOKIES, "analytics": ConsentPurpose.ANALYTICS_COOKIES}
_FIELDS = {*_PURPOSES, "gpc", "policy", "day"}
_BIT = {"0": False, "1": True}
MAX_LENGTH = 200
"""Characters of the cookie."""


@dataclass(frozen=True, slots=True)
class CookieChoice:
    """A choice per purpose."""

    granted: frozenset[ConsentPurpose]
    gpc: bool
    """Whether the browser sent the opt-out signal (Global Privacy Control) with it, or since."""
    policy: str
    """The version of the privacy policy that was in force."""
    day: date

    def written(self) -> str:
        """Return it as a cookie's value."""
        bits = {name: str(int(purpose in self.granted)) for name, purpose in _PURPOSES.items()}
        return urlencode({**bits, "gpc": str(int(self.gpc)), "policy": self.policy, "day": self.day.isoformat()})

    @classmethod
    def read(cls, value: str) -> Self | None:
        """Return what a cookie says; None for what we did not write."""
        if not value or len(value) > MAX_LENGTH:
            return None
        try:
            pairs = parse_qsl(value, keep_blank_values=True, strict_parsing=True, max_num_fields=len(_FIELDS))
            found = dict(pairs)
            if found.keys() != _FIELDS or len(pairs) != len(_FIELDS):
                return None
            granted = frozenset(purpose for name, purpose in _PURPOSES.items() if _BIT[found[name]])
            return cls(granted, _BIT[found["gpc"]], found["policy"], date.fromisoformat(found["day"]))
        except (ValueError, KeyError):
            return None

    def lasts_on(self, today: date, lifetime: timedelta) -> bool:
        """Return whether it is neither over nor of a day that is still to come, where clocks go wrong."""
        return self.day <= today < self.day + lifetime
