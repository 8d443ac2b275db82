"""Reads of consents and objections, by the person themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.consents.notices import Notices
from app.consents.purposes import Method, Objectionable
from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, fetch
from app.core.ports import Clock
from app.core.viewer import Viewer


class ConsentState(StrEnum):
    """What somebody last said."""

    GRANTED = "GRANTED"
    WITHDRAWN = "WITHDRAWN"
    NEVER_ASKED = "NEVER_ASKED"


@dataclass(frozen=True, slots=True)
class Consent:
    """Where one purpose stands."""

    purpose: ConsentPurpose
    state: ConsentState
    decided_at: datetime | None = None
    policy_version: str | None = None
    receipt: str | None = None
    must_be_asked_again: bool = False
    """A yes was given before a version of the policy that asks anew: it permits nothing any more."""

    @property
    def permits(self) -> bool:
        """Whether it is a yes that counts."""
        return self.state is ConsentState.GRANTED and not self.must_be_asked_again


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A decision that was recorded."""

    id: UUID
    purpose: ConsentPurpose
    granted: bool
    decided_at: datetime
    policy_version: str
    method: Method
    receipt: str


@dataclass(frozen=True, slots=True)
class Objection:
    """Where one activity that may be objected to stands."""

    activity: Objectionable
    objected: bool
    decided_at: datetime | None = None


async def standing(viewer: Viewer, notices: Notices, clock: Clock) -> Mapping[ConsentPurpose, Consent]:
    """Return where every purpose stands, in the order of `ConsentPurpose`."""
    rows = await fetch(
        """SELECT c.* FROM subject_aliases a CROSS JOIN unnest($2::text[]) AS asked (purpose)
           CROSS JOIN LATERAL (
             SELECT purpose, granted, decided_at, policy_version, receipt FROM consent_records r
             WHERE r.principal_id = a.id AND r.purpose = asked.purpose ORDER BY r.sequence DESC LIMIT 1) c
           WHERE a.user_id = $1""",
        viewer.user_id,
        [purpose.value for purpose in ConsentPurpose],
    )
    found, again = {row["purpose"]: row for row in rows}, await notices.asked_again(clock.now())
    return {purpose: _consent(purpose, found.get(purpose.value), again.get(purpose)) for purpose in ConsentPurpose}


async def consent_records(viewer: Viewer, *, first: int, before: UUID | None = None) -> list[ConsentEntry]:
    """Return the viewer's decisions, newest first, at most `first`, older than `before`."""
    rows = await fetch(
        """SELECT r.id, r.purpose, r.granted, r.decided_at, r.policy_version, r.method, r.receipt
           FROM consent_records r JOIN subject_aliases a ON a.id = r.principal_id
           WHERE a.user_id = $1 AND ($3::uuid IS NULL OR r.id < $3) ORDER BY r.id DESC LIMIT $2""",
        viewer.user_id,
        first,
        before,
    )
    return [_entry(row) for row in rows]


async def objections(viewer: Viewer) -> list[Objection]:
    """Return where every activity that may be objected to stands, in the order of `Objectionable`."""
    rows = await fetch(
        """SELECT o.* FROM subject_aliases a CROSS JOIN unnest($2::text[]) AS asked (activity)
           CROSS JOIN LATERAL (
             SELECT activity, objected, decided_at FROM objection_records r
             WHERE r.principal_id = a.id AND r.activity = asked.activity ORDER BY r.sequence DESC LIMIT 1) o
           WHERE a.user_id = $1""",
        viewer.user_id,
        [activity.value for activity in Objectionable],
    )
    found = {row["activity"]: row for row in rows}
    return [_objection(activity, found.get(activity.value)) for activity in Objectionable]


def _consent(purpose: ConsentPurpose, row: Row | None, again: datetime | None) -> Consent:
    if row is None:
        return Consent(purpose, ConsentState.NEVER_ASKED)
    return Consent(
        purpose,
        ConsentState.GRANTED if row["granted"] else ConsentState.WITHDRAWN,
        row["decided_at"],
        row["policy_version"],
        row["receipt"],
        row["granted"] and again is not None and row["decided_at"] < again,
    )


def _entry(row: Row) -> ConsentEntry:
    return ConsentEntry(**{**row, "purpose": ConsentPurpose(row["purpose"]), "method": Method(row["method"])})


def _objection(activity: Objectionable, row: Row | None) -> Objection:
    return Objection(activity, row["objected"], row["decided_at"]) if row else Objection(activity, False)
