"""What we write about, and what a mail's words are. Another language is another mapping of the same kinds.

What goes to an address that nobody has confirmed names nobody: whoever asked for it would else write into our mail.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.core.personal_data import Activity
from app.mail.replies import Side

ANSWER_ABOVE = "=== Answer above this line ==="
"""What mails begin with that are answered by mail: of an answer, nothing from here on is kept."""


class MailKind(StrEnum):
    """What we write about."""

    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    REGISTERED_AND_LEAVING = "REGISTERED_AND_LEAVING"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - the name of a mail
    NO_ACCOUNT = "NO_ACCOUNT"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - the name of a mail
    CHANGE_EMAIL = "CHANGE_EMAIL"
    EMAIL_CHANGING = "EMAIL_CHANGING"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    API_KEY_CREATED = "API_KEY_CREATED"
    SECOND_FACTOR_ADDED = "SECOND_FACTOR_ADDED"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    SECOND_FACTOR_FAILED = "SECOND_FACTOR_FAILED"
    PASSKEY_ADDED = "PASSKEY_ADDED"
    ONE_FACTOR_REMOVED = "ONE_FACTOR_REMOVED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    RECOVERY_CODES_RENEWED = "RECOVERY_CODES_RENEWED"
    RECOVERY_STARTED = "RECOVERY_STARTED"
    RECOVERY_CANCELED = "RECOVERY_CANCELED"
    RECOVERY_FINISHED = "RECOVERY_FINISHED"
    APP_CONNECTED = "APP_CONNECTED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    DOCUMENT_CHANGES = "DOCUMENT_CHANGES"
    DOCUMENT_CHANGES_AND_ASKS = "DOCUMENT_CHANGES_AND_ASKS"
    NEWS = "NEWS"
    SUPPORT_MESSAGE = "SUPPORT_MESSAGE"
    SUPPORT_RECEIVED = "SUPPORT_RECEIVED"
    SUPPORT_ANSWER = "SUPPORT_ANSWER"
    PRIVACY_MESSAGE = "PRIVACY_MESSAGE"
    PRIVACY_RECEIVED = "PRIVACY_RECEIVED"
    PRIVACY_ANSWER = "PRIVACY_ANSWER"
    PRIVACY_REQUEST_RECEIVED = "PRIVACY_REQUEST_RECEIVED"
    PRIVACY_ARCHIVE_LINK = "PRIVACY_ARCHIVE_LINK"
    PRIVACY_REQUEST_VERIFIED = "PRIVACY_REQUEST_VERIFIED"
    PRIVACY_REQUEST_COMPLETED = "PRIVACY_REQUEST_COMPLETED"
    PRIVACY_REQUEST_DENIED = "PRIVACY_REQUEST_DENIED"
    PRIVACY_REQUEST_CANCELED = "PRIVACY_REQUEST_CANCELED"
    PRIVACY_REQUEST_EXPIRED = "PRIVACY_REQUEST_EXPIRED"
    PRIVACY_REQUEST_EXTENDED = "PRIVACY_REQUEST_EXTENDED"
    PRIVACY_REMINDER = "PRIVACY_REMINDER"
    PRIVACY_OVERDUE = "PRIVACY_OVERDUE"
    PRIVACY_UNCONFIRMED = "PRIVACY_UNCONFIRMED"
    ERASURE_VERIFIED = "ERASURE_VERIFIED"
    ERASURE_CANCELED = "ERASURE_CANCELED"
    ERASURE_DONE = "ERASURE_DONE"
    RESTRICTION_ENDING = "RESTRICTION_ENDING"
    MINOR_FLAGGED = "MINOR_FLAGGED"
    MINOR_FLAG_LIFTED = "MINOR_FLAG_LIFTED"
    LEGAL_DISCLOSURE = "LEGAL_DISCLOSURE"


TO_THE_LOCKED = frozenset(
    {
        MailKind.MINOR_FLAGGED,
        MailKind.MINOR_FLAG_LIFTED,
        MailKind.SUPPORT_MESSAGE,
        MailKind.SUPPORT_RECEIVED,
        MailKind.SUPPORT_ANSWER,
        MailKind.PRIVACY_MESSAGE,
        MailKind.PRIVACY_RECEIVED,
        MailKind.PRIVACY_ANSWER,
        MailKind.PRIVACY_REQUEST_RECEIVED,
        MailKind.PRIVACY_ARCHIVE_LINK,
        MailKind.PRIVACY_REQUEST_VERIFIED,
        MailKind.PRIVACY_REQUEST_COMPLETED,
        MailKind.PRIVACY_REQUEST_DENIED,
        MailKind.PRIVACY_REQUEST_CANCELED,
        MailKind.PRIVACY_REQUEST_EXPIRED,
        MailKind.PRIVACY_REQUEST_EXTENDED,
        MailKind.ERASURE_VERIFIED,
        MailKind.ERASURE_CANCELED,
        MailKind.ERASURE_DONE,
        MailKind.RESTRICTION_ENDING,
    }
)
"""What is sent also while an account is locked: what happened to it, and what is said about that."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A mail's words. `path` is where its one-time link leads, or `page` its link to what anybody may read; `action` is
    the words of that link. `activity` is what it is written for: one that rests on consent has a link that ends it.
    `answered_by` is who answers such a mail by mail, and `auto_submitted` what it says of itself (RFC 3834); None: a
    person wrote it.
    """

    subject: str
    paragraphs: tuple[str, ...]
    action: str | None = None
    path: str | None = None
    page: str | None = None
    activity: Activity = Activity.ACCOUNT_MANAGEMENT
    answered_by: Side | None = None
    auto_submitted: str | None = "auto-generated"
