"""KNOW: how much of what is held, whence and what for, and who got which."""

from uuid import UUID

from app.core.personal_data import Category
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.privacy.rights.know import SOURCES
from tests.conftest import SignUp
from tests.privacy.rights.world import Asking, counts, steps


async def test_categories_are_counted_and_recipients_named(asking: Asking, ada: UUID, person: SignUp) -> None:
    await person("eve")

    done = await asking.answer(Asked(PrivacyRight.KNOW), ada)

    found = {step.holder: step for step in await steps(done)}
    assert set(SOURCES) == set(Category) - {Category.NOT_PERSONAL}
    assert found["FACE"].count == 1
    assert found["FACE"].note == "For LEGAL_COMPLIANCE, FACE_REFERENCES."
    assert "MARKETING" in (found["CONTACT"].note or "")
    claims = asking.claims(done)
    assert claims["disclosed"] == {"acme": {"IMAGE_GENERATION": 1, "ACCOUNT_MANAGEMENT": 1}}
    assert claims["sources"] == {category.value: list(whence) for category, whence in SOURCES.items()}


async def test_each_note_fits_and_counts_are_of_this_person(asking: Asking, ada: UUID, person: SignUp) -> None:
    eve = (await person("eve")).viewer.user_id

    of_ada, of_eve = [await asking.answer(Asked(PrivacyRight.KNOW), each) for each in (ada, eve)]

    assert all(len(step.note or "") <= 200 for step in await steps(of_ada))
    assert ("FACE", "DONE", 1) in await counts(of_ada)
    assert ("FACE", "DONE", 0) in await counts(of_eve)
