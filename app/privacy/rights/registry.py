"""Every right that can be asked for."""

from collections.abc import Mapping

from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Request
from app.privacy.rights.access import Access
from app.privacy.rights.base import RightRule
from app.privacy.rights.erasure import Erasure
from app.privacy.rights.know import Know
from app.privacy.rights.limit_sensitive import LimitSensitive
from app.privacy.rights.nobodys import Nobodys
from app.privacy.rights.objection import Objecting
from app.privacy.rights.opt_out_of_sale import OptOutOfSale
from app.privacy.rights.portability import Portability
from app.privacy.rights.rectification import Rectification
from app.privacy.rights.restriction import Restriction
from app.privacy.rights.withdraw_consent import WithdrawConsent

RIGHTS: Mapping[PrivacyRight, RightRule] = {
    PrivacyRight.ACCESS: Access(),
    PrivacyRight.PORTABILITY: Portability(),
    PrivacyRight.ERASURE: Erasure(),
    PrivacyRight.RECTIFICATION: Rectification(),
    PrivacyRight.RESTRICTION: Restriction(),
    PrivacyRight.OBJECTION: Objecting(),
    PrivacyRight.WITHDRAW_CONSENT: WithdrawConsent(),
    PrivacyRight.KNOW: Know(),
    PrivacyRight.OPT_OUT_OF_SALE: OptOutOfSale(),
    PrivacyRight.LIMIT_SENSITIVE: LimitSensitive(),
}


def rule_of(request: Request) -> RightRule:
    """Return what holds for a request: of an address without an account, where the right needs one, something else."""
    rule = RIGHTS[request.right]
    return Nobodys(request.right) if rule.needs_account and request.subject is None else rule
