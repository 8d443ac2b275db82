"""Tell everybody of a version: by mail, by a notice, in their feed, once each.

A job goes through all people in batches. Each batch is one transaction, and the row of the announcement says how far it
came; a notice is unique to a person and an announcement, and only who gets a new one is mailed. So a job that dies is
gone on with, and nobody is told twice.

Until the version takes effect people can still sign up by the one before. So the job comes back once a day, and for the
last time a little after that moment. Who has not confirmed an address is not told before they have, or else they would
never be written to; the last way through posts a notice to whoever is left.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from app.accounts.directory import Reachable, people_behind
from app.core import feed, jobs
from app.core.consent_purposes import ConsentPurpose
from app.core.days import day
from app.core.db import execute, fetch, fetch_one, transaction
from app.core.ids import uuid7
from app.core.jobs import JobKind, Lease, NotYet
from app.core.ports import Clock
from app.mail.kinds import MailKind
from app.mail.service import Recipient, check_room, record_mails
from app.policy.acceptances import accepted_by
from app.policy.queries import Edition, edition_of
from app.policy.texts import DocumentKind

ANNOUNCE = JobKind("outreach.announce", queue="bulk", max_failures=100)
NOTICE_POSTED = "NOTICE_POSTED"
"""The type of its feed entries."""
BATCH = 500
RETURN = timedelta(days=1)
SETTLED = timedelta(minutes=10)
"""Whoever began to sign up by the version before has ended by then."""
IN_WORDS: Mapping[DocumentKind, str] = {
    DocumentKind.PRIVACY: "privacy policy",
    DocumentKind.TERMS: "terms of service",
}
ASKED: Mapping[ConsentPurpose, str] = {
    ConsentPurpose.MARKETING_EMAIL: "news by mail",
    ConsentPurpose.ANALYTICS_COOKIES: "cookies that count visits",
    ConsentPurpose.PREFERENCE_COOKIES: "cookies that keep preferences",
    ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT: "training with your private pictures",
    ConsentPurpose.FACE_REFERENCE_IMAGES: "reference pictures that show faces",
}


async def announce(edition: Edition) -> None:
    """Have everybody told of a version that was just published, in the caller's transaction."""
    announcement_id = uuid7()
    await execute(
        "INSERT INTO announcements (id, document_version_id, created_at) VALUES ($1, $2, now())",
        announcement_id,
        edition.id,
    )
    await jobs.record(ANNOUNCE, {"announcement": announcement_id})


async def spread(lease: Lease, clock: Clock) -> None:
    """Go on telling people, to the last one. Raises NotYet where mail waits to be sent, and as long as others
    may come; LeaseLost, TextChanged.
    """
    announcement_id = UUID(lease.payload["announcement"])
    edition, position = await _standing(announcement_id)
    left = edition.effective_at + SETTLED - clock.now()
    last = left <= timedelta()
    more = True
    while more:
        await check_room()
        more = await _tell_batch(lease, announcement_id, edition, to_all=last)
    if not last:
        raise NotYet(min(left, RETURN))
    if position is not None:  # it was the rest of a way that began earlier: the last one is whole
        raise NotYet(timedelta())
    async with transaction():
        await execute("UPDATE announcements SET finished_at = now() WHERE id = $1", announcement_id)
        await jobs.complete(lease)


async def _tell_batch(lease: Lease, announcement_id: UUID, edition: Edition, *, to_all: bool) -> bool:
    """Tell the next people; return whether there were any. At the end the way begins anew."""
    async with transaction():
        await jobs.hold(lease)
        row = await fetch_one("SELECT position_id FROM announcements WHERE id = $1 FOR UPDATE", announcement_id)
        if row is None:
            raise LookupError("this announcement is gone")
        people = await people_behind(row["position_id"], BATCH)
        await execute(
            "UPDATE announcements SET position_id = $2 WHERE id = $1",
            announcement_id,
            people[-1].id if people else None,
        )
        if ready := [person for person in people if person.address or to_all]:
            await _tell(announcement_id, edition, ready)
    return bool(people)


async def _tell(announcement_id: UUID, edition: Edition, people: Sequence[Reachable]) -> None:
    document = edition.document
    accepted = await accepted_by([person.id for person in people], document.kind, document.version)
    told = await _post(announcement_id, [person.id for person in people if person.id not in accepted])
    values = _values(edition)
    kind = MailKind.DOCUMENT_CHANGES_AND_ASKS if edition.asks_again else MailKind.DOCUMENT_CHANGES
    mailed = [
        Recipient(person.id, person.address, {"name": person.display_name, **values})
        for person in people
        if person.id in told and person.address
    ]
    await record_mails(kind, mailed)
    await feed.append_each(told, NOTICE_POSTED)


async def _post(announcement_id: UUID, people: Sequence[UUID]) -> dict[UUID, UUID]:
    """Insert notices; return the new ones by person."""
    rows = await fetch(
        """INSERT INTO notices (id, person_id, announcement_id, created_at)
           SELECT id, person, $3, now() FROM unnest($1::uuid[], $2::uuid[]) AS told (id, person)
           ON CONFLICT (person_id, announcement_id) DO NOTHING RETURNING person_id, id""",
        [uuid7() for _ in people],
        list(people),
        announcement_id,
    )
    return {row["person_id"]: row["id"] for row in rows}


def _values(edition: Edition) -> dict[str, str]:
    document = edition.document
    return {
        "document": IN_WORDS[document.kind],
        "date": day(edition.effective_at),
        "summary": edition.summary,
        "asked": ", ".join(ASKED[purpose] for purpose in edition.asks_again),
        "folder": document.kind.value.lower(),
        "version": document.version,
    }


async def _standing(announcement_id: UUID) -> tuple[Edition, UUID | None]:
    """Return what is announced, and the last person who was told on a way that has not ended."""
    row = await fetch_one("SELECT document_version_id, position_id FROM announcements WHERE id = $1", announcement_id)
    if row is None:
        raise LookupError("this announcement is gone")
    return await edition_of(row["document_version_id"]), row["position_id"]
