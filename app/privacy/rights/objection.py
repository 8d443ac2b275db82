"""OBJECTION (Art. 21 GDPR): to what rests on an interest of ours, each activity by itself, or all of them.

No reason is asked for and nothing is weighed, so nobody waits with their data restricted (Art. 18(1)(d)). Whoever
objects to everything gets no news by mail either, which may always be objected to (Art. 21(2) and (3)).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.consents.objections import Stance, decide
from app.consents.purposes import Objectionable
from app.core.consent_purposes import ConsentPurpose
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.origin import NOWHERE
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked, Request
from app.privacy.rights.base import Doing, Plain, RunPorts, Step, StepResult, Work
from app.privacy.rights.checking import NO_ACCOUNT, NOT_ASKED
from app.privacy.rights.withdraw_consent import withdraw
from app.privacy.status import StepAction

OBJECTED = "This is not done with your data any more: {}."


@dataclass(frozen=True, slots=True)
class Objecting(Plain):
    """Objects."""

    right: PrivacyRight = PrivacyRight.OBJECTION
    needs_account: bool = False

    def check(self, asked: Asked) -> None:
        """Raise InvalidInput for an activity that nobody can object to."""
        known = [activity.value for activity in Objectionable]
        if not set(asked.activities) <= set(known):
            raise InvalidInput(f"One can object to: {', '.join(known)}.", path=("activities",))

    async def steps(self, request: Request, ports: RunPorts) -> Sequence[Step]:
        """The objections, and the consent to news."""
        return [
            Doing("objection_records", StepAction.CHANGE, _object),
            Doing("consent_records", StepAction.CHANGE, _no_news),
        ]


async def _object(request: Request, work: Work) -> StepResult:
    if request.person is None:
        return StepResult(NO_ACCOUNT)
    chosen = request.asked.activities if request.asked else ()
    stances = [Stance(each, True) for each in Objectionable if not chosen or each.value in chosen]
    consents = work.ports.consents
    async with transaction():
        await work.hold()
        await work.count(await decide(request.person, stances, work.ports.clock, NOWHERE, consents.on_objection))
    return StepResult(OBJECTED.format(", ".join(stance.activity.value for stance in stances)))


async def _no_news(request: Request, work: Work) -> StepResult:
    if request.asked is not None and request.asked.activities:
        return StepResult(NOT_ASKED)
    return await withdraw(request, work, [ConsentPurpose.MARKETING_EMAIL])
