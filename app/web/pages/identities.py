"""The part of `/account` about accounts elsewhere."""

from collections.abc import Mapping

from app.accounts.identities import own_identities
from app.core.viewer import Viewer
from app.web.pages.offers import Offers


async def identities_of(viewer: Viewer, offers: Offers) -> Mapping[str, object]:
    """Return what `identities.html` shows: what is linked, and buttons for what is not."""
    linked = await own_identities(viewer)
    taken = {identity.provider.value for identity in linked}
    return {"identities": linked, "offers": [offer for offer in offers.offers if offer.provider not in taken]}
