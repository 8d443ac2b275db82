"""Rights over one's data (Art. 7 and 15 to 22 GDPR; Cal. Civ. Code 1798.100 to 1798.121)."""

from enum import StrEnum


class PrivacyRight(StrEnum):
    """What a person may ask for."""

    ACCESS = "ACCESS"
    PORTABILITY = "PORTABILITY"
    RECTIFICATION = "RECTIFICATION"
    ERASURE = "ERASURE"
    RESTRICTION = "RESTRICTION"
    OBJECTION = "OBJECTION"
    WITHDRAW_CONSENT = "WITHDRAW_CONSENT"
    KNOW = "KNOW"
    OPT_OUT_OF_SALE = "OPT_OUT_OF_SALE"
    LIMIT_SENSITIVE = "LIMIT_SENSITIVE"
