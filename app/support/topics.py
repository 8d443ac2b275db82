"""What people write about, and what each is handled for: that decides who of us may read it."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight


class Topic(StrEnum):
    """What a message is about."""

    QUESTION = "QUESTION"
    PROBLEM = "PROBLEM"
    ABUSE = "ABUSE"
    APPEAL = "APPEAL"
    PRIVACY_REQUEST = "PRIVACY_REQUEST"
    OTHER = "OTHER"

    @property
    def activity(self) -> Activity:
        """What it is handled for."""
        return Activity.LEGAL_COMPLIANCE if self is Topic.PRIVACY_REQUEST else Activity.ACCOUNT_MANAGEMENT


class ThreadState(StrEnum):
    """Whose turn it is."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


TOPICS: Mapping[Topic, str] = {
    Topic.QUESTION: "A question",
    Topic.PROBLEM: "Something does not work",
    Topic.ABUSE: "Somebody misuses the service",
    Topic.APPEAL: "An appeal: my account is suspended, or I was taken for a minor",
    Topic.PRIVACY_REQUEST: "My personal data",
    Topic.OTHER: "Something else",
}
RIGHTS: Mapping[PrivacyRight, str] = {
    PrivacyRight.ACCESS: "See what you have about me",
    PrivacyRight.PORTABILITY: "Get my data to take it elsewhere",
    PrivacyRight.RECTIFICATION: "Correct something",
    PrivacyRight.ERASURE: "Delete my data",
    PrivacyRight.RESTRICTION: "Only store my data, and do nothing else with it",
    PrivacyRight.OBJECTION: "Object to a use",
    PrivacyRight.WITHDRAW_CONSENT: "Withdraw a consent",
    PrivacyRight.KNOW: "Know what is collected, and who gets it",
    PrivacyRight.OPT_OUT_OF_SALE: "Have my data not sold or shared",
    PrivacyRight.LIMIT_SENSITIVE: "Limit the use of sensitive data",
}
"""In words, for whoever chooses one."""
