"""Why something was handed over."""

from collections.abc import Mapping
from enum import StrEnum


class DisclosureGround(StrEnum):
    """What obliged us, or let us (Art. 6(1)(c), (d) and (f) GDPR). The values are stored and appear in the API."""

    COURT_ORDER = "COURT_ORDER"
    SUBPOENA = "SUBPOENA"
    SEARCH_WARRANT = "SEARCH_WARRANT"
    STATUTORY_DUTY = "STATUTORY_DUTY"
    LEGAL_CLAIM = "LEGAL_CLAIM"
    VITAL_INTERESTS = "VITAL_INTERESTS"


IN_WORDS: Mapping[DisclosureGround, str] = {
    DisclosureGround.COURT_ORDER: "A court ordered it.",
    DisclosureGround.SUBPOENA: "A subpoena demanded it.",
    DisclosureGround.SEARCH_WARRANT: "A search warrant demanded it.",
    DisclosureGround.STATUTORY_DUTY: "A law obliged us to, without an order.",
    DisclosureGround.LEGAL_CLAIM: "A legal claim had to be made or answered.",
    DisclosureGround.VITAL_INTERESTS: "Somebody's life or health was in danger.",
}
"""For the person."""
