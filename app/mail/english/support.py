"""Mail about what was written to support."""

from collections.abc import Mapping
from dataclasses import replace

from app.core.personal_data import Activity
from app.mail.kinds import ANSWER_ABOVE, MailKind, Wording
from app.mail.replies import Side

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
SUPPORT: Mapping[MailKind, Wording] = {
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
}
