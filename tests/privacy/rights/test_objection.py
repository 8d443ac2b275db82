"""OBJECTION: to one activity, or to all of them; nothing is weighed, and it holds at once."""

from uuid import UUID

import pytest

from app.consents.errors import Objected
from app.consents.service import granted
from app.core.consent_purposes import ConsentPurpose
from app.core.db import fetch
from app.core.errors import InvalidInput
from app.core.personal_data import Activity, Category
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from tests.fakes.consents import purpose_limitation
from tests.privacy.rights.world import Asking, counts

ALL = Asked(PrivacyRight.OBJECTION)


async def test_an_objection_to_all_ends_statistics_training_and_news(asking: Asking, ada: UUID) -> None:
    done = await asking.answer(ALL, ada)

    for activity, category in ((Activity.ANALYTICS, Category.ACTIVITY), (Activity.MODEL_TRAINING, Category.CONTENT)):
        with pytest.raises(Objected):
            await purpose_limitation()(ada, activity, category)
    assert await granted(ada) == [ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT], "a consent is withdrawn, not objected to"
    assert await counts(done) == [("objection_records", "DONE", 2), ("consent_records", "DONE", 1)]
    assert await counts(await asking.answer(ALL, ada)) == [
        ("objection_records", "DONE", 0),
        ("consent_records", "DONE", 0),
    ]


async def test_an_objection_to_one_leaves_the_others(asking: Asking, ada: UUID) -> None:
    await asking.answer(Asked(PrivacyRight.OBJECTION, activities=("MODEL_TRAINING",)), ada)

    assert [row["activity"] for row in await fetch("SELECT activity FROM objection_records")] == ["MODEL_TRAINING"]
    assert ConsentPurpose.MARKETING_EMAIL in await granted(ada)


async def test_what_rests_on_no_interest_of_ours_is_not_objected_to(asking: Asking, ada: UUID) -> None:
    with pytest.raises(InvalidInput, match="ANALYTICS, MODEL_TRAINING"):
        await asking.ask(Asked(PrivacyRight.OBJECTION, activities=("IMAGE_GENERATION",)), ada)
