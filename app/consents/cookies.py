"""The choice about cookies of whoever is signed in: on record like every consent, taken back wherever they say so."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.consents.office import ConsentOffice
from app.consents.purposes import Method
from app.consents.queries import ConsentState, standing
from app.consents.service import Choice, Way, decide, record_signal
from app.core.consent_purposes import ConsentPurpose
from app.core.db import transaction
from app.core.origin import Origin
from app.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class CookieConsents:
    """What browsers ask of the consents of one service (`app.web.cookie_ports.AccountConsents`)."""

    office: ConsentOffice

    async def withdrawn(self, viewer: Viewer) -> frozenset[ConsentPurpose]:
        """Return the purposes that the person refused or took back, wherever that was."""
        consents = await standing(viewer, self.office.notices, self.office.clock)
        return frozenset(purpose for purpose, one in consents.items() if one.state is ConsentState.WITHDRAWN)

    async def choose(self, viewer: Viewer, choices: Mapping[ConsentPurpose, bool], origin: Origin) -> None:
        """Record a choice, of the notice that is in force. Raises SubjectGone."""
        decided = [Choice(purpose, granted) for purpose, granted in choices.items()]
        async with transaction():
            await decide(viewer.user_id, decided, None, self.office, Way(Method.COOKIE_CHOICE, origin))

    async def opt_out(self, viewer: Viewer, origin: Origin) -> None:
        """Record the signal (Global Privacy Control), unless the answer is no already. Raises SubjectGone."""
        await record_signal(viewer.user_id, self.office, origin)
