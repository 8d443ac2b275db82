"""Mail about privacy requests. It names the right and nothing that was said."""

from collections.abc import Mapping

from app.core.personal_data import Activity
from app.mail.kinds import MailKind, Wording

VERIFY_PATH = "/requests/verify"
ARCHIVE_PATH = "/requests/archive"
STATUS_PATH = "/requests/status"
_STANDS = "See where it stands"


def _wording(subject: str, *paragraphs: str) -> Wording:
    return Wording(
        subject,
        ("Hello,", *paragraphs),
        action=_STANDS,
        path=STATUS_PATH,
        activity=Activity.LEGAL_COMPLIANCE,
    )


def _officer(subject: str, paragraph: str) -> Wording:
    """Return a mail to whoever answers requests: it names the request by its id, and nobody."""
    queue = "It is {id}: `privacyRequests` of the API has it, and `anypeople privacy queue`."
    return Wording(subject, ("Hello,", paragraph, queue), activity=Activity.LEGAL_COMPLIANCE)


PRIVACY: Mapping[MailKind, Wording] = {
    MailKind.PRIVACY_REQUEST_RECEIVED: Wording(
        "Your privacy request: is it you?",
        (
            "Hello,",
            "on {received} a privacy request arrived here in the name of this address. What is asked for: {right}.",
            "{staff}",
            "If it is yours, open the link by {until}. The page behind it says what will happen, and nothing happens "
            "before you press its button. From then on you have an answer within 15 days.",
            "If it is not yours, do nothing: it ends by itself, what was said in it is deleted, and nobody learns from "
            "us whether this address has an account. If your account has another address, ask in the name of that one.",
        ),
        action="See what will happen",
        path=VERIFY_PATH,
        activity=Activity.LEGAL_COMPLIANCE,
        auto_submitted="auto-replied",
    ),
    MailKind.PRIVACY_ARCHIVE_LINK: Wording(
        "Your copy is ready to be fetched",
        (
            "Hello,",
            "on the page of your privacy request somebody asked for a link to fetch the copy of your data. It is for "
            "one download, within an hour. If it was not you, do nothing.",
        ),
        action="Fetch the copy",
        path=ARCHIVE_PATH,
        activity=Activity.LEGAL_COMPLIANCE,
    ),
    MailKind.PRIVACY_REQUEST_VERIFIED: _wording(
        "Your privacy request is under way",
        "you asked us: {right}. We know that it is you, and answer by {due}.",
        "{staff}",
        "{grace}",
    ),
    MailKind.PRIVACY_REQUEST_COMPLETED: _wording(
        "Your privacy request is done",
        "you asked us: {right}. It is done. The page behind this link shows what was done, and a signed receipt; it is "
        "there for 30 days.",
    ),
    MailKind.PRIVACY_REQUEST_DENIED: _wording(
        "About your privacy request",
        "you asked us: {right}. We do not do it, for this reason:",
        "{reason}",
        "If you think that this is wrong, write to the address below: somebody else looks at it. You may also "
        "complain to the data protection authority of where you live, or go to court.",
    ),
    MailKind.PRIVACY_REQUEST_CANCELED: _wording(
        "Your privacy request was taken back",
        "you had asked us: {right}. That was taken back, and nothing of it is done.",
    ),
    MailKind.PRIVACY_REQUEST_EXPIRED: _wording(
        "Your privacy request has ended",
        "somebody asked us: {right}. Nobody opened the link that shows that it is you in time, so nothing is done, and "
        "what was said in the request is deleted. Ask again if it was you.",
    ),
    MailKind.PRIVACY_REQUEST_EXTENDED: _wording(
        "Your privacy request takes longer",
        "you asked us: {right}. We cannot answer in the usual time, for this reason:",
        "{extension}",
        "You have our answer by {due}. The law lets us do this once. If you think that it is wrong, write to the "
        "address below, or to the data protection authority of where you live.",
    ),
    MailKind.PRIVACY_REMINDER: _officer(
        "Privacy request: {left} left",
        "a request for {code} that arrived on {received} has to be answered by {due}: {left} left. It stands at "
        "{status}.",
    ),
    MailKind.PRIVACY_OVERDUE: _officer(
        "OVERDUE: privacy request",
        "a request for {code} that arrived on {received} had to be answered by {due}, and was not. It stands at "
        "{status}. Its person has a right to complain.",
    ),
    MailKind.PRIVACY_UNCONFIRMED: _officer(
        "OVERDUE: receipt of a privacy request",
        "a request for {code} that arrived on {received} is one under the law of California, and nobody told its "
        "person in ten business days that it arrived. Write to them now.",
    ),
    MailKind.RESTRICTION_ENDING: Wording(
        "The restriction of your data ends",
        (
            "Hello,",
            "your data is only stored at present, because you asked for it. From {date} on it is used as before, for "
            "this reason:",
            "{reason}",
            "If you do not agree, ask for the restriction anew before that day, and it stays; or write to the address "
            "below. You may also complain to the data protection authority of where you live, or go to court.",
        ),
        activity=Activity.LEGAL_COMPLIANCE,
    ),
}

ERASURE: Mapping[MailKind, Wording] = {
    MailKind.ERASURE_VERIFIED: _wording(
        "Your account is locked, and about to be deleted",
        "you asked us to delete your account and everything that we have about you, and we know that it is you. Nobody "
        "can use or see the account, its pictures, or anything else of it, from now on.",
        "{grace}",
    ),
    MailKind.ERASURE_CANCELED: _wording(
        "Your account is yours again",
        "the deletion of your account was taken back, and nothing of it was deleted, but what expires by itself. Sign "
        "in as before: API keys and apps work again. Pictures that were being made when you asked were canceled: try "
        "those again.",
    ),
    MailKind.ERASURE_DONE: _wording(
        "Your account is deleted",
        "your account and everything that we have about you is deleted, but for what the law has us keep, under a "
        "random name that leads to nobody. This is the last letter to you: your address goes with the rest as soon as "
        "it is sent.",
        "The page behind this link has a signed receipt as soon as we have looked everywhere once more, and says for "
        "whom we wait, where somebody else needs time. It is there for 30 days after that.",
    ),
}
