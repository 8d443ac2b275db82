"""Every right that can be asked for."""

from collections.abc import Mapping

from app.core.privacy_rights import PrivacyRight
from app.privacy.rights.base import RightRule
from app.privacy.rights.erasure import Erasure
from app.privacy.rights.opt_out_of_sale import OptOutOfSale

RIGHTS: Mapping[PrivacyRight, RightRule] = {
    PrivacyRight.ERASURE: Erasure(),
    PrivacyRight.OPT_OUT_OF_SALE: OptOutOfSale(),
}
