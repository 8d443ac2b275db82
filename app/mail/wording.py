"""The wording of every mail, in one place. `{name}` is filled from the mail's values; another language is another
mapping with the same keys.

What goes to an address that nobody has confirmed names nobody: whoever asked for it would else write into our mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.personal_data import Activity
from app.mail.replies import Side

ANSWER_ABOVE = "=== Answer above this line ==="
"""What mails begin with that are answered by mail: of an answer, nothing from here on is kept."""


class MailKind(StrEnum):
    """What we write about."""

    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
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
    MINOR_FLAGGED = "MINOR_FLAGGED"
    MINOR_FLAG_LIFTED = "MINOR_FLAG_LIFTED"


TO_THE_FROZEN = frozenset(
    {
        MailKind.MINOR_FLAGGED,
        MailKind.MINOR_FLAG_LIFTED,
        MailKind.SUPPORT_MESSAGE,
        MailKind.SUPPORT_RECEIVED,
        MailKind.SUPPORT_ANSWER,
        MailKind.PRIVACY_MESSAGE,
        MailKind.PRIVACY_RECEIVED,
        MailKind.PRIVACY_ANSWER,
    }
)
"""What is sent also while an account is frozen: what happened to it, and what is said about that."""


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


_RECEIVED = Wording(
    "Your message to AnyPeople",
    (
        ANSWER_ABOVE,
        "Hello,",
        "a message to us arrived, with this address to answer to. Somebody reads it and answers by mail. To add "
        "something, answer this mail.",
        "If it was not you, do nothing: nobody learns from us whether this address is somebody's.",
    ),
    answered_by=Side.PERSON,
    auto_submitted="auto-replied",
)
"""It repeats nothing of the message: whoever wrote it may have named the address of somebody else."""
_ANSWER = Wording(
    "Re: Your message to AnyPeople",
    (ANSWER_ABOVE, "{text}", "To go on, answer this mail."),
    answered_by=Side.PERSON,
    auto_submitted=None,
)
ENGLISH: Mapping[MailKind, Wording] = {
    MailKind.CONFIRM_EMAIL: Wording(
        "Confirm your address",
        (
            "Hello,",
            "somebody, most likely you, made an AnyPeople account with this address. Confirm that it is yours, and you "
            "can sign in with it. You will be asked for the password of that account.",
            "If it was not you, do nothing: without you the account can never sign in with your address.",
        ),
        "Confirm this address",
        "/account/confirm",
    ),
    MailKind.ALREADY_REGISTERED: Wording(
        "You have an account already",
        (
            "Hello,",
            "somebody, most likely you, asked for a new AnyPeople account with this address. It has one: sign in with "
            "it, or ask for a new password where you sign in.",
            "If it was not you, there is nothing to do: nobody got into your account, and nobody was told that you "
            "have one.",
        ),
    ),
    MailKind.RESET_PASSWORD: Wording(
        "Choose a new password",
        (
            "Hello {name},",
            "somebody, most likely you, asked for a new password for your AnyPeople account. The link works once, for "
            "{minutes} minutes.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
        "Choose a new password",
        "/account/reset",
    ),
    MailKind.NO_ACCOUNT: Wording(
        "There is no account with this address",
        (
            "Hello,",
            "somebody, most likely you, asked for a new AnyPeople password for this address. No account has it. "
            "Perhaps you used another address, or never confirmed this one: sign up again if so.",
            "If it was not you, there is nothing to do: we keep nothing about you but this mail, for a week.",
        ),
    ),
    MailKind.PASSWORD_CHANGED: Wording(
        "Your password was changed",
        (
            "Hello {name},",
            "the password of your AnyPeople account was changed. Every device was signed out, and your API keys are "
            "revoked, and apps disconnected.",
            "If it was not you, ask for a new password where you sign in, at once, and write to us.",
        ),
    ),
    MailKind.CHANGE_EMAIL: Wording(
        "Confirm your new address",
        (
            "Hello,",
            "you asked to sign in to AnyPeople with this address from now on. The link works once, for {minutes} "
            "minutes.",
            "If it was not you, do nothing.",
        ),
        "Use this address",
        "/account/confirm",
    ),
    MailKind.EMAIL_CHANGING: Wording(
        "Your address is about to change",
        (
            "Hello {name},",
            "your AnyPeople account is about to get another address. Nothing changes before that one is confirmed.",
            "If it was not you, sign in, end all other sessions and change your password.",
        ),
    ),
    MailKind.EMAIL_CHANGED: Wording(
        "Your address was changed",
        (
            "Hello {name},",
            "your AnyPeople account has another address now. This one is no longer good for signing in.",
            "If it was not you, write to us at once.",
        ),
    ),
    MailKind.API_KEY_CREATED: Wording(
        "A new API key for your account",
        (
            "Hello {name},",
            "an API key named “{key}” was made for your AnyPeople account. Whoever has it may do this: {scopes}",
            "If it was not you, revoke it, end all other sessions and change your password.",
        ),
    ),
    MailKind.SECOND_FACTOR_ADDED: Wording(
        "An authenticator app was set up",
        (
            "Hello {name},",
            "your AnyPeople account now asks for a code of an authenticator app whenever you sign in. Keep the "
            "recovery codes that you were shown somewhere else than on that device.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.PASSKEY_ADDED: Wording(
        "A passkey was added",
        (
            "Hello {name},",
            "your AnyPeople account has another passkey, which signs in without the password. The password alone does "
            "not do any more.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.ONE_FACTOR_REMOVED: Wording(
        "A second factor was removed",
        (
            "Hello {name},",
            "one of the second factors of your AnyPeople account was removed; the others work as before.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.SECOND_FACTOR_REMOVED: Wording(
        "Your second factor was removed",
        (
            "Hello {name},",
            "your AnyPeople account asks for nothing but the password now. The recovery codes do not work any more.",
            "If it was not you, change your password, end all other sessions and write to us.",
        ),
    ),
    MailKind.SECOND_FACTOR_FAILED: Wording(
        "Somebody has your password",
        (
            "Hello {name},",
            "somebody gave the right password of your AnyPeople account, and then too many wrong codes. They did not "
            "get in.",
            "If it was not you, ask for a new password where you sign in, at once.",
        ),
    ),
    MailKind.RECOVERY_CODE_USED: Wording(
        "A recovery code was used",
        (
            "Hello {name},",
            "somebody, most likely you, used a recovery code of your AnyPeople account. It works no more; {left} are "
            "left. The page of your account makes ten others.",
            "If it was not you, ask for a new password where you sign in, at once, and write to us.",
        ),
    ),
    MailKind.RECOVERY_CODES_RENEWED: Wording(
        "You have new recovery codes",
        (
            "Hello {name},",
            "ten new recovery codes were made for your AnyPeople account. Those of before work no more.",
            "If it was not you, ask for a new password where you sign in, at once, and write to us.",
        ),
    ),
    MailKind.RECOVERY_STARTED: Wording(
        "Your second factor will be removed",
        (
            "Hello {name},",
            "somebody, most likely you, said that the second factor of your AnyPeople account is lost. On {ends} it "
            "will be removed, with its recovery codes: from then on the password is enough, and a forgotten one can be "
            "changed. Nothing is left to do until then.",
            "If it was not you, stop this with the link, or by signing in with your second factor, and change the "
            "password of this mailbox: somebody else reads it.",
        ),
        "Stop this: it was not me",
        "/account/keep",
    ),
    MailKind.RECOVERY_CANCELED: Wording(
        "Your second factor stays",
        (
            "Hello {name},",
            "the recovery of your AnyPeople account was stopped, or was not needed after all. Your second factor and "
            "your recovery codes work as before.",
        ),
    ),
    MailKind.RECOVERY_FINISHED: Wording(
        "Your second factor was removed",
        (
            "Hello {name},",
            "the waiting time is over: your AnyPeople account asks for the password only, and every device was signed "
            "out. If you do not know the password any more, ask for a new one where you sign in. Then set up a second "
            "factor again.",
            "If it was not you, ask for a new password at once, and write to us.",
        ),
    ),
    MailKind.APP_CONNECTED: Wording(
        "An app was let into your account",
        (
            "Hello {name},",
            "the app “{app}” was let into your AnyPeople account. It may do this: {scopes}",
            "If it was not you, disconnect the app, end all sessions and change your password.",
        ),
    ),
    MailKind.IDENTITY_LINKED: Wording(
        "Another way in to your account",
        (
            "Hello {name},",
            "your account at {provider} was linked to your AnyPeople account: whoever signs in there can sign in here.",
            "If it was not you, unlink it, end all sessions and change your password.",
        ),
    ),
    MailKind.IDENTITY_UNLINKED: Wording(
        "A way in to your account was removed",
        (
            "Hello {name},",
            "your account at {provider} was unlinked from your AnyPeople account: sign in the other ways that you have "
            "set up.",
            "If it was not you, end all sessions, change your password and link it again.",
        ),
    ),
    MailKind.DOCUMENT_CHANGES: Wording(
        "Our {document} changes on {date}",
        (
            "Hello {name},",
            "on {date} a new version of our {document} takes effect. This is what changes: {summary}",
            "You need do nothing now. If you do not agree, you can delete your account until then, and after.",
        ),
        "See every change",
        page="/{folder}/{version}/changes",
        activity=Activity.LEGAL_COMPLIANCE,
    ),
    MailKind.DOCUMENT_CHANGES_AND_ASKS: Wording(
        "Our {document} changes on {date}",
        (
            "Hello {name},",
            "on {date} a new version of our {document} takes effect. This is what changes: {summary}",
            "What you have allowed us before does not cover this: from that day on we ask you again about {asked}. "
            "Nothing of it happens before you have said yes, and using the service is no yes.",
            "If you do not agree with the rest, you can delete your account until then, and after.",
        ),
        "See every change",
        page="/{folder}/{version}/changes",
        activity=Activity.LEGAL_COMPLIANCE,
    ),
    MailKind.NEWS: Wording("{subject}", ("Hello {name},", "{text}"), activity=Activity.MARKETING),
    MailKind.SUPPORT_MESSAGE: Wording(
        "Support: {topic}",
        (
            ANSWER_ABOVE,
            "{sender} wrote to support:",
            "{subject}",
            "{text}",
            "Answer this mail: it goes to them, and stays with what they wrote.",
        ),
        answered_by=Side.STAFF,
    ),
    MailKind.PRIVACY_MESSAGE: Wording(
        "Privacy request",
        (
            ANSWER_ABOVE,
            "{sender} wrote about their personal data. It was received on {received}. What is asked for: {right}",
            "{subject}",
            "{text}",
            "Answer this mail: it goes to them, and stays with what they wrote.",
        ),
        activity=Activity.LEGAL_COMPLIANCE,
        answered_by=Side.STAFF,
    ),
    MailKind.SUPPORT_RECEIVED: _RECEIVED,
    MailKind.PRIVACY_RECEIVED: replace(_RECEIVED, activity=Activity.LEGAL_COMPLIANCE),
    MailKind.SUPPORT_ANSWER: _ANSWER,
    MailKind.PRIVACY_ANSWER: replace(_ANSWER, activity=Activity.LEGAL_COMPLIANCE),
    MailKind.MINOR_FLAGGED: Wording(
        "Your account is frozen",
        (
            "Hello,",
            "we were told that the AnyPeople account with this address belongs to somebody under 18. The service is "
            "for adults only. So nobody can use or see the account, its pictures, or anything else of it, from now on.",
            "On {date}, or soon after, everything is deleted: the account, the pictures, and what was made from them. "
            "You need do nothing for that, and nobody can bring it back afterwards.",
            "If you are 18 or older, say so before then, by the link: you need not sign in. Where we find that you "
            "are right, you get everything back as it was, but for pictures that were not finished, and what expires "
            "by itself.",
        ),
        "I am 18 or older",
        page="/support?topic=APPEAL",
    ),
    MailKind.MINOR_FLAG_LIFTED: Wording(
        "Your account is yours again",
        (
            "Hello,",
            "the AnyPeople account with this address is not frozen any more, and nothing of it was deleted, but what "
            "expired by itself meanwhile. Devices, API keys and apps work as before. Pictures that were being made "
            "when it was frozen were canceled: try those again.",
            "We are sorry for the trouble.",
        ),
    ),
}
