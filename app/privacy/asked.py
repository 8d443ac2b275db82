"""What is asked for, and a request as it stands."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.db import Row, fetch
from app.core.privacy_rights import PrivacyRight
from app.privacy.status import Channel, Regime, RequestStatus, Residence, StepAction, StepStatus


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants, as they said it. Which parts a right looks at is for the right to say."""

    right: PrivacyRight
    statement: str = ""
    """In their own words."""
    residence: Residence | None = None
    """Where they say that they live; None: they did not say."""
    generations: tuple[UUID, ...] = ()
    """Of ERASURE: these alone; with `references`. Neither: the account."""
    references: tuple[UUID, ...] = ()
    activities: tuple[str, ...] = ()
    """Of OBJECTION."""
    purposes: tuple[str, ...] = ()
    """Of WITHDRAW_CONSENT."""
    display_name: str | None = None
    """Of RECTIFICATION."""
    email: str | None = None
    """Of RECTIFICATION."""
    waive_grace: bool = False
    """Of ERASURE: do not wait."""
    evidence: str = ""
    """Of staff who ask on somebody's behalf: how they know that it is the person."""

    @property
    def is_partial(self) -> bool:
        """Whether chosen things are asked for, and not all of them."""
        return bool(self.generations or self.references)

    def scope(self) -> bytes:
        """Return what tells it apart from another request for the same right: what that right looks at."""
        looked_at: dict[PrivacyRight, Sequence[Sequence[object]]] = {
            PrivacyRight.ERASURE: (self.generations, self.references),
            PrivacyRight.OBJECTION: (self.activities,),
            PrivacyRight.WITHDRAW_CONSENT: (self.purposes,),
            PrivacyRight.RECTIFICATION: ((self.display_name or "",), (self.email or "",)),
        }
        return orjson.dumps([sorted(map(str, part)) for part in looked_at.get(self.right, ())])

    def encode(self) -> str:
        """Return what is kept of it: JSON."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def decode(cls, content: str) -> "Asked":
        """Read what is kept."""
        said: dict[str, Any] = orjson.loads(content)
        said |= {name: tuple(UUID(each) for each in said[name]) for name in ("generations", "references")}
        said |= {name: tuple(said[name]) for name in ("activities", "purposes")}
        residence = Residence(said.pop("residence")) if said["residence"] else said.pop("residence")
        return cls(PrivacyRight(said.pop("right")), residence=residence, **said)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands."""

    id: UUID
    subject: UUID | None
    """The person's alias."""
    person: UUID | None
    """None: it is of no account, or the account is gone."""
    submitted_by: UUID | None
    right: PrivacyRight
    regime: Regime
    channel: Channel
    status: RequestStatus
    received_at: datetime
    legal_due_at: datetime
    verified_at: datetime | None
    due_at: datetime | None
    extended_at: datetime | None
    extended_until: datetime | None
    starts_at: datetime | None
    finished_at: datetime | None
    denial: str | None
    receipt: str | None
    job_id: UUID | None
    address: str | None
    """Where it is answered; None: nowhere (any more)."""
    asked: Asked | None
    """None: what was said is gone, with the person or by the clock."""
    denial_text: str | None
    extension_text: str | None

    @property
    def erases_account(self) -> bool:
        """Whether it ends with nobody there."""
        return self.right is PrivacyRight.ERASURE and self.asked is not None and not self.asked.is_partial


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step as it stands."""

    request_id: UUID
    position: int
    holder: str
    action: StepAction
    status: StepStatus
    count: int | None
    note: str | None
    awaiting_until: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


COLUMNS = """r.id, r.subject_id AS subject, a.user_id AS person, r.submitted_by_id AS submitted_by,
             r.privacy_right AS right, r.regime, r.channel, r.status, r.received_at, r.legal_due_at, r.verified_at,
             r.due_at, r.extended_at, r.extended_until, r.starts_at, r.finished_at, r.denial, r.receipt, r.job_id,
             coalesce(d.address, u.confirmed_email) AS address, d.content,
             d.denial AS denial_text, d.extension AS extension_text"""
FROM = """privacy_requests r LEFT JOIN subject_aliases a ON a.id = r.subject_id LEFT JOIN users u ON u.id = a.user_id
          LEFT JOIN privacy_request_details d ON d.request_id = r.id"""


def request_of(row: Row) -> Request:
    """Build a request from a row of `COLUMNS`."""
    said = dict(row)
    content = said.pop("content")
    said |= {
        "right": PrivacyRight(row["right"]),
        "regime": Regime(row["regime"]),
        "channel": Channel(row["channel"]),
        "status": RequestStatus(row["status"]),
        "asked": Asked.decode(content) if content else None,
    }
    return Request(**said)


async def steps_of(request_ids: Sequence[UUID]) -> dict[UUID, list[StepRecord]]:
    """Return the steps of requests, in order: one statement."""
    found: dict[UUID, list[StepRecord]] = {request_id: [] for request_id in request_ids}
    rows = await fetch(
        """SELECT request_id, position, holder, action, status, count, note, awaiting_until, started_at, finished_at
           FROM privacy_request_steps WHERE request_id = ANY($1) ORDER BY request_id, position""",
        list(request_ids),
    )
    for row in rows:
        said = {**row, "action": StepAction(row["action"]), "status": StepStatus(row["status"])}
        found[row["request_id"]].append(StepRecord(**said))
    return found
