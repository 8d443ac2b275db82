"""Mail about privacy requests. It names the right and nothing that was said."""

from collections.abc import Mapping

from app.core.personal_data import Activity
from app.mail.kinds import MailKind, Wording

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


PRIVACY: Mapping[MailKind, Wording] = {
    MailKind.PRIVACY_REQUEST_VERIFIED: _wording(
        "Your privacy request is under way",
        "you asked us: {right}. We know that it is you, and answer by {due}.",
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
}
