"""OPT_OUT_OF_SALE: what left is looked through; a sale would be no answer."""

from uuid import UUID

from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.processors.register import Disclosed
from tests.privacy.rights.world import Asking, counts, sent

ASKED = Asked(PrivacyRight.OPT_OUT_OF_SALE)


async def test_what_left_is_shown_and_none_of_it_is_a_sale(asking: Asking, ada: UUID) -> None:
    done = await asking.answer(ASKED, ada)

    claims = asking.claims(done)
    assert await counts(done) == [("disclosures", "DONE", 2)]
    assert (claims["sold"], claims["shared"]) == (0, 0)
    assert claims["disclosed"] == {"acme": {"IMAGE_GENERATION": 1, "ACCOUNT_MANAGEMENT": 1}}


async def test_what_would_be_a_sale_gets_no_receipt(asking: Asking, ada: UUID) -> None:
    await sent(ada, "SALE", Disclosed.PROMPT)

    stuck = await asking.work(await asking.ask(ASKED, ada))

    assert (stuck.status, stuck.receipt) == ("IN_PROGRESS", None)
    assert "SALE" not in Activity.__members__
