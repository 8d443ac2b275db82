"""Who got what: what Art. 19 GDPR and Cal. Civ. Code 1798.115 ask about.

No recipient takes a correction or a restriction: each is given what it needs for one task, and told nothing it could
look up again. So nobody is told, and the person learns who they are (Art. 19, second sentence).
"""

from collections.abc import Mapping

from app.privacy.asked import Request
from app.privacy.rights.base import person_of
from app.privacy.rights.checking import Checking
from app.processors.records import sent_to

NOBODY = "Nobody got anything."
NONE_TO_TELL = "None of the recipients has a way to be told; `viewer.disclosures` names each and what it got (Art. 19)."


async def _look(request: Request) -> tuple[int, str]:
    number = sum(sent.number for sent in await sent_to(person_of(request)))
    return number, NONE_TO_TELL if number else NOBODY


RECIPIENTS = Checking("disclosures", _look)
"""The step of what changes here and may be elsewhere too."""


async def disclosed(request: Request) -> Mapping[str, Mapping[str, int]]:
    """Return how often which recipient got something about the person, by activity, since the account began."""
    found: dict[str, dict[str, int]] = {}
    for sent in await sent_to(request.person) if request.person else ():
        found.setdefault(sent.processor, {})[sent.activity.value] = sent.number
    return found
