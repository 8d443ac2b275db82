"""Commands: write what happened, in the transaction in which it happens."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID, uuid4

import orjson

from app.core.db import execute, fetch
from app.core.ids import uuid7
from app.core.origin import Origin
from app.core.personal_data import Activity

SALT_BYTES = 16


class Action(StrEnum):
    """What can happen to an account."""

    SIGNED_UP = "SIGNED_UP"
    SIGNED_IN = "SIGNED_IN"
    SIGNED_OUT = "SIGNED_OUT"
    SESSION_REVOKED = "SESSION_REVOKED"
    SESSION_TOKEN_REUSED = "SESSION_TOKEN_REUSED"  # noqa: S105 - the name of an action
    REAUTHENTICATED = "REAUTHENTICATED"
    EMAIL_CONFIRMED = "EMAIL_CONFIRMED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - the name of an action
    API_KEY_CREATED = "API_KEY_CREATED"
    API_KEY_REVOKED = "API_KEY_REVOKED"
    SECOND_FACTOR_ADDED = "SECOND_FACTOR_ADDED"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    SECOND_FACTOR_FAILED = "SECOND_FACTOR_FAILED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    RECOVERY_CODES_RENEWED = "RECOVERY_CODES_RENEWED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    RECOVERY_STARTED = "RECOVERY_STARTED"
    RECOVERY_CANCELED = "RECOVERY_CANCELED"
    RECOVERY_FINISHED = "RECOVERY_FINISHED"
    APP_CONNECTED = "APP_CONNECTED"
    APP_DISCONNECTED = "APP_DISCONNECTED"
    APP_TOKEN_REUSED = "APP_TOKEN_REUSED"  # noqa: S105 - the name of an action
    APP_REGISTERED = "APP_REGISTERED"
    APP_REMOVED = "APP_REMOVED"
    ROLE_CHANGED = "ROLE_CHANGED"
    SUSPENDED = "SUSPENDED"
    SUSPENSION_LIFTED = "SUSPENSION_LIFTED"
    VIEWED_BY_STAFF = "VIEWED_BY_STAFF"
    DOCUMENT_PUBLISHED = "DOCUMENT_PUBLISHED"
    CONSENT_GIVEN = "CONSENT_GIVEN"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    OBJECTED = "OBJECTED"
    OBJECTION_TAKEN_BACK = "OBJECTION_TAKEN_BACK"
    SUPPORT_ANSWERED = "SUPPORT_ANSWERED"
    SUPPORT_CLASSIFIED = "SUPPORT_CLASSIFIED"
    SUPPORT_CLOSED = "SUPPORT_CLOSED"
    MINOR_FLAGGED = "MINOR_FLAGGED"
    MINOR_FLAG_LIFTED = "MINOR_FLAG_LIFTED"
    MINOR_PURGED = "MINOR_PURGED"
    RESTRICTED = "RESTRICTED"
    RESTRICTION_ENDING = "RESTRICTION_ENDING"
    RESTRICTION_LIFTED = "RESTRICTION_LIFTED"
    LEGALLY_DISCLOSED = "LEGALLY_DISCLOSED"
    BARRED_DISCLOSURE_RECORDED = "BARRED_DISCLOSURE_RECORDED"
    ERASED = "ERASED"
    PRIVACY_REQUESTED = "PRIVACY_REQUESTED"
    PRIVACY_DENIED = "PRIVACY_DENIED"
    PRIVACY_CANCELED = "PRIVACY_CANCELED"
    PRIVACY_COMPLETED = "PRIVACY_COMPLETED"
    PRIVACY_EXTENDED = "PRIVACY_EXTENDED"
    PRIVACY_RETRIED = "PRIVACY_RETRIED"
    PRIVACY_EXPIRED = "PRIVACY_EXPIRED"


IN_WORDS: Mapping[Action, str] = {
    Action.SIGNED_UP: "The account was made.",
    Action.SIGNED_IN: "A device was signed in.",
    Action.SIGNED_OUT: "A device signed out, or all did.",
    Action.SESSION_REVOKED: "A device was signed out by another one; the note says which.",
    Action.SESSION_TOKEN_REUSED: "A token of a browser came again after it was replaced, as a stolen one does: its "
    "session was ended.",
    Action.REAUTHENTICATED: "Somebody proved again that it is them, to do what is hard to undo.",
    Action.EMAIL_CONFIRMED: "An address was confirmed, a new one perhaps.",
    Action.PASSWORD_CHANGED: "The password was changed by a mailed link; all devices, API keys and apps were ended.",
    Action.API_KEY_CREATED: "An API key was made; the note says its name and what it may do.",
    Action.API_KEY_REVOKED: "The API key of the note was ended.",
    Action.SECOND_FACTOR_ADDED: "An authenticator app or a passkey was set up.",
    Action.SECOND_FACTOR_REMOVED: "An authenticator app or a passkey was removed.",
    Action.SECOND_FACTOR_FAILED: "The password was right, and too many codes were wrong: somebody has the password.",
    Action.RECOVERY_CODE_USED: "A recovery code was used.",
    Action.RECOVERY_CODES_RENEWED: "The recovery codes were replaced: the old ones are worth nothing.",
    Action.IDENTITY_LINKED: "An account elsewhere was linked: who signs in there is signed in here.",
    Action.IDENTITY_UNLINKED: "An account elsewhere was unlinked: it opens this one no more.",
    Action.RECOVERY_STARTED: "Somebody said that the second factor is lost: a waiting time began.",
    Action.RECOVERY_CANCELED: "The waiting time was stopped, or not needed after all.",
    Action.RECOVERY_FINISHED: "The waiting time ended: the second factors were removed.",
    Action.APP_CONNECTED: "An app was let in; the note says its name and what it may do.",
    Action.APP_DISCONNECTED: "The app of the note was disconnected, by the person or by itself.",
    Action.APP_TOKEN_REUSED: "A token of the app of the note came twice, as a stolen one does: it was disconnected.",
    Action.APP_REGISTERED: "As an administrator, the person registered the app of the note.",
    Action.APP_REMOVED: "As an administrator, the person removed the app of the note.",
    Action.ROLE_CHANGED: "The account got other rights; the note says which.",
    Action.SUSPENDED: "The account was suspended; the note says why.",
    Action.SUSPENSION_LIFTED: "The suspension was lifted; the note says why.",
    Action.VIEWED_BY_STAFF: "A member of staff looked at the account's data, for the purpose that is named.",
    Action.DOCUMENT_PUBLISHED: "As staff, the person published the version of the policy or the terms of the note.",
    Action.CONSENT_GIVEN: "The person said yes to the purpose of the note.",
    Action.CONSENT_WITHDRAWN: "The person, or their browser's signal, said no to the purpose of the note.",
    Action.OBJECTED: "The person objected to the activity of the note.",
    Action.OBJECTION_TAKEN_BACK: "The person took back their objection to the activity of the note.",
    Action.SUPPORT_ANSWERED: "What the person wrote to support was answered.",
    Action.SUPPORT_CLASSIFIED: "Staff gave what the person wrote to support the topic of the note.",
    Action.SUPPORT_CLOSED: "A member of staff closed what the person wrote to support.",
    Action.MINOR_FLAGGED: "The account was said to be a child's, and frozen; the note says why.",
    Action.MINOR_FLAG_LIFTED: "The account is not frozen any more; the note says why.",
    Action.MINOR_PURGED: "Everything about the person was deleted, because the account was said to be a child's.",
    Action.RESTRICTED: "Processing of the account's data was restricted to storage; the note says why.",
    Action.RESTRICTION_ENDING: "The person was told that the restriction of processing ends; the note says why.",
    Action.RESTRICTION_LIFTED: "The restriction of processing was lifted; the note says why.",
    Action.LEGALLY_DISCLOSED: "Something of the person's was handed over because the law wanted it; the note says why.",
    Action.BARRED_DISCLOSURE_RECORDED: "As staff, the person recorded that something of somebody's was handed over, "
    "whom the law forbids to tell of it for now.",
    Action.ERASED: "Everything about the person was erased, as they had asked.",
    Action.PRIVACY_REQUESTED: "The person, or staff on their behalf, asked for the right of the note.",
    Action.PRIVACY_DENIED: "What was asked for was not granted; the note says which right, and why.",
    Action.PRIVACY_CANCELED: "What was asked for was taken back; the note says which right.",
    Action.PRIVACY_COMPLETED: "What was asked for was done; the note says which right.",
    Action.PRIVACY_EXTENDED: "What was asked for takes longer; the note says which right, and why.",
    Action.PRIVACY_RETRIED: "What was asked for is being done again after it broke off; the note says which right.",
    Action.PRIVACY_EXPIRED: "Nobody showed in time that it was the person who asked for the right of the note.",
}
"""What an entry tells a person."""


async def record(
    action: Action,
    subject: UUID,
    *,
    actor: UUID | None,
    purpose: Activity | None = None,
    origin: Origin | None = None,
    details: Mapping[str, str] | None = None,
) -> None:
    """Append an entry about a person, in the caller's transaction.

    `actor` is whoever did it: the person, a member of staff, or None for the operator at the command line. The origin
    and the details are kept beside the entry, which holds only a salted commitment to them (SHA-256 of salt and JSON).
    """
    content = {**(origin.described() if origin else {}), **(details or {})}
    entry_id, salt, text = uuid7(), secrets.token_bytes(SALT_BYTES), orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    subject_alias = await alias_of(subject)
    actor_alias = await alias_of(actor) if actor else None
    await execute(
        """INSERT INTO audit_entries (id, at, action, subject_id, actor_id, purpose, commitment)
           VALUES ($1, now(), $2, $3, $4, $5, $6)""",
        entry_id,
        action.value,
        subject_alias,
        actor_alias,
        purpose.value if purpose else None,
        commitment_to(salt, text) if content else None,
    )
    if content:
        await execute(
            "INSERT INTO audit_details (id, entry_id, salt, content) VALUES ($1, $2, $3, $4)",
            uuid7(),
            entry_id,
            salt,
            text.decode(),
        )


async def record_each(
    action: Action, subjects: Sequence[UUID], *, actor: UUID | None, details: Mapping[str, str]
) -> None:
    """Append the same entry about each of several people, in the caller's transaction, by two statements."""
    text = orjson.dumps(dict(details), option=orjson.OPT_SORT_KEYS)
    aliases = await _aliases_of(subjects)
    entries, salts = [uuid7() for _ in aliases], [secrets.token_bytes(SALT_BYTES) for _ in aliases]
    await execute(
        """INSERT INTO audit_entries (id, at, action, subject_id, actor_id, commitment)
           SELECT entry, now(), $4, subject, $5, commitment
           FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS told (entry, subject, commitment)""",
        entries,
        aliases,
        [commitment_to(salt, text) for salt in salts],
        action.value,
        await alias_of(actor) if actor else None,
    )
    await execute(
        """INSERT INTO audit_details (id, entry_id, salt, content)
           SELECT id, entry, salt, $4 FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS told (id, entry, salt)""",
        [uuid7() for _ in aliases],
        entries,
        salts,
        text.decode(),
    )


async def record_looks(subjects: Sequence[UUID], actor: UUID, purpose: Activity) -> None:
    """Append an entry for each person whose data a member of staff looks at, in the caller's transaction."""
    aliases = [await alias_of(actor), *await _aliases_of(subjects)]
    await execute(
        """INSERT INTO audit_entries (id, at, action, subject_id, actor_id, purpose)
           SELECT entry, now(), $3, subject, $4, $5 FROM unnest($1::uuid[], $2::uuid[]) AS looks (entry, subject)""",
        [uuid7() for _ in aliases[1:]],
        aliases[1:],
        Action.VIEWED_BY_STAFF.value,
        aliases[0],
        purpose.value,
    )


async def forget_details(people: Sequence[UUID]) -> None:
    """Delete what is said beside entries about people who are about to go, in the caller's transaction."""
    await execute(
        """DELETE FROM audit_details WHERE entry_id IN (
             SELECT e.id FROM audit_entries e JOIN subject_aliases a ON a.id = e.subject_id
             WHERE a.user_id = ANY($1))""",
        list(people),
    )


def commitment_to(salt: bytes, text: bytes) -> str:
    """Return what an entry holds of what is said beside it: SHA-256 of the salt and the JSON."""
    return hashlib.sha256(salt + text).hexdigest()


async def alias_of(user_id: UUID) -> UUID:
    """Return the person's random alias; the first call makes it. Raises LookupError where the person is gone."""
    aliases = await _aliases_of([user_id])
    if not aliases:
        raise LookupError("this account is gone")
    return aliases[0]


async def aliases_of(user_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return people's random aliases, by person, by two statements; who is gone has none."""
    await execute(
        """INSERT INTO subject_aliases (id, user_id)
           SELECT alias, person FROM unnest($1::uuid[], $2::uuid[]) AS wanted (alias, person)
           WHERE person IN (SELECT id FROM users) ON CONFLICT (user_id) DO NOTHING""",
        [uuid4() for _ in user_ids],
        list(user_ids),
    )
    rows = await fetch("SELECT id, user_id FROM subject_aliases WHERE user_id = ANY($1)", list(user_ids))
    return {row["user_id"]: row["id"] for row in rows}


async def _aliases_of(user_ids: Sequence[UUID]) -> list[UUID]:
    return list((await aliases_of(user_ids)).values())
