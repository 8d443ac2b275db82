"""A row for every sweep, written as of a moment: the one that its time is counted from."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.audit.chain import seal
from app.core.db import execute
from app.core.ids import earliest
from app.core.ports import ObjectStore
from app.media.uploads import part_keys
from tests.fakes.sweeping import SIGNER
from tests.retention.somebody import Write, alias, person, row


async def _picture(owner: UUID, at: datetime) -> UUID:
    id = uuid4()
    await execute(
        """INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
           VALUES ($1, $2, 'STORED', 8, 8, 'x', '{}', $3)""",
        id,
        owner,
        at,
    )
    return id


async def _upload(at: datetime, store: ObjectStore) -> None:
    id = uuid4()
    await execute(
        """INSERT INTO uploads (id, person_id, state, content_type, byte_size, created_at, expires_at)
           VALUES ($1, $2, 'RECEIVED', 'image/png', 5, $3, $3)""",
        id,
        await person(at),
        at,
    )
    await store.put(part_keys(id, 5)[0], b"bytes")


async def _erased_key(at: datetime, store: ObjectStore) -> None:
    id = uuid4()
    await execute(
        """INSERT INTO erased_keys (id, subject_id, medium, key, erased_at) VALUES ($1, $2, 'OBJECTS', $3, $4)""",
        id,
        await alias(),
        f"pictures/{id}/",
        at,
    )
    await store.put(f"pictures/{id}/original", b"late")


async def _reference(at: datetime, _store: ObjectStore) -> None:
    owner = await person(at)
    await execute(
        """INSERT INTO reference_images (id, person_id, picture_id, has_face, saved, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, $2, false, false, $3, $3)""",
        owner,
        await _picture(owner, at),
        at,
    )


async def _grant(at: datetime, _store: ObjectStore) -> None:
    client, grant = uuid4(), uuid4()
    await execute(
        "INSERT INTO app_clients (id, name, redirects, scopes, created_at) VALUES ($1, 'App', '', '', $2)", client, at
    )
    await execute(
        """INSERT INTO app_grants (id, user_id, client_id, scopes, redirect, challenge, created_at, expires_at)
           VALUES ($1, $2, $3, '', '', '', $4, $4)""",
        grant,
        await person(at),
        client,
        at,
    )
    await execute(
        """INSERT INTO app_tokens (id, grant_id, kind, token_hash, scopes, expires_at)
           VALUES (gen_random_uuid(), $1, 'REFRESH', 'hash', '', $2)""",
        grant,
        at,
    )


async def _full_account(at: datetime, _store: ObjectStore) -> None:
    """An account that nobody can get into any more, with a picture that was made and one that was saved."""
    owner, generation = await person(at, confirmed=False), uuid4()
    made, saved = await _picture(owner, at), await _picture(owner, at)
    await execute(
        """INSERT INTO generations (id, user_id, prompt, engine, seed, width, height, count, status, created_at)
           VALUES ($1, $2, 'a prompt', 'slow', 1, 8, 8, 1, 'SUCCEEDED', $3)""",
        generation,
        owner,
        at,
    )
    await execute(
        """INSERT INTO generated_images (id, generation_id, "index", picture_id)
           VALUES (gen_random_uuid(), $1, 0, $2)""",
        generation,
        made,
    )
    await execute(
        """INSERT INTO reference_images (id, person_id, picture_id, has_face, saved, created_at)
           VALUES (gen_random_uuid(), $1, $2, false, true, $3)""",
        owner,
        saved,
        at,
    )


async def _entry(at: datetime, _store: ObjectStore) -> None:
    """An entry of the audit log, and one a second later that keeps the chain from ending with it."""
    subject = await alias()
    for moment in (at, at + timedelta(seconds=1)):
        await execute(
            "INSERT INTO audit_entries (id, at, action, subject_id) VALUES ($1, $2, 'SIGNED_IN', $3)",
            UUID(int=earliest(moment).int | secrets.randbits(62)),
            moment,
            subject,
        )
    while await seal(SIGNER):
        """Until everything is sealed."""


def _decision(table: str, about: str, more: str, values: str) -> Write:
    """Return what writes a decision that counted until a moment, and the one that counts since."""

    async def write(at: datetime, _store: ObjectStore) -> None:
        principal = await alias()
        for sequence in (1, 2):
            await execute(
                f"""INSERT INTO {table} (id, principal_id, sequence, decided_at, {about}{more})
                    VALUES (gen_random_uuid(), $1, $2, $3::timestamptz - (2 - $2) * interval '1 day', {values})""",
                principal,
                sequence,
                at,
            )

    return write


async def _acceptance(at: datetime, _store: ObjectStore) -> None:
    """An acceptance of somebody who was gone then."""
    await execute(
        """INSERT INTO acceptances (id, subject_id, kind, version, sha256, accepted_at)
           VALUES (gen_random_uuid(), $1, 'TERMS', '2026-03-24', 'hash', $2::timestamptz - interval '1 year')""",
        await alias(at),
        at,
    )


async def _version(at: datetime, _store: ObjectStore) -> None:
    await execute(
        """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
                                          asks_again, published_by_id)
           VALUES (gen_random_uuid(), 'TERMS', '2031-01-01', 'hash', $2, $2, false, '', '', $1)""",
        await alias(),
        at,
    )


async def _alias(at: datetime, _store: ObjectStore) -> None:
    await alias(at)


async def _account(at: datetime, _store: ObjectStore) -> None:
    """An account with an address that was never confirmed, whose only session is over; it is on record."""
    user, name = await person(at, confirmed=False), uuid4()
    await execute("INSERT INTO subject_aliases (id, user_id) VALUES ($1, $2)", name, user)


async def _recipient(at: datetime, _store: ObjectStore) -> None:
    campaign = uuid4()
    await execute(
        "INSERT INTO campaigns (id, subject, text, created_at, finished_at) VALUES ($1, 'News', '', $2, $2)",
        campaign,
        at,
    )
    await execute(
        """INSERT INTO campaign_recipients (id, campaign_id, person_id, mail_id)
           VALUES (gen_random_uuid(), $1, $2, gen_random_uuid())""",
        campaign,
        await person(at),
    )


async def _thread(at: datetime, _store: ObjectStore) -> None:
    thread = uuid4()
    await execute(
        """INSERT INTO support_threads (id, address, topic, state, created_at, last_message_at)
           VALUES ($1, 'ada@example.com', 'QUESTION', 'OPEN', $2, $2)""",
        thread,
        at,
    )
    await execute(
        """INSERT INTO support_messages (id, thread_id, author, text, created_at)
           VALUES (gen_random_uuid(), $1, 'PERSON', 'Hello', $2)""",
        thread,
        at,
    )


async def _set(at: datetime, _store: ObjectStore) -> UUID:
    id = uuid4()
    await execute(
        "INSERT INTO training_sets (id, name, started_at, sealed_at) VALUES ($1::uuid, $1::uuid::text, $2, $2)", id, at
    )
    return id


async def _item(at: datetime, store: ObjectStore) -> None:
    await execute(
        """INSERT INTO training_items (id, set_id, subject_id, picture_id, sha256, byte_size, visibility, basis,
                                       policy_version, decided_at, mac)
           VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), '', 1, 'PUBLIC', 'LEGITIMATE_INTEREST', '', $3, '')""",
        await _set(at, store),
        await alias(),
        at,
    )


async def _flag(at: datetime, _store: ObjectStore) -> None:
    await execute(
        """INSERT INTO minor_flags (id, subject_id, state, previous_status, flagged_at, purge_at, ended_at)
           VALUES (gen_random_uuid(), $1, 'LIFTED', 'ACTIVE', $2, $2, $2)""",
        await alias(),
        at,
    )


def _disclosure(table: str, moment: str) -> Write:
    async def write(at: datetime, _store: ObjectStore) -> None:
        await execute(
            f"""INSERT INTO {table} (id, subject_id, recorded_by_id, ground, categories, disclosed_on, recorded_at,
                                     {moment})
                VALUES (gen_random_uuid(), $1, $1, 'SUBPOENA', '[]', '2020-01-01', $2, $2)""",
            await alias(),
            at,
        )

    return write


async def _request(at: datetime, _store: ObjectStore) -> UUID:
    id = uuid4()
    await execute(
        """INSERT INTO privacy_requests
             (id, subject_id, privacy_right, regime, channel, status, received_at, legal_due_at, finished_at)
           VALUES ($1, $2, 'ACCESS', 'GDPR', 'SIGNED_IN', 'COMPLETED', $3, $3, $3)""",
        id,
        await alias(),
        at,
    )
    await execute(
        """INSERT INTO privacy_request_steps (id, request_id, position, holder, action, status)
           VALUES (gen_random_uuid(), $1, 0, 'users', 'EXPORT', 'DONE')""",
        id,
    )
    return id


async def _said(at: datetime, store: ObjectStore) -> None:
    await execute(
        "INSERT INTO privacy_request_details (id, request_id, content) VALUES (gen_random_uuid(), $1, '{}')",
        await _request(at, store),
    )


async def _decided(at: datetime, store: ObjectStore) -> None:
    """A decision whose last backup of before is gone then, and one after it."""
    await execute(
        """INSERT INTO journal_entries (id, sequence, decision, at, written_at, until)
           VALUES (gen_random_uuid(), 1, 'RESTRICTED', $1, $1, $1)""",
        at,
    )
    await execute("INSERT INTO journal_tip (id, sequence) VALUES (1, 2)")
    await store.put("journal/0000000000000001", b"a decision")


async def _archive(at: datetime, store: ObjectStore) -> None:
    id = uuid4()
    await execute(
        """INSERT INTO privacy_archives (id, request_id, person_id, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $4)""",
        id,
        await _request(at, store),
        await person(at),
        at,
    )
    await store.put(f"exports/{id}/zip-1/0", b"bytes")


CASES: Mapping[str, Write] = {
    "privacy_requests": _request,
    "privacy_request_details": _said,
    "campaign_recipients": _recipient,
    "support_threads": _thread,
    "training_items": _item,
    "training_sets": _set,
    "minor_flags": _flag,
    "legal_disclosures": _disclosure("legal_disclosures", "shown_from"),
    "barred_disclosures": _disclosure("barred_disclosures", "barred_until"),
    "jobs": row(
        "jobs",
        "kind, queue, payload, state, run_after, dispatched_at, created_at, finished_at",
        "'tests.old', 'bulk', '{}', 'SUCCEEDED', $1, $1, $1, $1",
    ),
    "idempotency_keys": row(
        "idempotency_keys",
        "person_id, operation, key, input_hash, result_id, created_at",
        "$2, 'createUpload', 'key', '', gen_random_uuid(), $1",
    ),
    "erased_keys": _erased_key,
    "retention_runs": row("retention_runs", "at, started_at", "$1, $1"),
    "mails": row(
        "mails",
        'person_id, address, kind, "values", state, created_at, ended_at',
        "$2, 'ada@example.com', 'CONFIRM_EMAIL', '{}', 'SENT', $1, $1",
    ),
    "uploads": _upload,
    "avatar_sources": row(
        "avatar_sources", "person_id, processor, url, created_at", "$2, 'google', 'https://example.com', $1"
    ),
    "reference_images": _reference,
    "content of unconfirmed accounts": _full_account,
    "sessions": row("sessions", "user_id, token_hash, created_at, expires_at", "$2, 'hash', $1, $1"),
    "api_keys": row(
        "api_keys",
        "user_id, name, token_hash, last_four, scopes, origins, created_at, expires_at",
        "$2, 'Key', 'hash', '', '', '', $1, $1",
    ),
    "app_grants": _grant,
    "tickets": row("tickets", "user_id, purpose, address, expires_at", "$2, 'CONFIRM_EMAIL', 'ada@example.com', $1"),
    "account_recoveries": row("account_recoveries", "user_id, created_at, ends_at", "$2, $1, $1"),
    "sign_in_challenges": row("sign_in_challenges", "user_id, token_hash, tries_left, expires_at", "$2, 'hash', 3, $1"),
    "passkey_challenges": row("passkey_challenges", "user_id, challenge, expires_at", "$2, '', $1"),
    "provider_questions": row("provider_questions", "expires_at", "$1"),
    "users": _account,
    "consent_records": _decision(
        "consent_records",
        "purpose",
        ", granted, policy_version, notice_sha256, method, receipt",
        "'MARKETING_EMAIL', true, '2026-03-24', 'hash', 'API', 'receipt'",
    ),
    "objection_records": _decision("objection_records", "activity", ", objected", "'ANALYTICS', true"),
    "restriction_records": _decision("restriction_records", "restricted", "", "$2::int = 1"),
    "acceptances": _acceptance,
    "document_versions": _version,
    "disclosures": row(
        "disclosures", "processor, activity, categories, created_at", "'painter', 'IMAGE_GENERATION', '[]', $1"
    ),
    "audit_entries": _entry,
    "subject_aliases": _alias,
    "journal_entries": _decided,
    "privacy_archives": _archive,
}
