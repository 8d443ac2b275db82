"""WITHDRAW_CONSENT: all that stands, or what was chosen; with what a no does, and its records in the receipt."""

from uuid import UUID

import pytest

from app.consents.purposes import Method
from app.consents.service import Choice, Way, decide, granted
from app.core.consent_purposes import ConsentPurpose
from app.core.db import fetch, transaction
from app.core.errors import InvalidInput
from app.core.privacy_rights import PrivacyRight
from app.media.references import faces_of
from app.privacy.asked import Asked
from tests.fakes.privacy import CONSENTS
from tests.privacy.rights.world import Asking, counts

ALL = Asked(PrivacyRight.WITHDRAW_CONSENT)


async def test_everything_that_stands_is_withdrawn_and_on_record(asking: Asking, ada: UUID) -> None:
    done = await asking.answer(ALL, ada)

    assert await granted(ada) == []
    assert await counts(done) == [("consent_records", "DONE", 2)], "what never was consented to is no withdrawal"
    written = await fetch("SELECT id, purpose FROM consent_records WHERE method = 'PRIVACY_REQUEST' ORDER BY id")
    assert asking.claims(done)["consent_records"] == [
        {"id": str(row["id"]), "purpose": row["purpose"]} for row in written
    ]
    again = await asking.answer(ALL, ada)
    assert await counts(again) == [("consent_records", "DONE", 0)]
    assert asking.claims(again)["consent_records"] == []


async def test_one_is_withdrawn_with_what_that_does(asking: Asking, ada: UUID) -> None:
    chosen = Asked(PrivacyRight.WITHDRAW_CONSENT, purposes=(ConsentPurpose.MARKETING_EMAIL.value,))

    await asking.answer(chosen, ada)

    assert await granted(ada) == [ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT]


async def test_faces_go_with_their_consent(asking: Asking, ada: UUID) -> None:
    async with transaction():
        yes = [Choice(ConsentPurpose.FACE_REFERENCE_IMAGES, True)]
        await decide(ada, yes, None, CONSENTS, Way(Method.ACKNOWLEDGEMENT))
    assert await faces_of(ada) == 1

    await asking.answer(ALL, ada)

    assert await faces_of(ada) == 0


async def test_nobody_withdraws_what_nobody_asks_for(asking: Asking, ada: UUID) -> None:
    with pytest.raises(InvalidInput, match="MARKETING_EMAIL"):
        await asking.ask(Asked(PrivacyRight.WITHDRAW_CONSENT, purposes=("SALE",)), ada)
    assert await fetch("SELECT id FROM privacy_requests") == []
