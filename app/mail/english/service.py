"""Mail about the service itself: its texts, its news, and whom it is not for."""

from collections.abc import Mapping

from app.core.personal_data import Activity
from app.mail.kinds import MailKind, Wording

SERVICE: Mapping[MailKind, Wording] = {
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
