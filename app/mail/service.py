"""Commands: record a mail in the transaction that wants it; send it; forget it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import orjson
import structlog

from app.core import jobs
from app.core.db import Row, execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind, Lease, NotYet
from app.core.lockout import LOCKED_FOR, locked
from app.core.personal_data import Activity, Basis
from app.core.ports import Mailer, MailRefused
from app.mail.english import ENGLISH
from app.mail.kinds import TO_THE_LOCKED, MailKind
from app.mail.rendering import LetterWriter
from app.processors.records import About
from app.processors.register import Disclosed
from app.processors.service import Gate

SEND_MAIL = JobKind("mail.send", queue="interactive", max_failures=8)
SEND_TO_MANY = JobKind("mail.send_to_many", queue="bulk", max_failures=8)
"""The same for what everybody gets: nobody's link waits behind it."""
MOST_WAITING = 1000
"""Mails to many that wait at once: what is due is looked for in its order, and must not hide behind ten thousand."""
PAUSE = timedelta(seconds=5)
"""How long what has to write to many waits for mail to be sent."""

log = structlog.get_logger(__name__)


async def record_mail(
    kind: MailKind,
    address: str,
    *,
    person: UUID | None,
    values: Mapping[str, str] | None = None,
    ticket: UUID | None = None,
) -> UUID:
    """Record a mail in the caller's transaction; a job sends it once that has committed.

    `ticket` is the row whose one-time link the mail shows: the token itself is made when the mail is sent.
    """
    mail_id = uuid7()
    await execute(
        """INSERT INTO mails (id, person_id, address, kind, values, ticket, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, now())""",
        mail_id,
        person,
        address,
        kind.value,
        orjson.dumps(dict(values or {})).decode(),
        ticket,
    )
    await jobs.record(SEND_MAIL, {"mail": mail_id})
    return mail_id


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail that goes to many."""

    person: UUID
    address: str
    values: Mapping[str, str]
    ticket: UUID | None = None
    mail: UUID = field(default_factory=uuid7)
    """The id that the mail gets."""


async def record_mails(kind: MailKind, recipients: Sequence[Recipient]) -> None:
    """Record the same mail to each of several people by two statements, in the caller's transaction."""
    await execute(
        """INSERT INTO mails (id, person_id, address, kind, values, ticket, created_at)
           SELECT id, person, address, $6, filled, ticket, now()
           FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[])
             AS wanted (id, person, address, filled, ticket)""",
        [recipient.mail for recipient in recipients],
        [recipient.person for recipient in recipients],
        [recipient.address for recipient in recipients],
        [orjson.dumps(dict(recipient.values)).decode() for recipient in recipients],
        [recipient.ticket for recipient in recipients],
        kind.value,
    )
    await jobs.record_each(SEND_TO_MANY, [{"mail": recipient.mail} for recipient in recipients])


async def check_room() -> None:
    """Return where mail to many may be recorded now. Raises NotYet where some of it has to be sent first."""
    if await jobs.waiting(SEND_TO_MANY, MOST_WAITING) >= MOST_WAITING:
        raise NotYet(PAUSE)


async def call_back(mails: Sequence[UUID]) -> int:
    """End those mails that were not handed over yet, in the caller's transaction; return how many."""
    rows = await fetch(
        """UPDATE mails SET state = 'CANCELED', ended_at = now() WHERE id = ANY($1) AND state = 'QUEUED'
           RETURNING id""",
        list(mails),
    )
    return len(rows)


Recheck = Callable[[UUID, str], Awaitable[bool]]
"""Whether a person may still be written to, at that address."""


class PostOffice:
    """Sends recorded mail through the gate."""

    def __init__(
        self, mailer: Mailer, writer: LetterWriter, gate: Gate, rechecks: Mapping[Activity, Recheck] | None = None
    ) -> None:
        """`rechecks` are for activities that rest on consent, whose mail is not sent without one."""
        self._mailer = mailer
        self._writer = writer
        self._gate = gate
        self._rechecks = rechecks or {}

    async def send(self, lease: Lease) -> None:
        """Send the job's mail. A crash between handing it over and this commit sends it twice, with one Message-ID.

        Raises OSError for what may succeed later, DisclosureRefused, and NotYet while the account is locked: what was
        to be sent is sent once it is given back, and is deleted with the account where it is not.
        """
        mail_id = UUID(lease.payload["mail"])
        row = await fetch_one(
            f"""SELECT m.person_id, m.address, m.kind, m.values, m.ticket, {locked("u")} AS is_locked
                FROM mails m LEFT JOIN users u ON u.id = m.person_id
                WHERE m.id = $1 AND m.state = 'QUEUED'""",  # noqa: S608
            mail_id,
        )
        if row is not None and row["is_locked"] and MailKind(row["kind"]) not in TO_THE_LOCKED:
            raise NotYet(LOCKED_FOR)
        state, code = ("SENT", None) if row is None else await self._send(mail_id, row)
        async with transaction():
            await _end(mail_id, state, code)
            await jobs.complete(lease)

    async def _send(self, mail_id: UUID, row: Row) -> tuple[str, str | None]:
        """Hand a mail over where that may be done; return how it ended."""
        kind = MailKind(row["kind"])
        activity = ENGLISH[kind].activity
        if activity.basis is Basis.CONSENT and not await self._may(activity, row["person_id"], row["address"]):
            return "NOT_ALLOWED", None
        letter = self._writer.write(mail_id, row["address"], kind, orjson.loads(row["values"]), row["ticket"])
        async with self._gate.disclose(
            self._mailer.processor, activity, row["person_id"], {Disclosed.ADDRESS}, About("Mail", mail_id)
        ):
            try:
                await self._mailer.send(letter)
            except MailRefused as refused:
                log.warning("mail.bounced", mail=str(mail_id), code=refused.code)
                return "BOUNCED", refused.code
        return "SENT", None

    async def _may(self, activity: Activity, person: UUID | None, address: str) -> bool:
        """Return whether a consent still stands: it may be withdrawn while the mail waits."""
        recheck = self._rechecks.get(activity)
        return person is not None and recheck is not None and await recheck(person, address)

    async def give_up(self, lease: Lease) -> None:
        """Record that the mail could not be sent, in the caller's transaction."""
        await _end(UUID(lease.payload["mail"]), "FAILED", None)


async def record_bounce(mail_id: UUID, code: str) -> bool:
    """Record what a mail server said later (RFC 3464); return whether it was about a mail that we still know."""
    rows = await fetch(
        """UPDATE mails SET state = 'BOUNCED', reply_code = $2 WHERE id = $1 AND state IN ('SENT', 'BOUNCED')
           RETURNING id""",
        mail_id,
        code[:16],
    )
    return bool(rows)


async def _end(mail_id: UUID, state: str, code: str | None) -> None:
    await execute(
        "UPDATE mails SET state = $2, reply_code = $3, ended_at = now() WHERE id = $1 AND state = 'QUEUED'",
        mail_id,
        state,
        code,
    )
