"""LIMIT_SENSITIVE: faces are used for the pictures that somebody asks for; anything else would be no answer."""

from uuid import UUID

from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.processors.register import Disclosed
from tests.privacy.rights.world import Asking, counts, sent

ASKED = Asked(PrivacyRight.LIMIT_SENSITIVE)


async def test_what_is_kept_and_what_left_is_counted(asking: Asking, ada: UUID) -> None:
    done = await asking.answer(ASKED, ada)

    assert await counts(done) == [("reference_images", "DONE", 1), ("disclosures", "DONE", 1)]
    claims = asking.claims(done)
    assert (claims["used_for"], claims["inferred"]) == (["FACE_REFERENCES", "IMAGE_GENERATION"], [])


async def test_a_face_that_left_for_anything_else_gets_no_receipt(asking: Asking, ada: UUID) -> None:
    await sent(ada, Activity.MODEL_TRAINING, Disclosed.FACE)

    stuck = await asking.work(await asking.ask(ASKED, ada))

    assert (stuck.status, stuck.receipt) == ("IN_PROGRESS", None)
