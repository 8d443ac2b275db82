"""Purpose limitation: whether something may be done with a category of somebody's data (Art. 5(1)(b) GDPR; P07)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.consents.errors import (
    ActivityNotDeclared,
    ConsentMissing,
    Objected,
    ProcessingRestricted,
    SubjectGone,
    SubjectIsMinor,
    SubjectLeaving,
)
from app.consents.notices import Notices
from app.core.consent_purposes import ACTIVITIES, ConsentPurpose
from app.core.db import Row, fetch
from app.core.errors import AppError
from app.core.personal_data import Activity, Basis, Category, Column
from app.core.ports import Clock
from app.core.purposes import UNRESTRICTABLE, check_purpose, restricted
from app.core.viewer import Role

PURPOSES = {activity: purpose for purpose, activity in ACTIVITIES.items()}
REFUSED_WITH = {Activity.ANALYTICS: ConsentPurpose.ANALYTICS_COOKIES}
"""A no to the purpose is an objection to the activity too: who refused to be counted by a cookie, or sent the signal
(Global Privacy Control), does not want to be counted without one.
"""


Refusal = type[AppError]


class Declared(Protocol):
    """A holder of the personal data registry."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """What it holds."""
        ...


@dataclass(frozen=True, slots=True)
class PurposeLimitation:
    """`app.core.purposes.Allows`, as the registry and what people said have it."""

    permitted: Mapping[Category, frozenset[Activity]]
    notices: Notices
    clock: Clock

    @classmethod
    def of(cls, registry: Iterable[Declared], notices: Notices, clock: Clock) -> "PurposeLimitation":
        """Take what each category may be processed for from the registry."""
        permitted: dict[Category, frozenset[Activity]] = {}
        for holder in registry:
            for column in holder.columns.values():
                permitted[column.category] = permitted.get(column.category, frozenset()).union(column.activities)
        return cls(permitted, notices, clock)

    async def __call__(
        self, subject: UUID | None, activity: Activity, category: Category, role: Role | None = None
    ) -> None:
        """Return if it may be done: one statement for one person, two where it rests on consent; none for
        many.

        Raises ActivityNotDeclared, WrongPurpose, SubjectGone, SubjectIsMinor, SubjectLeaving, ProcessingRestricted,
        Objected, ConsentMissing.
        """
        self._check_declared(activity, category)
        if role is not None:
            check_purpose(role, activity)
        if subject is not None and (refusal := (await self._refusals([subject], activity))[subject]):
            raise await self._in_words(refusal, activity)

    async def allowed(self, subjects: Sequence[UUID], activity: Activity, category: Category) -> frozenset[UUID]:
        """Return those of whom it may be done, by as many statements as for one. Raises ActivityNotDeclared."""
        refusals = await self.refusals(subjects, activity, category)
        return frozenset(subject for subject, refusal in refusals.items() if refusal is None)

    async def refusals(
        self, subjects: Sequence[UUID], activity: Activity, category: Category
    ) -> Mapping[UUID, Refusal | None]:
        """Return why it may not be done of each; None of whom it may. As many statements as for one.

        Raises ActivityNotDeclared.
        """
        self._check_declared(activity, category)
        return await self._refusals(subjects, activity)

    def _check_declared(self, activity: Activity, category: Category) -> None:
        if activity not in self.permitted.get(category, frozenset()):
            raise ActivityNotDeclared(
                f"{category.value} data is not processed for {activity.value}: the data map says what for."
            )

    async def _refusals(self, subjects: Sequence[UUID], activity: Activity) -> Mapping[UUID, Refusal | None]:
        purpose = PURPOSES.get(activity)
        since = (await self.notices.asked_again(self.clock.now())).get(purpose) if purpose else None
        also = REFUSED_WITH.get(activity)
        rows = await fetch(_SAID, list(subjects), purpose and purpose.value, activity.value, also and also.value)
        said = {row["id"]: row for row in rows}
        return {subject: _refusal(said.get(subject), activity, since) for subject in subjects}

    async def _in_words(self, refusal: Refusal, activity: Activity) -> AppError:
        if refusal is not ConsentMissing:
            return refusal(_WORDS[refusal].format(activity.value))
        purpose, notice = PURPOSES[activity], await self.notices.in_force(self.clock.now())
        return ConsentMissing(
            _WORDS[refusal].format(purpose.value), purpose=purpose.value, policy_version=notice.version
        )


def _refusal(said: Row | None, activity: Activity, since: datetime | None) -> Refusal | None:
    if said is None:
        return SubjectGone
    if said["status"] == "FROZEN" and activity not in UNRESTRICTABLE:
        return SubjectIsMinor
    if said["status"] == "ERASING" and activity not in UNRESTRICTABLE:
        return SubjectLeaving
    if said["restricted"] and activity not in UNRESTRICTABLE:
        return ProcessingRestricted
    if activity.basis is Basis.LEGITIMATE_INTEREST and (said["objected"] or said["refused"]):
        return Objected
    given = said["granted"] and (since is None or said["decided_at"] >= since)
    return ConsentMissing if activity.basis is Basis.CONSENT and not given else None


_WORDS: Mapping[Refusal, str] = {
    SubjectGone: "This account is gone.",
    SubjectIsMinor: "MINOR: the person is said to be under 18, and the account is frozen.",
    SubjectLeaving: "The person asked for the erasure of the account.",
    ProcessingRestricted: "Processing of this person's data is restricted to storage.",
    Objected: "The person objects to {}.",
    ConsentMissing: "This rests on a consent to {} that is not given.",
}
_SAID = f"""SELECT u.id, u.status, {restricted("u")} AS restricted, c.granted, c.decided_at, o.objected, n.refused
           FROM users u LEFT JOIN subject_aliases a ON a.user_id = u.id
           LEFT JOIN LATERAL (
             SELECT granted, decided_at FROM consent_records r
             WHERE r.principal_id = a.id AND r.purpose = $2 ORDER BY r.sequence DESC LIMIT 1) c ON TRUE
           LEFT JOIN LATERAL (
             SELECT objected FROM objection_records r
             WHERE r.principal_id = a.id AND r.activity = $3 ORDER BY r.sequence DESC LIMIT 1) o ON TRUE
           LEFT JOIN LATERAL (
             SELECT NOT granted AS refused FROM consent_records r
             WHERE r.principal_id = a.id AND r.purpose = $4 ORDER BY r.sequence DESC LIMIT 1) n ON TRUE
           WHERE u.id = ANY($1)"""  # noqa: S608
